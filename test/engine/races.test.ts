/** Answers and fills that overtake one another, on a venue that amends and on one that cannot. */
import { describe, expect, it } from 'vitest';
import type { AlgorithmDefinition } from '../../src/algorithms/algorithm.ts';
import { ticks } from '../../src/domain/numbers.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { compareFolds } from '../support/engine-fold.ts';
import { algorithm, placing, type Rig, START_MS, startRig } from '../support/rig.ts';
import { HONEST, type Plan, ScriptedVenue } from '../support/scripted-venue.ts';

const STEP_AFTER_MS = 500;

const plan: AlgorithmDefinition['plan'] = ({ unreleased, nowMs }) => ({
  directives: [
    placing(45, unreleased),
    { kind: 'waitUntil', timeMs: nowMs + STEP_AFTER_MS, reason: 'then step' },
  ],
  state: null,
});

/** Rests at 45 and steps to 46 half a second later, once. */
const stepping = algorithm('stepping', plan, ({ orders, state }) => {
  const order = orders.find(({ working, busy }) => working && !busy);
  if (order === undefined || state !== null) return { directives: [], state };
  const { splitOrderId } = order;
  const step = { kind: 'reprice', splitOrderId, price: ticks(46), reason: 'step' } as const;
  return { directives: [step], state: { stepped: true } };
});

/** Asked about an order, the venue does not answer at all. */
const silence = (): Promise<never> => new Promise(() => undefined);

interface World {
  readonly rig: Rig;
  readonly venue: ScriptedVenue;
  readonly id: string;
  readonly first: () => string;
  readonly calls: () => readonly string[];
}

/** Stands at the moment at which the step has been asked for and nothing is answered. */
async function atTheStep(amends: boolean, step: Partial<Plan> = {}): Promise<World> {
  const clock = new VirtualClock(START_MS);
  const venue = new ScriptedVenue({ clock, amends });
  const rig = await startRig({ venue, clock, algorithms: [stepping] });
  venue.snapshot();
  await rig.pass(10);
  const slow = { ...HONEST, entryMs: 50, replyMs: 50, ...step };
  venue.plan = (kind) => (kind === 'submit' ? HONEST : slow);
  const { id } = rig.execute({ algorithm: { name: 'stepping' }, timeLimitMs: 10_000 });
  await rig.pass(STEP_AFTER_MS + 20);
  const calls = () => venue.calls.map((call) => `${call.kind} ${call.quantity}@${call.price}`);
  return { rig, venue, id, calls, first: () => venue.calls[0]?.clientOrderId ?? '' };
}

const quantityOf = ({ rig, id }: World): unknown =>
  rig.runtime.hostOf('M').execution(id)?.getSnapshot().context.quantity;

/** Whatever the race: the fold agrees, nothing rests, ours is what the venue counts. */
async function endsWell(world: World, filled: number): Promise<void> {
  const { rig, venue, id } = world;
  await rig.settle();
  expect(rig.results.get(id)?.filledQuantity).toBe(String(filled));
  expect(venue.resting()).toEqual([]);
  const atVenue = [...venue.orders.values()].reduce((sum, order) => sum + order.filled, 0);
  expect(atVenue).toBe(filled);
  expect(compareFolds(rig).differences).toEqual([]);
}

