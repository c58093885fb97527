/**
 * Law 6 and the side states: closing begins in time, and a book that cannot be trusted stops it.
 */
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import {
  algorithm,
  placing,
  type Rig,
  type RigOptions,
  START_MS,
  startRig,
} from '../support/rig.ts';
import { HONEST, ScriptedVenue } from '../support/scripted-venue.ts';

const resting = algorithm(
  'resting',
  ({ unreleased, state }) => ({ directives: [placing(45, unreleased)], state }),
  ({ unreleased, orders, state }) => ({
    directives: unreleased > 0 && orders.length === 0 ? [placing(44, unreleased)] : [],
    state,
  }),
);

async function world(options: Partial<RigOptions> = {}) {
  const clock = new VirtualClock(START_MS);
  const venue = new ScriptedVenue({ clock });
  const rig = await startRig({ venue, clock, algorithms: [resting], ...options });
  return { rig, venue };
}

const stateOf = (rig: Rig, id: string): unknown =>
  rig.runtime.hostOf('M').execution(id)?.getSnapshot().value;

const gap = (venue: ScriptedVenue): void =>
  venue.book$('M').next({ type: 'book.gap', symbol: 'M', expected: 1, received: 9 });

describe('the deadline', () => {
  it('is met: closing begins two slowest answers before it, and all is proven', async () => {
    const { rig, venue } = await world();
    venue.snapshot();
    const { id } = rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 10_000 });
    venue.plan = () => ({ ...HONEST, entryMs: 45, replyMs: 45 });
    await rig.settle();
    const cancel = venue.calls.find(({ kind }) => kind === 'cancel');
    expect(cancel?.atMs).toBe(START_MS + 10_000 - 2 * venue.capabilities.latencyP99Ms);
    const result = rig.results.get(id);
    expect(result?.reason).toBe('the time limit was reached');
    expect(result?.endedAtMs).toBeLessThanOrEqual(START_MS + 10_000);
    expect(venue.resting()).toEqual([]);
  });

  it('of a wish shorter than the reserve leaves half of its time to trade in', async () => {
    const { rig, venue } = await world();
    venue.snapshot();
    await rig.pass(10);
    const fromMs = rig.clock.wallMs();
    rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 60 });
    await rig.settle();
    expect(venue.calls.map(({ kind, atMs }) => [kind, atMs - fromMs])).toEqual([
      ['submit', 0],
      ['cancel', 30],
    ]);
  });

  it('survives a step of the wall clock', async () => {
    const { rig, venue } = await world();
    venue.snapshot();
    rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 10_000 });
    await rig.pass(1_000);
    rig.clock.shiftWall(3_600_000);
    await rig.pass(5_000);
    expect(venue.resting()).toHaveLength(1);
    await rig.pass(5_000);
    expect(venue.resting()).toEqual([]);
  });

  it.each([3_600_000, -3_600_000])(
    'survives a step of %s ms before it was admitted',
    async (ms) => {
      const { rig, venue } = await world();
      rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 10_000 });
      await rig.pass(4_000);
      rig.clock.shiftWall(ms);
      venue.snapshot();
      await rig.pass(4_000);
      expect(venue.resting()).toHaveLength(1);
      await rig.pass(2_000);
      expect(venue.resting()).toEqual([]);
    },
  );

  it('keeps back what a process decides that stood still past it', async () => {
    const { rig, venue } = await world();
    venue.snapshot();
    const { id } = rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 10_000 });
    await rig.pass(100);
    // No timer of it fires: what happens meanwhile is heard before they do.
    rig.runtime.wheel.cancelAll();
    await rig.pass(10_000);
    venue.end(venue.calls[0]?.clientOrderId ?? '', 'cancelled');
    await rig.pass(100);
    const unsent = rig.store.rows.filter(({ type }) => type === 'order.notSent');
    expect(unsent.map(({ executionId }) => executionId)).toContain(id);
    expect(unsent[0]?.body).toContain('an order leaves within its time limit');
    expect(venue.calls.filter(({ kind }) => kind === 'submit')).toHaveLength(1);
  });

  it('refuses a wish whose market never had a live book', async () => {
    const { rig, venue } = await world();
    const { id } = rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 3_000 });
    await rig.pass(2_999);
    expect(rig.results.size).toBe(0);
    await rig.pass(1);
    expect(rig.results.get(id)).toMatchObject({ outcome: 'refused', capPrice: null, splits: 0 });
    expect(rig.results.get(id)?.reason).toContain('no live book');
    venue.snapshot();
    await rig.pass(1_000);
    expect(venue.calls).toEqual([]);
    expect(rig.store.execution(id)?.state).toMatchObject({ outcome: 'refused', filledLots: 0 });
  });

  it('of one that was cancelled while it waited for a book comes to nothing', async () => {
    const { rig, venue } = await world();
    const { id } = rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 3_000 });
    await rig.pass(10);
    rig.runtime.tell(id, { type: 'execution.cancel', reason: 'enough', urgent: false });
    await rig.settle();
    venue.snapshot();
    await rig.pass(10_000);
    expect(rig.results.get(id)?.outcome).toBe('cancelled');
    expect(venue.calls).toEqual([]);
  });
});

describe('a book that is crossed for a moment', () => {
  it('delays admission and decision until it is whole, and loses neither', async () => {
    const { rig, venue } = await world();
    venue.snapshot();
    await rig.pass(10);
    const crossed = [[56, 5]] as const;
    venue.snapshot('M', crossed, [[55, 5]]);
    rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 10_000 });
    await rig.pass(75);
    expect(venue.calls).toEqual([]);
    venue.snapshot();
    await rig.pass(10);
    expect(venue.calls).toHaveLength(1);
    // The order ends while the book is crossed again: the decision it asks for comes later.
    venue.snapshot('M', crossed, [[55, 5]]);
    venue.end(venue.calls[0]?.clientOrderId ?? '', 'cancelled');
    await rig.pass(75);
    expect(venue.calls).toHaveLength(1);
    venue.snapshot();
    await rig.pass(10);
    expect(venue.calls.map(({ price }) => price)).toEqual([45, 44]);
  });
});

