/**
 * The latency budget over loopback: the engine with its journal in a file and the Kalshi adapter in
 * this process, the emulator in another, as the venue would be.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { firstValueFrom, fromEvent } from 'rxjs';
import type { Stage, StageQuantiles } from '../../src/domain/latency.ts';
import { createEngine, type Engine } from '../../src/engine/create-engine.ts';
import { liveClock } from '../../src/env/live-clock.ts';
import type { LiveLimits } from '../../src/risk/limits.ts';
import { kalshiVenue, Secret } from '../../src/venues/kalshi/venue.ts';
import { liveLimits } from '../support/live-limits.ts';
import {
  atMost,
  type Bench,
  type BenchOptions,
  type BenchResult,
  type Figure,
  scaled,
} from './bench.ts';
import { quantile } from './measure.ts';
import { inScratch } from './scratch.ts';

const EXECUTIONS = 100;
const MARKET = 'KXSIM-26-LIQUID';

/** Between two executions: what is measured is a latency, not a load, nor the limit of calls. */
const PAUSE_MS = 150;
const CALL_LIMITS = { windowMs: 1_000, calls: 1_000, cancelReserve: 1 };

/** It buys both outcomes in turn, so each pair loses its spread: hours of a day in a minute. */
const LIMITS: LiveLimits = {
  ...liveLimits([MARKET]),
  maxLossesInARow: 1_000_000,
  maxLossScore: 1_000_000,
};

/** What the first plan of this engine allowed, and how many milliseconds. */
const BUDGET: Partial<Record<Stage, readonly [string, number]>> = {
  admitted: ['risk check under 1 ms', 1],
  decided: ['order creation under 1 ms', 1],
  acked: ['order submission under 50 ms', 50],
};
const FILL_BUDGET = ['fill detection under 50 ms', 50] as const;

type Progress = BenchOptions['progress'];
type Emulator = ChildProcessByStdio<null, Readable, null>;

/** One order that takes what is offered. */
const wish = (number: number) => ({
  signalId: `take-${number}`,
  venue: 'kalshi',
  market: MARKET,
  outcome: number % 2 === 0 ? ('yes' as const) : ('no' as const),
  action: 'buy' as const,
  quantity: '1',
  limitPrice: '0.99',
  timeLimitMs: 5_000,
  algorithm: { name: 'market' },
});

function startEmulator(): Emulator {
  const argv = ['dist/src/cli/main.js', 'emulate', 'kalshi', '--key', 'ed25519'];
  return spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Its first line says where it listens. */
async function venueAt({ stdout }: Emulator) {
  const line = await firstValueFrom(fromEvent(createInterface({ input: stdout }), 'line'));
  const { restUrl, wsUrl, keyId, privateKeyFile } = JSON.parse(String(line)) as Record<
    'restUrl' | 'wsUrl' | 'keyId' | 'privateKeyFile',
    string
  >;
  return kalshiVenue({
    environment: { restUrl, wsUrl },
    credentials: { keyId, privateKey: new Secret(readFileSync(privateKeyFile, 'utf8')) },
    markets: { tickers: [MARKET] },
  });
}

/** Milliseconds from each fill, by the clock that both processes read, to its being told. */
async function work(engine: Engine, executions: number, tell: Progress): Promise<number[]> {
  const tookMs: number[] = [];
  for (let number = 0; number < executions; number += 1) {
    tell(`${number + 1} of ${executions} executions`);
    // oxlint-disable-next-line no-await-in-loop -- one at a time
    await pause(PAUSE_MS);
    const handle = engine.execute(wish(number));
    handle.updates$.subscribe((update) => {
      if (update.type === 'fill') tookMs.push(liveClock.wallMs() - update.fill.timeMs);
    });
    // oxlint-disable-next-line no-await-in-loop -- one at a time
    await handle.result;
  }
  return tookMs;
}

const figuresOf = ({ stage, since, p50Ms, p99Ms }: StageQuantiles): readonly Figure[] => {
  const budget = BUDGET[stage];
  const median = { name: `p50 from ${since} to ${stage}`, value: p50Ms, unit: 'ms' };
  return [
    budget === undefined ? median : { ...median, aim: atMost(budget[0], p50Ms, budget[1]) },
    { name: `p99 from ${since} to ${stage}`, value: p99Ms, unit: 'ms' },
  ];
};

function bookedFigure(title: string, share: number, tookMs: readonly number[]): Figure {
  const [budget, ms] = FILL_BUDGET;
  const value = quantile(Float64Array.from(tookMs), share);
  const name = `${title} from a fill at the venue to booked`;
  return { name, value, unit: 'ms', aim: atMost(budget, value, ms) };
}

async function measured(emulator: Emulator, { scale, progress }: BenchOptions) {
  const venue = await venueAt(emulator);
  const executions = scaled(EXECUTIONS, scale, 2);
  return inScratch(async (folder) => {
    const store = { file: join(folder, 'bench.db') };
    const parts = { venues: [venue], clock: liveClock, store };
    const engine = await createEngine({ ...parts, limits: LIMITS, callLimits: CALL_LIMITS });
    try {
      progress('connecting');
      await firstValueFrom(engine.book$('kalshi', MARKET));
      const tookMs = await work(engine, executions, progress);
      return { executions, tookMs, stages: engine.latency()[0]?.stages ?? [] };
    } finally {
      await engine.stop();
      await venue.close();
    }
  });
}

async function run(options: BenchOptions): Promise<BenchResult> {
  const emulator = startEmulator();
  try {
    const { executions, tookMs, stages } = await measured(emulator, options);
    return {
      figures: [
        ...stages.flatMap(figuresOf),
        bookedFigure('p50', 0.5, tookMs),
        bookedFigure('p99', 0.99, tookMs),
      ],
      notes: [`${executions} executions one after another, ${tookMs.length} fills, Ed25519 keys`],
    };
  } finally {
    const ended = once(emulator, 'exit');
    emulator.kill('SIGINT');
    await ended;
  }
}

export const loopback: Bench = {
  name: 'loopback',
  title: 'the latency budget, against the emulator over loopback',
  run,
};
