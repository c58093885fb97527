/** Law 3: unknown is a state. Its quantity stays reserved until there is evidence. */
import { describe, expect, it } from 'vitest';
import { ACCEPTANCE_WINDOW_MS } from '../../src/domain/limits.ts';
import { lots } from '../../src/domain/numbers.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { resting } from '../support/embedded.ts';
import { type Rig, START_MS, startRig } from '../support/rig.ts';
import { HONEST, type Plan, ScriptedVenue, type TrueOrder } from '../support/scripted-venue.ts';
import { orderOf } from '../support/search.ts';

interface World {
  readonly rig: Rig;
  readonly venue: ScriptedVenue;
  readonly id: string;
  /** The one order of the one execution. */
  readonly orderId: () => string;
  readonly quantity: () => unknown;
}

async function world(plan: Partial<Plan> = {}, timeLimitMs = 600_000): Promise<World> {
  const clock = new VirtualClock(START_MS);
  const venue = new ScriptedVenue({ clock });
  const rig = await startRig({ venue, clock, algorithms: [resting] });
  venue.snapshot();
  venue.plan = (kind) => (kind === 'submit' ? { ...HONEST, ...plan } : HONEST);
  // The stream says nothing of the acceptance: else it would settle what the reply left open.
  venue.told = ({ type }) => (type === 'order.accepted' ? [] : [5]);
  const { id } = rig.execute({ algorithm: { name: 'resting' }, timeLimitMs });
  await rig.pass(20);
  const quantity = () => rig.runtime.hostOf('M').execution(id)?.getSnapshot().context.quantity;
  return { rig, venue, id, quantity, orderId: () => venue.calls[0]?.clientOrderId ?? '' };
}

const inDoubt = { inDoubt: 10, working: 0, unreleased: 0, filled: 0 };

describe('a submission without a clear answer', () => {
  it.each([
    ['ambiguous', { reply: 'ambiguous' }],
    ['thrown', { reply: 'throw' }],
    ['"exists"', { reply: 'exists' }],
  ] as const)('%s: reserved, looked up, and found resting', async (_, plan) => {
    const { rig, venue, quantity, orderId, id } = await world(plan);
    expect(rig.updates.filter(({ type }) => type === 'alarm')).toHaveLength(1);
    await rig.pass(2_000);
    expect(quantity()).toMatchObject({ working: 10, inDoubt: 0 });
    expect(venue.fill(orderId(), 10)).not.toBeNull();
    await rig.settle();
    expect(rig.results.get(id)).toMatchObject({ outcome: 'completed', filledQuantity: '10' });
    expect(venue.calls.map(({ kind }) => kind)).toEqual(['submit']);
  });

  it('is doubted when no answer ever comes', async () => {
    const { rig, quantity } = await world({ reply: 'never', arrives: false });
    await rig.pass(9_900);
    expect(quantity()).toMatchObject({ working: 10, inDoubt: 0 });
    await rig.pass(200);
    expect(quantity()).toMatchObject(inDoubt);
  });

  it('is never freed by "not found" alone, but by the venue\'s own clock', async () => {
    const { rig, venue, quantity, id } = await world({ reply: 'throw', arrives: false });
    let asOfMs = START_MS;
    venue.asOfMs = () => asOfMs;
    await rig.pass(10 * ACCEPTANCE_WINDOW_MS);
    expect(quantity()).toMatchObject(inDoubt);
    expect(rig.log.some(({ message }) => message.includes('look at the venue'))).toBe(true);
    asOfMs = rig.clock.wallMs();
    await rig.settle();
    expect(rig.results.get(id)).toMatchObject({
      filledQuantity: '0',
      orders: [{ state: 'failed' }],
    });
    expect(rig.store.inputsOf(id).map(({ type }) => type)).toContain('order.neverAccepted');
  });

  it('does not take a listing for complete that was read before the as-of time', async () => {
    const { rig, venue, quantity } = await world({ reply: 'throw', arrives: false });
    // The venue takes the order in the very moment in which it is asked for its clock.
    let asked = 0;
    venue.asOfMs = () => {
      asked += 1;
      if (rig.clock.wallMs() >= START_MS + ACCEPTANCE_WINDOW_MS && venue.orders.size === 0)
        venue.orders.set(venue.calls[0]?.clientOrderId ?? '', lateOrder(venue));
      return rig.clock.wallMs();
    };
    await rig.pass(ACCEPTANCE_WINDOW_MS + 5_000);
    expect(asked).toBeGreaterThan(0);
    expect(quantity()).toMatchObject({ working: 10, inDoubt: 0 });
  });

  it.each([
    ['filled', 10, 'completed'],
    ['cancelled', 4, 'partial'],
    ['expired', 4, 'partial'],
  ] as const)('found %s: its lost fills are fetched', async (status, filled, outcome) => {
    const { rig, venue, id, orderId } = await world({ reply: 'ambiguous', replyMs: 300 }, 5_000);
    venue.told = () => [];
    venue.fill(orderId(), filled);
    const order = venue.orders.get(orderId());
    if (order !== undefined) order.status = status;
    await rig.settle();
    expect(rig.results.get(id)).toMatchObject({ outcome, filledQuantity: String(filled) });
  });

  it('is proven by a fill that comes before any answer', async () => {
    const { rig, venue, quantity, orderId } = await world({ reply: 'never' });
    venue.fill(orderId(), 3);
    await rig.pass(20);
    expect(quantity()).toMatchObject({ filled: 3, working: 7, inDoubt: 0 });
  });
});

const lateOrder = (venue: ScriptedVenue): TrueOrder => ({
  ...orderOf('resting', 0, venue.calls[0]?.clientOrderId ?? ''),
  venueOrderId: 'late',
});

