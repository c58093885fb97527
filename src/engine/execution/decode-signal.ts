/** Reads a signal from outside: `unknown` until every part of it is known to be good. */
import { z } from 'zod';
import type { AlgorithmRegistry } from '../../algorithms/registry.ts';
import { InputError } from '../../domain/errors.ts';
import { type Instrument, ownRanges, parsePrice, parseQuantity } from '../../domain/instrument.ts';
import { TIME_LIMIT_MS_MAX } from '../../domain/limits.ts';
import { decimal, type Money } from '../../domain/money.ts';
import { plainOf } from '../../domain/plain.ts';
import type { Signal } from '../../domain/signal.ts';
import type { Wish } from './execution-record.ts';

/** Longer than any id or decimal; what is kept of each signal is kept for ever. */
const TEXT_MAX = 200;

const text = z.string().min(1).max(TEXT_MAX);

const signalSchema = z.strictObject({
  signalId: text,
  venue: text,
  market: text,
  outcome: z.enum(['yes', 'no']),
  action: z.enum(['buy', 'sell']),
  quantity: text,
  limitPrice: text,
  fairValue: text.optional(),
  timeLimitMs: z.number(),
  algorithm: z.looseObject({ name: text }),
  edge: text.optional(),
  confidence: text.optional(),
  priority: z.number().optional(),
  validUntilMs: z.int().nonnegative().optional(),
  modelId: text.optional(),
  strategyId: text.optional(),
});

/** The first complaint in words of the rule, the value and the way out. */
function complain(error: z.ZodError, given: unknown): never {
  const [issue] = error.issues;
  const path = issue?.path.map(String) ?? [];
  const value = path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined,
    given,
  );
  const where = path.length === 0 ? 'a signal' : `signal.${path.join('.')}`;
  const fields = Object.keys(signalSchema.shape).join(', ');
  const wayOut = `a signal has ${fields}`;
  if (issue?.code === 'unrecognized_keys')
    throw new InputError(`${where} has no such field`, issue.keys.join(', '), wayOut);
  if (issue?.code === 'invalid_type' && value === undefined)
    throw new InputError(`${where} must be given`, 'missing', wayOut);
  if (issue?.code === 'invalid_type' && issue.expected === 'string')
    throw new InputError(
      `${where} must be text`,
      value,
      typeof value === 'number' ? `write it like "${value}"` : wayOut,
    );
  throw new InputError(`${where}: ${issue?.message ?? 'invalid'}`, value, wayOut);
}

/** Throws an `InputError` that names the field, the value and the rule; nothing has moved then. */
export function decodeSignal(untrusted: unknown): Signal {
  const given = plainOf(untrusted, 'a signal');
  const parsed = signalSchema.safeParse(given);
  if (!parsed.success) return complain(parsed.error, given);
  const signal = parsed.data as Signal;
  const { timeLimitMs } = signal;
  if (!Number.isSafeInteger(timeLimitMs) || timeLimitMs <= 0)
    throw new InputError(
      'the deadline must lie in the future: timeLimitMs is a whole number above 0',
      timeLimitMs,
      'give the milliseconds it may take, 40000 for 40 s',
    );
  if (timeLimitMs > TIME_LIMIT_MS_MAX)
    throw new InputError(
      `timeLimitMs is at most ${TIME_LIMIT_MS_MAX}`,
      timeLimitMs,
      'split the wish',
    );
  checkAmounts(signal);
  return signal;
}

function checkAmounts({ edge, confidence }: Signal): void {
  if (edge !== undefined) decimal(edge, 'edge');
  if (confidence !== undefined) {
    const trust = decimal(confidence, 'confidence');
    if (trust.lessThan(0) || trust.greaterThan(1))
      throw new InputError('confidence lies between 0 and 1', confidence, 'write it like "0.8"');
  }
}

/**
 * Reads a signal against its instrument: prices on the grid, quantities in lots, a known algorithm.
 */
export function decodeWish(
  signal: Signal,
  instrument: Instrument,
  algorithms: AlgorithmRegistry,
): Wish {
  const { outcome, algorithm } = signal;
  if (outcome === 'no' && instrument.payout === null)
    throw new InputError(`${instrument.symbol} has no NO side`, outcome, 'use "yes"');
  const definition = algorithms.algorithmNamed(algorithm.name);
  const { name: _, ...given } = algorithm;
  return {
    signal,
    instrument,
    outcome,
    ranges: ownRanges(instrument, outcome),
    quantity: parseQuantity(instrument, signal.quantity),
    limit: parsePrice(instrument, outcome, signal.limitPrice, 'limitPrice'),
    fairValue: fairValueOf(signal, instrument),
    definition,
    parameters: definition.parameters(given),
  };
}

function fairValueOf({ fairValue }: Signal, { payout }: Instrument): Money | null {
  if (fairValue === undefined) return null;
  const value = decimal(fairValue, 'fairValue');
  if (value.lessThanOrEqualTo(0) || (payout !== null && value.greaterThanOrEqualTo(1)))
    throw new InputError('fairValue lies between 0 and 1', fairValue, 'give dollars per contract');
  return value;
}
