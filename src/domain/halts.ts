/**
 * What a halt is: who stopped what, when and why. It stands until a person lifts it; nothing in the
 * engine ever does.
 */

/** Each part that is given narrows it; without any it is all that this engine trades. */
export interface HaltScope {
  readonly venue?: string;
  readonly market?: string;
  /** The id of an execution. */
  readonly execution?: string;
}

/** Where something would be sent, as far as that is known. */
export interface HaltPlace {
  readonly venue: string;
  readonly market?: string;
  readonly execution?: string;
}

interface Deed {
  /** Never given twice: two writers of one file know each other's deeds by it. */
  readonly id: string;
  readonly scope: HaltScope;
  /** A person's word for themselves, or 'engine'. */
  readonly actor: string;
  readonly reason: string;
  readonly atMs: number;
}

export interface Halt extends Deed {
  readonly kind: 'halt';
  /** Cancel whatever rests at the account, orders of other programs too. */
  readonly everything: boolean;
}

export interface Resumption extends Deed {
  readonly kind: 'resume';
}

export type HaltEntry = Halt | Resumption;

/** An order that may still rest. */
export interface ResidualOrder {
  readonly venue: string;
  readonly market: string;
  readonly clientOrderId: string;
  /** Contracts that may still fill, a plain decimal. */
  readonly quantity: string;
  /** As in the chart of a split order; 'listed' where the venue alone knows of it. */
  readonly state: string;
}

export interface HaltReport {
  /** Of the halt that it answers. */
  readonly id: string;
  /** "global", "venue kalshi", "market KXRAIN, venue kalshi", "execution dw-1-2". */
  readonly scope: string;
  readonly reason: string;
  /** From the halt to its proof; without one, to this report. */
  readonly seconds: number;
  /** Orders that were open at the halt and have ended since without being filled. */
  readonly cancelled: number;
  readonly residual: readonly ResidualOrder[];
  /**
   * Every order was seen to end, and the venue's listing of open orders, as of after the halt,
   * holds none of ours.
   */
  readonly proven: boolean;
  /** False where nothing that is traded here is in the scope: a name may be mistyped. */
  readonly known: boolean;
}

/** A person's resumption has taken effect. */
export interface Resumed {
  readonly id: string;
  readonly scope: string;
  /** From when it was heard of until the venues had been asked. */
  readonly seconds: number;
  readonly resumed: true;
}

export type HaltAnswer = HaltReport | Resumed;

/** Where halts outlive the process; written by people's commands too. Throws what the disk does. */
export interface HaltFile {
  /** All that was ever written, in its order; what cannot be read is a halt of its own. */
  read(): readonly HaltEntry[];
  /** Durable on return. */
  append(entry: HaltEntry): void;
  answer(answer: HaltAnswer): void;
}

export function scopeName({ venue, market, execution }: HaltScope): string {
  const parts = [
    ...(execution === undefined ? [] : [`execution ${execution}`]),
    ...(market === undefined ? [] : [`market ${market}`]),
    ...(venue === undefined ? [] : [`venue ${venue}`]),
  ];
  return parts.length === 0 ? 'global' : parts.join(', ');
}

export const isSameScope = (one: HaltScope, other: HaltScope): boolean =>
  scopeName(one) === scopeName(other);

/** Whether all of a scope's parts are those of the place. */
export const covers = ({ venue, market, execution }: HaltScope, place: HaltPlace): boolean =>
  (venue === undefined || venue === place.venue) &&
  (market === undefined || market === place.market) &&
  (execution === undefined || execution === place.execution);

/** The halts that stand after these entries: one for each scope, the first. */
export function standing(before: readonly Halt[], entries: readonly HaltEntry[]): readonly Halt[] {
  let halts = before;
  for (const entry of entries) {
    const isSame = ({ scope }: Halt): boolean => isSameScope(scope, entry.scope);
    if (entry.kind === 'resume') halts = halts.filter((halt) => !isSame(halt));
    else if (!halts.some(isSame)) halts = [...halts, entry];
  }
  return halts;
}

/** Halts as a store keeps them: entries of the file after the first `lines` came later. */
export interface KeptHalts {
  readonly lines: number;
  /** The id of the last of those; left out where there is none. */
  readonly last?: string;
  readonly standing: readonly Halt[];
}

/** The name of the risk state that holds them, as JSON. */
export const KEPT_HALTS = 'halts';

export const NO_HALTS: KeptHalts = { lines: 0, standing: [] };

/** Nobody knows what it would say. */
export const unreadable = (why: string): Omit<Halt, 'id' | 'atMs'> => ({
  kind: 'halt',
  scope: {},
  actor: 'engine',
  reason: `the halt file cannot be read: ${why}`,
  everything: false,
});

/**
 * What the store does not know yet. All of it where the file is another one, or has lost its end;
 * but an old resumption in it does not lift what was halted since.
 */
export function entriesSince(
  { lines, last, standing: halts }: KeptHalts,
  entries: readonly HaltEntry[],
): readonly HaltEntry[] {
  const isKnown = last === undefined || entries[lines - 1]?.id === last;
  if (entries.length >= lines && isKnown) return entries.slice(lines);
  const isLater = ({ scope, atMs }: HaltEntry): boolean =>
    halts.some((halt) => isSameScope(halt.scope, scope) && halt.atMs > atMs);
  return entries.filter((entry) => entry.kind === 'halt' || !isLater(entry));
}

export const isGlobal = (scope: HaltScope): boolean => Object.keys(scope).length === 0;
