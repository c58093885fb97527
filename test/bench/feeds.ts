/**
 * What the book bench reads: two feeds as text, recorded where the recordings are at hand, made up
 * in the same shape where they are not. The result says which.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { wholeUnits } from '../../src/domain/fixed-point.ts';
import type { BookDelta, BookSide } from '../../src/domain/market-data.ts';
import { formatUnits } from '../../src/domain/money.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import { chance, exponential, integer } from '../../src/env/draws.ts';
import { seededRandom } from '../../src/env/seeded-random.ts';
import { readFrame } from '../../src/venues/kalshi/frame-text.ts';
import { deltaOf, snapshotOf } from '../../src/venues/kalshi/translate.ts';
import { symbolsOf } from './bench-engine.ts';
import type { BookChange, LevelSize } from './books.ts';
import { cycleOf, openingFrame } from './frames.ts';

export interface Feed {
  readonly name: string;
  readonly source: string;
  /** In wire order, a text each. */
  readonly frames: readonly string[];
  readonly changesOf: (text: string) => readonly BookChange[];
  /** As a ccxt exchange would read it; null where its book needs sums that the frame lacks. */
  readonly sizesOf: ((text: string) => readonly LevelSize[]) | null;
}

const MADE_UP = 'made up: ../shared is absent';
const RECORDINGS = '../shared/tapes';
const KALSHI = 'kalshi-btc15m/20260513T1541Z.jsonl.gz';
const BINANCE = 'binance-btcusdt/usdm_btcusdt_20240808.gz';
const DEPTH_UPDATE = /\{.*"e":"depthUpdate".*$/;

function recorded(folder: string, path: string): readonly string[] | null {
  const file = resolve(folder, path);
  return existsSync(file) ? gunzipSync(readFileSync(file)).toString().split('\n') : null;
}

/** Kalshi's snapshots and deltas, without what the recorder added to them: one change a frame. */
export function kalshiFeed(count: number, folder = RECORDINGS): Feed {
  const lines = recorded(folder, KALSHI)?.filter((line) => line.startsWith('{"type":"orderbook_'));
  const frames = lines?.slice(0, count).map(withoutRecorder) ?? madeUpFrames(count);
  const source = lines === undefined ? MADE_UP : KALSHI;
  return { name: 'Kalshi', source, frames, changesOf: kalshiChanges, sizesOf: null };
}

function withoutRecorder(line: string): string {
  const { type, sid, seq, msg } = JSON.parse(line) as Readonly<Record<string, unknown>>;
  return JSON.stringify({ type, sid, seq, msg });
}

function madeUpFrames(count: number): readonly string[] {
  const symbols = symbolsOf(1);
  return [...symbols.map(openingFrame), ...cycleOf({ symbols, frames: count, seed: 'kalshi' })];
}

export function kalshiChanges(text: string): readonly BookChange[] {
  const frame = readFrame(text);
  if (frame.type === 'orderbook_delta') return [deltaOf(frame)];
  if (frame.type === 'orderbook_snapshot') return [snapshotOf(frame)];
  throw new Error(`no frame of a book: ${text}`);
}

interface DepthUpdate {
  readonly data: {
    readonly u: number;
    readonly E: number;
    readonly s: string;
    readonly b: readonly (readonly [string, string])[];
    readonly a: readonly (readonly [string, string])[];
  };
}

/** Binance's depth updates: many absolute levels in each frame. */
export function binanceFeed(count: number, folder = RECORDINGS): Feed {
  const lines = recorded(folder, BINANCE)?.flatMap((line) => DEPTH_UPDATE.exec(line) ?? []);
  const frames = lines?.slice(0, count) ?? depthUpdates(count);
  const source = lines === undefined ? MADE_UP : BINANCE;
  return { name: 'Binance', source, frames, changesOf: depthChanges, sizesOf: depthSizes };
}

/** Prices in cents, sizes in thousandths; the book begins empty and fills as it is told. */
function depthChanges(text: string): readonly BookChange[] {
  const { data } = JSON.parse(text) as DepthUpdate;
  const deltas = (side: BookSide, levels: DepthUpdate['data']['b']): BookDelta[] =>
    levels.map(([price, size]) => ({
      type: 'book.delta',
      symbol: data.s,
      side,
      price: ticks(wholeUnits(price, 2) ?? Number.NaN),
      change: { to: lots(wholeUnits(size, 3) ?? Number.NaN) },
      sequence: data.u,
      timeMs: data.E,
    }));
  return [...deltas('bid', data.b), ...deltas('ask', data.a)];
}

/** ccxt reads numbers, not units. */
function depthSizes(text: string): readonly LevelSize[] {
  const { data } = JSON.parse(text) as DepthUpdate;
  const sizes = (side: BookSide, levels: DepthUpdate['data']['b']): LevelSize[] =>
    levels.map(([price, size]) => ({
      symbol: data.s,
      side,
      price: Number(price),
      size: Number(size),
    }));
  return [...sizes('bid', data.b), ...sizes('ask', data.a)];
}

const LEVELS_PER_SIDE = 15;

/** A walk around a middle; levels thicken towards it. */
function depthUpdates(count: number): readonly string[] {
  const random = seededRandom('binance');
  let middle = 6_000_000;
  const levels = (direction: 1 | -1) =>
    Array.from({ length: LEVELS_PER_SIDE }, () => {
      const away = 1 + Math.floor(exponential(random, 4_000));
      const size = chance(random, 0.3) ? 0 : integer(random, 1, 5_000);
      return [formatUnits(middle + direction * away, '0.01'), formatUnits(size, '0.001')];
    });
  return Array.from({ length: count }, (_, index) => {
    middle += integer(random, -50, 50);
    const head = { e: 'depthUpdate', E: index, s: 'BTCUSDT', u: index };
    return JSON.stringify({ data: { ...head, b: levels(-1), a: levels(1) } });
  });
}
