/** What breaks, breaks alone: an algorithm, an input, an actor; and then it ends with proof. */
import { describe, expect, it } from 'vitest';
import type { AlgorithmDefinition, Decision } from '../../src/algorithms/algorithm.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import type { Fill, OrderReport } from '../../src/domain/order.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { resting } from '../support/embedded.ts';
import { compareFolds } from '../support/engine-fold.ts';
import { algorithm, placing, type Rig, START_MS, startRig } from '../support/rig.ts';
import { ScriptedVenue } from '../support/scripted-venue.ts';

async function rigOf(...algorithms: AlgorithmDefinition[]) {
  const clock = new VirtualClock(START_MS);
  const venue = new ScriptedVenue({ clock });
  const rig = await startRig({ venue, clock, algorithms: [resting, ...algorithms] });
  venue.snapshot();
  await rig.pass(10);
  return { rig, venue };
}

const boom = (): never => {
  throw new Error('boom');
};

const bad = (directive: object): Decision =>
  ({ directives: [directive], state: null }) as unknown as Decision;

const cyclic: { self?: unknown } = {};
cyclic.self = cyclic;

describe('an algorithm that breaks is left for simple_limit', () => {
  it.each([
    ['throws', boom],
    ['answers nothing', () => undefined as unknown as Decision],
    ['wants a broken quantity', () => bad({ ...placing(45, 5), quantity: 2.5 })],
    ['wants nothing at all', () => bad({ ...placing(45, 5), quantity: 0 })],
    ['wants a price that is no number', () => bad({ ...placing(45, 5), price: Number.NaN })],
    ['wants a time in force nobody knows', () => bad({ ...placing(45, 5), timeInForce: 'gtx' })],
    ['wants to sleep for ever', () => bad({ kind: 'waitUntil', timeMs: Infinity, reason: '' })],
    ['wants what does not exist', () => bad({ kind: 'pray', reason: '' })],
    ['remembers what is no JSON', () => ({ directives: [], state: cyclic }) as unknown as Decision],
  ])('when its plan %s', async (_, plan) => {
    const { rig, venue } = await rigOf(algorithm('broken', plan));
    const { id } = rig.execute({ algorithm: { name: 'broken' }, timeLimitMs: 5_000 });
    const other = rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 5_000 });
    await rig.pass(100);
    expect(venue.resting()).toHaveLength(2);
    expect(JSON.stringify(rig.updates)).toContain('broken was left');
    await rig.settle();
    expect(rig.results.get(id)).toMatchObject({ algorithm: 'simple_limit', outcome: 'unfilled' });
    expect(rig.results.get(other.id)).toMatchObject({ algorithm: 'resting', outcome: 'unfilled' });
    expect(rig.halted()).toBeNull();
    expect(compareFolds(rig).differences).toEqual([]);
  });

  it('when a later decision throws: what rests stays, what comes back is placed anew', async () => {
    const plan: AlgorithmDefinition['plan'] = ({ nowMs }) => ({
      directives: [placing(45, 10), { kind: 'waitUntil', timeMs: nowMs + 100, reason: 'look' }],
      state: { mine: true },
    });
    const { rig, venue } = await rigOf(algorithm('later', plan, boom));
    const { id } = rig.execute({ algorithm: { name: 'later' }, timeLimitMs: 5_000 });
    await rig.pass(300);
    expect(venue.calls.map(({ kind, quantity }) => [kind, quantity])).toEqual([['submit', 10]]);
    venue.fill(venue.calls[0]?.clientOrderId ?? '', 4);
    venue.end(venue.calls[0]?.clientOrderId ?? '', 'cancelled');
    await rig.pass(100);
    expect(venue.calls.map(({ kind, quantity }) => [kind, quantity])).toEqual([
      ['submit', 10],
      ['submit', 6],
    ]);
    await rig.settle();
    expect(rig.results.get(id)).toMatchObject({ algorithm: 'simple_limit', filledQuantity: '4' });
  });

  it('cannot change the past by changing what it remembers', async () => {
    const memory = { count: 0 };
    const count: AlgorithmDefinition['decide'] = (view) => {
      memory.count += 1;
      const wake = { kind: 'waitUntil', timeMs: view.nowMs + 50, reason: 'again' } as const;
      return { directives: [wake], state: memory };
    };
    const { rig } = await rigOf(algorithm('forgetful', (view) => count(view, 'start'), count));
    rig.execute({ algorithm: { name: 'forgetful' }, timeLimitMs: 2_000 });
    await rig.settle();
    const { compared, differences } = compareFolds(rig);
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(10);
  });

  it.each([
    ['at once', 0],
    ['an hour later, where the wall clock jumps back', -3_600_000],
  ])('that asks for what the gate refuses is not asked again %s', async (_, jumpMs) => {
    const greedy = algorithm(
      'greedy',
      (view) => ({ directives: [placing(45, view.unreleased)], state: null }),
      (view) => ({ directives: [placing(45, view.unreleased)], state: null }),
    );
    const clock = new VirtualClock(START_MS);
    const venue = new ScriptedVenue({ clock });
    const limits = { maxOrderQuantity: '5', maxOrderNotional: '100', maxOpenNotional: '1000' };
    const rig = await startRig({
      venue,
      clock,
      algorithms: [greedy],
      limits: {
        ...limits,
        maxPosition: '100',
        maxOpenOrders: 9,
      },
    });
    venue.snapshot();
    const { id } = rig.execute({ algorithm: { name: 'greedy' }, timeLimitMs: 5_000 });
    await rig.pass(100);
    clock.shiftWall(jumpMs);
    await rig.settle();
    expect(venue.calls).toEqual([]);
    expect(rig.results.get(id)?.splits).toBeGreaterThan(3);
    expect(rig.results.get(id)?.splits).toBeLessThan(8);
  });
});

