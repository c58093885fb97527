import { describe, expect, it } from 'vitest';
import {
  ACCEPTANCE_WINDOW_MS,
  ANSWER_TIMEOUT_MS,
  RESOLUTION_ATTEMPTS_MAX,
  RETRY_MS,
} from '../../src/domain/limits.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import { START_MS } from '../support/rig.ts';
import { PROOF_MS, ref, search } from '../support/search.ts';

describe('an order in doubt', () => {
  it.each(['resting', 'cancelled', 'expired', 'rejected'] as const)(
    'is found %s',
    async (status) => {
      const { resolver, reports, hold, pass, clock, questions } = search();
      hold(status);
      resolver.resolve(ref);
      resolver.resolve(ref);
      await pass(60_000);
      expect(reports).toMatchObject([{ type: 'order.found', status, cumulative: 0, price: 45 }]);
      expect([questions(), clock.pending]).toEqual([1, 0]);
    },
  );

  it('is asked about until the fills we know add up', async () => {
    const { resolver, venue, reports, hold, pass, clock } = search();
    hold('filled', 10);
    resolver.resolve(ref);
    await pass(3_500);
    expect(reports.length).toBeGreaterThan(2);
    const order = venue.orders.get(ref.clientOrderId);
    if (order === undefined) throw new Error('the venue holds it');
    const fill = venue.madeFill(order, lots(10), 'f1');
    venue.fills.push({ ...fill, clientOrderId: ref.clientOrderId, symbol: 'M' });
    await pass(RETRY_MS);
    const told = reports.length;
    await pass(60_000);
    expect([reports.length, clock.pending]).toEqual([told, 0]);
  });

  it('is asked about until the venue reads what it said itself: its end', async () => {
    const { resolver, reports, hold, pass, say, clock } = search();
    say({ hasEnded: true });
    hold('resting');
    resolver.resolve(ref);
    await pass(3_500);
    expect(resolver.doubts[0]?.learnt).toBe('read as it was before its end');
    hold('cancelled');
    await pass(60_000);
    expect(reports.at(-1)).toMatchObject({ type: 'order.found', status: 'cancelled' });
    expect([resolver.isAsking(ref.clientOrderId), clock.pending]).toEqual([false, 0]);
  });

  it('was never accepted only when the listing is complete past its window', async () => {
    const { resolver, reports, pass } = search();
    resolver.resolve(ref);
    await pass(PROOF_MS - 1);
    expect(reports).toEqual([]);
    await pass(4 * RETRY_MS);
    expect(reports.map(({ type }) => type)).toEqual(['order.neverAccepted']);
  });

  it('outlives a venue that errs, and one that does not answer at all', async () => {
    const { resolver, venue, reports, hold, pass, questions } = search();
    let asked = 0;
    venue.answers = async (order) => {
      asked += 1;
      if (asked === 1) throw new Error('502');
      if (asked === 2) return new Promise(() => undefined);
      return order;
    };
    hold('resting');
    resolver.resolve(ref);
    await pass(RETRY_MS + ANSWER_TIMEOUT_MS - 1);
    expect(reports).toEqual([]);
    await pass(10);
    expect(reports).toHaveLength(1);
    expect(questions()).toBe(3);
  });

  it('calls for a person once, and goes on asking slowly', async () => {
    const { resolver, venue, log, reports, hold, pass, questions } = search();
    venue.asOfMs = () => START_MS;
    resolver.resolve(ref);
    await pass(3 * RESOLUTION_ATTEMPTS_MAX * RETRY_MS);
    expect(questions()).toBe(RESOLUTION_ATTEMPTS_MAX);
    expect([resolver.hasStuck, resolver.isStuck(ref.clientOrderId)]).toEqual([true, true]);
    expect(resolver.doubts).toMatchObject([{ ref, sinceMs: START_MS, isStuck: true }]);
    expect(resolver.doubts[0]?.learnt).toContain('as of');
    await pass(10 * ACCEPTANCE_WINDOW_MS);
    expect(questions()).toBeLessThanOrEqual(RESOLUTION_ATTEMPTS_MAX + 10);
    expect(log.filter(({ level }) => level === 'error')).toHaveLength(1);
    hold('resting');
    await pass(ACCEPTANCE_WINDOW_MS);
    expect(reports.map(({ type }) => type)).toEqual(['order.found']);
  });

  it('is the business of one question at a time', async () => {
    const { resolver, pass } = search();
    resolver.resolve(ref);
    expect(resolver.isAsking(ref.clientOrderId)).toBe(true);
    await pass(2 * ACCEPTANCE_WINDOW_MS);
    expect(resolver.isAsking(ref.clientOrderId)).toBe(false);
  });

  it('is asked about no more when all is stopped', async () => {
    const { resolver, venue, pass, clock, questions, log } = search();
    let answer = (): void => undefined;
    resolver.resolve(ref);
    await pass(1_500);
    venue.answers = () =>
      new Promise((_, reject) => {
        answer = () => reject(new Error('502'));
      });
    await pass(1_000);
    const asked = questions();
    resolver.stop();
    expect(clock.pending).toBe(0);
    answer();
    await pass(60_000);
    expect([questions(), log]).toEqual([asked, []]);
  });

  it.each(['asOf', 'order', 'fillsSince'] as const)(
    'moves nothing when all is stopped before %s is answered',
    async (read) => {
      const { resolver, venue, reports, hold, pass, ownAsked } = search();
      hold('filled', 10);
      let answer = (): void => undefined;
      const honest = venue[read].bind(venue) as (asked: unknown) => Promise<never>;
      venue[read] = async (asked?: unknown) => {
        await new Promise<void>((resolve) => (answer = resolve));
        return honest(asked);
      };
      resolver.resolve(ref);
      await pass(100);
      const asked = ownAsked();
      resolver.stop();
      answer();
      await pass(60_000);
      expect([ownAsked(), reports]).toEqual([asked, []]);
    },
  );
});

