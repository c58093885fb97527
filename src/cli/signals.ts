/** The wishes of a session: drawn by the seed, or read from a file. Nothing is judged here. */
import { readFileSync } from 'node:fs';
import { InputError, type Random, type SimulatedMarketOptions } from '../index.ts';
import { VENUE } from './market-data.ts';

/** What is known of a signal before the session opens; the rest of it is said by the options. */
export interface Draft {
  /** Milliseconds after the start; null for the usual time. */
  readonly atMs: number | null;
  /** Where it was said, for errors; null for one that was drawn. */
  readonly place: string | null;
  readonly wish: Readonly<Record<string, unknown>>;
}

/** Contracts that fit what such a market holds near its touch. */
const QUANTITIES: Readonly<Record<SimulatedMarketOptions['category'], readonly string[]>> = {
  liquid: ['100', '200', '300', '500'],
  moderate: ['40', '60', '100', '150'],
  thin: ['5', '10', '20', '30'],
};

const GAP_MS = { least: 6_000, most: 14_000 };

const pick = <T>(random: Random, choices: readonly T[]): T | undefined =>
  choices[Math.floor(random.next() * choices.length)];

/** Every draw is made for every signal, so that saying one part changes no other. */
export function drawSignals(
  random: Random,
  markets: readonly SimulatedMarketOptions[],
  count: number,
  firstAtMs: number,
): readonly Draft[] {
  let atMs = firstAtMs;
  return Array.from({ length: count }, (_, index) => {
    const market = markets[index % markets.length];
    const draft: Draft = {
      atMs,
      place: null,
      wish: {
        market: market?.symbol,
        outcome: pick(random, ['yes', 'no']),
        action: pick(random, ['buy', 'sell']),
        quantity: pick(random, QUANTITIES[market?.category ?? 'thin']),
        algorithm: pick(random, [WALKER, WALKER, WALKER, JOIN]),
      },
    };
    atMs += GAP_MS.least + Math.floor(random.next() * (GAP_MS.most - GAP_MS.least));
    return draft;
  });
}

const WALKER = { name: 'dynamic_depth_walker' };
const JOIN = { name: 'simple_limit', price: 'join' };

/** What a recording is tried with where nobody says it. */
export const USUAL_WISH = { outcome: 'yes', action: 'buy', quantity: '100', algorithm: WALKER };

/** The same wish again and again, as far apart as drawn ones unless told. */
export const repeated = (
  wish: Readonly<Record<string, unknown>>,
  count: number,
  firstAtMs: number,
  gapMs = GAP_MS.least,
): readonly Draft[] =>
  Array.from({ length: count }, (_, index) => ({
    atMs: firstAtMs + index * gapMs,
    place: null,
    wish,
  }));

/** JSON lines; empty ones are skipped. Throws an `InputError` that names the line. */
export function readSignals(path: string): readonly Draft[] {
  const drafts = linesOf(path).flatMap((line, index) =>
    line.trim() === '' ? [] : [draftOf(line, `line ${index + 1} of ${path}`)],
  );
  if (drafts.length > 0) return drafts;
  throw new InputError('a file of signals must hold at least one', path, 'write one JSON a line');
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch (thrown) {
    const wayOut = thrown instanceof Error ? thrown.message : String(thrown);
    throw new InputError('the file of signals must be readable', path, wayOut);
  }
}

const SHOWN_CHARACTERS_MAX = 60;

/** Throws an `InputError` that names the place for anything but an object. */
export function jsonObject(line: string, place: string): Readonly<Record<string, unknown>> {
  const shown = line.slice(0, SHOWN_CHARACTERS_MAX);
  const refused = new InputError(`${place} must be a JSON object`, shown, 'correct or delete it');
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    throw refused;
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) throw refused;
  return read as Readonly<Record<string, unknown>>;
}

function draftOf(line: string, place: string): Draft {
  const { atMs = null, ...wish } = jsonObject(line, place);
  if (atMs !== null && (typeof atMs !== 'number' || !Number.isSafeInteger(atMs) || atMs < 0))
    throw new InputError(
      `${place}: atMs is a whole number of milliseconds, 0 or more`,
      JSON.stringify(atMs),
      'count it from the first book',
    );
  return { atMs, place, wish: { venue: VENUE, ...wish } };
}