const fillOf = (changes: object): Fill => ({
  fillId: 'poisoned',
  price: ticks(45),
  quantity: lots(3),
  fee: '0.01',
  liquidity: 'maker',
  timeMs: START_MS,
  printSequence: null,
  ...changes,
});

interface Poisoned {
  readonly rig: Rig;
  readonly venue: ScriptedVenue;
  readonly id: string;
  readonly other: string;
}

/** Two executions rest in one market; the first one's order is told of in a poisoned way. */
async function poison(reportOf: (clientOrderId: string) => OrderReport): Promise<Poisoned> {
  const { rig, venue } = await rigOf();
  const { id } = rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 20_000 });
  const other = rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 20_000 });
  await rig.pass(100);
  venue.report('M', reportOf(venue.calls[0]?.clientOrderId ?? ''));
  await rig.pass(50);
  return { rig, venue, id, other: other.id };
}

const endsAlone = async ({ rig, venue, id, other }: Poisoned): Promise<void> => {
  expect(rig.store.rows.filter(({ kind }) => kind === 'poison')).toHaveLength(1);
  await rig.pass(3_000);
  expect(rig.results.get(id)).toMatchObject({ outcome: 'failed' });
  expect(venue.resting()).toHaveLength(1);
  expect(rig.halted()).toBeNull();
  const [, second] = venue.calls;
  venue.fill(second?.clientOrderId ?? '', 10);
  await rig.settle();
  expect(rig.results.get(other)).toMatchObject({ outcome: 'completed', filledQuantity: '10' });
};

