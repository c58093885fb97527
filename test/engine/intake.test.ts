/** More signals than may be worked at once: they wait in order, expire, end, and none is lost. */
import { describe, expect, it } from 'vitest';
import {
  createEngine,
  type ExecutionHandle,
  type ExecutionResult,
  type ExecutionUpdate,
  InputError,
  VirtualClock,
} from '../../src/index.ts';
import { live, resting, signal, world } from '../support/embedded.ts';
import { START_MS, TappedStore } from '../support/rig.ts';
import { ScriptedVenue } from '../support/scripted-venue.ts';

const outcomes = (results: readonly ExecutionResult[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { outcome } of results) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};

/** One place only: what comes second waits. */
const narrow = async (options: object = {}) => {
  const given = await live(await world({ maxLiveExecutions: 1, ...options }));
  const seen: string[] = [];
  const go = (signalId: string, changes: object = {}): ExecutionHandle => {
    const execution = given.engine.execute(signal({ signalId, ...changes }));
    execution.updates$.subscribe((update) => {
      if (update.type === 'state') seen.push(`${signalId} ${update.state}`);
    });
    return execution;
  };
  return { ...given, go, seen };
};

describe('a signal that finds no place', () => {
  it('waits, says so, and starts when there is one', async () => {
    const { go, pass, seen, venue } = await narrow();
    const first = go('first');
    const second = go('second');
    await pass(50);
    expect(seen).toContain('second queued');
    expect(seen).not.toContain('first queued');
    expect(venue.calls).toHaveLength(1);
    await Promise.all([first.cancel('enough'), pass(100)]);
    expect(venue.calls.map(({ kind }) => kind)).toEqual(['submit', 'cancel', 'submit']);
    expect(seen.filter((one) => one.startsWith('second')).slice(0, 2)).toEqual([
      'second queued',
      'second admitting',
    ]);
    await Promise.all([second.cancel('enough'), pass(100)]);
    expect((await second.result).outcome).toBe('cancelled');
  });

  it('starts by priority, then by age', async () => {
    const { go, pass, seen } = await narrow();
    const given = { first: 0, low: -1, plain: undefined, high: 5, 'high too': 5, 'plain too': 0 };
    const handles = Object.entries(given).map(([name, priority]) =>
      go(name, priority === undefined ? {} : { priority }),
    );
    const started = (): readonly string[] =>
      seen.filter((line) => line.endsWith(' admitting')).map((line) => line.slice(0, -10));
    for (let round = 0; round < handles.length; round += 1) {
      await pass(20);
      const living = Object.keys(given).indexOf(started().at(-1) ?? '');
      await Promise.all([handles[living]?.cancel('next'), pass(20)]);
    }
    expect(started()).toEqual(['first', 'high', 'high too', 'plain', 'plain too', 'low']);
  });

  it('does not wait for a market that is full, if its own is not', async () => {
    const { engine, go, pass } = await narrow({
      maxLiveExecutions: 150,
      limits: { maxOpenOrders: 150 },
    });
    const crowd = Array.from({ length: 102 }, (_, index) => go(`m${index}`));
    const elsewhere = go('n', { market: 'N', priority: -1 });
    await pass(50);
    const living = new Set(engine.quantities().map(({ executionId }) => executionId));
    const waits = crowd.filter(({ id }) => !living.has(id));
    expect(waits.map(({ id }) => id)).toEqual(crowd.slice(-2).map(({ id }) => id));
    expect(living.has(elsewhere.id)).toBe(true);
    await Promise.all([crowd[0]?.cancel('room'), pass(100)]);
    expect(engine.quantities().map(({ executionId }) => executionId)).toContain(crowd[100]?.id);
  });

  it('is refused when it is too old to start, and when its time limit passes', async () => {
    const { go, pass, venue, clock } = await narrow();
    go('first', { timeLimitMs: 60_000 });
    const stale = go('stale', { validUntilMs: clock.wallMs() + 500 });
    const slow = go('slow', { timeLimitMs: 700 });
    const past = go('past', { validUntilMs: clock.wallMs() - 1 });
    const ended: string[] = [];
    for (const { result } of [stale, slow, past])
      result.then(
        ({ signalId, endedAtMs }) => ended.push(`${signalId} ${endedAtMs - START_MS - 205}`),
        () => undefined,
      );
    await pass(1_000);
    expect(ended).toEqual(['past 0', 'stale 500', 'slow 700']);
    expect(await stale.result).toMatchObject({ outcome: 'refused', filledQuantity: '0' });
    expect((await stale.result).reason).toContain('valid until');
    expect((await slow.result).reason).toContain('time limit');
    expect(venue.calls).toHaveLength(1);
  });

  it('may be cancelled, and is halted and stopped like any other', async () => {
    const { engine, go, pass } = await narrow();
    go('first');
    const [one, two] = [go('one'), go('two')];
    await Promise.all([one.cancel('changed my mind'), pass(50)]);
    expect(await one.result).toMatchObject({ outcome: 'cancelled', reason: 'changed my mind' });
    void engine.halt('enough');
    await pass(50);
    expect(await two.result).toMatchObject({ outcome: 'cancelled', reason: 'halted: enough' });
    await Promise.all([engine.stop(), pass(2_000)]);
  });

  it('does not hold up the cancels of a halt, however many wait', async () => {
    const { engine, go, pass, venue, clock } = await narrow();
    const handles = Array.from({ length: 500 }, (_, index) => go(`s${index}`));
    await pass(50);
    void engine.halt('enough');
    const turns: number[] = [];
    // Each step of the clock is a macrotask.
    while (venue.calls.length < 2 && clock.step()) turns.push(clock.wallMs());
    expect(turns).toHaveLength(1);
    await pass(100);
    const results = await Promise.all(handles.map(({ result }) => result));
    expect(outcomes(results)).toEqual({ cancelled: 500 });
  });

  it('is used up like any other, whatever became of it', async () => {
    const { engine, go, pass } = await narrow();
    go('first', { timeLimitMs: 90_000 });
    const { id } = go('gone', { timeLimitMs: 10 });
    await pass(61_000);
    expect(engine.executionOf('gone')).toBe(id);
    expect(() => go('gone', { timeLimitMs: 10 })).toThrow(id);
  });
});

