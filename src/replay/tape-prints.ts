/**
 * Trades of a recording whose connection had no trade channel: a table beside the tape that says
 * which delta each of them explains. It never guesses one itself.
 */
import { existsSync } from 'node:fs';
import { InputError } from '../domain/errors.ts';
import { wholeUnits } from '../domain/fixed-point.ts';
import type { Print } from '../domain/market-data.ts';
import { lots, ticks } from '../domain/numbers.ts';
import { readMaybeGzipped } from './tape-lines.ts';

const COLUMNS = 'ts_ms,ticker,yes_price,qty,taker_side,delta_seq,inference';
const ROW = /^(\d{1,15}),([^,]+),(\d\.\d{1,4}),(\d{1,12}\.\d{2}),(yes|no),(\d{1,15}),(\w+)$/;

export type TapePrint = Omit<Print, 'sequence'>;

/** Prints by the delta they explain, each taken once. */
export class PrintTable {
  readonly #byDelta = new Map<string, TapePrint[]>();
  #left = 0;

  add(deltaSequence: number, print: TapePrint): void {
    const key = keyOf(print.symbol, deltaSequence, print.timeMs);
    const prints = this.#byDelta.get(key) ?? [];
    if (prints.push(print) === 1) this.#byDelta.set(key, prints);
    this.#left += 1;
  }

  /** The prints that this delta shows. Its time is part of the name: a reconnect counts anew. */
  take(symbol: string, deltaSequence: number, timeMs: number): readonly TapePrint[] {
    if (this.#left === 0) return [];
    const key = keyOf(symbol, deltaSequence, timeMs);
    const prints = this.#byDelta.get(key) ?? [];
    this.#byDelta.delete(key);
    this.#left -= prints.length;
    return prints;
  }

  /** How many explain no delta of the tape. */
  get left(): number {
    return this.#left;
  }
}

const keyOf = (symbol: string, deltaSequence: number, timeMs: number): string =>
  `${symbol} ${deltaSequence} ${timeMs}`;

/**
 * Where the prints of a tape lie: `<name>.prints.csv.gz` or `.csv` beside it; null where there are
 * none.
 */
export function printsPathOf(tapePath: string): string | null {
  const stem = tapePath.replace(/\.jsonl(\.gz)?$/, '');
  return [`${stem}.prints.csv.gz`, `${stem}.prints.csv`].find((path) => existsSync(path)) ?? null;
}

/** Throws an `InputError` that names the row. */
export function readPrints(path: string): PrintTable {
  const [header, ...rows] = readMaybeGzipped(path, 'a table of prints')
    .toString()
    .trim()
    .split(/\r?\n/);
  if (header !== COLUMNS)
    throw new InputError(`a table of prints must begin with ${COLUMNS}`, header, `correct ${path}`);
  const table = new PrintTable();
  for (const [index, row] of rows.entries()) {
    const [, timeMs, symbol, price, quantity, taker, sequence] = ROW.exec(row) ?? [];
    if (symbol === undefined)
      throw new InputError(
        `row ${index + 2} of ${path} must be a print`,
        row,
        `columns: ${COLUMNS}`,
      );
    table.add(Number(sequence), {
      type: 'print',
      symbol,
      price: ticks(wholeUnits(price ?? '', 4) ?? Number.NaN),
      quantity: lots(wholeUnits(quantity ?? '', 2) ?? Number.NaN),
      taker: taker === 'yes' ? 'buy' : 'sell',
      timeMs: Number(timeMs),
    });
  }
  return table;
}
