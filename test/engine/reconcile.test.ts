/** What the venue says of the account against what we hold: when, and which orders rest. */
import { describe, expect, it } from 'vitest';
import { ANSWER_TIMEOUT_MS } from '../../src/domain/limits.ts';
import { begin, PERIOD_MS, reconciled, stray, wish } from '../support/reconciled.ts';
import { START_MS } from '../support/rig.ts';

describe('the start', () => {
  it('lists twice, a slow latency of the venue apart, and begins again on a period', async () => {
    const at: number[] = [];
    const made = await reconciled({}, {}, (venue) => {
      const list = venue.openOrders.bind(venue);
      venue.openOrders = () => {
        at.push(venue.asOfMs() - START_MS);
        return list();
      };
    });
    let isDone = false;
    const { reconciliation } = made.rig.runtime;
    expect([reconciliation.lastAtMs, at]).toEqual([null, []]);
    void reconciliation.reconciled().then(() => {
      isDone = true;
    });
    await made.rig.pass(49);
    expect([isDone, at]).toEqual([false, [0]]);
    await made.rig.pass(1);
    expect([isDone, at]).toEqual([true, [0, 50]]);
    await made.rig.pass(2 * PERIOD_MS);
    expect(at).toEqual([0, 50, PERIOD_MS + 50, 2 * PERIOD_MS + 50]);
    expect(reconciliation.lastAtMs).toBe(START_MS + 2 * PERIOD_MS + 50);
    made.rig.runtime.stop();
    expect(made.clock.pending).toBe(0);
  });

  it('waits for a venue that errs or is silent, and says so once a minute', async () => {
    let fails = true;
    const made = await reconciled({}, {}, (venue) => {
      let asked = 0;
      venue.asOf = async () => {
        asked += 1;
        if (!fails) return venue.asOfMs();
        if (asked % 2 === 0) return new Promise<number>(() => undefined);
        throw new Error('503');
      };
    });
    let isDone = false;
    void made.rig.runtime.reconciliation.reconciled().then(() => {
      isDone = true;
    });
    await made.rig.pass(120_000);
    expect(isDone).toBe(false);
    const said = made.rig.log.filter(({ message }) => message.includes('not be reconciled'));
    expect(said.length).toBeGreaterThanOrEqual(2);
    expect(said.length).toBeLessThanOrEqual(3);
    expect(made.rig.runtime.reconciliation.staleness).toContain('not compared for');
    fails = false;
    await made.rig.pass(60_000);
    expect(isDone).toBe(true);
    expect(made.rig.runtime.reconciliation.staleness).toBeNull();
  });

  it('is stale after two periods and an answer that never came', async () => {
    const made = await reconciled();
    await begin(made);
    made.venue.openOrders = () => Promise.reject(new Error('503'));
    await made.rig.pass(2 * PERIOD_MS + ANSWER_TIMEOUT_MS - 1_000);
    expect(made.rig.runtime.reconciliation.staleness).toBeNull();
    await made.rig.pass(2_000);
    expect(made.rig.runtime.reconciliation.staleness).toContain('not compared for 3');
  });
});

describe('orders that rest', () => {
  it('under our tag and unknown to the journal halt, until a listing is without them', async () => {
    const made = await reconciled();
    made.venue.orders.set('dw-9-9', stray('dw-9-9'));
    await begin(made);
    expect(made.rig.halted()).toContain('dw-9-9');
    const { orders } = made.rig.runtime.reconciliation;
    expect(orders.orphans.map(({ clientOrderId }) => clientOrderId)).toEqual(['dw-9-9']);
    expect(made.venue.calls).toEqual([]);
    made.venue.end('dw-9-9', 'cancelled');
    await made.rig.pass(PERIOD_MS);
    expect(orders.orphans).toEqual([]);
  });

  it('of somebody else are listed and never touched', async () => {
    const made = await reconciled();
    made.venue.orders.set('hand-1', stray('hand-1'));
    made.rig.execute(wish);
    await begin(made);
    await made.rig.pass(5 * PERIOD_MS);
    const { orders } = made.rig.runtime.reconciliation;
    expect(orders.foreign.map(({ clientOrderId }) => clientOrderId)).toEqual(['hand-1']);
    expect(made.rig.halted()).toBeNull();
    expect(made.venue.calls.map(({ kind }) => kind)).toEqual(['submit']);
  });

  it('of an execution that has ended are withdrawn at once, with an alarm', async () => {
    const made = await reconciled();
    await begin(made);
    const { id } = made.rig.execute({ ...wish, timeLimitMs: 2_000 });
    await made.rig.settle();
    const own = made.venue.orders.get(made.orderId());
    if (own === undefined) throw new Error('it was placed');
    own.status = 'resting';
    await made.rig.pass(2 * PERIOD_MS);
    expect(own.status).toBe('cancelled');
    const said = made.rig.log.filter(({ message }) => message === 'alarm');
    expect(JSON.stringify(said)).toContain('although it had ended here');
    // After its late-fill window it is known by the journal alone.
    await made.rig.pass(120_000);
    expect(made.rig.runtime.records.has(id)).toBe(false);
    own.status = 'resting';
    await made.rig.pass(2 * PERIOD_MS);
    expect(own.status).toBe('cancelled');
    expect(made.rig.halted()).toBeNull();
  });

  it('and are missing from a listing are asked about, and end by the answer alone', async () => {
    const made = await reconciled();
    made.venue.told = ({ type }) => (type === 'order.cancelled' ? [] : [5]);
    await begin(made);
    const { id } = made.rig.execute(wish);
    await made.rig.pass(1_000);
    const list = made.venue.openOrders.bind(made.venue);
    made.venue.openOrders = async () => [];
    let asked = 0;
    made.venue.answers = async (found) => {
      asked += 1;
      return found;
    };
    await made.rig.pass(2 * PERIOD_MS);
    expect(asked).toBeGreaterThan(0);
    expect(made.stateOf(id)).toMatchObject({ quantity: { working: 10 } });
    made.venue.openOrders = list;
    made.venue.end(made.orderId(), 'cancelled');
    await made.rig.pass(2 * PERIOD_MS);
    expect(made.stateOf(id)).toMatchObject({ quantity: { working: 0 } });
  });

  it('are not judged by a listing that is older than our last word of them', async () => {
    const made = await reconciled();
    await begin(made);
    made.rig.execute({ ...wish, timeLimitMs: 2_000 });
    await made.rig.pass(1_000);
    const { asOfMs } = made.venue;
    const oldMs = asOfMs();
    const then = await made.venue.openOrders();
    expect(then).toHaveLength(1);
    await made.rig.settle();
    made.venue.openOrders = async () => then;
    made.venue.asOfMs = () => oldMs;
    await made.rig.pass(3 * PERIOD_MS);
    expect(made.venue.calls.map(({ kind }) => kind)).toEqual(['submit', 'cancel']);
    expect(made.rig.log.filter(({ message }) => message === 'alarm')).toEqual([]);
  });
});