describe('fills', () => {
  it('count once, however often they are told', async () => {
    const { rig, venue, quantity, orderId, id } = await world();
    venue.told = () => [5, 5, 50];
    venue.fill(orderId(), 4);
    await rig.pass(100);
    expect(quantity()).toMatchObject({ filled: 4, working: 6 });
    venue.fill(orderId(), 6);
    await rig.settle();
    expect(rig.results.get(id)?.fills.map(({ quantity: size }) => size)).toEqual(['4', '6']);
    expect(rig.runtime.ledger.totals('M', 1).positionLots).toBe(10);
  });

  it('are taken back by a reversal, and a late copy of one does not return', async () => {
    const { rig, venue, quantity, orderId, id } = await world({}, 5_000);
    venue.fill(orderId(), 4);
    await rig.pass(100);
    const [fill] = venue.fills;
    if (fill === undefined) throw new Error('there is one fill');
    venue.revert(fill.fillId);
    await rig.pass(1_100);
    expect(quantity()).toMatchObject({ filled: 0, working: 10 });
    venue.report('M', { type: 'order.filled', clientOrderId: orderId(), fill });
    await rig.settle();
    expect(rig.results.get(id)).toMatchObject({
      outcome: 'unfilled',
      fills: [],
      filledQuantity: '0',
    });
    expect(rig.runtime.ledger.totals('M', 1).positionLots).toBe(0);
  });

  it('after a cancel still count, and change no result', async () => {
    const { rig, venue, id, orderId } = await world({}, 5_000);
    venue.told = (report) => (report.type === 'order.filled' ? [400] : [5]);
    const cancelled = rig.runtime.records.get(id);
    rig.runtime.tell(id, { type: 'execution.cancel', reason: 'enough', urgent: false });
    venue.onCall = () => venue.fill(orderId(), 3);
    await rig.settle();
    expect(rig.results.get(id)).toMatchObject({ outcome: 'cancelled', filledQuantity: '3' });
    const order = venue.orders.get(orderId());
    if (order === undefined) throw new Error('there is one order');
    const fill = venue.madeFill(order, lots(2), 'late-1');
    venue.report('M', { type: 'order.filled', clientOrderId: orderId(), fill });
    await rig.pass(1_000);
    expect(rig.results.get(id)?.filledQuantity).toBe('3');
    expect(cancelled?.fills.map(({ late }) => late)).toEqual([false, true]);
    expect(rig.runtime.ledger.totals('M', 1).positionLots).toBe(5);
    expect(rig.store.turns.flatMap(({ fills }) => fills).map(({ fillId }) => fillId)).toContain(
      'late-1',
    );
    expect(rig.log.some(({ fields }) => JSON.stringify(fields).includes('that had ended'))).toBe(
      true,
    );
  });

  it('beyond the target raise an alarm and close', async () => {
    const { rig, venue, orderId, id } = await world();
    const order = venue.orders.get(orderId());
    if (order === undefined) throw new Error('there is one order');
    const fill = venue.madeFill(order, lots(13), 'too-much');
    order.status = 'filled';
    venue.report('M', { type: 'order.filled', clientOrderId: orderId(), fill });
    await rig.settle();
    expect(rig.results.get(id)).toMatchObject({ outcome: 'completed', filledQuantity: '13' });
    const alarms = rig.updates.filter(({ type }) => type === 'alarm');
    expect(JSON.stringify(alarms)).toContain('3 lots more');
  });
});

describe('a cancel', () => {
  it('whose answer is lost is found out', async () => {
    const { rig, venue, id, orderId } = await world({}, 5_000);
    venue.plan = (kind) => (kind === 'cancel' ? { ...HONEST, reply: 'throw' } : HONEST);
    venue.told = () => [];
    await rig.settle();
    expect(rig.results.get(id)?.outcome).toBe('unfilled');
    expect(venue.orders.get(orderId())?.status).toBe('cancelled');
  });

  it('that is refused, since a fill was never told, ends by asking', async () => {
    const { rig, venue, id, orderId } = await world({}, 5_000);
    venue.told = () => [];
    venue.fill(orderId(), 10);
    await rig.settle();
    expect(rig.results.get(id)).toMatchObject({ outcome: 'completed', filledQuantity: '10' });
    expect(venue.calls.filter(({ kind }) => kind === 'cancel').length).toBeLessThan(4);
  });

  it('is repeated while it is refused, and the result waits for the proof', async () => {
    const { rig, venue, id, orderId } = await world({}, 2_000);
    venue.plan = (kind) => (kind === 'cancel' ? { ...HONEST, reply: 'reject' } : HONEST);
    await rig.pass(20_000);
    expect(rig.results.size).toBe(0);
    venue.plan = () => HONEST;
    await rig.settle();
    expect(rig.results.get(id)?.outcome).toBe('unfilled');
    expect(venue.orders.get(orderId())?.status).toBe('cancelled');
  });

  it('that ends nothing is sent again later each time, up to a bound', async () => {
    const { rig, venue } = await world({}, 2_000);
    venue.plan = (kind) => (kind === 'cancel' ? { ...HONEST, reply: 'reject' } : HONEST);
    const sentAtMs: number[] = [];
    venue.onCall = ({ kind }) => {
      if (kind === 'cancel') sentAtMs.push(rig.clock.wallMs());
    };
    await rig.pass(30_000);
    const pausesMs = sentAtMs.slice(1).map((atMs, index) => atMs - (sentAtMs[index] ?? 0));
    expect(pausesMs).toEqual([1_000, 2_000, 4_000, 8_000, 8_000]);
  });
});
