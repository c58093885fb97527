/** When the report stream is silent the venue is asked instead, and nothing counts twice. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONFIRM_ENDING_MS, CONFIRM_RESTING_MS, RETRY_MS } from '../../src/domain/limits.ts';
import type { OrderRef } from '../../src/domain/order.ts';
import { compareFolds } from '../support/engine-fold.ts';
import { algorithm, placing } from '../support/rig.ts';
import { HONEST } from '../support/scripted-venue.ts';
import { silentWorld } from '../support/silent.ts';

const ioc = (quantity: number) => ({ ...placing(45, quantity), timeInForce: 'ioc' as const });

describe('a stream that is silent from the start', () => {
  it('is done without: a whole execution, to the last lot', async () => {
    const { rig, venue, id, orderId, asked } = await silentWorld();
    await rig.pass(20_000);
    venue.fill(orderId(), 4);
    await rig.pass(20_000);
    expect(rig.updates.filter(({ type }) => type === 'fill')).toHaveLength(1);
    venue.fill(orderId(), 6);
    await rig.pass(2 * CONFIRM_ENDING_MS);
    expect(rig.results.get(id)).toMatchObject({ outcome: 'completed', filledQuantity: '10' });
    expect(rig.results.get(id)?.fills.map(({ quantity }) => quantity)).toEqual(['4', '6']);
    expect(venue.calls.map(({ kind }) => kind)).toEqual(['submit']);
    // After its command, after a silence, and soon again once something was found missing.
    expect(asked.map((ms) => Math.floor(ms / 1_000))).toEqual([5, 35, 40, 45]);
    expect(compareFolds(rig).differences).toEqual([]);
  });

  it('is as long by a wall clock that jumps back', async () => {
    const { rig, venue, orderId, quantity } = await silentWorld();
    await rig.pass(CONFIRM_ENDING_MS);
    venue.fill(orderId(), 4);
    rig.clock.shiftWall(-3_600_000);
    await rig.pass(CONFIRM_RESTING_MS + CONFIRM_ENDING_MS);
    expect(quantity()).toMatchObject({ filled: 4 });
  });

  it('is done without by an order that may not rest', async () => {
    const { rig, venue, id, asked } = await silentWorld({ name: 'taking', speaks: true });
    expect(rig.results.get(id)).toMatchObject({ outcome: 'unfilled' });
    venue.told = (report) => {
      if (report.type === 'order.accepted') venue.fill(report.clientOrderId, 7);
      return [];
    };
    const silent = rig.execute({ algorithm: { name: 'taking' } });
    await rig.pass(CONFIRM_ENDING_MS + RETRY_MS);
    expect(rig.results.get(silent.id)).toMatchObject({ outcome: 'partial', filledQuantity: '7' });
    expect(asked).toHaveLength(1);
  });

  it('is done without where it tells of a fill, and not of the end', async () => {
    const { rig, venue } = await silentWorld({ name: 'taking' });
    venue.told = (report) => {
      if (report.type === 'order.accepted') venue.fill(report.clientOrderId, 7);
      return report.type === 'order.filled' ? [30] : [];
    };
    const hold = algorithm('hold', ({ state }) => ({ directives: [ioc(10)], state }));
    rig.runtime.options.algorithms.registerAlgorithm(hold);
    const { id } = rig.execute({ algorithm: { name: 'hold' }, timeLimitMs: 20_000 });
    await rig.pass(CONFIRM_ENDING_MS + 2 * RETRY_MS);
    const line = rig.runtime.hostOf('M').execution(id)?.getSnapshot().context.quantity;
    expect(line).toMatchObject({ filled: 7, working: 0, unreleased: 3 });
  });

  it.each([
    ['cancelled', 'partial'],
    ['expired', 'partial'],
  ] as const)('does not hide that the venue has %s an order', async (status, outcome) => {
    const { rig, venue, id, orderId } = await silentWorld({ timeLimitMs: 60_000 });
    venue.fill(orderId(), 3);
    venue.end(orderId(), status);
    await rig.pass(CONFIRM_RESTING_MS);
    expect(rig.runtime.hostOf('M').execution(id)?.getSnapshot().context.quantity).toMatchObject({
      filled: 3,
      unreleased: 7,
    });
    await rig.settle();
    expect(rig.results.get(id)).toMatchObject({ outcome, filledQuantity: '3' });
  });

  it('ends every execution with what the venue has counted', async () => {
    const event = fc.record({
      afterMs: fc.integer({ min: 0, max: 12_000 }),
      what: fc.constantFrom('fill', 'fill', 'fill', 'end', 'expire'),
      which: fc.nat(3),
      quantity: fc.integer({ min: 1, max: 9 }),
    });
    const runs = fc.record({ amends: fc.boolean(), events: fc.array(event, { maxLength: 8 }) });
    let missed = 0;
    await fc.assert(
      fc.asyncProperty(runs, async ({ amends, events }) => {
        const { rig, venue } = await silentWorld({ timeLimitMs: 45_000, venue: { amends } });
        rig.execute({ algorithm: { name: 'taking' }, quantity: '5' });
        rig.execute({ algorithm: { name: 'resting' }, quantity: '20', timeLimitMs: 50_000 });
        for (const { afterMs, what, which, quantity } of events) {
          await rig.pass(afterMs);
          const ids = [...venue.orders.keys()];
          const orderId = ids[which % ids.length] ?? '';
          if (what === 'fill') venue.fill(orderId, quantity);
          else venue.end(orderId, what === 'end' ? 'cancelled' : 'expired');
        }
        await rig.settle();
        for (const record of rig.records) {
          const own = record.fills.reduce((sum, fill) => sum + fill.quantity, 0);
          const ids = [...record.orders.values()].flatMap((order) => order.clientOrderIds);
          const there = ids.reduce((sum, id) => sum + (venue.orders.get(id)?.filled ?? 0), 0);
          expect(own).toBe(there);
          missed += own;
        }
        expect(venue.resting()).toEqual([]);
      }),
      { numRuns: 40, seed: 7 },
    );
    expect(missed).toBeGreaterThan(100);
  });
});

describe('a stream that wakes up', () => {
  it('tells nothing new: what was asked for counts once', async () => {
    const { rig, venue, id, orderId, quantity, asked } = await silentWorld();
    venue.fill(orderId(), 4);
    await rig.pass(CONFIRM_ENDING_MS);
    expect(quantity()).toMatchObject({ filled: 4, working: 6 });
    venue.told = () => [5, 5];
    const venueOrderId = venue.orders.get(orderId())?.venueOrderId ?? '';
    venue.report('M', { type: 'order.accepted', clientOrderId: orderId(), venueOrderId });
    for (const { clientOrderId, symbol, ...fill } of venue.fills)
      venue.report(symbol, { type: 'order.filled', clientOrderId, fill });
    await rig.pass(100);
    expect(quantity()).toMatchObject({ filled: 4, working: 6 });
    expect(rig.records.flatMap(({ fills }) => fills)).toHaveLength(1);
    const before = asked.length;
    venue.fill(orderId(), 6);
    await rig.settle();
    expect(rig.results.get(id)).toMatchObject({ outcome: 'completed', filledQuantity: '10' });
    expect(asked).toHaveLength(before);
    const rows = rig.store.turns.flatMap(({ fills }) => fills);
    expect(rows.map(({ quantity: lots }) => lots)).toEqual(['4', '6']);
  });

  it('is believed while it speaks: nothing is asked', async () => {
    const { rig, venue, orderId, asked } = await silentWorld({ speaks: true });
    for (let second = 0; second < 9; second += 1) {
      await rig.pass(CONFIRM_RESTING_MS - 100);
      venue.fill(orderId(), 1);
      await rig.pass(20);
    }
    expect(asked).toEqual([]);
  });

  it('that says nothing of an order which rests is checked once in a while', async () => {
    const { rig, asked } = await silentWorld({ speaks: true });
    await rig.pass(10 * CONFIRM_RESTING_MS + 1_000);
    expect(asked).toHaveLength(10);
    expect(rig.store.rows.filter(({ type }) => type === 'order.found')).toEqual([]);
  });
});

describe('an order that was looked up', () => {
  it("is cancelled by the venue's own id of it, which the row keeps", async () => {
    const { rig, venue } = await silentWorld({ timeLimitMs: 1_000 });
    await rig.settle();
    venue.plan = (kind) => (kind === 'submit' ? { ...HONEST, reply: 'throw' } : HONEST);
    const withdrawn: OrderRef[] = [];
    const cancel = venue.cancel.bind(venue);
    venue.cancel = (ref) => {
      withdrawn.push(ref);
      return cancel(ref);
    };
    rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 5_000 });
    await rig.settle();
    expect(withdrawn).toMatchObject([{ venueOrderId: 'v2' }]);
    const rows = rig.store.turns.flatMap(({ splitOrders }) => splitOrders);
    expect(rows.at(-1)).toMatchObject({ venueOrderId: 'v2', state: 'ended.cancelled' });
  });
});
