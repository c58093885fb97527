/**
 * What may be at stake, as a person writes it: plain decimals in dollars and contracts, all finite.
 * Everything here is of one venue.
 */
import { InputError } from '../domain/errors.ts';
import { decimal, ZERO } from '../domain/money.ts';
import { checkSession } from './session.ts';

/** Those after the first five may be null or left out on paper: nothing limits it then. */
export interface RiskLimits {
  /** Contracts in one order. */
  readonly maxOrderQuantity: string;
  /** Dollars of one order: price times quantity, and for a buyer the worst-case fee on top. */
  readonly maxOrderNotional: string;
  /** Dollars of all that is open, this order included. */
  readonly maxOpenNotional: string;
  /** Contracts held in one market if all that is open filled, this order included. */
  readonly maxPosition: string;
  /** Orders that may rest at once, this one included. */
  readonly maxOpenOrders: number;
  /** Dollars that what is held cost, and all that is open could cost on top with its fees. */
  readonly budget?: string | null;
  /** Dollars that the markets of one event could lose, if the worst of what is open filled. */
  readonly maxEventRisk?: string | null;
  /** Dollars that this account has; the measure of `maxCategoryShare`. */
  readonly bankroll?: string | null;
  /** Part of the bankroll that the markets of one category could lose, above 0 and at most 1. */
  readonly maxCategoryShare?: string | null;
  /** Between two orders placed in one market. */
  readonly minOrderGapMs?: number | null;
  /** How far from the mid, and from that of a minute ago, a price may be: the wider of the two. */
  readonly collarSteps?: number | null;
  readonly collarPercent?: number | null;
  /** Dollars a contract between bid and ask; on a wider book nothing is sent. */
  readonly maxSpread?: string | null;
  /** Dollars a contract that the mid may have jumped since the book was last believed. */
  readonly maxBookMove?: string | null;
  /** Orders placed in one market in a minute without a fill; one more disables the market. */
  readonly maxRepeats?: number | null;
  /** The same rejection of the same order in a row; so many disable the market. */
  readonly maxSameRejects?: number | null;
  /** The only markets that may be traded. */
  readonly markets?: readonly string[] | null;
  /** Executions with a fill in one session, the living ones included. */
  readonly maxDailyTrades?: number | null;
  /** Dollars filled in one session, and those of all that is open. */
  readonly maxDailyVolume?: string | null;
  /** Dollars lost in one session, with fees; what is held counts at what it would sell for. */
  readonly maxDailyLoss?: string | null;
  /** Positions closed or settled at a loss in a row; so many halt the venue. */
  readonly maxLossesInARow?: number | null;
  /** Standard deviations below what the prices paid promise (see `lossScore`): halts the venue. */
  readonly maxLossScore?: number | null;
  /** When a session begins, "HH:MM" in `sessionZone`, an IANA name; midnight UTC unless given. */
  readonly sessionTime?: string;
  readonly sessionZone?: string;
  /** Since the venue's orders, fills and positions were last compared with ours. */
  readonly maxReconcileAgeMs?: number | null;
  /** How far the venue's clock may be from ours. */
  readonly maxClockSkewMs?: number | null;
  /** How late a timer of this process may fire. */
  readonly maxLagMs?: number | null;
}

/** A small paper account: nothing that a strategy could meet by accident. */
export const PAPER_LIMITS: RiskLimits = {
  maxOrderQuantity: '10000',
  maxOrderNotional: '10000',
  maxOpenNotional: '100000',
  maxPosition: '20000',
  maxOpenOrders: 100,
  collarSteps: 25,
  collarPercent: 25,
  maxRepeats: 1_000,
  maxSameRejects: 20,
};

const REQUIRED = [
  'maxOrderQuantity',
  'maxOrderNotional',
  'maxOpenNotional',
  'maxPosition',
] as const satisfies readonly (keyof RiskLimits)[];

const AMOUNTS = [
  'budget',
  'maxEventRisk',
  'bankroll',
  'maxCategoryShare',
  'maxSpread',
  'maxBookMove',
  'maxDailyVolume',
  'maxDailyLoss',
] as const satisfies readonly (keyof RiskLimits)[];

const COUNTS = [
  'maxRepeats',
  'maxSameRejects',
  'maxDailyTrades',
  'maxLossesInARow',
  'maxReconcileAgeMs',
  'maxClockSkewMs',
  'maxLagMs',
] as const satisfies readonly (keyof RiskLimits)[];

/** Counts of which none is a limit, too. */
const COUNTS_FROM_ZERO = [
  'minOrderGapMs',
  'collarSteps',
  'collarPercent',
] as const satisfies readonly (keyof RiskLimits)[];

