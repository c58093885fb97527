/** What a person sees and settles of the account: orphans, foreign orders, doubts. */
import { describe, expect, it } from 'vitest';
import { ACCEPTANCE_WINDOW_MS, RETRY_MS } from '../../src/domain/limits.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import { AccountDesk } from '../../src/engine/reconciliation/account-desk.ts';
import { payloadHash } from '../../src/engine/reconciliation/intent.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { createEngine, InputError } from '../../src/index.ts';
import { storeFile } from '../store/store-file.ts';
import { signal } from '../support/embedded.ts';
import { stray } from '../support/reconciled.ts';
import { algorithm, placing, type RigOptions, START_MS, startRig } from '../support/rig.ts';
import { HONEST, type Plan, ScriptedVenue } from '../support/scripted-venue.ts';

/** Whatever is not placed, it places. */
const eager = algorithm(
  'eager',
  ({ unreleased }) => ({ directives: [placing(45, unreleased)], state: null }),
  ({ unreleased, state }) => ({
    directives: unreleased > 0 ? [placing(45, unreleased)] : [],
    state,
  }),
);

const STUCK_MS = 3 * ACCEPTANCE_WINDOW_MS;

async function world(plan: Partial<Plan> = {}, rest: Partial<RigOptions> = {}) {
  const clock = new VirtualClock(START_MS);
  const venue = new ScriptedVenue({ clock });
  const reconcileMs = 10_000;
  const rig = await startRig({ venue, clock, algorithms: [eager], reconcileMs, ...rest });
  const desk = new AccountDesk({ runtimes: [rig.runtime], store: rig.store, clock });
  venue.snapshot();
  venue.plan = (kind) => (kind === 'submit' ? { ...HONEST, ...plan } : HONEST);
  venue.told = ({ type }) => (type === 'order.accepted' ? [] : [5]);
  const wish = { algorithm: { name: 'eager' }, timeLimitMs: 3_600_000 };
  const orderId = () => venue.calls[0]?.clientOrderId ?? '';
  const contextOf = (id: string) => rig.runtime.hostOf('M').execution(id)?.getSnapshot().context;
  return { rig, venue, clock, desk, wish, orderId, contextOf };
}

const GONE = { verdict: 'never-accepted', actor: 'ann', reason: 'gone' } as const;

async function started(file = ':memory:') {
  const clock = new VirtualClock(START_MS);
  const venue = new ScriptedVenue({ clock, capabilities: { outlivesEngine: true } });
  const pass = (ms: number) => clock.run({ untilMs: clock.wallMs() + ms });
  const start = async () => {
    const engine = await createEngine({ venues: [venue], clock, store: { file } });
    await pass(1_000);
    return engine;
  };
  return { engine: await start(), venue, pass, start, clock };
}

describe('orders that are not ours to work', () => {
  it('are listed in decimal text; an orphan is cancelled in the name of a person', async () => {
    const { rig, venue, desk } = await world();
    venue.orders.set('dw-9-9', stray('dw-9-9', { outcome: 'no' }));
    venue.orders.set('hand-1', stray('hand-1', { outcome: 'no' }));
    void rig.runtime.reconciliation.reconciled();
    await rig.pass(500);
    const listed = { venue: 'script', market: 'M', outcome: 'no', price: '0.40', quantity: '7' };
    expect(desk.orphans()).toMatchObject([{ ...listed, clientOrderId: 'dw-9-9' }]);
    expect(desk.foreignOrders()).toMatchObject([{ ...listed, venueOrderId: 'v-hand-1' }]);
    for (const [id, actor] of [
      ['hand-1', 'ann'],
      ['dw-9-8', 'ann'],
      ['dw-9-9', ' '],
    ] as const)
      expect(() => desk.cancelOrphan(id, actor)).toThrow(InputError);
    expect(venue.calls).toEqual([]);
    desk.cancelOrphan('dw-9-9', 'ann');
    await rig.pass(20_000);
    expect(venue.resting().map(({ request }) => request.clientOrderId)).toEqual(['hand-1']);
    expect(desk.orphans()).toEqual([]);
    expect(rig.store.operations('settle', 0)).toMatchObject([
      { scope: 'order dw-9-9', actor: 'ann' },
    ]);
  });
});

