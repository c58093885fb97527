/**
 * The venue's positions against ours: what our fills add up to, and what was there before or is
 * somebody else's. A difference that stays halts its market; it never changes what we hold.
 */
import type { VenueFill, VenuePosition } from '../../domain/ports.ts';
import type { RiskStateRecord } from '../../domain/records.ts';
import { directionOf } from '../../ledger/exposure.ts';
import type { Runtime } from '../runtime.ts';

/** As it is stored: signed lots by market, and the fills that are in them and may come again. */
interface Stored {
  readonly others: Readonly<Record<string, number>>;
  readonly counted: readonly string[];
}

export class PositionCheck {
  readonly #runtime: Runtime;
  readonly #drifted: (symbol: string, reason: string) => void;
  /** What is not ours; null until the account was looked at for the first time. */
  #others: Map<string, number> | null = null;
  #counted = new Set<string>();
  /** Somebody else traded there, and nobody said which way: their part is taken anew. */
  readonly #unclear = new Set<string>();
  #last: ReadonlyMap<string, number> = new Map();
  readonly #told = new Map<string, number>();

  constructor(runtime: Runtime, drifted: (symbol: string, reason: string) => void) {
    this.#runtime = runtime;
    this.#drifted = drifted;
    const { venue, store } = runtime.options;
    const stored = venue.capabilities.outlivesEngine ? store.riskState(this.#name) : null;
    if (stored === null) return;
    const { others, counted } = JSON.parse(stored) as Stored;
    this.#others = new Map(Object.entries(others));
    this.#counted = new Set(counted);
  }

  /** A fill of somebody else's order; it counts once, also when a restart lists it again. */
  foreign({ fillId, symbol, outcome, action, quantity }: VenueFill): void {
    if (this.#others === null || this.#counted.has(fillId)) return;
    this.#counted.add(fillId);
    if (outcome === undefined || action === undefined) this.#unclear.add(symbol);
    else {
      const signed = directionOf(outcome, action) * quantity;
      this.#others.set(symbol, (this.#others.get(symbol) ?? 0) + signed);
    }
  }

  /** Whether a second look is needed before anything can be said of these positions. */
  isOff(positions: readonly VenuePosition[]): boolean {
    return this.#others === null || this.#unclear.size > 0 || this.#driftsOf(positions).size > 0;
  }

  /** Nothing was filled while they were read, and all that was listed is durable. */
  judge(positions: readonly VenuePosition[]): void {
    const held = new Map(positions.map(({ symbol, quantity }) => [symbol, quantity]));
    if (this.#others === null) this.#takeAll(held);
    for (const symbol of this.#unclear) this.#take(symbol, held);
    this.#unclear.clear();
    const drifts = this.#driftsOf(positions);
    for (const [symbol, drift] of drifts) {
      // Followed from now on: its market may say that it was settled.
      this.#runtime.hostOf(symbol);
      if (this.#last.get(symbol) === drift && this.#told.get(symbol) !== drift)
        this.#tell(symbol, drift);
    }
    for (const symbol of this.#told.keys()) if (!drifts.has(symbol)) this.#told.delete(symbol);
    this.#last = drifts;
  }

  /** What shall be kept with the place in the list of fills; `isListed`: may come again. */
  row(isListed: (fillId: string) => boolean): RiskStateRecord | null {
    if (this.#others === null) return null;
    this.#counted = new Set([...this.#counted].filter(isListed));
    const stored: Stored = {
      others: Object.fromEntries(this.#others),
      counted: [...this.#counted],
    };
    const atMs = this.#runtime.options.clock.wallMs();
    return { name: this.#name, body: JSON.stringify(stored), atMs };
  }

  get #name(): string {
    return `positions-of-others:${this.#runtime.options.venue.name}`;
  }

  #driftsOf(positions: readonly VenuePosition[]): ReadonlyMap<string, number> {
    const held = new Map(positions.map(({ symbol, quantity }) => [symbol, quantity]));
    const drifts = new Map<string, number>();
    for (const { symbol } of this.#runtime.options.instruments) {
      // What a settled market pays is booked apart, and at another time than the venue does.
      const own = this.#runtime.portfolio.positions.get(symbol);
      if (own !== undefined && own.settledAt !== null) continue;
      const drift = (held.get(symbol) ?? 0) - (own?.held ?? 0) - (this.#others?.get(symbol) ?? 0);
      if (drift !== 0) drifts.set(symbol, drift);
    }
    return drifts;
  }

  #takeAll(held: ReadonlyMap<string, number>): void {
    this.#others = new Map();
    for (const { symbol } of this.#runtime.options.instruments) this.#take(symbol, held);
  }

  #take(symbol: string, held: ReadonlyMap<string, number>): void {
    const own = this.#runtime.portfolio.positions.get(symbol)?.held ?? 0;
    const others = (held.get(symbol) ?? 0) - own;
    if (others === 0) this.#others?.delete(symbol);
    else this.#others?.set(symbol, others);
  }

  #tell(symbol: string, drift: number): void {
    this.#told.set(symbol, drift);
    const { venue, log } = this.#runtime.options;
    const own = this.#runtime.portfolio.positions.get(symbol)?.held ?? 0;
    const others = this.#others?.get(symbol) ?? 0;
    log.error({ symbol, drift, own, others }, 'the position at the venue is another than ours');
    this.#drifted(
      symbol,
      `the position at ${venue.name} in ${symbol} is ${drift} lots away from ours`,
    );
  }
}
