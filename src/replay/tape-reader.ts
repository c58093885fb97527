/**
 * A recording, decoded once into market events on the exchange's clock; any number of replays then
 * read it. It never mends a recording: a gap becomes an event, and `verifyTape` refuses it.
 */
import { InputError } from '../domain/errors.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Print } from '../domain/market-data.ts';
import {
  deltaOf,
  printOf,
  settlementOf,
  snapshotOf,
  statusOf,
} from '../venues/kalshi/translate.ts';
import type { KalshiFrame } from '../venues/kalshi/wire.ts';
import type { MarketDataEvent, TimedEvent } from '../venues/paper/source.ts';
import { SequenceCheck } from './sequence-check.ts';
import { kalshiInstrument } from './series.ts';
import { stampEvents, type UnstampedEvent } from './tape-clock.ts';
import { located, placeOf, readTapeLines, type TapeLine } from './tape-lines.ts';
import { type PrintTable, printsPathOf, readPrints, type TapePrint } from './tape-prints.ts';

export interface TapeMarket {
  readonly instrument: Instrument;
  /** Milliseconds since the epoch; null where the recorder did not write it down. */
  readonly closeMs: number | null;
  readonly deltas: number;
  readonly prints: number;
}

export interface TapeGap {
  readonly line: number;
  readonly expected: number;
  readonly received: number;
}

export interface Tape {
  readonly path: string;
  /** By symbol, in the order in which the tape names them. */
  readonly markets: ReadonlyMap<string, TapeMarket>;
  readonly events: readonly TimedEvent[];
  readonly gaps: readonly TapeGap[];
}

/**
 * Reads `.jsonl` and `.jsonl.gz`. Where the tape has no trades, they come from the table of prints
 * beside it. Throws an `InputError`.
 */
export function openTape(path: string): Tape {
  const printsPath = printsPathOf(path);
  const table = printsPath === null ? null : readPrints(printsPath);
  const fold = foldTape(path, table);
  return (fold.hasTrades && table !== null ? foldTape(path, null) : fold).tape(path);
}

function foldTape(path: string, prints: PrintTable | null): TapeFold {
  const fold = new TapeFold(prints);
  for (const line of readTapeLines(path)) located(placeOf(line.line, path), () => fold.fold(line));
  return fold;
}

class TapeFold {
  readonly #events: UnstampedEvent[] = [];
  readonly #gaps: TapeGap[] = [];
  readonly #closeMs = new Map<string, number>();
  readonly #sequences = new SequenceCheck();
  readonly #table: PrintTable | null;
  #prints = 0;
  #hasTrades = false;

  constructor(table: PrintTable | null) {
    this.#table = table;
  }

  get hasTrades(): boolean {
    return this.#hasTrades;
  }

  fold({ conn, frame, line }: TapeLine): void {
    if (frame.type === 'watch_market') {
      if (frame.closeMs !== null) this.#closeMs.set(frame.symbol, frame.closeMs);
      return;
    }
    this.#checkSequence(conn, frame, line);
    this.#translate(conn, frame);
  }

  #checkSequence(conn: string, frame: KalshiFrame, line: number): void {
    const broken = this.#sequences.check(conn, frame);
    if (broken === null) return;
    const { expected, received } = broken;
    if (!broken.restarted) this.#gaps.push({ line, expected, received });
    for (const symbol of broken.symbols)
      this.#add(conn, null, { type: 'book.gap', symbol, expected, received });
  }

  #translate(conn: string, frame: KalshiFrame): void {
    switch (frame.type) {
      case 'orderbook_delta': {
        const delta = deltaOf(frame);
        const prints = this.#table?.take(delta.symbol, delta.sequence, delta.timeMs) ?? [];
        for (const print of prints) this.#add(conn, print.timeMs, this.#numbered(print));
        // What we did ourselves while it was recorded: the replay has no such order.
        const isOwn = frame.msg.client_order_id !== undefined;
        return this.#add(conn, delta.timeMs, isOwn ? { ...delta, change: { by: 0 } } : delta);
      }
      case 'orderbook_snapshot':
        return this.#add(conn, null, snapshotOf(frame));
      case 'trade':
        this.#hasTrades = true;
        return this.#addTrade(conn, frame.msg.ts_ms, this.#numbered(printOf(frame, 0)));
      case 'market_lifecycle_v2': {
        for (const event of [statusOf(frame), settlementOf(frame)])
          if (event !== null) this.#add(conn, null, event);
        return;
      }
      case 'ticker':
        // No event, but a sign of the exchange's clock.
        return this.#add(conn, frame.msg.ts_ms, null);
      default:
    }
  }

  #numbered(print: TapePrint): Print {
    this.#prints += 1;
    return { ...print, sequence: this.#prints };
  }

  #add(conn: string, timeMs: number | null, event: MarketDataEvent | null): void {
    this.#events.push({ conn, timeMs, event });
  }

  /** The venue tells a trade after its delta, with the same time: here it goes before it. */
  #addTrade(conn: string, timeMs: number, print: Print): void {
    let place = this.#events.length;
    for (let index = place - 1; this.#events[index]?.timeMs === timeMs; index -= 1)
      if (explains(print, this.#events[index]?.event ?? null)) place = index;
    this.#events.splice(place, 0, { conn, timeMs, event: print });
  }

  tape(path: string): Tape {
    if (this.#table !== null && this.#table.left > 0)
      throw new InputError(
        `every print must explain a delta of ${path}`,
        `${this.#table.left} that explain none`,
        'the table belongs to another tape: put the right one beside this one',
      );
    const markets = this.#markets();
    if (markets.size === 0)
      throw new InputError('a tape must hold the book of a market', path, 'record orderbook_delta');
    const events = stampEvents(this.#events, this.#closings(markets));
    return { path, markets, events, gaps: this.#gaps };
  }

  #closings(markets: ReadonlyMap<string, TapeMarket>): readonly TimedEvent[] {
    return [...markets].flatMap(([symbol, { closeMs }]) =>
      closeMs === null
        ? []
        : [{ atMs: closeMs, event: { type: 'market.closed', symbol, timeMs: closeMs } }],
    );
  }

  #markets(): ReadonlyMap<string, TapeMarket> {
    const deltas = new Map<string, number>();
    const prints = new Map<string, number>();
    for (const { event } of this.#events) {
      if (event === null) continue;
      if (event.type === 'book.snapshot') deltas.set(event.symbol, deltas.get(event.symbol) ?? 0);
      const counts = event.type === 'book.delta' ? deltas : event.type === 'print' ? prints : null;
      counts?.set(event.symbol, (counts.get(event.symbol) ?? 0) + 1);
    }
    return new Map(
      [...deltas].map(([symbol, count]) => [
        symbol,
        {
          instrument: kalshiInstrument(symbol),
          closeMs: this.#closeMs.get(symbol) ?? null,
          deltas: count,
          prints: prints.get(symbol) ?? 0,
        },
      ]),
    );
  }
}

/** Whether the delta is what the print took from the book. */
const explains = (print: Print, event: MarketDataEvent | null): boolean =>
  event?.type === 'book.delta' &&
  event.symbol === print.symbol &&
  event.price === print.price &&
  event.side === (print.taker === 'buy' ? 'ask' : 'bid') &&
  'by' in event.change &&
  event.change.by < 0;