describe('an order in doubt that no question clears', () => {
  it('holds its execution, is listed, and is settled by a person', async () => {
    const { rig, venue, desk, wish, orderId, contextOf } = await world({
      reply: 'throw',
      arrives: false,
    });
    venue.asOfMs = () => START_MS;
    const { id } = rig.execute(wish);
    await rig.pass(1_000);
    expect(desk.doubts()).toMatchObject([{ executionId: id, needsPerson: false }]);
    await rig.pass(STUCK_MS);
    const [doubt] = desk.doubts();
    expect(doubt).toMatchObject({ market: 'M', clientOrderId: orderId(), needsPerson: true });
    expect(contextOf(id)?.quantity).toMatchObject({ inDoubt: 10 });
    const { decisions } = contextOf(id) ?? {};
    rig.runtime.ask({ kind: 'decision', executionId: id, trigger: 'touch' });
    await rig.pass(10 * RETRY_MS);
    expect(contextOf(id)?.decisions).toBe(decisions);
    const verdict = { verdict: 'never-accepted', actor: 'ann', reason: 'not in the list' } as const;
    expect(() => desk.settleDoubt('dw-1-none', verdict)).toThrow('only an order in doubt');
    expect(() => desk.settleDoubt(orderId(), { ...verdict, actor: '' })).toThrow('names the actor');
    desk.settleDoubt(orderId(), verdict);
    await rig.pass(10);
    expect(desk.doubts().map(({ clientOrderId }) => clientOrderId)).not.toContain(
      doubt?.clientOrderId,
    );
    const evidence = rig.store.inputsOf(id).find(({ type }) => type === 'order.neverAccepted');
    expect(evidence?.body).toContain('ann says so: not in the list');
    await rig.pass(10 * RETRY_MS);
    expect(contextOf(id)?.decisions).toBeGreaterThan(decisions ?? 0);
  });

  it('is not said to be never accepted where the venue took it', async () => {
    const { rig, venue, desk, wish, orderId } = await world();
    rig.execute(wish);
    await rig.pass(100);
    const verdict = { verdict: 'never-accepted', actor: 'ann', reason: 'so' } as const;
    expect(() => desk.settleDoubt(orderId(), verdict)).toThrow('only an order in doubt');
    venue.plan = () => ({ ...HONEST, reply: 'throw', arrives: false });
    venue.answers = () => new Promise(() => undefined);
    rig.runtime.cancelAll('enough', false);
    await rig.pass(100);
    expect(desk.doubts()).toMatchObject([{ clientOrderId: orderId() }]);
    expect(() => desk.settleDoubt(orderId(), verdict)).toThrow('was accepted');
  });
});

describe('an order that exists already', () => {
  it('is adopted where it is the one that was sent', async () => {
    const { rig, wish, contextOf } = await world({ reply: 'exists' });
    const { id } = rig.execute(wish);
    await rig.pass(1_000);
    expect(contextOf(id)?.quantity).toMatchObject({ working: 10, inDoubt: 0 });
    expect(rig.halted()).toBeNull();
  });

  it('is not adopted, and halts, where it is another one', async () => {
    const { rig, venue, wish, orderId, contextOf } = await world({ reply: 'exists' });
    const { id } = rig.execute(wish);
    await rig.pass(6);
    const order = venue.orders.get(orderId());
    if (order === undefined) throw new Error('it was placed');
    order.request = { ...order.request, price: ticks(44) };
    await rig.pass(30_000);
    expect(rig.halted()).toContain('at 45, found buy 10 yes of M at 44');
    expect(rig.store.inputsOf(id).map(({ type }) => type)).not.toContain('order.found');
    expect(contextOf(id)?.quantity.working).toBe(0);
  });
});

