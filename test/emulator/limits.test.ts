/** Token buckets: reads and writes apart, each call at its cost, refilled all the time. */
import { describe, expect, it } from 'vitest';
import { Bucket } from '../../src/emulator/buckets.ts';
import { Desk, ORDER } from './desk.ts';

describe('a bucket', () => {
  it('holds so much and no more, and is refilled all the time', () => {
    const bucket = new Bucket({ refillPerSecond: 100, capacity: 200 });
    expect([bucket.take(200, 0), bucket.take(1, 0)]).toEqual([true, false]);
    expect([bucket.take(10, 99), bucket.take(10, 100)]).toEqual([false, true]);
    expect([bucket.take(200, 60_000), bucket.take(1, 60_000)]).toEqual([true, false]);
  });

  it('takes nothing for what it refuses', () => {
    const bucket = new Bucket({ refillPerSecond: 1, capacity: 10 });
    expect([bucket.take(11, 0), bucket.take(10, 0)]).toEqual([false, true]);
  });
});

describe('a basic account', () => {
  it('places ten orders at once, and is answered with a text then', () => {
    const desk = Desk.basic();
    const statuses = Array.from({ length: 11 }, () => desk.place().status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 201), 429]);
    expect(desk.place().body).toEqual({ error: 'too many requests' });
    // Reads have a bucket of their own.
    expect(desk.call('GET', '/portfolio/orders').status).toBe(200);
    desk.wait(100);
    expect([desk.place().status, desk.place().status]).toEqual([201, 429]);
  });

  it('cancels five for the price of one', () => {
    const desk = Desk.basic();
    const ids = Array.from({ length: 10 }, () => desk.placed());
    const cancel = (id = ''): number =>
      desk.call('DELETE', `/portfolio/events/orders/${id}`).status;
    expect(cancel(ids[0])).toBe(429);
    desk.wait(20);
    expect([cancel(ids[0]), cancel(ids[1])]).toEqual([200, 429]);
  });

  it('pays for each order of a batch, and nothing for one that does not fit', () => {
    const desk = Desk.basic();
    const batch = (count: number): number => {
      const orders = Array.from({ length: count }, () => ORDER);
      return desk.call('POST', '/portfolio/events/orders/batched', { orders }).status;
    };
    expect([batch(11), batch(6), batch(5), batch(4), batch(1)]).toEqual([429, 201, 429, 201, 429]);
  });

  it('reads forty times at once', () => {
    const desk = Desk.basic();
    const read = (): number => desk.call('GET', '/portfolio/balance').status;
    expect(Array.from({ length: 40 }, read).every((status) => status === 200)).toBe(true);
    expect(read()).toBe(429);
  });
});
