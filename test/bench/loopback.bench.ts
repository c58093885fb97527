/**
 * The latency budget over loopback: the engine, its journal in a file, and the Kalshi adapter, with
 * the emulator in the same process. So the emulator's own work is in every round trip.
 */
import { join } from 'node:path';
import { firstValueFrom } from 'rxjs';
import type { StageQuantiles } from '../../src/domain/latency.ts';
import { startKalshiEmulator } from '../../src/emulator/start.ts';
import { createEngine, type Engine } from '../../src/engine/create-engine.ts';
import { liveClock } from '../../src/env/live-clock.ts';
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
import { quantile, wallUs } from './measure.ts';
import { inScratch } from './scratch.ts';

const EXECUTIONS = 60;
const MARKET = 'KXSIM-26-LIQUID';
const MS = 1_000;

type Progress = BenchOptions['progress'];

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

/** When the first whole book is there. */
const ready = async (engine: Engine): Promise<void> =>
  void (await firstValueFrom(engine.book$('kalshi', MARKET)));

/** Microseconds from a fill at the venue to its being booked and told. */
class FillTimes {
  readonly #sentAtUs = new Map<string, number>();
  readonly #tookUs: number[] = [];

  sent(fillId: string): void {
    this.#sentAtUs.set(fillId, wallUs());
  }

  booked(fillId: string): void {
    const sentUs = this.#sentAtUs.get(fillId);
    if (sentUs !== undefined) this.#tookUs.push(wallUs() - sentUs);
  }

  get count(): number {
    return this.#tookUs.length;
  }

  figure(title: string, share: number): Figure {
    const value = quantile(Float64Array.from(this.#tookUs), share) / MS;
    return { name: `${title} from a fill at the venue to booked`, value, unit: 'ms' };
  }
}

async function work(engine: Engine, times: FillTimes, executions: number, tell: Progress) {
  for (let number = 0; number < executions; number += 1) {
    tell(`${number + 1} of ${executions} executions`);
    const handle = engine.execute(wish(number));
    handle.updates$.subscribe((update) => {
      if (update.type === 'fill') times.booked(update.fill.id);
    });
    // oxlint-disable-next-line no-await-in-loop -- one at a time: a latency, not a load
    await handle.result;
  }
}

const figuresOf = ({ stage, since, p50Ms, p99Ms }: StageQuantiles): readonly Figure[] => {
  const aim = atMost('risk check and order under 1 ms', p50Ms, 1);
  const median = { name: `p50 from ${since} to ${stage}`, value: p50Ms, unit: 'ms' };
  return [
    stage === 'decided' ? { ...median, aim } : median,
    { name: `p99 from ${since} to ${stage}`, value: p99Ms, unit: 'ms' },
  ];
};

async function run({ scale, progress }: BenchOptions): Promise<BenchResult> {
  const times = new FillTimes();
  const emulator = await startKalshiEmulator({
    keyKind: 'ed25519',
    onLog: (entry) => {
      if (entry.type === 'fill') times.sent(entry.tradeId);
    },
  });
  const { restUrl, wsUrl, keyId, privateKeyPem } = emulator;
  const venue = kalshiVenue({
    environment: { restUrl, wsUrl },
    credentials: { keyId, privateKey: new Secret(privateKeyPem) },
    markets: { tickers: [MARKET] },
  });
  const executions = scaled(EXECUTIONS, scale, 2);
  const stages = await inScratch(async (folder) => {
    const store = { file: join(folder, 'bench.db') };
    const limits = liveLimits([MARKET]);
    const engine = await createEngine({ venues: [venue], clock: liveClock, store, limits });
    try {
      progress('connecting');
      await ready(engine);
      await work(engine, times, executions, progress);
      return engine.latency()[0]?.stages ?? [];
    } finally {
      await engine.stop();
      await venue.close();
      await emulator.close();
    }
  });
  return {
    figures: [...stages.flatMap(figuresOf), times.figure('p50', 0.5), times.figure('p99', 0.99)],
    notes: [`${executions} executions one after another, ${times.count} fills, Ed25519 keys`],
  };
}

export const loopback: Bench = {
  name: 'loopback',
  title: 'the latency budget, against the emulator over loopback',
  run,
};
