/** Law 2: what could change the venue is durable before its first byte leaves. */
import { describe, expect, it } from 'vitest';
import {
  DECISIONS_PER_TURN_MAX,
  JOURNAL_GRACE_MS,
  LATE_FILL_WINDOW_MS,
  STARTS_PER_TURN_MAX,
  TURN_INPUTS_MAX,
} from '../../src/domain/limits.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { resting } from '../support/embedded.ts';
import { hostileRun } from '../support/hostile.ts';
import { type Rig, START_MS, startRig } from '../support/rig.ts';
import { type Call, HONEST, ScriptedVenue } from '../support/scripted-venue.ts';

async function scriptedRig(): Promise<{ readonly rig: Rig; readonly venue: ScriptedVenue }> {
  const clock = new VirtualClock(START_MS);
  const venue = new ScriptedVenue({ clock });
  const rig = await startRig({ venue, clock, algorithms: [resting] });
  venue.snapshot();
  return { rig, venue };
}

/** Command rows of the same kind and order id that are durable, less the calls made before. */
const intentsLeft = (
  { store }: Rig,
  calls: readonly Call[],
  { kind, clientOrderId }: Call,
): number =>
  store.rows.filter(
    ({ kind: row, type, body }) =>
      row === 'command' && type === kind && body.includes(`"${clientOrderId}"`),
  ).length -
  calls.filter((call) => call.kind === kind && call.clientOrderId === clientOrderId).length;

describe('intent before wire', () => {
  it('holds for every call of a long hostile run', async () => {
    let checked = 0;
    const faults: Call[] = [];
    const events = Array.from({ length: 40 }, (_, index) => ({
      afterMs: 150,
      what: (['fill', 'live', 'copy', 'end'] as const)[index % 4] ?? 'fill',
      which: index,
      quantity: 2,
    }));
    for (const amends of [true, false])
      await hostileRun(
        {
          amends,
          events,
          whenStale: 'cancel',
          quantities: [20, 15, 10],
          plans: [
            HONEST,
            HONEST,
            {
              ...HONEST,
              reply: 'ambiguous',
            },
            {
              ...HONEST,
              replyMs: 300,
            },
          ],
          told: [[5], [5, 5], [600]],
        },
        (rig, venue) => {
          venue.onCall = (call) => {
            checked += 1;
            // What a test throws here would only be another venue that fails.
            if (intentsLeft(rig, venue.calls, call) < 0) faults.push(call);
            if (rig.runtime.outbox.commands.length > 0) faults.push(call);
          };
        },
      );
    expect(faults).toEqual([]);
    expect(checked).toBeGreaterThan(30);
  });

  it('sends nothing when the commit fails, halts, and tells the order so', async () => {
    const { rig, venue } = await scriptedRig();
    await rig.pass(10);
    rig.store.fails = 'disk full';
    const { id } = rig.execute({ algorithm: { name: 'resting' } });
    await rig.pass(50);
    expect(venue.calls).toEqual([]);
    expect(rig.halted()).toContain('disk full');
    const [order] = rig.runtime.hostOf('M').execution(id)?.getSnapshot().context.orders ?? [];
    expect(order).toMatchObject({
      splitOrderId: `${id}-1`,
      ending: 'failed',
      working: 0,
      inDoubt: 0,
    });
    expect(rig.updates).toEqual([]);
    expect(rig.results.size).toBe(0);
    rig.store.fails = null;
    await rig.settle();
    expect(rig.results.get(id)).toMatchObject({ outcome: 'cancelled', filledQuantity: '0' });
    expect(rig.store.inputsOf(id).map(({ type }) => type)).toContain('order.notSent');
  });

  it('still withdraws what rests when nothing can be made durable', async () => {
    const { rig, venue } = await scriptedRig();
    rig.execute({ algorithm: { name: 'resting' } });
    await rig.pass(100);
    expect(venue.resting()).toHaveLength(1);
    rig.store.fails = 'disk full';
    venue.fill(venue.calls[0]?.clientOrderId ?? '', 3);
    await rig.pass(3_000);
    expect(venue.resting()).toEqual([]);
    expect(venue.calls.map(({ kind }) => kind)).toEqual(['submit', 'cancel']);
  });
});

