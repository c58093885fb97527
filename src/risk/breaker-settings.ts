/** When the circuit breaker of a venue opens by itself, and how it closes again. */
import { InputError } from '../domain/errors.ts';
import { decimal, ZERO } from '../domain/money.ts';

export interface BreakerSettings {
  /** Commands in a row that the venue left in doubt: time-outs, 5xx, resets. */
  readonly errorsInARow: number;
  /** Orders in a row that the venue rejected, of all executions. */
  readonly rejectsInARow: number;
  /** Answers in a minute that said: too many calls. */
  readonly throttlesPerMinute: number;
  /** How long it stays open before it is tried again. */
  readonly cooldownMs: number;
  /** Executions that must have an order taken by the venue before it closes. */
  readonly probes: number;
  /** Dollars of one order while it is tried. */
  readonly probeNotional: string;
  /** What becomes of living executions while it is open. */
  readonly whenOpen: 'suspend' | 'close';
}

export const DEFAULT_BREAKER: BreakerSettings = {
  errorsInARow: 10,
  rejectsInARow: 20,
  throttlesPerMinute: 10,
  cooldownMs: 30_000,
  probes: 2,
  probeNotional: '25',
  whenOpen: 'suspend',
};

const COUNTS = [
  'errorsInARow',
  'rejectsInARow',
  'throttlesPerMinute',
  'cooldownMs',
  'probes',
] as const;

/** Throws an `InputError` for what cannot be used. */
export function breakerOf(given: Partial<BreakerSettings> = {}): BreakerSettings {
  const settings = { ...DEFAULT_BREAKER, ...given };
  const unknown = Object.keys(settings).find((name) => !Object.hasOwn(DEFAULT_BREAKER, name));
  if (unknown !== undefined)
    throw new InputError(
      'breaker has no such field',
      unknown,
      `it has ${Object.keys(DEFAULT_BREAKER).join(', ')}`,
    );
  for (const name of COUNTS)
    if (!Number.isSafeInteger(settings[name]) || settings[name] < 1)
      throw new InputError(
        `breaker: ${name} must be a whole number above 0`,
        settings[name],
        'try 10',
      );
  const { probeNotional, whenOpen } = settings;
  if (!decimal(probeNotional, 'breaker: probeNotional').greaterThan(ZERO))
    throw new InputError('breaker: probeNotional must be positive', probeNotional, 'try "25"');
  if (whenOpen !== 'suspend' && whenOpen !== 'close')
    throw new InputError('breaker: whenOpen must be suspend or close', whenOpen, 'choose one');
  return settings;
}
