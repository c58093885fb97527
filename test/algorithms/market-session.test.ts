/** `market` in a whole engine: seeded sessions on the simulated exchange, and a scripted venue. */
import { describe, expect, it } from 'vitest';
import { createEngine, type ExecutionResult, seededRandom, VirtualClock } from '../../src/index.ts';
import { simulatedExchange } from '../../src/venues/paper/simulated-exchange.ts';
import { paper } from '../../src/venues/paper/venue.ts';
import { live, signal, world } from '../support/embedded.ts';
import { START_MS } from '../support/rig.ts';

interface Session {
  readonly result: ExecutionResult;
  readonly arrivalAsk: string;
  readonly atVenue: number;
}

/** One wish of 5,000 in a thin market, three steps through its touch at most. */
async function session(seed: string, algorithm = {}): Promise<Session> {
  const clock = new VirtualClock(START_MS);
  const random = seededRandom(seed);
  const markets = [{ symbol: 'SIM-A', category: 'thin' }] as const;
  const source = simulatedExchange({ random: random.fork('sim'), markets, startMs: START_MS });
  const venue = paper({ clock, random: random.fork('venue'), source });
  const engine = await createEngine({ venues: [venue], clock });
  engine.watch('paper', 'SIM-A');
  await clock.run({ untilMs: START_MS + 2_000 });
  const common = { venue: 'paper', market: 'SIM-A', quantity: '5000', limitPrice: '0.99' };
  const wish = { ...common, timeLimitMs: 20_000 };
  const execution = engine.execute(
    signal({ ...wish, algorithm: { name: 'market', maxSlippageTicks: 3, ...algorithm } }),
  );
  let arrivalAsk = '';
  execution.updates$.subscribe((update) => {
    if (update.type === 'order' && arrivalAsk === '') arrivalAsk = update.price ?? '';
  });
  const result = await clock.settle(execution.result);
  const { fills } = await clock.settle(venue.fillsSince(null));
  const atVenue = fills.reduce((sum, { quantity }) => sum + quantity, 0);
  await clock.settle(engine.stop());
  expect(venue.auditViolations()).toEqual([]);
  venue.stop();
  expect(clock.pending).toBe(0);
  return { result, arrivalAsk, atVenue };
}

describe('market on the simulated exchange', () => {
  it.each(['a', 'b', 'c'])(
    'sweeps, rests, and never pays beyond its bound: seed %s',
    async (seed) => {
      const { result, arrivalAsk: bound, atVenue } = await session(seed);
      expect(result).toMatchObject({ algorithm: 'market', market: 'SIM-A' });
      expect(result.fills.length).toBeGreaterThan(0);
      for (const { price } of result.fills)
        expect(Number(price)).toBeLessThanOrEqual(Number(bound));
      expect(new Set(result.orders.map(({ price }) => price))).toEqual(new Set([bound]));
      expect(result.orders.length).toBeGreaterThan(1);
      expect(atVenue).toBe(Math.round(Number(result.filledQuantity) * 100));
      expect(result.endedAtMs - result.startedAtMs).toBeLessThan(21_000);
      expect(await session(seed)).toEqual({ result, arrivalAsk: bound, atVenue });
    },
  );

  it('takes one sweep and ends where that is asked for', async () => {
    const { result } = await session('a', { fallback: 'finish' });
    expect(result).toMatchObject({ calls: 1, splits: 1, outcome: 'partial' });
    expect(result.reason).toBe('the sweep took what it could');
    expect(result.endedAtMs - result.startedAtMs).toBeLessThan(1_000);
  });
});

describe('market on a scripted venue, whose IOCs find nothing', () => {
  it('sweeps again what is offered anew, and is filled to the last lot', async () => {
    const { engine, venue, pass } = await live(await world());
    const calls = () => venue.calls.map(({ kind, quantity }) => `${kind} ${quantity ?? ''}`.trim());
    venue.snapshot('M', [[45, 500]], [[48, 4]]);
    await pass(5);
    const algorithm = { name: 'market', maxSweeps: 2 };
    const handle = engine.execute(signal({ algorithm, timeLimitMs: 20_000 }));
    await pass(2_500);
    expect(calls()).toEqual(['submit 10', 'submit 10']);
    expect(venue.resting()).toMatchObject([{ request: { price: 50, postOnly: false } }]);
    const offers = [
      [47, 9],
      [48, 3],
      [47, 10],
    ] as const;
    for (const offer of offers) {
      venue.snapshot('M', [[45, 500]], [offer]);
      await pass(2_500);
    }
    expect(calls().slice(2)).toEqual(['cancel', 'submit 10', 'submit 10']);
    const [order] = venue.resting();
    venue.fill(order?.request.clientOrderId ?? '', 10);
    await pass(100);
    expect(await handle.result).toMatchObject({ outcome: 'completed', filledQuantity: '10' });
  });
});
