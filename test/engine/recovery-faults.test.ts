/** What a restart finds broken: a journal, an algorithm, a market, a venue, or itself again. */
import { describe, expect, it } from 'vitest';
import type { ExecutionView } from '../../src/algorithms/algorithm.ts';
import type { Store } from '../../src/domain/records.ts';
import { seededRandom } from '../../src/env/seeded-random.ts';
import { createEngine, simulatedExchange, VirtualClock } from '../../src/index.ts';
import { paper } from '../../src/venues/paper/venue.ts';
import { signal } from '../support/embedded.ts';
import { left, place, statesOf } from '../support/left-behind.ts';
import { MemoryDisk } from '../support/process.ts';
import { wrongs } from '../support/reboot-audit.ts';
import { algorithm, placing, START_MS } from '../support/rig.ts';

const alarms = (log: readonly { readonly fields: object; readonly message: string }[]) =>
  log.filter(({ message }) => message === 'alarm').map(({ fields }) => JSON.stringify(fields));

const joins = ({ unreleased, market, state }: ExecutionView) => ({
  directives: unreleased > 0 ? [placing(market.book.bid?.price ?? 1, unreleased)] : [],
  state,
});

/** Whatever is not in the market is joined to the best bid. */
const again = algorithm('again', joins, joins);

describe('a journal that does not fold', () => {
  /** Its newest input is gone, as if a row had been written over. */
  const shortened =
    (id: string) =>
    (store: Store): Store => {
      const inputsOf = store.inputsOf.bind(store);
      return new Proxy(store, {
        get: (target, name) =>
          name === 'inputsOf'
            ? (of: string) => (of === id ? inputsOf(of).slice(0, 3) : inputsOf(of))
            : (Reflect.get(target, name, target) as unknown),
      });
    };

  it('ends its execution, withdrawn blindly, and hurts no other', async () => {
    const { world, venue } = place();
    const first = await world.boot();
    const id = world.execute(first, signal());
    const other = world.execute(first, signal({ signalId: 'other' }));
    await world.pass(1_000);
    const [order, sound] = [...venue.orders.keys()];
    venue.fill(order ?? '', 4);
    await world.pass(500);
    first.process.kill();
    const last = await world.boot(Infinity, {}, shortened(id));
    await world.pass(2_000);
    expect(world.results.get(id)).toMatchObject([{ outcome: 'failed', filledQuantity: '4' }]);
    expect(world.results.get(id)?.[0]?.reason).toMatch(/does not fold/);
    expect(venue.resting().map(({ request }) => request.clientOrderId)).toEqual([sound]);
    expect(alarms(world.log).join()).toMatch(/does not fold/);
    expect(last.engine.executions()).toMatchObject([{ id: other, state: 'working.monitoring' }]);
    venue.fill(sound ?? '', 10);
    await world.settle(last);
    expect(world.results.get(other)).toMatchObject([{ outcome: 'completed' }]);
    expect(await wrongs(world, last)).toEqual([]);
  });
});