describe('the intent of a command', () => {
  it('is journaled with the hash of what is sent, and until when it may be', async () => {
    const { rig, venue, wish } = await world();
    rig.execute(wish);
    await rig.pass(100);
    const row = rig.store.rows.find(({ kind, type }) => kind === 'command' && type === 'submit');
    const request = [...venue.orders.values()][0]?.request;
    if (row === undefined || request === undefined) throw new Error('it was sent');
    expect(JSON.parse(row.body)).toMatchObject({
      request,
      payloadHash: payloadHash(request),
      validUntilMs: row.atMs + 250,
    });
    expect(payloadHash({ ...request, price: ticks(1) })).not.toBe(payloadHash(request));
    expect(payloadHash(request)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('that took too long to be made durable is not sent, and decided again', async () => {
    const { rig, venue, clock, wish } = await world();
    const commit = rig.store.commit.bind(rig.store);
    const monotonicMs = clock.monotonicMs.bind(clock);
    let lostMs = 0;
    clock.monotonicMs = () => monotonicMs() + lostMs;
    rig.store.commit = (turn) => {
      const isFirst = turn.journal.some(({ type }) => type === 'submit') && lostMs === 0;
      commit(turn);
      if (isFirst) lostMs = 251;
    };
    const { id } = rig.execute(wish);
    await rig.pass(500);
    expect(venue.calls).toEqual([]);
    expect(rig.store.inputsOf(id).map(({ type }) => type)).toContain('order.notSent');
    await rig.pass(2 * RETRY_MS);
    expect(venue.calls.map(({ kind }) => kind)).toEqual(['submit']);
    const sent = rig.store.rows.filter(({ kind, type }) => kind === 'command' && type === 'submit');
    const ids = sent.map(({ body }) => /"clientOrderId":"([^"]+)"/.exec(body)?.[1]);
    expect(new Set(ids).size).toBe(2);
  });
});

describe('an engine', () => {
  it('that finds an orphan is halted there until it is gone and a person resumes', async () => {
    const { engine, venue, pass } = await started();
    venue.orders.set('dw-9-9', stray('dw-9-9', { outcome: 'no' }));
    venue.orders.set('hand-1', stray('hand-1', { outcome: 'no' }));
    await pass(40_000);
    expect(engine.halts()).toMatchObject([{ scope: { venue: 'script' }, actor: 'engine' }]);
    expect(engine.orphans()).toMatchObject([{ clientOrderId: 'dw-9-9', quantity: '7' }]);
    expect(engine.foreignOrders()).toMatchObject([{ clientOrderId: 'hand-1' }]);
    expect(() => engine.settleDoubt('dw-9-9', GONE)).toThrow(InputError);
    engine.cancelOrphan('dw-9-9', 'ann');
    await pass(40_000);
    expect([engine.orphans(), engine.doubts()]).toEqual([[], []]);
    const resumed = engine.resume({ venue: 'script', actor: 'ann', reason: 'withdrawn' });
    await pass(1_000);
    await resumed;
    expect(engine.halts()).toEqual([]);
    expect(venue.resting().map(({ request }) => request.clientOrderId)).toEqual(['hand-1']);
    void engine.stop();
    await pass(60_000);
  });

  it('counts a late fill of an earlier process in a market that nobody works', async () => {
    const { engine, venue, pass, start, clock } = await started(storeFile());
    const late = signal({ algorithm: { name: 'simple_limit' }, timeLimitMs: 2_000 });
    const { result } = engine.execute(late);
    await pass(5);
    venue.snapshot();
    await pass(10_000);
    expect(await result).toMatchObject({ outcome: 'unfilled' });
    await clock.settle(engine.stop());
    const next = await start();
    const order = [...venue.orders.values()][0];
    if (order === undefined) throw new Error('it was placed');
    const { clientOrderId } = order.request;
    const fill = venue.madeFill(order, lots(3), 'late-1');
    venue.fills.push({ ...fill, clientOrderId, symbol: 'M' });
    venue.reports$.next({ symbol: 'M', report: { type: 'order.filled', clientOrderId, fill } });
    const held: unknown[] = [];
    next.positions$.subscribe((positions) => held.push(positions));
    await pass(120_000);
    expect(held.at(-1)).toMatchObject([{ market: 'M', yes: { quantity: '3' } }]);
    expect(next.halts()).toEqual([]);
    await clock.settle(next.stop());
  });
});