describe('a search', () => {
  it('takes no order for ours that is not what was sent', async () => {
    const { resolver, venue, reports, hold, pass } = search();
    hold('resting');
    const order = venue.orders.get(ref.clientOrderId);
    if (order === undefined) throw new Error('the venue holds it');
    order.request = { ...order.request, price: ticks(46) };
    resolver.resolve(ref);
    await pass(5 * ACCEPTANCE_WINDOW_MS);
    expect(reports).toEqual([]);
    expect(resolver.doubts[0]?.learnt).toContain('another price');
  });

  it('asks no more once its end is proven without it', async () => {
    const { resolver, pass, hold, end, venue, questions } = search();
    hold('resting');
    const held = venue.orders.get(ref.clientOrderId);
    if (held !== undefined) held.request = { ...held.request, price: ticks(44) };
    resolver.resolve(ref);
    await pass(5_000);
    expect(resolver.doubts).toHaveLength(1);
    end();
    expect(resolver.doubts).toEqual([]);
    const asked = questions();
    await pass(120_000);
    expect(questions()).toBe(asked);
    expect(resolver.isAsking(ref.clientOrderId)).toBe(false);
  });

  it('is answered by a listing that shows the order', async () => {
    const { resolver, venue, reports, hold, pass, clock } = search();
    venue.answers = () => new Promise(() => undefined);
    resolver.resolve(ref);
    await pass(RETRY_MS);
    hold('resting');
    const [listed] = await venue.openOrders();
    if (listed === undefined) throw new Error('it is listed');
    await resolver.seen(listed);
    expect(reports).toMatchObject([{ type: 'order.found', status: 'resting' }]);
    expect([resolver.doubts, clock.pending]).toEqual([[], 0]);
  });

  it('waits for room, and that is no question', async () => {
    const { resolver, hold, reports, pass, allow, questions } = search();
    hold('resting');
    allow(0);
    resolver.resolve(ref);
    await pass(5 * RETRY_MS);
    expect([questions(), reports, resolver.doubts[0]?.attempts]).toEqual([0, [], 0]);
    allow(1);
    await pass(RETRY_MS);
    expect(reports).toHaveLength(1);
  });
});

describe('an order that nobody doubts', () => {
  it('is asked about once; that it rests as we know it is not told', async () => {
    const { resolver, reports, hold, clock, questions } = search();
    hold('resting');
    expect(await resolver.confirm(ref)).toBe('same');
    expect([reports, questions(), clock.pending]).toEqual([[], 1, 0]);
  });

  it('is told to be over, and then its fills', async () => {
    const { resolver, venue, reports, hold } = search();
    hold('filled', 10);
    const order = venue.orders.get(ref.clientOrderId);
    if (order === undefined) throw new Error('the venue holds it');
    const fill = venue.madeFill(order, lots(10), 'f1');
    venue.fills.push({ ...fill, clientOrderId: ref.clientOrderId, symbol: 'M' });
    expect(await resolver.confirm(ref)).toBe('news');
    expect(reports).toMatchObject([{ status: 'filled', cumulative: 10, venueOrderId: 'v1' }]);
    expect(await resolver.confirm(ref)).toBe('news');
    order.status = 'resting';
    expect(await resolver.confirm(ref)).toBe('same');
  });

  it('that the venue does not know stays as it is, whatever its clock says', async () => {
    const { resolver, venue, reports } = search();
    venue.asOfMs = () => START_MS + 10 * ACCEPTANCE_WINDOW_MS;
    expect(await resolver.confirm(ref)).toBe('unknown');
    expect(reports).toEqual([]);
  });

  it('rejects with what the venue throws', async () => {
    const { resolver, venue } = search();
    venue.answers = () => Promise.reject(new Error('502'));
    await expect(resolver.confirm(ref)).rejects.toThrow('502');
  });
});
