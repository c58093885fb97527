/** Questions about silent orders: patient, few, and without harm where they are not answered. */
import { describe, expect, it } from 'vitest';
import {
  ANSWER_TIMEOUT_MS,
  CONFIRM_ENDING_MS,
  CONFIRM_RESTING_MS,
} from '../../src/domain/limits.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { createEngine, InputError } from '../../src/index.ts';
import { START_MS } from '../support/rig.ts';
import { HONEST, ScriptedVenue } from '../support/scripted-venue.ts';
import { silentWorld } from '../support/silent.ts';

/** The most of these times that lie in one stretch of so many milliseconds. */
const mostWithin = (times: readonly number[], stretchMs: number): number =>
  Math.max(
    0,
    ...times.map((from) => times.filter((at) => at >= from && at <= from + stretchMs).length),
  );

describe('a question', () => {
  it('that finds nothing frees nothing', async () => {
    const { rig, venue, id, quantity, asked } = await silentWorld({ timeLimitMs: 300_000 });
    venue.answers = async () => null;
    await rig.pass(200_000);
    expect(asked.length).toBeGreaterThan(5);
    expect(quantity()).toMatchObject({ working: 10, inDoubt: 0, unreleased: 0 });
    expect(rig.log.some(({ message }) => message.includes('knows no order'))).toBe(true);
    await rig.settle();
    expect(rig.results.get(id)?.outcome).toBe('unfilled');
  });

  it.each(['fails', 'is never answered'])('that %s is put again, alone and slower', async (how) => {
    const { rig, venue, id, orderId, asked } = await silentWorld();
    venue.answers = () => (how === 'fails' ? Promise.reject(new Error('502')) : new Promise(noop));
    venue.fill(orderId(), 10);
    await rig.pass(300_000);
    expect(asked.length).toBeGreaterThan(8);
    expect(asked.length).toBeLessThan(14);
    expect(mostWithin(asked, ANSWER_TIMEOUT_MS - 1)).toBe(1);
    expect(rig.results.size).toBe(0);
    venue.answers = async (order) => order;
    await rig.settle();
    expect(rig.results.get(id)).toMatchObject({ outcome: 'completed', filledQuantity: '10' });
  });

  it('whose fills cannot be listed is put again', async () => {
    const { rig, venue, id, orderId } = await silentWorld();
    const list = venue.fillsSince.bind(venue);
    let asked = 0;
    venue.fillsSince = async (cursor) => {
      asked += 1;
      if (asked === 1) throw new Error('502');
      return list(cursor);
    };
    venue.fill(orderId(), 10);
    await rig.settle(30_000);
    expect(rig.results.get(id)).toMatchObject({ outcome: 'completed', filledQuantity: '10' });
    expect(asked).toBe(2);
  });

  it('that the stream has overtaken proves nothing of the stream', async () => {
    const { rig, venue, orderId, quantity, asked } = await silentWorld();
    venue.answers = async (order) => {
      venue.told = () => [0];
      venue.fill(orderId(), 1);
      await new Promise<void>((resolve) => {
        rig.clock.setTimeout(resolve, 200);
      });
      return order;
    };
    venue.fill(orderId(), 4);
    await rig.pass(2 * CONFIRM_RESTING_MS);
    expect(quantity()).toMatchObject({ filled: 6 });
    expect(asked).toHaveLength(2);
  });

  it('waits longer for a slow venue', async () => {
    const capabilities = { latencyP99Ms: 2_000 };
    const { rig, asked } = await silentWorld({ venue: { capabilities } });
    await rig.pass(19_000);
    expect(asked).toEqual([]);
    await rig.pass(2_000);
    expect(asked).toHaveLength(1);
  });

  it('is put to no venue whose stream alone is believed', async () => {
    const { rig, asked } = await silentWorld({ rig: { confirmation: null } });
    await rig.pass(300_000);
    expect(asked).toEqual([]);
  });

  it.each(['found', 'unknown', 'failed'])('is put no more when all is stopped: %s', async (how) => {
    const { rig, venue, orderId, asked } = await silentWorld();
    let answer = noop;
    venue.answers = (order) =>
      new Promise((resolve, reject) => {
        answer = () => {
          if (how === 'failed') reject(new Error('502'));
          else resolve(how === 'found' ? order : null);
        };
      });
    await rig.pass(CONFIRM_ENDING_MS);
    expect(asked).toHaveLength(1);
    venue.fill(orderId(), 1);
    rig.runtime.stop();
    const { length } = rig.log;
    answer();
    await rig.pass(10);
    expect(rig.clock.pending).toBe(0);
    await rig.pass(60_000);
    expect([asked.length, rig.clock.pending, rig.log.length]).toEqual([1, 0, length]);
  });

  it('about an order in doubt is the business of one alone', async () => {
    const { rig, venue, quantity, asked } = await silentWorld();
    venue.plan = (kind) => (kind === 'submit' ? { ...HONEST, reply: 'throw' } : HONEST);
    venue.answers = async () => null;
    venue.asOfMs = () => START_MS;
    rig.execute({ algorithm: { name: 'resting' }, quantity: '3' });
    const before = asked.length;
    await rig.pass(30_000);
    // The order of the world is asked about slowly, the one in doubt once a second.
    expect(asked.length - before).toBeLessThanOrEqual(30 + 3);
    expect(quantity()).toMatchObject({ working: 10 });
  });
});

describe('many questions', () => {
  it('leave room for orders and for every cancel', async () => {
    const { rig, venue, asked, id } = await silentWorld({ name: 'many', quantity: '60' });
    const called = (): readonly number[] => venue.calls.map(({ atMs }) => atMs - START_MS);
    await rig.pass(300_000);
    expect(asked.length).toBeGreaterThan(100);
    expect(mostWithin(asked, 60_000)).toBeLessThanOrEqual(45);
    expect(mostWithin(asked, 999)).toBeLessThanOrEqual(5);
    expect(mostWithin(called(), 60_000)).toBeLessThanOrEqual(90);
    expect(rig.runtime.gateway.callsLeft('order')).toBe(80);
    rig.runtime.tell(id, { type: 'execution.cancel', reason: 'enough', urgent: false });
    await rig.settle();
    expect(venue.resting()).toEqual([]);
  });

  it('find what is missing of each', async () => {
    const { rig, venue, id, asked } = await silentWorld({ name: 'many', quantity: '60' });
    for (const orderId of venue.orders.keys()) venue.fill(orderId, 1);
    await rig.settle();
    expect(rig.results.get(id)).toMatchObject({ outcome: 'completed', filledQuantity: '60' });
    expect(asked.length).toBeLessThanOrEqual(60);
  });
});

describe('the times of confirmation', () => {
  it.each([
    [{ restingMs: 0 }, 'confirmation.restingMs is a whole number of milliseconds above 0, was 0'],
    [{ endingMs: 0.5 }, 'confirmation.endingMs is a whole number'],
    [{ endingMs: Infinity }, 'confirmation.endingMs is a whole number'],
    [{ endingMs: '5' }, 'confirmation.endingMs is a whole number'],
    [{ pollMs: 5 }, 'option confirmation'],
  ])('are refused: %j', async (confirmation, message) => {
    const venue = new ScriptedVenue({ clock: new VirtualClock(START_MS) });
    const given = { venues: [venue], confirmation } as unknown as Parameters<
      typeof createEngine
    >[0];
    await expect(createEngine(given)).rejects.toThrow(InputError);
    await expect(createEngine(given)).rejects.toThrow(message);
  });
});

function noop(): void {
  return undefined;
}