describe('a journal that cannot be written', () => {
  it.each([
    'database is locked (SQLITE_BUSY)',
    'database or disk is full (SQLITE_FULL)',
    'disk I/O error (SQLITE_IOERR)',
    'attempt to write a readonly database (SQLITE_READONLY)',
  ])('halts, withdraws, and has every row once it heals: %s', async (failure) => {
    const { rig, venue } = await scriptedRig();
    const { id } = rig.execute({ algorithm: { name: 'resting' } });
    await rig.pass(100);
    const told = rig.updates.length;
    const before = rig.store.inputsOf(id).length;
    rig.store.fails = failure;
    venue.fill(venue.calls[0]?.clientOrderId ?? '', 3);
    await rig.pass(30 * JOURNAL_GRACE_MS);
    expect(rig.halted()).toContain(failure);
    expect(venue.resting()).toEqual([]);
    expect(venue.calls.map(({ kind }) => kind)).toEqual(['submit', 'cancel']);
    expect([rig.results.size, rig.updates.length]).toEqual([0, told]);
    expect(rig.store.inputsOf(id)).toHaveLength(before);
    rig.store.fails = null;
    await rig.settle();
    expect(rig.results.get(id)).toMatchObject({ outcome: 'cancelled', filledQuantity: '3' });
    expect(rig.store.fillsOf(id).map(({ quantity }) => quantity)).toEqual(['3']);
    const types = rig.store.inputsOf(id).map(({ type }) => type);
    // The cancel is answered, and the stream tells it too.
    const ends = ['order.cancelled', 'order.cancelled'];
    expect(types.slice(before)).toEqual(['order.filled', 'execution.cancel', ...ends]);
    expect(rig.store.execution(id)?.state).toMatchObject({ outcome: 'cancelled', filledLots: 3 });
    await rig.pass(2 * LATE_FILL_WINDOW_MS);
    expect(rig.runtime.records.size).toBe(0);
  });

  it('keeps nobody from stopping: in the end results are given, durable or not', async () => {
    const { rig } = await scriptedRig();
    const { id } = rig.execute({ algorithm: { name: 'resting' } });
    await rig.pass(100);
    rig.store.fails = 'disk full';
    rig.runtime.cancelAll('the engine stops', false);
    await rig.pass(5 * JOURNAL_GRACE_MS);
    expect(rig.results.size).toBe(0);
    void rig.runtime.settled();
    await rig.pass(JOURNAL_GRACE_MS - 1_000);
    expect(rig.results.size).toBe(0);
    await rig.pass(2_000);
    expect(rig.results.get(id)).toMatchObject({ outcome: 'cancelled', filledQuantity: '0' });
    expect(rig.log.some(({ message }) => message.includes('not durable'))).toBe(true);
    expect(rig.store.inputsOf(id).at(-1)?.type).toBe('order.accepted');
  });
});

describe('the turn', () => {
  it('takes at most 64 inputs', async () => {
    const { rig, venue } = await scriptedRig();
    rig.execute({ algorithm: { name: 'resting' } });
    await rig.pass(100);
    const clientOrderId = venue.calls[0]?.clientOrderId ?? '';
    rig.store.turns.length = 0;
    const reason = 'said a hundred times';
    for (let count = 0; count < 100; count += 1)
      venue.report('M', { type: 'order.cancelRejected', clientOrderId, reason });
    await rig.pass(5);
    const heard = rig.store.turns.map(
      ({ journal }) => journal.filter(({ type }) => type === 'order.cancelRejected').length,
    );
    expect(heard.slice(0, 2)).toEqual([TURN_INPUTS_MAX, 100 - TURN_INPUTS_MAX]);
  });

  it('lets a few begin, commits once, and sends in order after it', async () => {
    const { rig, venue } = await scriptedRig();
    await rig.pass(10);
    rig.store.turns.length = 0;
    const turnOf: number[] = [];
    venue.onCall = () => turnOf.push(rig.store.turns.length);
    const records = Array.from({ length: 90 }, () =>
      rig.execute({ algorithm: { name: 'resting' } }),
    );
    await rig.pass(0);
    const opened = rig.store.turns.map(
      ({ journal }) => journal.filter(({ type }) => type === 'execution.requested').length,
    );
    // 90 admissions and 90 plans, a few of them in one turn; each turn commits once.
    expect(opened.slice(0, 6)).toEqual([...Array<number>(5).fill(STARTS_PER_TURN_MAX), 10]);
    const decided = rig.store.turns.map(
      ({ journal }) =>
        journal.filter(({ type }) => /^execution\.(?:admitted|decided)$/.test(type)).length,
    );
    expect(Math.max(...decided)).toBeLessThanOrEqual(DECISIONS_PER_TURN_MAX);
    expect(decided.reduce((sum, count) => sum + count, 0)).toBe(180);
    // The budget of a minute holds 80 orders; the cancels keep their 10 calls.
    expect(venue.calls).toHaveLength(80);
    expect(turnOf).toEqual(turnOf.toSorted((left, right) => left - right));
    const wanted = rig.store.rows.filter(({ kind }) => kind === 'command');
    expect(wanted.map(({ executionId }) => executionId)).toEqual(records.map(({ id }) => id));
    const sent = wanted.slice(0, 80).map(({ body }) => body);
    venue.calls.forEach(({ clientOrderId }, index) => {
      expect(sent[index]).toContain(`"clientOrderId":"${clientOrderId}"`);
    });
  });
});