describe('a step on a venue that amends', () => {
  it('and a fill before its answer: booked, and the total stays', async () => {
    const world = await atTheStep(true);
    world.venue.fill(world.first(), 4);
    await world.rig.pass(200);
    expect(world.calls()).toEqual(['submit 10@45', 'amend 10@46']);
    expect(quantityOf(world)).toMatchObject({ filled: 4, working: 6 });
    expect(world.venue.orders.get(world.first())?.request.price).toBe(46);
    await endsWell(world, 4);
  });

  it('that comes too late for an order that has filled', async () => {
    expect.hasAssertions();
    const world = await atTheStep(true);
    world.venue.fill(world.first(), 10);
    await world.rig.pass(200);
    await endsWell(world, 10);
  });

  it('that is refused leaves the order where it was', async () => {
    const world = await atTheStep(true, { reply: 'reject' });
    await world.rig.pass(200);
    expect(world.venue.orders.get(world.first())?.request.price).toBe(45);
    expect(quantityOf(world)).toMatchObject({ working: 10, inDoubt: 0 });
    await world.rig.pass(0);
    world.venue.plan = () => HONEST;
    await endsWell(world, 0);
  });

  it('whose answer is lost is found at its new price', async () => {
    const world = await atTheStep(true, { reply: 'throw' });
    const { venue, rig, id } = world;
    venue.told = () => [];
    await rig.pass(120);
    venue.plan = () => HONEST;
    await rig.pass(2_000);
    const children = rig.runtime.hostOf('M').execution(id)?.getSnapshot().children;
    const order = children?.[`${id}-1`]?.getSnapshot().context;
    expect(order).toMatchObject({ price: 46, doubt: null, walk: null });
    await endsWell(world, 0);
  });
});

describe('a step on a venue that cannot amend', () => {
  it('withdraws, and sends anew what the venue says is left', async () => {
    const world = await atTheStep(false);
    const { venue, rig } = world;
    // The fill happens before the cancel arrives, and is told long after its answer.
    venue.told = ({ type }) => (type === 'order.filled' ? [600] : [5]);
    venue.answers = silence;
    venue.fill(world.first(), 4);
    await rig.pass(300);
    expect(world.calls()).toEqual(['submit 10@45', 'cancel null@null']);
    await rig.pass(700);
    expect(world.calls()).toEqual(['submit 10@45', 'cancel null@null', 'submit 6@46']);
    expect(quantityOf(world)).toMatchObject({ filled: 4, working: 6 });
    expect(new Set(venue.calls.map(({ clientOrderId }) => clientOrderId)).size).toBe(2);
    await endsWell(world, 4);
  });

  it('is over when the order fills before it is withdrawn', async () => {
    const world = await atTheStep(false);
    world.venue.fill(world.first(), 10);
    await world.rig.pass(300);
    expect(world.calls()).toEqual(['submit 10@45', 'cancel null@null']);
    await endsWell(world, 10);
  });

  it('sends nothing anew while the end of the first order is in doubt', async () => {
    const world = await atTheStep(false, { arrives: false, reply: 'throw' });
    const { venue, rig } = world;
    venue.answers = silence;
    await rig.pass(110);
    expect(quantityOf(world)).toMatchObject({ inDoubt: 10, unreleased: 0 });
    await rig.pass(5_000);
    expect(world.calls()).toEqual(['submit 10@45', 'cancel null@null']);
    venue.answers = async (order) => order;
    venue.plan = () => HONEST;
    await endsWell(world, 0);
  });
});

describe('a halt while an order is on its way', () => {
  it('cancels at once, and again until the venue has none', async () => {
    const clock = new VirtualClock(START_MS);
    const venue = new ScriptedVenue({ clock });
    const rig = await startRig({ venue, clock, algorithms: [stepping] });
    venue.snapshot();
    await rig.pass(10);
    // The cancel overtakes the order: the venue knows nothing of it yet.
    venue.plan = (kind) => (kind === 'submit' ? { ...HONEST, entryMs: 400 } : HONEST);
    const { id } = rig.execute({ algorithm: { name: 'stepping' } });
    await rig.pass(10);
    rig.halt('operator');
    await rig.pass(30);
    expect(venue.calls.map(({ kind }) => kind)).toEqual(['submit', 'cancel']);
    await rig.settle();
    expect(rig.results.get(id)).toMatchObject({ outcome: 'cancelled', filledQuantity: '0' });
    expect(venue.orders.size).toBe(1);
    expect(venue.resting()).toEqual([]);
  });
});