describe('a stale book', () => {
  it('suspends: what rests is withdrawn, and placed anew when the book is back', async () => {
    const { rig, venue } = await world();
    venue.snapshot();
    const { id } = rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 20_000 });
    await rig.pass(100);
    gap(venue);
    await rig.pass(100);
    expect(stateOf(rig, id)).toEqual({ open: { suspended: 'bare' } });
    expect(venue.resting()).toEqual([]);
    await rig.pass(3_000);
    expect(venue.calls.map(({ kind }) => kind)).toEqual(['submit', 'cancel']);
    venue.snapshot();
    await rig.pass(100);
    expect(venue.calls.map(({ kind }) => kind)).toEqual(['submit', 'cancel', 'submit']);
    expect(stateOf(rig, id)).toEqual({ open: { working: 'monitoring' } });
    await rig.settle();
  });

  it('suspends and keeps what rests, where that is configured', async () => {
    const { rig, venue } = await world({ whenStale: 'keep' });
    venue.snapshot();
    const { id } = rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 20_000 });
    await rig.pass(100);
    gap(venue);
    await rig.pass(3_000);
    expect(stateOf(rig, id)).toEqual({ open: { suspended: 'resting' } });
    expect(venue.resting()).toHaveLength(1);
    venue.fill(venue.calls[0]?.clientOrderId ?? '', 10);
    await rig.settle();
    expect(rig.results.get(id)?.outcome).toBe('completed');
  });

  it('does not keep the deadline from being met', async () => {
    const { rig, venue } = await world({ whenStale: 'keep' });
    venue.snapshot();
    const { id } = rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 5_000 });
    await rig.pass(100);
    gap(venue);
    await rig.settle();
    expect(rig.results.get(id)).toMatchObject({ outcome: 'unfilled' });
    expect(rig.results.get(id)?.endedAtMs).toBeLessThanOrEqual(START_MS + 5_000);
    expect(venue.resting()).toEqual([]);
  });
});

describe('a market that the venue pauses', () => {
  it('takes cancels only, and goes on when it is resumed', async () => {
    const { rig, venue } = await world();
    venue.snapshot();
    const { id } = rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 20_000 });
    await rig.pass(100);
    venue.book$('M').next({ type: 'market.paused', symbol: 'M', timeMs: null });
    await rig.pass(1_000);
    expect(stateOf(rig, id)).toEqual({ open: { suspended: 'bare' } });
    rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 20_000 });
    await rig.pass(1_000);
    expect(venue.calls.map(({ kind }) => kind)).toEqual(['submit', 'cancel']);
    venue.book$('M').next({ type: 'market.resumed', symbol: 'M', timeMs: null });
    await rig.pass(1_000);
    expect(venue.calls.map(({ kind }) => kind).slice(2)).toEqual(['submit', 'submit']);
    await rig.settle();
  });

  it('and refuses new wishes once it is closed', async () => {
    const { rig, venue } = await world();
    venue.snapshot();
    await rig.pass(10);
    venue.book$('M').next({ type: 'market.closed', symbol: 'M', timeMs: null });
    await rig.pass(10);
    const { id } = rig.execute({ algorithm: { name: 'resting' } });
    await rig.settle();
    expect(rig.results.get(id)).toMatchObject({ outcome: 'refused', filledQuantity: '0' });
    expect(rig.store.execution(id)?.state.state).toBe('ended.refused');
    expect(venue.calls).toEqual([]);
  });
});

describe('a market that the venue closes', () => {
  it('ends what is worked there, with what was filled', async () => {
    const { rig, venue } = await world();
    venue.snapshot();
    const ids = [1, 2].map(
      () => rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 600_000 }).id,
    );
    await rig.pass(100);
    const [first, second] = venue.resting().map(({ request }) => request.clientOrderId);
    venue.fill(first ?? '', 4);
    await rig.pass(100);
    venue.end(first ?? '', 'cancelled');
    venue.end(second ?? '', 'cancelled');
    venue.book$('M').next({ type: 'market.closed', symbol: 'M', timeMs: null });
    await rig.pass(20_000);
    const ended = { outcome: 'cancelled', reason: 'the venue has closed the market' };
    expect(rig.results.get(ids[0] ?? '')).toMatchObject({ ...ended, filledQuantity: '4' });
    expect(rig.results.get(ids[1] ?? '')).toMatchObject({ ...ended, filledQuantity: '0' });
  });

  it('ends what still waits for a book there', async () => {
    const { rig, venue } = await world();
    const { id } = rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 600_000 });
    await rig.pass(100);
    venue.book$('M').next({ type: 'market.closed', symbol: 'M', timeMs: null });
    await rig.pass(100);
    expect(rig.results.get(id)?.reason).toBe('the venue has closed the market');
    expect(venue.calls).toEqual([]);
  });
});

describe('a market that is full', () => {
  it('lets the hundred and first execution wait for a place', async () => {
    const { rig, venue } = await world();
    for (let count = 0; count < 101; count += 1) rig.execute({ algorithm: { name: 'resting' } });
    venue.snapshot();
    await rig.pass(100);
    expect(rig.runtime.records.size).toBe(100);
    expect(rig.runtime.intake.waiting).toHaveLength(1);
  });
});
