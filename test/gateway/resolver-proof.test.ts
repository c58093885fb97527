/** What proves that an order is not there, or that all of its fills are known. */
import { describe, expect, it } from 'vitest';
import { ACCEPTANCE_WINDOW_MS, LISTING_MARGIN_MS, RETRY_MS } from '../../src/domain/limits.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import { START_MS } from '../support/rig.ts';
import { orderOf, PROOF_MS, ref, search } from '../support/search.ts';

describe('proof that an order is not there', () => {
  it('needs the listings too: one that is found there exists', async () => {
    const { resolver, venue, reports, hold, pass } = search();
    hold('resting');
    venue.answers = async () => null;
    resolver.resolve(ref);
    await pass(ACCEPTANCE_WINDOW_MS + 10 * RETRY_MS);
    expect(reports.map(({ type }) => type)).toEqual(['order.found']);
  });

  it('is not had of an order with fills', async () => {
    const { resolver, venue, reports, hold, pass } = search();
    hold('filled', 10);
    const order = venue.orders.get(ref.clientOrderId);
    if (order === undefined) throw new Error('the venue holds it');
    const fill = venue.madeFill(order, lots(10), 'f1');
    venue.fills.push({ ...fill, clientOrderId: ref.clientOrderId, symbol: 'M' });
    venue.answers = async () => null;
    resolver.resolve(ref);
    await pass(3 * ACCEPTANCE_WINDOW_MS);
    expect(reports).toEqual([]);
    expect(resolver.doubts[0]?.learnt).toContain('it has fills');
  });

  it('counts from the sending, not from the doubt', async () => {
    const { resolver, venue, reports, pass, say } = search();
    say({ quietMs: PROOF_MS });
    resolver.resolve(ref);
    await pass(0);
    expect(reports.map(({ type }) => type)).toEqual(['order.neverAccepted']);
    expect(venue.calls).toEqual([]);
  });

  it('is counted on the own clock of a venue that is ahead of ours', async () => {
    const { resolver, venue, clock, reports, pass, say } = search();
    venue.asOfMs = () => clock.wallMs() + 3_600_000;
    say({ quietMs: PROOF_MS });
    resolver.resolve(ref);
    await pass(PROOF_MS - 1);
    expect(reports).toEqual([]);
    await pass(5 * RETRY_MS);
    expect(reports.map(({ type }) => type)).toEqual(['order.neverAccepted']);
  });

  it('of one that the venue had taken says that it is over, with the fills it had', async () => {
    const { resolver, reports, pass, say } = search();
    say({ taken: { filled: lots(4), price: ticks(45), quantity: lots(10) } });
    resolver.resolve(ref);
    await pass(PROOF_MS + 5 * RETRY_MS);
    expect(reports).toMatchObject([{ type: 'order.found', status: 'cancelled', cumulative: 4 }]);
  });
});

describe('an order whose fills do not add up to what the venue counts', () => {
  it('is settled where the rest was taken back', async () => {
    const { resolver, reports, hold, leave, pass } = search();
    leave('takenBack');
    hold('cancelled', 10);
    expect(await resolver.confirm(ref)).toBe('news');
    resolver.resolve(ref);
    await pass(0);
    expect(reports).toMatchObject([{ settled: true }, { status: 'cancelled', settled: true }]);
    expect(resolver.doubts).toEqual([]);
  });

  it('is not while it rests', async () => {
    const { resolver, reports, hold, leave, pass } = search();
    leave('takenBack');
    hold('resting', 10);
    expect(await resolver.confirm(ref)).toBe('same');
    resolver.resolve(ref);
    await pass(0);
    expect(reports[0]).not.toHaveProperty('settled');
  });

  it('is settled where a bust came without its fill, once no list can show that', async () => {
    const { resolver, reports, hold, leave, pass } = search();
    leave('unclear');
    hold('filled', 10);
    resolver.resolve(ref);
    await pass(PROOF_MS - 1);
    expect(reports.some((report) => 'settled' in report)).toBe(false);
    await pass(5 * RETRY_MS);
    expect(reports.at(-1)).toMatchObject({ status: 'filled', settled: true });
    expect(resolver.doubts).toEqual([]);
  });
});

describe('a venue that cannot be asked by our id', () => {
  const blind = () => {
    const made = search();
    Object.assign(made.venue.capabilities, { lookupByClientId: false });
    made.venue.answers = () => Promise.reject(new Error('no such question'));
    return made;
  };

  it('is looked through: orders that rest, then those that have ended', async () => {
    for (const status of ['resting', 'cancelled'] as const) {
      const { resolver, venue, reports, hold, pass } = blind();
      hold(status);
      const asked: number[] = [];
      const found = orderOf(status, 0);
      Object.assign(venue, {
        closedOrders: async (sinceMs: number) => {
          asked.push(sinceMs);
          const { request, venueOrderId } = found;
          const { clientOrderId, symbol } = request;
          return [{ clientOrderId, symbol, venueOrderId, status, request, cumulative: lots(0) }];
        },
      });
      resolver.resolve(ref);
      await pass(RETRY_MS);
      expect(reports).toMatchObject([{ type: 'order.found', status }]);
      expect(asked).toEqual(status === 'resting' ? [] : [START_MS - LISTING_MARGIN_MS]);
    }
  });

  it('proves nothing where it does not list what has ended', async () => {
    const { resolver, reports, pass } = blind();
    resolver.resolve(ref);
    await pass(5 * ACCEPTANCE_WINDOW_MS);
    expect(reports).toEqual([]);
    expect(resolver.doubts[0]?.learnt).toContain('no orders that have ended');
  });

  it('proves it where it does', async () => {
    const { resolver, venue, reports, pass } = blind();
    Object.assign(venue, { closedOrders: async () => [] });
    resolver.resolve(ref);
    await pass(PROOF_MS + 5 * RETRY_MS);
    expect(reports.map(({ type }) => type)).toEqual(['order.neverAccepted']);
  });
});
