/**
 * What is remembered of the state of risk across processes: its names, its shapes, and the one door
 * by which it is read back. It never guesses what a damaged row meant, and never writes over one.
 */
import { z } from 'zod';
import { InputError } from '../../domain/errors.ts';
import { KEPT_HALTS } from '../../domain/halts.ts';
import type { Venue } from '../../domain/ports.ts';
import type { Store } from '../../domain/records.ts';

const text = z.string().min(1);
const part = text.exactOptional();

const halt = z.object({
  kind: z.literal('halt'),
  id: text,
  // A part that is not known would make the scope wider than it was meant.
  scope: z.strictObject({ venue: part, market: part, execution: part }),
  actor: z.string(),
  reason: z.string(),
  atMs: z.number(),
  everything: z.boolean(),
});

/** All halts that stand; entries of the halt file after the first `lines` came later. */
export const HALTS = z.object({
  lines: z.int().nonnegative(),
  last: part,
  standing: z.array(halt),
});

export const BREAKER = z.object({
  reason: z.string().nullable(),
  coolUntilMs: z.number().nullable(),
});

export const SESSION = z.object({
  startMs: z.number(),
  /** Dollars at the beginning of the session, or since a person resumed. */
  baseline: z.string().regex(/^-?\d{1,18}(?:\.\d{1,18})?$/),
  /** Losses before it do not count any more. */
  forgivenAtMs: z.number(),
  /** When a loss halted the venue; null once a person has resumed. */
  trippedAtMs: z.number().nullable(),
});

export const FILLS_CURSOR = z.object({ cursor: z.string().nullable() });

/** Signed lots by market, and the fills that are in them and may be listed again. */
export const POSITIONS_OF_OTHERS = z.object({
  others: z.record(z.string(), z.int()),
  counted: z.array(z.string()),
  /** The part of them that carries our tag. */
  forgotten: z.record(z.string(), z.int()).optional(),
});

const OF_A_VENUE = {
  breaker: BREAKER,
  session: SESSION,
  'fills-cursor': FILLS_CURSOR,
  'positions-of-others': POSITIONS_OF_OTHERS,
} as const;

export const memoryName = (kind: keyof typeof OF_A_VENUE, venue: string): string =>
  `${kind}:${venue}`;

/** Null where nothing is stored; throws an `InputError` where what is stored is damaged. */
export function recalled<T>(
  store: Pick<Store, 'riskState'>,
  name: string,
  shape: z.ZodType<T>,
): T | null {
  const body = store.riskState(name);
  if (body === null) return null;
  const read = shape.safeParse(jsonIn(body));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue?.path.map(String).join('.') || 'it';
  throw new InputError(
    `the row "${name}" of risk_state in the store must be whole (${where} is damaged)`,
    body,
    'restore the store from a backup: what the row held decides what may be sent',
  );
}

/**
 * Throws an `InputError` for the first damaged row: asked before an engine is built, since what is
 * half built has written and armed things.
 */
export function assertMemory(
  store: Pick<Store, 'riskState'>,
  venues: readonly Pick<Venue, 'name'>[],
): void {
  recalled(store, KEPT_HALTS, HALTS);
  for (const { name } of venues)
    for (const [kind, shape] of Object.entries(OF_A_VENUE))
      recalled<unknown>(store, memoryName(kind as keyof typeof OF_A_VENUE, name), shape);
}

function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