describe('what is not there any more', () => {
  it('an algorithm: simple_limit goes on, and says so', async () => {
    const { world, venue, id } = await left();
    const last = await world.boot(Infinity, { algorithms: [] });
    await world.pass(1_000);
    expect(statesOf(last)).toEqual(['working.monitoring']);
    expect(alarms(world.log).join()).toMatch(/simple_limit works it: no such algorithm/);
    venue.fill([...venue.orders.keys()][0] ?? '', 10);
    await world.settle(last);
    expect(world.results.get(id)).toMatchObject([
      { outcome: 'completed', algorithm: 'simple_limit', fallbackReason: /resting/ },
    ]);
  });

  it('a market: its execution stays open, and is spoken of', async () => {
    const { world, venue, id } = await left();
    const instruments = venue.instruments.bind(venue);
    venue.instruments = async () => [];
    const second = await world.boot();
    await world.pass(1_000);
    expect(second.engine.executions()).toEqual([]);
    expect(alarms(world.log).join()).toMatch(/cannot be taken up, look at the venue/);
    second.process.kill();
    venue.instruments = instruments;
    const last = await world.boot();
    await world.pass(1_000);
    expect(last.engine.executions()).toMatchObject([{ id, state: 'working.monitoring' }]);
  });

  it('a venue that died with its process: what it took along is sent anew', async () => {
    const clock = new VirtualClock(START_MS);
    const disk = new MemoryDisk();
    const boot = async (seed: string) => {
      const random = seededRandom(seed);
      const markets = [{ symbol: 'SIM-A', category: 'liquid' }] as const;
      const startMs = clock.wallMs();
      const source = simulatedExchange({ random: random.fork('sim'), markets, startMs });
      const venue = paper({ clock, random: random.fork('venue'), source });
      const options = { venues: [venue], clock, algorithms: [again] };
      const engine = await createEngine(options, () => disk.open(1));
      return { venue, engine };
    };
    const pass = (ms: number) => clock.run({ untilMs: clock.wallMs() + ms });
    const first = await boot('1');
    await pass(3_000);
    const { id } = first.engine.execute({
      ...signal({ venue: 'paper', market: 'SIM-A', quantity: '50', limitPrice: '0.99' }),
      timeLimitMs: 60_000,
      algorithm: { name: 'again' },
    });
    await pass(1_000);
    const [before] = first.engine.quantities();
    first.venue.stop();
    const restartMs = clock.wallMs();
    const last = await boot('2');
    const handle = last.engine.handleOf(id);
    await pass(60_000);
    const result = await handle?.result;
    expect(result?.splits).toBe(2);
    const [lost, anew] = result?.orders ?? [];
    expect(lost?.state).toBe('cancelled');
    expect(anew?.quantity).toBe(lost?.quantity);
    // At once: its absence is proof, where a venue that lives would have to be waited for.
    expect(anew?.placedAtMs).toBeLessThan(restartMs + 1_000);
    expect(before?.quantity.working).toBeGreaterThan(0);
    last.venue.stop();
  });
});

describe('a loop of crashes', () => {
  it('is halted at the fourth start in ten minutes, in words that say what to do', async () => {
    const { world } = place();
    for (let start = 1; start <= 3; start += 1) {
      const { engine, process } = await world.boot();
      expect(engine.halts()).toEqual([]);
      process.kill();
      await world.pass(1_000);
    }
    const { engine } = await world.boot();
    expect(engine.halts()).toMatchObject([
      { reason: '4 starts without a clean stop in 10 minutes: find what ends it' },
    ]);
    expect(() => engine.execute(signal())).toThrow(/halted/);
  });

  it('is none where each stops cleanly, or they are far apart', async () => {
    const { world } = place();
    for (let start = 1; start <= 5; start += 1) {
      const { engine } = await world.boot();
      await world.clock.settle(engine.stop());
    }
    for (let start = 1; start <= 5; start += 1) {
      const { engine, process } = await world.boot();
      expect(engine.halts()).toEqual([]);
      process.kill();
      await world.pass(300_000);
    }
  });
});

describe('a halt', () => {
  it('outlives the process: what is taken up is withdrawn, not worked on', async () => {
    const { world, venue } = place();
    const first = await world.boot();
    const id = world.execute(first, signal());
    await world.pass(1_000);
    venue.plan = () => ({ arrives: false, reply: 'never', entryMs: 5, replyMs: 5 });
    void first.engine.halt('enough');
    await world.pass(100);
    first.process.kill();
    venue.plan = () => ({ arrives: true, reply: 'truth', entryMs: 5, replyMs: 5 });
    const calls = venue.calls.length;
    const last = await world.boot();
    await world.settle(last);
    expect(new Set(venue.calls.slice(calls).map(({ kind }) => kind))).toEqual(new Set(['cancel']));
    expect(venue.resting()).toEqual([]);
    expect(world.results.get(id)).toMatchObject([{ outcome: 'cancelled' }]);
  });
});
