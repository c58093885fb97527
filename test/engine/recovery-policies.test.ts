/** What a restart does with what it finds: the policies, the deadlines, and the bot's way back. */
import { describe, expect, it } from 'vitest';
import { signal } from '../support/embedded.ts';
import { left, place, statesOf } from '../support/left-behind.ts';
import { wrongs } from '../support/reboot-audit.ts';
import { START_MS } from '../support/rig.ts';
import { HONEST } from '../support/scripted-venue.ts';

describe('resume', () => {
  it('works on, and books what was filled while nobody looked', async () => {
    const { world, venue, id } = await left();
    const [order] = venue.resting();
    venue.fill(order?.request.clientOrderId ?? '', 4);
    await world.pass(1_000);
    const last = await world.boot();
    expect(statesOf(last)).toEqual(['recovering']);
    await world.pass(1_000);
    expect(statesOf(last)).toEqual(['working.monitoring']);
    expect(venue.orders.size).toBe(1);
    venue.fill(order?.request.clientOrderId ?? '', 6);
    await world.settle(last);
    const [result] = world.results.get(id) ?? [];
    expect(result).toMatchObject({ outcome: 'completed', filledQuantity: '10', splits: 1 });
    expect(result?.fills.map(({ quantity }) => quantity)).toEqual(['4', '6']);
    expect(await wrongs(world, last)).toEqual([]);
  });

  it('goes on with the walks, the state and the wake-up of before', async () => {
    const { world, venue, id } = await left({ algorithm: { name: 'stepping' } });
    const last = await world.boot();
    await world.pass(4_000);
    const [order] = venue.resting();
    expect(order?.request.price).toBe(44);
    venue.fill(order?.request.clientOrderId ?? '', 10);
    await world.settle(last);
    const [result] = world.results.get(id) ?? [];
    expect(result?.walks).toBe(4);
    expect(result?.orders[0]?.walks.map(({ to }) => to)).toEqual(['0.41', '0.42', '0.43', '0.44']);
  });

  it('keeps its deadline, and a wake-up that is still to come', async () => {
    const { world, venue, id } = await left({ algorithm: { name: 'waiting' }, timeLimitMs: 9_000 });
    expect(venue.orders.size).toBe(0);
    const last = await world.boot();
    await world.pass(2_900);
    expect(venue.orders.size).toBe(0);
    await world.pass(200);
    expect(venue.resting()).toHaveLength(1);
    await world.settle(last);
    const [result] = world.results.get(id) ?? [];
    expect(result?.outcome).toBe('unfilled');
    const limitMs = START_MS + 9_000;
    expect(result?.endedAtMs).toBeLessThanOrEqual(limitMs);
    expect(result?.endedAtMs).toBeGreaterThan(limitMs - 200);
  });

  it('closes at once what is past its time', async () => {
    const { world, venue, id } = await left();
    await world.pass(60_000);
    const last = await world.boot();
    await world.pass(500);
    expect(venue.resting()).toEqual([]);
    const [result] = world.results.get(id) ?? [];
    expect(result).toMatchObject({ outcome: 'unfilled', reason: 'the time limit was reached' });
    expect(await wrongs(world, last)).toEqual([]);
  });
});

describe('cancel-and-stop', () => {
  it('withdraws all and ends it', async () => {
    const { world, venue, id } = await left();
    const last = await world.boot(Infinity, { recovery: 'cancel-and-stop' });
    expect(statesOf(last)).toEqual(['closing']);
    await world.settle(last);
    expect(venue.resting()).toEqual([]);
    const [result] = world.results.get(id) ?? [];
    const reason = 'cancelled by a restart, as configured';
    expect(result).toMatchObject({ outcome: 'cancelled', reason });
    expect(await wrongs(world, last)).toEqual([]);
  });
});