describe('a queue that is full', () => {
  it('says so at once, and has lost nothing', async () => {
    const { engine, go, pass } = await narrow({ maxQueuedSignals: 2 });
    const handles = [go('first'), go('second'), go('third')];
    expect(() => go('fourth')).toThrow(InputError);
    expect(() => go('fourth')).toThrow('at most 2 signals wait');
    expect(engine.executionOf('fourth')).toBeNull();
    expect(go('third')).toBe(handles[2]);
    await Promise.all([handles[1]?.cancel('room'), pass(50)]);
    handles.push(go('fourth'));
    await pass(200_000);
    const results = await Promise.all(handles.map(({ result }) => result));
    expect(outcomes(results)).toEqual({ unfilled: 3, cancelled: 1 });
  });
});

it('a signal that has ended waits no more, be the disk too full to tell', async () => {
  const store = new TappedStore();
  const given = await live(await world({ maxLiveExecutions: 1 }, () => store));
  const { engine, pass } = given;
  engine.execute(signal({ signalId: 'first' }));
  await pass(50);
  engine.execute(signal({ signalId: 'second' }));
  engine.execute(signal({ signalId: 'third' }));
  store.fails = 'disk full';
  void engine.handleOf(engine.executionOf('second') ?? '')?.cancel('no more');
  await pass(200);
  const states = () => engine.executions().map(({ signalId, state }) => `${signalId} ${state}`);
  expect(states()).toEqual(expect.arrayContaining(['second ended.cancelled']));
  expect(states().filter((state) => state.includes('queued'))).toEqual([]);
  store.fails = null;
  await pass(5_000);
  expect(states()).toEqual([]);
});

describe('ten thousand signals at once', () => {
  it('are all worked, a few in each turn, and add up', { timeout: 240_000 }, async () => {
    const clock = new VirtualClock(START_MS);
    const symbols = Array.from({ length: 200 }, (_, index) => `M${index}`);
    const venue = new ScriptedVenue({ clock, symbols });
    let startsMax = 0;
    let started = 0;
    const engine = await createEngine({
      venues: [venue],
      clock,
      algorithms: [resting],
      limits: { maxOpenOrders: 400, maxOpenNotional: '1000000', maxPosition: '1000000' },
      callLimits: { windowMs: 1_000, calls: 1e6, cancelReserve: 10 },
      onTurn: () => {
        startsMax = Math.max(startsMax, started);
        started = 0;
      },
    });
    for (const symbol of symbols) engine.watch('script', symbol);
    await clock.run({ untilMs: clock.wallMs() + 10 });
    for (const symbol of symbols) venue.snapshot(symbol);
    await clock.run({ untilMs: clock.wallMs() + 10 });
    // Every other order is filled, whole or in part.
    venue.onCall = ({ kind, clientOrderId }) => {
      const share = venue.calls.length % 3;
      if (kind !== 'submit' || share === 0) return;
      clock.setTimeout(() => venue.fill(clientOrderId, share * 5), 50);
    };
    // Sixteen start in this turn, and the others wait.
    const handles = Array.from({ length: 10_016 }, (_, index) =>
      engine.execute(
        signal({
          signalId: `s${index}`,
          market: symbols[index % symbols.length],
          timeLimitMs: 2_000 + (index % 7) * 500,
        }),
      ),
    );
    expect(() => engine.execute(signal({ signalId: 'more', market: 'M0' }))).toThrow('at most');
    const results: ExecutionResult[] = [];
    for (const { result, updates$ } of handles) {
      updates$.subscribe((update) => {
        if (update.type === 'state' && update.state === 'planning') started += 1;
      });
      result.then(
        (given) => results.push(given),
        () => undefined,
      );
    }
    await clock.run({
      untilMs: clock.wallMs() + 60_000,
      while: () => results.length < handles.length,
    });
    expect(results).toHaveLength(handles.length);
    const counts = outcomes(results);
    expect(counts['completed']).toBeGreaterThan(200);
    expect(counts['refused']).toBeGreaterThan(200);
    for (const { outcome, reason } of results)
      if (outcome === 'refused') expect(reason).toContain('time limit');
    const filled = results.reduce((sum, { filledQuantity }) => sum + Number(filledQuantity), 0);
    const truth = venue.fills.reduce((sum, { quantity }) => sum + quantity, 0);
    expect(filled).toBe(truth);
    expect(startsMax).toBeLessThanOrEqual(16);
    await Promise.all([engine.stop(), clock.run({ untilMs: clock.wallMs() + 1_000 })]);
  });
});

describe('whoever does not listen', () => {
  it('costs nothing: updates are not kept for later', async () => {
    const { go, pass } = await narrow();
    const execution = go('first');
    await pass(100);
    const late: ExecutionUpdate[] = [];
    execution.updates$.subscribe((update) => late.push(update));
    expect(late).toEqual([]);
    await Promise.all([execution.cancel('enough'), pass(100)]);
    expect(late.at(-1)?.type).toBe('ended');
  });
});
