/**
 * Recordings as a source of market data. A source is read once; the tape behind it any number of
 * times.
 */
import { InputError, invariant } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { MarketDataSource, TimedEvent } from '../venues/paper/source.ts';
import type { Tape } from './tape-reader.ts';

/** The markets of all tapes with the most deltas first. */
export function marketsOf(tapes: readonly Tape[]): readonly string[] {
  const deltas = new Map<string, number>();
  for (const { markets } of tapes)
    for (const [symbol, market] of markets)
      deltas.set(symbol, (deltas.get(symbol) ?? 0) + market.deltas);
  return [...deltas].toSorted(([, left], [, right]) => right - left).map(([symbol]) => symbol);
}

/** The busiest market: the one with the most deltas. */
export function pickMarket(tapes: readonly Tape[]): string {
  const busiest = marketsOf(tapes)[0];
  if (busiest === undefined)
    throw new InputError('at least one tape is needed', 'none', 'give one');
  return busiest;
}

/**
 * The chosen markets, or all, of one or several tapes. Throws an `InputError` for one that is on
 * none.
 */
export function tapeSource(tapes: readonly Tape[], symbols?: readonly string[]): MarketDataSource {
  const known = marketsOf(tapes);
  const chosen = new Set(symbols ?? known);
  for (const symbol of chosen)
    if (!known.includes(symbol))
      throw new InputError(
        'the market must be on the tape',
        symbol,
        `choose of ${known.join(', ')}`,
      );
  const lanes = numbered(tapes)
    .map((events) => new Lane(events.filter(({ event }) => chosen.has(event.symbol))))
    .filter((lane) => lane.head !== null);
  const startMs = Math.min(...lanes.map(({ head }) => head?.atMs ?? Number.POSITIVE_INFINITY));
  invariant(Number.isFinite(startMs), 'a source has at least one event');
  return {
    instruments: instrumentsOf(tapes, chosen),
    startMs,
    next: () => earliest(lanes)?.take() ?? null,
  };
}

/** Each tape counts its prints from 1; together no two are the same. */
function numbered(tapes: readonly Tape[]): readonly (readonly TimedEvent[])[] {
  let before = 0;
  return tapes.map(({ events, markets }) => {
    const offset = before;
    for (const { prints } of markets.values()) before += prints;
    return offset === 0 ? events : events.map((timed) => moved(timed, offset));
  });
}

function moved(timed: TimedEvent, offset: number): TimedEvent {
  const { event } = timed;
  if (event.type !== 'print') return timed;
  return { ...timed, event: { ...event, sequence: event.sequence + offset } };
}

function instrumentsOf(tapes: readonly Tape[], chosen: ReadonlySet<string>): readonly Instrument[] {
  const found = new Map<string, Instrument>();
  for (const { markets } of tapes)
    for (const [symbol, { instrument }] of markets)
      if (chosen.has(symbol)) found.set(symbol, instrument);
  return [...found.values()];
}

/** One tape, read forwards. */
class Lane {
  readonly #events: readonly TimedEvent[];
  #next = 0;

  constructor(events: readonly TimedEvent[]) {
    this.#events = events;
  }

  get head(): TimedEvent | null {
    return this.#events[this.#next] ?? null;
  }

  take(): TimedEvent | null {
    const event = this.head;
    this.#next += 1;
    return event;
  }
}

/** The lane whose next event is due first; of two at the same time the first one named. */
function earliest(lanes: readonly Lane[]): Lane | null {
  let first: Lane | null = null;
  for (const lane of lanes)
    if (lane.head !== null && lane.head.atMs < (first?.head?.atMs ?? Number.POSITIVE_INFINITY))
      first = lane;
  return first;
}