export const SESSION_AT_MIDNIGHT = { sessionTime: '00:00', sessionZone: 'UTC' } as const;

/** Throws an `InputError` that names the limit which is missing or not what it must be. */
export function checkLimits(limits: RiskLimits): RiskLimits {
  // Settings from a file may lack what the type demands.
  const given: Readonly<Record<string, unknown>> = { ...limits };
  // A name that is mistyped would leave its limit out.
  const unknown = Object.keys(given).find((name) => !NAMES.has(name));
  if (unknown !== undefined)
    throw new InputError('limits has no such field', unknown, `it has ${[...NAMES].join(', ')}`);
  for (const name of REQUIRED) checkAmount(name, given[name]);
  checkCount('maxOpenOrders', limits.maxOpenOrders, 1);
  const has = (name: string): boolean => given[name] !== undefined && given[name] !== null;
  for (const name of AMOUNTS) if (has(name)) checkAmount(name, given[name]);
  for (const name of COUNTS) if (has(name)) checkCount(name, given[name], 1);
  for (const name of COUNTS_FROM_ZERO) if (has(name)) checkCount(name, given[name], 0);
  const { maxCategoryShare: share = null, bankroll = null, markets = null } = limits;
  const { maxLossScore: score = null } = limits;
  if (share !== null && decimal(share, 'share').greaterThan(1))
    throw new InputError('maxCategoryShare must be at most 1', share, 'a quarter is "0.25"');
  if (share !== null && bankroll === null)
    throw new InputError('maxCategoryShare is a part of the bankroll', 'none', 'give bankroll');
  if (score !== null && !(Number.isFinite(score) && score > 0))
    throw new InputError('maxLossScore must be a number above 0', score, 'try 3');
  if (markets !== null && !(Array.isArray(markets) && markets.every(isText)))
    throw new InputError('markets must be a list of names', String(markets), 'see instruments()');
  checkSession({ ...SESSION_AT_MIDNIGHT, ...limits });
  return limits;
}

const isText = (value: unknown): boolean => typeof value === 'string';

function checkAmount(name: string, value: unknown): void {
  // A number is refused: it may have been a float before it came here.
  const text = typeof value === 'string' ? value : '';
  if (text === '' || !decimal(text, name).greaterThan(ZERO))
    throw new InputError(
      `${name} must be a positive decimal as text`,
      value,
      'every limit is finite: write it like "100"',
    );
}

function checkCount(name: string, value: unknown, least: 0 | 1): void {
  if (!Number.isSafeInteger(value) || Number(value) < least)
    throw new InputError(
      `${name} must be a whole number${least === 1 ? ' above 0' : ', 0 or more'}`,
      value,
      'try 20',
    );
}

/** Limits of which none is missing: what a live session demands. */
export type LiveLimits = { readonly [K in keyof RiskLimits]-?: NonNullable<RiskLimits[K]> };

const ALL: readonly (keyof RiskLimits)[] = [
  ...REQUIRED,
  'maxOpenOrders',
  ...AMOUNTS,
  ...COUNTS,
  ...COUNTS_FROM_ZERO,
  'maxLossScore',
  'markets',
  'sessionTime',
  'sessionZone',
];

const NAMES: ReadonlySet<string> = new Set(ALL);

/**
 * Throws an `InputError` that names every limit which is missing: none is guessed for real money.
 */
export function requireLiveLimits(given: Partial<RiskLimits>): LiveLimits {
  const missing = ALL.filter((name) => given[name] === undefined || given[name] === null);
  if (missing.length > 0)
    throw new InputError(
      'a live session needs every limit',
      `without ${missing.join(', ')}`,
      'every limit is a decision: give each of them',
    );
  const { markets = [] } = given;
  if (markets?.length === 0)
    throw new InputError('a live session names its markets', 'none', 'list them in markets');
  return checkLimits(given as RiskLimits) as LiveLimits;
}

/** As it is said at the start: each limit that is set, with its unit. */
export function describeLimits(limits: RiskLimits): readonly string[] {
  const given: Readonly<Record<string, unknown>> = { ...SESSION_AT_MIDNIGHT, ...limits };
  return ALL.flatMap((name) => {
    const value = given[name] ?? null;
    if (value === null) return [];
    const text = Array.isArray(value) ? value.join(' ') : String(value);
    return `${name} ${DOLLARS.has(name) ? '$' : ''}${text}`;
  });
}

const DOLLARS: ReadonlySet<string> = new Set<keyof RiskLimits>([
  'maxOrderNotional',
  'maxOpenNotional',
  'budget',
  'maxEventRisk',
  'bankroll',
  'maxSpread',
  'maxBookMove',
  'maxDailyVolume',
  'maxDailyLoss',
]);
