/**
 * The venue's positions against ours: what our fills add up to, and what was there before or is
 * somebody else's. A difference that stays halts its market; it never changes what we hold.
 */
import type { z } from 'zod';
import { lots } from '../../domain/numbers.ts';
import type { VenueFill, VenuePosition } from '../../domain/ports.ts';
import type { RiskStateRecord } from '../../domain/records.ts';
import { directionOf } from '../../ledger/exposure.ts';
import { memoryName, POSITIONS_OF_OTHERS, recalled } from '../risk/risk-memory.ts';
import type { Runtime } from '../runtime.ts';

export class PositionCheck {
  readonly #runtime: Runtime;
  readonly #drifted: (symbol: string, reason: string) => void;
  /** What is not ours; null until the account was looked at for the first time. */
  #others: Map<string, number> | null = null;
  #counted = new Set<string>();
  /** Of what is not ours, what carries our tag: another journal's. */
  readonly #forgotten = new Map<string, number>();
  /** Somebody else traded there, and nobody said which way: their part is taken anew. */
  readonly #unclear = new Set<string>();
  #last: ReadonlyMap<string, number> = new Map();
  readonly #told = new Map<string, number>();

  constructor(runtime: Runtime, drifted: (symbol: string, reason: string) => void) {
    this.#runtime = runtime;
    this.#drifted = drifted;
    const { venue, store } = runtime.options;
    if (!venue.capabilities.outlivesEngine) return;
    const stored = recalled(store, this.#name, POSITIONS_OF_OTHERS);
    if (stored === null) return;
    this.#others = new Map(Object.entries(stored.others));
    this.#counted = new Set(stored.counted);
    for (const [symbol, held] of Object.entries(stored.forgotten ?? {})) this.#hold(symbol, held);
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

  /** A fill under our tag that the journal forgot: nobody's, but limits count what it holds. */
  orphan(fill: VenueFill): void {
    const { fillId, symbol, outcome, action, quantity } = fill;
    if (this.#counted.has(fillId)) return;
    this.foreign(fill);
    this.#counted.add(fillId);
    if (outcome === undefined || action === undefined) return;
    this.#hold(symbol, directionOf(outcome, action) * quantity);
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
    const stored: z.infer<typeof POSITIONS_OF_OTHERS> = {
      others: Object.fromEntries(this.#others),
      counted: [...this.#counted],
      forgotten: Object.fromEntries(this.#forgotten),
    };
    const atMs = this.#runtime.options.clock.wallMs();
    return { name: this.#name, body: JSON.stringify(stored), atMs };
  }

  get #name(): string {
    return memoryName('positions-of-others', this.#runtime.options.venue.name);
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

  #hold(symbol: string, signed: number): void {
    this.#forgotten.set(symbol, (this.#forgotten.get(symbol) ?? 0) + signed);
    this.#runtime.ledger.fill('', symbol, 1, lots(signed));
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
    const { venue, log, tell } = this.#runtime.options;
    const own = this.#runtime.portfolio.positions.get(symbol)?.held ?? 0;
    const others = this.#others?.get(symbol) ?? 0;
    log.error({ symbol, drift, own, others }, 'the position at the venue is another than ours');
    const reason = `the position at ${venue.name} in ${symbol} is ${drift} lots away from ours`;
    tell?.({ kind: 'drift', venue: venue.name, market: symbol, executionId: null, reason });
    this.#drifted(symbol, reason);
  }
}
