/** A fill that the venue takes back counts nothing: in the actors, the store and the positions. */
import { describe, expect, it } from 'vitest';
import type { Decision, ExecutionView } from '../../src/algorithms/algorithm.ts';
import { ACCEPTANCE_WINDOW_MS } from '../../src/domain/limits.ts';
import { lots } from '../../src/domain/numbers.ts';
import type { OrderReport } from '../../src/domain/order.ts';
import type { Signal } from '../../src/domain/signal.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { PAPER_LIMITS } from '../../src/risk/limits.ts';
import { resting } from '../support/embedded.ts';
import { algorithm, placing, START_MS, startRig } from '../support/rig.ts';
import { ScriptedVenue, type TrueOrder } from '../support/scripted-venue.ts';

async function world(timeLimitMs = 600_000) {
  const clock = new VirtualClock(START_MS);
  const venue = new ScriptedVenue({ clock });
  const rig = await startRig({ venue, clock, algorithms: [resting], reconcileMs: 10_000 });
  rig.runtime.reconciliation.start();
  venue.snapshot();
  const { id } = rig.execute({ algorithm: { name: 'resting' }, timeLimitMs });
  await rig.pass(100);
  const clientOrderId = venue.calls[0]?.clientOrderId ?? '';
  const order = venue.orders.get(clientOrderId) as TrueOrder;
  const fill = venue.madeFill(order, lots(4), 'f-1');
  const filled: OrderReport = { type: 'order.filled', clientOrderId, fill };
  const reverted: OrderReport = { type: 'order.fillReverted', clientOrderId, fillId: 'f-1' };
  /** What each of those that count has of it. */
  const counts = () => ({
    actor: rig.runtime.hostOf('M').execution(id)?.getSnapshot().context.quantity.filled,
    store: rig.store.fillsOf(id).map(({ fillId }) => fillId),
    held: rig.runtime.portfolio.positions.get('M')?.held ?? 0,
    exposed: rig.runtime.ledger.totals('M', 1).positionLots,
  });
  const tell = async (report: OrderReport): Promise<void> => {
    venue.report('M', report);
    await rig.pass(100);
  };
  return { rig, venue, id, clientOrderId, order, fill, filled, reverted, counts, tell };
}

const NOTHING = { actor: 0, store: [], held: 0, exposed: 0 };
/** While it works, all that is wanted is exposed. */
const NOTHING_YET = { ...NOTHING, exposed: 10 };

describe('a bust that comes before its own fill', () => {
  it('makes the fill count nothing, told by whom it may be', async () => {
    const { rig, counts, tell, filled, reverted, venue, fill, clientOrderId } = await world();
    await tell(reverted);
    await tell(filled);
    expect(counts()).toEqual(NOTHING_YET);
    venue.fills.push({ ...fill, clientOrderId, symbol: 'M' });
    const { positions } = venue;
    venue.positions = async () => (await positions()).filter(() => false);
    await rig.pass(60_000);
    expect(counts()).toEqual(NOTHING_YET);
    expect(rig.halted()).toBeNull();
  });

  it('counts nothing of an execution that is gone', async () => {
    const { rig, counts, tell, filled, reverted, id } = await world(2_000);
    await rig.settle();
    await rig.pass(120_000);
    await tell(reverted);
    await tell(reverted);
    await tell(filled);
    expect(counts()).toEqual({ ...NOTHING, actor: undefined });
    const told = rig.store.inputsOf(id).filter(({ type }) => type === 'order.fillReverted');
    expect(told).toHaveLength(1);
  });

  it('ends an order whose lost fill no list shows any more', async () => {
    const { rig, counts, tell, reverted, order, id } = await world(5_000);
    await tell(reverted);
    order.filled = lots(4);
    order.status = 'cancelled';
    await rig.settle(10 * ACCEPTANCE_WINDOW_MS);
    expect(counts()).toEqual(NOTHING);
    expect(rig.results.get(id)).toMatchObject({ outcome: 'unfilled', filledQuantity: '0' });
    expect(rig.runtime.reconciliation.resolver.doubts).toEqual([]);
  });
});

describe('a venue that goes on counting what it has taken back', () => {
  it.each(['before', 'after'])('ends its orders all the same, busted %s the end', async (when) => {
    const { rig, counts, tell, reverted, filled, order, id, venue } = await world(5_000);
    await tell(filled);
    expect(counts()).toMatchObject({ actor: 4, store: ['f-1'], held: 4 });
    order.filled = lots(4);
    if (when === 'before') await tell(reverted);
    venue.end(order.request.clientOrderId, 'cancelled');
    if (when === 'after') await tell(reverted);
    await rig.settle(60_000);
    expect(counts()).toMatchObject({ store: [], held: 0, exposed: 0 });
    expect(rig.results.get(id)).toMatchObject({ outcome: 'unfilled', filledQuantity: '0' });
    expect(rig.runtime.reconciliation.resolver.doubts).toEqual([]);
  });
});

describe('a bust that gives the room of another away', () => {
  it('keeps the next order of that other back', async () => {
    const clock = new VirtualClock(START_MS);
    const venue = new ScriptedVenue({ clock });
    const five = ({ nowMs, state }: ExecutionView): Decision => ({
      directives: [
        placing(45, 5),
        { kind: 'waitUntil', timeMs: nowMs + 2_000, reason: 'five each time' },
      ],
      state,
    });
    const inFives = algorithm('in_fives', five, five);
    const limits = { ...PAPER_LIMITS, maxPosition: '15' };
    const rig = await startRig({ venue, clock, algorithms: [resting, inFives], limits });
    venue.snapshot();
    const filled = async (wish: Partial<Signal>, count: number): Promise<string> => {
      rig.execute({ algorithm: { name: 'resting' }, quantity: `${count}`, ...wish });
      await rig.pass(100);
      const fillId = venue.fill(venue.calls.at(-1)?.clientOrderId ?? '', count);
      await rig.pass(100);
      return fillId ?? '';
    };
    await filled({}, 5);
    const sold = await filled({ action: 'sell', limitPrice: '0.40' }, 10);
    rig.execute({ algorithm: { name: 'in_fives' }, quantity: '15' });
    await rig.pass(100);
    expect(venue.calls).toHaveLength(3);
    venue.revert(sold);
    await rig.pass(5_000);
    expect(rig.runtime.ledger.totals('M', 1).positionLots).toBe(20);
    expect(venue.calls).toHaveLength(3);
  });
});
