/** Nothing is forgotten too early, and nothing is kept for ever. */
import { describe, expect, it } from 'vitest';
import { LATE_FILL_WINDOW_MS } from '../../src/domain/limits.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { resting } from '../support/embedded.ts';
import { algorithm, START_MS, startRig } from '../support/rig.ts';
import { ScriptedVenue } from '../support/scripted-venue.ts';

const waiting = algorithm(
  'waiting',
  ({ state }) => ({ directives: [], state }),
  ({ state }) => ({ directives: [{ kind: 'finish', reason: 'it was asked again' }], state }),
);

async function world() {
  const clock = new VirtualClock(START_MS);
  const venue = new ScriptedVenue({ clock });
  const rig = await startRig({ venue, clock, algorithms: [waiting, resting] });
  venue.snapshot();
  await rig.pass(10);
  return { rig, venue };
}

describe('a question', () => {
  it('is answered, however many are asked at once', async () => {
    const { rig, venue } = await world();
    const ids = Array.from(
      { length: 100 },
      () => rig.execute({ algorithm: { name: 'waiting' } }).id,
    );
    await rig.pass(50);
    venue.book$('M').next({ type: 'book.gap', symbol: 'M', expected: 1, received: 9 });
    await rig.pass(50);
    // One input wakes a hundred deciders: more than a turn answers.
    venue.snapshot();
    await rig.pass(50);
    expect(ids.map((id) => rig.results.get(id)?.reason)).toEqual(
      ids.map(() => 'it was asked again'),
    );
  });

  it('is asked again for who waited for a book, a hundred of them', async () => {
    const clock = new VirtualClock(START_MS);
    const venue = new ScriptedVenue({ clock });
    const limits = { windowMs: 60_000, calls: 200, cancelReserve: 10 };
    const rig = await startRig({ venue, clock, algorithms: [resting], callLimits: limits });
    for (let count = 0; count < 100; count += 1)
      rig.execute({ algorithm: { name: 'resting' }, quantity: '1' });
    await rig.pass(1_000);
    venue.snapshot();
    await rig.pass(100);
    expect(venue.resting()).toHaveLength(100);
  });
});

describe('an ended execution', () => {
  it('is kept for late fills, and then leaves nothing behind', async () => {
    const { rig } = await world();
    const idle = rig.clock.pending;
    for (let count = 0; count < 20; count += 1)
      rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 1_000 });
    await rig.settle();
    await rig.pass(LATE_FILL_WINDOW_MS - 2_000);
    expect(rig.runtime.records.size).toBe(20);
    await rig.pass(3_000);
    const host = rig.runtime.hostOf('M');
    expect([rig.runtime.records.size, host.alive.size, rig.runtime.wheel.size]).toEqual([0, 0, 0]);
    expect(host.actor.getSnapshot().context.executions).toEqual([]);
    expect(rig.clock.pending).toBe(idle);
    expect(rig.runtime.ledger.totals('M', 1)).toMatchObject({ executions: 0, positionLots: 0 });
  });

  it('that is gone can be told anything', async () => {
    const { rig, venue } = await world();
    const { id } = rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 1_000 });
    await rig.settle();
    await rig.pass(LATE_FILL_WINDOW_MS + 1_000);
    const rows = rig.store.rows.length;
    const order = venue.orders.get(venue.calls[0]?.clientOrderId ?? '');
    if (order === undefined) throw new Error('there was one order');
    const { clientOrderId } = order.request;
    const fill = venue.madeFill(order, order.request.quantity, 'very-late');
    venue.report('M', { type: 'order.filled', clientOrderId, fill });
    rig.runtime.tell(id, { type: 'execution.cancel', reason: 'enough', urgent: true });
    rig.runtime.ask({ kind: 'decision', executionId: id, trigger: 'timer' });
    venue.report('M', { type: 'order.rejected', clientOrderId, reason: '' });
    venue.report('M', { type: 'order.rejected', clientOrderId: 'somebody-else', reason: '' });
    venue.report('M', { type: 'order.rejected', clientOrderId: 'dw-zz-1', reason: '' });
    venue.report('N', { type: 'order.rejected', clientOrderId: 'dw-zz-2', reason: '' });
    venue.report('M', { type: 'order.filled', clientOrderId, fill });
    await rig.pass(1_000);
    expect(rig.store.rows.length).toBe(rows);
    expect(rig.halted()).toBeNull();
    // The fill is booked, once; the result that was given stays as it was.
    expect(rig.store.hasFill('script', 'very-late')).toBe(true);
    expect(rig.runtime.ledger.totals('M', 1).positionLots).toBe(fill.quantity);
    expect(rig.log.filter(({ message }) => message === 'alarm')).toHaveLength(1);
    expect(rig.results.get(id)?.filledQuantity).toBe('0');
    expect(rig.runtime.outbox.isEmpty).toBe(true);
  });

  it('hears no more of what it is told after its result', async () => {
    const { rig } = await world();
    const { id } = rig.execute({ algorithm: { name: 'waiting' }, timeLimitMs: 1_000 });
    await rig.settle();
    const inputs = rig.store.inputsOf(id).length;
    rig.runtime.tell(id, { type: 'execution.cancel', reason: 'too late', urgent: false });
    await rig.pass(100);
    expect(rig.store.inputsOf(id)).toHaveLength(inputs);
    expect(rig.results.get(id)?.outcome).toBe('unfilled');
  });
});