describe('an input that breaks an execution', () => {
  it.each([
    ['a fill of a broken quantity', { quantity: Number.NaN }],
    ['a fill of half a lot', { quantity: 0.5 }],
    ['a fill of less than nothing', { quantity: -3 }],
    ['a fill without a price', { price: undefined }],
    ['a fill whose fee is no decimal', { fee: 'free' }],
    ['a fill that cannot be written down', { timeMs: 10n }],
  ])('%s: kept as poison, asked about, closed as failed', async (_, changes) => {
    const fill = fillOf(changes);
    const poisoned = await poison((clientOrderId) => ({
      type: 'order.filled',
      clientOrderId,
      fill,
    }));
    await endsAlone(poisoned);
    expect(poisoned.rig.results.get(poisoned.id)?.fills).toEqual([]);
  });

  it('an end that counts in broken numbers', async () => {
    expect.hasAssertions();
    const cumulative = lots(0);
    const poisoned = await poison((clientOrderId) => ({
      type: 'order.cancelled',
      clientOrderId,
      reason: 'odd',
      cumulative: (cumulative - 1) as typeof cumulative,
    }));
    await endsAlone(poisoned);
  });

  it('a fill that is sound is booked, though the actor breaks on it', async () => {
    const { rig, venue } = await rigOf();
    const record = rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 20_000 });
    rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 20_000 });
    await rig.pass(100);
    // The sink stands for any effect: it throws once, in the middle of the fill's own transition.
    const { sink } = rig.runtime.hostOf('M');
    const askDecision = sink.askDecision.bind(sink);
    let broke = 0;
    sink.askDecision = (executionId, trigger) => {
      if (executionId === record.id && trigger === 'fill' && broke++ === 0) boom();
      askDecision(executionId, trigger);
    };
    venue.fill(venue.calls[0]?.clientOrderId ?? '', 4);
    await rig.pass(3_000);
    expect(broke).toBe(1);
    const result = rig.results.get(record.id);
    expect(result).toMatchObject({ outcome: 'failed', filledQuantity: '4' });
    expect(result?.reason).toContain('boom');
    expect(rig.store.turns.flatMap(({ fills }) => fills)).toHaveLength(1);
    expect(venue.resting()).toHaveLength(1);
    expect(rig.store.execution(record.id)?.state).toMatchObject({ filledLots: 4, workingLots: 0 });
  });

  it('drops the commands of its turn, and keeps the cancels', async () => {
    const plan: AlgorithmDefinition['plan'] = () => ({
      directives: [placing(45, 4), placing(44, 6)],
      state: null,
    });
    const { rig, venue } = await rigOf(algorithm('two', plan));
    const { sink } = rig.runtime.hostOf('M');
    const submit = sink.submit.bind(sink);
    let count = 0;
    sink.submit = (command) => {
      count += 1;
      if (count === 2) boom();
      submit(command);
    };
    const { id } = rig.execute({ algorithm: { name: 'two' } });
    await rig.pass(5_000);
    expect(venue.calls).toEqual([]);
    expect(rig.results.get(id)).toMatchObject({ outcome: 'failed', filledQuantity: '0' });
    expect(rig.store.rows.filter(({ kind }) => kind === 'command')).toEqual([]);
    expect(rig.updates.filter(({ type }) => type === 'order')).toEqual([]);
  });

  it('that breaks it for good is given up, with blind cancels and a result', async () => {
    const { rig, venue } = await rigOf();
    const { id } = rig.execute({ algorithm: { name: 'resting' } });
    await rig.pass(100);
    venue.fill(venue.calls[0]?.clientOrderId ?? '', 3);
    await rig.pass(100);
    rig.runtime.hostOf('M').sink.resolve = boom;
    venue.report('M', {
      type: 'order.filled',
      clientOrderId: venue.calls[0]?.clientOrderId ?? '',
      fill: fillOf({ fee: 'free' }),
    });
    await rig.pass(1_000);
    expect(rig.results.get(id)).toMatchObject({ outcome: 'failed', filledQuantity: '3' });
    const { state, filledLots } = rig.store.execution(id)?.state ?? {};
    expect([state, filledLots]).toEqual(['ended.failed', 3]);
    expect(venue.resting()).toEqual([]);
    expect(rig.log.some(({ message }) => message.includes('look at the venue'))).toBe(true);
  });
});

describe('a defect outside of any execution', () => {
  it('in a turn halts: what rests is withdrawn, and every result is given', async () => {
    const clock = new VirtualClock(START_MS);
    const venue = new ScriptedVenue({ clock });
    let checks = 0;
    const onTurn = (): void => {
      if (venue.resting().length > 0 && checks++ === 0) boom();
    };
    const rig = await startRig({ venue, clock, algorithms: [resting], onTurn });
    venue.snapshot();
    await rig.pass(10);
    const { id } = rig.execute({ algorithm: { name: 'resting' } });
    await rig.settle();
    expect(rig.halted()).toContain('boom');
    expect(rig.results.get(id)?.outcome).toBe('cancelled');
    expect(venue.resting()).toEqual([]);
  });

  it('in the market itself halts, withdraws, and gives every result', async () => {
    const { rig, venue } = await rigOf();
    rig.execute({ algorithm: { name: 'resting' } });
    rig.execute({ algorithm: { name: 'resting' } });
    await rig.pass(100);
    expect(venue.resting()).toHaveLength(2);
    rig.runtime.hostOf('M').sink.journal = boom;
    venue.fill(venue.calls[0]?.clientOrderId ?? '', 1);
    await rig.settle();
    await rig.pass(1_000);
    expect(rig.halted()).toContain('boom');
    expect(venue.resting()).toEqual([]);
    expect([...rig.results.values()].map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);
  });
});
