/** The engine from outside, as a bot sees it: signals in, handles out, halt, stop. */
import { describe, expect, it } from 'vitest';
import {
  type AlgorithmDefinition,
  createEngine,
  type Engine,
  type ExecutionResult,
  type ExecutionUpdate,
  InputError,
  seededRandom,
  VirtualClock,
} from '../../src/index.ts';
import { simulatedExchange } from '../../src/venues/paper/simulated-exchange.ts';
import { paper } from '../../src/venues/paper/venue.ts';
import { live, resting, signal, world } from '../support/embedded.ts';
import { algorithm, placing, START_MS } from '../support/rig.ts';
import { HONEST, ScriptedVenue } from '../support/scripted-venue.ts';

describe('an embedded engine', () => {
  it('works a signal on paper with an algorithm of its user', async () => {
    const clock = new VirtualClock(START_MS);
    const random = seededRandom('embed');
    const markets = [{ symbol: 'SIM-A', category: 'liquid' }] as const;
    const source = simulatedExchange({ random: random.fork('sim'), markets, startMs: START_MS });
    const venue = paper({ clock, random: random.fork('venue'), source });
    const engine = await createEngine({ venues: [venue], clock });
    const sweep: AlgorithmDefinition = {
      ...algorithm('sweep', ({ cap, unreleased, state }) => ({
        directives: [{ ...placing(cap, unreleased), timeInForce: 'ioc' }],
        state,
      })),
    };
    engine.registerAlgorithm(sweep);
    expect(engine.instruments().map(({ symbol }) => symbol)).toEqual(['SIM-A']);
    const execution = engine.execute({
      ...signal({ venue: 'paper', market: 'SIM-A', quantity: '20', limitPrice: '0.99' }),
      algorithm: { name: 'sweep' },
    });
    const updates: ExecutionUpdate[] = [];
    execution.updates$.subscribe((update) => updates.push(update));
    let result: ExecutionResult | null = null;
    execution.result.then(
      (given) => {
        result = given;
      },
      () => undefined,
    );
    await clock.run({ untilMs: START_MS + 5_000 });
    expect(result).toMatchObject({
      signalId: 'edge-1',
      outcome: 'completed',
      filledQuantity: '20.00',
      splits: 1,
      calls: 1,
      algorithm: 'sweep',
    });
    const types = updates.map(({ type }) => type);
    expect(types.filter((type) => type === 'order')).toHaveLength(1);
    expect(types).toContain('fill');
    expect(types.at(-1)).toBe('ended');
    const states = updates.flatMap((update) => (update.type === 'state' ? [update.state] : []));
    expect(states.at(-1)).toBe('ended.completed');
    const stopped = engine.stop();
    await clock.run({ untilMs: START_MS + 6_000 });
    await stopped;
    venue.stop();
    expect(venue.auditViolations()).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});

describe('a signal', () => {
  it('given twice is one execution', async () => {
    const { engine, venue, pass } = await live(await world());
    const first = engine.execute(signal());
    expect(engine.execute(signal())).toBe(first);
    await pass(100);
    expect(engine.execute(signal())).toBe(first);
    expect(venue.calls).toHaveLength(1);
    expect(() => engine.execute(signal({ quantity: '11' }))).toThrow(InputError);
    expect(engine.executionOf('edge-1')).toBe(first.id);
  });

  it('is still known, and refused, when its execution is long forgotten', async () => {
    const { engine, venue, pass } = await live(await world());
    const { id } = engine.execute(signal({ timeLimitMs: 1_000 }));
    await pass(62_500);
    expect(engine.quantities()).toEqual([]);
    expect(() => engine.execute(signal({ timeLimitMs: 1_000 }))).toThrow(id);
    expect(venue.calls.map(({ kind }) => kind)).toEqual(['submit', 'cancel']);
  });
});

describe('several at once', () => {
  it('two executions in one market and two venues do not mix', async () => {
    const clock = new VirtualClock(START_MS);
    const left = new ScriptedVenue({ clock, name: 'left', symbols: ['M', 'N'] });
    const right = new ScriptedVenue({ clock, name: 'right' });
    const engine = await createEngine({ venues: [left, right], clock, algorithms: [resting] });
    const pass = (ms: number) => clock.run({ untilMs: clock.wallMs() + ms });
    const go = (signalId: string, venue: string, market = 'M') =>
      engine.execute(signal({ signalId, venue, market }));
    const handles = [go('a', 'left'), go('b', 'left'), go('c', 'left', 'N'), go('d', 'right')];
    await pass(10);
    for (const symbol of ['M', 'N']) left.snapshot(symbol);
    right.snapshot();
    await pass(100);
    expect(left.calls).toHaveLength(3);
    expect(right.calls).toHaveLength(1);
    const ids = [...left.calls, ...right.calls].map(({ clientOrderId }) => clientOrderId);
    expect(new Set(ids).size).toBe(4);
    left.fill(left.calls[0]?.clientOrderId ?? '', 10);
    right.fill(right.calls[0]?.clientOrderId ?? '', 4);
    await pass(40_000);
    const results = await Promise.all(handles.map(({ result }) => result));
    expect(results.map(({ filledQuantity }) => filledQuantity)).toEqual(['10', '0', '0', '4']);
  });
});

describe('halt', () => {
  it('lets nothing but cancels out, in the same turn', async () => {
    const { engine, venue, pass } = await live(await world());
    const rests = engine.execute(signal({ signalId: 'rests' }));
    await pass(100);
    const comes = engine.execute(signal({ signalId: 'comes' }));
    // Said in the very turn that would have sent the order.
    void engine.halt('operator');
    await pass(2_000);
    const [submitted, ...others] = venue.calls.map(({ kind }) => kind);
    expect(submitted).toBe('submit');
    expect(new Set(others)).toEqual(new Set(['cancel']));
    expect(venue.orders.size).toBe(1);
    expect(venue.resting()).toEqual([]);
    expect(await rests.result).toMatchObject({ outcome: 'cancelled', filledQuantity: '0' });
    expect((await comes.result).outcome).toBe('cancelled');
    expect(() => engine.execute(signal({ signalId: 'later' }))).toThrow(InputError);
  });

  it('stops an order that is durable but not yet sent', async () => {
    const state: { engine?: Engine } = {};
    const halting = algorithm('halting', (view) => {
      void state.engine?.halt('by the algorithm');
      return { directives: [placing(45, view.unreleased)], state: null };
    });
    const given = await live(await world({ algorithms: [resting, halting] }));
    state.engine = given.engine;
    const { result } = given.engine.execute(signal({ algorithm: { name: 'halting' } }));
    await given.pass(2_000);
    expect(given.venue.calls.filter(({ kind }) => kind !== 'cancel')).toEqual([]);
    expect((await result).outcome).toBe('cancelled');
  });
});

describe('stop', () => {
  it('withdraws what rests, proves it, and leaves nothing behind', async () => {
    const { engine, venue, clock, pass } = await live(await world());
    const { result } = engine.execute(signal());
    await pass(100);
    const stopped = engine.stop();
    expect(engine.stop()).toBe(stopped);
    await pass(2_000);
    await stopped;
    expect(venue.resting()).toEqual([]);
    expect((await result).outcome).toBe('cancelled');
    expect(clock.pending).toBe(0);
    expect(venue.reports$.observed).toBe(false);
    expect(venue.book$('M').observed).toBe(false);
    expect(() => engine.execute(signal({ signalId: 'late' }))).toThrow(InputError);
    void engine.halt('too late');
    await pass(10);
    expect(clock.pending).toBe(0);
  });

  it('waits for an order in doubt', async () => {
    const { engine, venue, pass } = await live(await world());
    venue.plan = () => ({ ...HONEST, reply: 'throw' });
    venue.told = () => [];
    engine.execute(signal());
    await pass(100);
    let stopped = false;
    venue.answers = async () => null;
    const stop = engine.stop().then(() => {
      stopped = true;
    });
    await pass(30_000);
    expect(stopped).toBe(false);
    venue.answers = async (order) => order;
    venue.plan = () => HONEST;
    await pass(30_000);
    await stop;
    expect(venue.resting()).toEqual([]);
  });
});

describe('whoever watches', () => {
  it('may throw: it is told of once, and the turn goes on', async () => {
    const { engine, venue, pass, log } = await live(await world());
    const execution = engine.execute(signal());
    execution.updates$.subscribe(() => {
      throw new Error('a watcher threw');
    });
    await pass(100);
    venue.fill(venue.calls[0]?.clientOrderId ?? '', 10);
    await pass(100);
    expect((await execution.result).outcome).toBe('completed');
    expect(log.filter(({ message }) => message === 'a subscriber threw')).toHaveLength(1);
  });

  it('may call the engine back', async () => {
    const { engine, venue, pass } = await live(await world());
    const first = engine.execute(signal());
    const second: Promise<ExecutionResult>[] = [];
    first.updates$.subscribe(({ type }) => {
      if (type === 'order') second.push(engine.execute(signal({ signalId: 'edge-2' })).result);
      if (type === 'fill') second.push(first.cancel('enough'));
    });
    await pass(100);
    venue.fill(venue.calls[0]?.clientOrderId ?? '', 4);
    await pass(60_000);
    expect(await first.result).toMatchObject({ outcome: 'cancelled', filledQuantity: '4' });
    const outcomes = (await Promise.all(second)).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['unfilled', 'cancelled', 'unfilled']);
  });
});