describe('ask', () => {
  const asks = { recovery: 'ask' } as const;

  it('leaves everything as it is until a person says go on', async () => {
    const { world, venue, id } = await left({ algorithm: { name: 'stepping' } });
    const calls = venue.calls.length;
    const last = await world.boot(Infinity, asks);
    await world.pass(5_000);
    expect(last.engine.executions()).toMatchObject([{ id, state: 'asking', asks: true }]);
    expect(venue.calls).toHaveLength(calls);
    expect(() => last.engine.resumeExecution(id, ' ')).toThrow(/gives a name/);
    expect(() => last.engine.resumeExecution('nobody', 'Ada')).toThrow(/asks is resumed/);
    last.engine.resumeExecution(id, 'Ada');
    await world.pass(1_000);
    expect(statesOf(last)).toEqual(['working.monitoring']);
    expect(venue.calls.length).toBeGreaterThan(calls);
    expect(() => last.engine.resumeExecution(id, 'Ada')).toThrow(/asks is resumed/);
    expect(last.store.inputsOf(id).map(({ body }) => body)).toContainEqual(
      JSON.stringify({ type: 'execution.resume', actor: 'Ada' }),
    );
  });

  it('ends by a cancel, and by its deadline', async () => {
    const { world, venue, id } = await left();
    const second = await world.boot(Infinity, asks);
    await world.pass(500);
    void second.engine.handleOf(id)?.cancel('a person says no');
    await world.settle(second);
    expect(world.results.get(id)).toMatchObject([{ outcome: 'cancelled' }]);
    const other = world.execute(second, signal({ signalId: 'again', timeLimitMs: 5_000 }));
    await world.pass(1_000);
    second.process.kill();
    const last = await world.boot(Infinity, asks);
    await world.settle(last, 6_000);
    expect(world.results.get(other)).toMatchObject([{ outcome: 'unfilled' }]);
    expect(venue.resting()).toEqual([]);
    expect(await wrongs(world, last)).toEqual([]);
  });

  it('asks again after another restart, and one that never began, too', async () => {
    const { world, venue } = place(5_000);
    const first = await world.boot();
    const id = world.execute(first, signal());
    await world.pass(2_000);
    expect(statesOf(first)).toEqual(['admitting']);
    first.process.kill();
    const second = await world.boot(Infinity, asks);
    expect(second.engine.executions()).toMatchObject([{ id, asks: true }]);
    second.process.kill();
    const last = await world.boot(Infinity, asks);
    expect(last.engine.executions()).toMatchObject([{ id, asks: true }]);
    last.engine.resumeExecution(id, 'Ada');
    await world.pass(5_000);
    expect(statesOf(last)).toEqual(['working.monitoring']);
    expect(venue.orders.size).toBe(1);
  });
});

describe('a bot after a restart', () => {
  it('gets the same execution for the same signal', async () => {
    const { world, venue, id } = await left();
    const last = await world.boot();
    const handle = last.engine.execute(signal());
    expect(handle).toBe(last.engine.handleOf(id));
    expect(last.engine.executionOf('edge-1')).toBe(id);
    expect(() => last.engine.execute(signal({ quantity: '11' }))).toThrow(/executed once/);
    await world.pass(500);
    venue.fill([...venue.orders.keys()][0] ?? '', 10);
    await world.pass(500);
    expect(await handle.result).toMatchObject({ id, outcome: 'completed' });
  });

  it('goes on withdrawing what it had cancelled', async () => {
    const { world, venue } = place();
    const first = await world.boot();
    const id = world.execute(first, signal());
    await world.pass(1_000);
    venue.plan = () => ({ arrives: false, reply: 'never', entryMs: 5, replyMs: 5 });
    void first.engine.handleOf(id)?.cancel('the edge is gone');
    await world.pass(100);
    first.process.kill();
    venue.plan = () => HONEST;
    const last = await world.boot();
    expect(statesOf(last)).toEqual(['closing']);
    await world.settle(last);
    expect(world.results.get(id)).toMatchObject([
      { outcome: 'cancelled', reason: 'the edge is gone' },
    ]);
    expect(await wrongs(world, last)).toEqual([]);
  });

  it('finds its exposure reserved', async () => {
    const { world } = await left();
    const limits = { maxOpenNotional: '7' };
    const last = await world.boot(Infinity, { limits });
    await world.pass(500);
    const other = world.execute(last, signal({ signalId: 'other' }));
    await world.pass(500);
    expect(world.results.get(other)).toMatchObject([
      { outcome: 'refused', reason: expect.stringMatching(/maxOpenNotional/) as string },
    ]);
  });
});

describe('until the venue has answered', () => {
  it('signals wait, and nothing is sent', async () => {
    const { world, venue } = place();
    const openOrders = venue.openOrders.bind(venue);
    venue.openOrders = () => Promise.reject(new Error('no route to the venue'));
    const booted = await world.boot();
    const id = world.execute(booted, signal());
    await world.pass(10_000);
    expect(statesOf(booted)).toEqual(['queued']);
    expect(venue.calls).toEqual([]);
    const complaints = world.log.filter(({ message }) => /could not be reconciled/.test(message));
    expect(complaints).toHaveLength(1);
    venue.openOrders = openOrders;
    await world.pass(15_000);
    expect(statesOf(booted)).toEqual(['working.monitoring']);
    void booted.engine.handleOf(id)?.cancel('enough');
    await world.settle(booted);
  });

  it('it can be stopped, and what waits is told', async () => {
    const { world, venue } = place();
    venue.openOrders = () => Promise.reject(new Error('no route to the venue'));
    const booted = await world.boot();
    const id = world.execute(booted, signal());
    await world.pass(1_000);
    await world.clock.settle(booted.engine.stop());
    expect(world.results.get(id)).toMatchObject([{ outcome: 'cancelled' }]);
    expect(venue.calls).toEqual([]);
  });
});
