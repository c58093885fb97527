/** Each scripted fault, once, over loopback: what a client sees of it, and what is true. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FAULT_NAMES, type FaultName } from '../../src/emulator/faults.ts';
import { type KalshiEmulator, startKalshiEmulator } from '../../src/emulator/start.ts';
import { Desk, START_MS } from './desk.ts';
import { Caller, type Connection } from './loopback.ts';
import { stillMarkets, TICKER } from './still-market.ts';

let emulator: KalshiEmulator;
let caller: Caller;

beforeEach(async () => {
  const plenty = { refillPerSecond: 10_000, capacity: 10_000 };
  emulator = await startKalshiEmulator({
    source: stillMarkets(),
    keyKind: 'ed25519',
    tier: { name: 'plenty', read: plenty, write: plenty },
  });
  caller = new Caller(emulator);
});

afterEach(() => emulator.close());

/** The fault strikes the next call, and none after it. */
async function during<T>(name: FaultName, act: () => Promise<T>): Promise<T> {
  emulator.setFault(name, true);
  try {
    return await act();
  } finally {
    emulator.setFault(name, false);
  }
}

const eventually = (check: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 5_000, interval: 10 });

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('an order command', () => {
  it('never arrives: lost-request', async () => {
    await expect(during('lost-request', () => caller.place())).rejects.toThrow('fetch failed');
    expect(await caller.openOrders()).toEqual([]);
  });

  it.each(['lost-response', 'late-accept'] as const)('has no answer: %s', async (name) => {
    await expect(during(name, () => caller.place())).rejects.toThrow('fetch failed');
    if (name === 'late-accept') expect(await caller.openOrders()).toHaveLength(0);
    await eventually(async () => expect(await caller.openOrders()).toHaveLength(1));
  });

  it.each([
    ['error-after', 500, 1],
    ['error-before', 503, 0],
    ['html-body', 502, 1],
    ['html-page', 200, 1],
    ['garbled-body', 201, 1],
    ['empty-body', 201, 1],
  ] as const)('has a strange answer: %s', async (name, status, count) => {
    const answer = await during(name, () => caller.place());
    expect(answer.status).toBe(status);
    expect(await caller.openOrders()).toHaveLength(count);
    if (name === 'empty-body') expect(answer.text).toBe('{}');
    else if (status < 300 || status === 502) expect(isJson(answer.text)).toBe(false);
    else expect(JSON.parse(answer.text)).toHaveProperty('error.code');
  });

  it('is answered with another order: wrong-order', async () => {
    const { order_id } = JSON.parse((await caller.place()).text) as { readonly order_id: string };
    const path = `/portfolio/events/orders/${order_id}`;
    const answer = await during('wrong-order', () => caller.json('DELETE', path));
    expect(answer['order_id']).not.toBe(order_id);
    expect(await caller.openOrders()).toEqual([]);
  });

  it('is answered after its fills: fill-before-ack', async () => {
    const connection = await watch();
    const answer = during('fill-before-ack', () => caller.place({ price: '0.4400' }));
    await eventually(() => expect(connection.ofType('fill')).toHaveLength(1));
    let isAnswered = false;
    void answer.then(() => (isAnswered = true));
    await Promise.resolve();
    expect(isAnswered).toBe(false);
    expect((await answer).status).toBe(201);
  });
});

describe('a private call', () => {
  it('is one too many: rate-limit-storm', async () => {
    const { status, text } = await during('rate-limit-storm', () =>
      caller.call('GET', '/portfolio/balance'),
    );
    expect([status, text]).toEqual([429, '{"error":"too many requests"}']);
    expect((await caller.call('GET', '/portfolio/balance')).status).toBe(200);
  });

  it('fails where it asks: error-on-read', async () => {
    await during('error-on-read', async () => {
      expect((await caller.call('GET', '/portfolio/orders')).status).toBe(500);
      expect((await caller.call('GET', '/markets')).status).toBe(200);
      expect((await caller.place()).status).toBe(201);
    });
  });

  it.each([
    ['html-page', 200],
    ['html-on-read', 502],
  ] as const)('is answered by a page that repeats its headers: %s', async (name, status) => {
    const answer = await during(name, () => caller.call('GET', '/portfolio/orders'));
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(/^<html>.*"kalshi-access-signature":"/);
    const markets = await during(name, () => caller.call('GET', '/markets'));
    expect(markets.status).toBe(200);
    expect(isJson(markets.text)).toBe(true);
  });

  it('is answered late: slow-answers', async () => {
    const began = performance.now();
    await during('slow-answers', () => caller.call('GET', '/portfolio/balance'));
    expect(performance.now() - began).toBeGreaterThan(2_900);
  });

  it('comes from a clock that is behind: clock-ahead', async () => {
    emulator.setFault('clock-ahead', true);
    const late = await caller.call('GET', '/portfolio/balance');
    expect(late.status).toBe(401);
    expect(late.text).toContain('header_timestamp_expired');
    expect(late.date - Date.now()).toBeGreaterThan(50_000);
    const stamp = Date.now() + 60_000;
    expect((await caller.call('GET', '/portfolio/balance', undefined, stamp)).status).toBe(200);
  });
});

const watch = async (): Promise<Connection> => {
  const connection = await caller.connect();
  const market_tickers = [TICKER];
  connection.say('subscribe', { channels: ['orderbook_delta', 'fill'], market_tickers });
  await eventually(() => expect(connection.frames).toHaveLength(3));
  return connection;
};

describe('a connection', () => {
  it('is refused to who cannot sign', async () => {
    const stranger = new Caller(emulator, {
      keyId: 'nobody',
      privateKeyPem: emulator.privateKeyPem,
    });
    await expect(stranger.connect()).rejects.toThrow('401');
    await expect(caller.connect('/elsewhere')).rejects.toThrow('404');
  });

  it('is cut: socket-closed', async () => {
    const connection = await watch();
    emulator.setFault('socket-closed', true);
    await eventually(() => expect(connection.closeCode).toBe(1_006));
    expect((await caller.call('GET', '/portfolio/balance')).status).toBe(200);
  });

  it('says nothing: socket-silent', async () => {
    const connection = await watch();
    await during('socket-silent', () => caller.place({ price: '0.4400' }));
    await caller.place({ price: '0.3000' });
    await eventually(() => expect(connection.ofType('orderbook_delta')).toHaveLength(1));
    expect(connection.ofType('fill')).toEqual([]);
    // What was not said is not said later: the count tells that something is missing.
    expect(connection.ofType('orderbook_delta')[0]?.seq).toBe(3);
  });

  it('loses a frame: seq-gap', async () => {
    const connection = await watch();
    emulator.setFault('seq-gap', true);
    await caller.place({ price: '0.3000' });
    await caller.place({ price: '0.3100' });
    await eventually(() => expect(connection.ofType('orderbook_delta')).toHaveLength(1));
    expect(connection.ofType('orderbook_delta')[0]?.seq).toBe(3);
  });

  it('is too slow: buffer-overflow', async () => {
    const connection = await watch();
    emulator.setFault('buffer-overflow', true);
    await eventually(() =>
      expect(connection.ofType('error')).toMatchObject([{ msg: { code: 25 } }]),
    );
    await caller.place({ price: '0.4400', count: '1.00' });
    await eventually(() => expect(connection.ofType('fill')).toHaveLength(1));
    expect(connection.ofType('orderbook_delta')).toEqual([]);
    connection.say('subscribe', { channels: ['orderbook_delta'], market_tickers: [TICKER] });
    await eventually(() => expect(connection.ofType('orderbook_snapshot')).toHaveLength(2));
  });

  it('is told a fill twice: duplicate-fill', async () => {
    const connection = await watch();
    await during('duplicate-fill', async () => {
      await caller.place({ price: '0.4400', count: '1.00' });
      await eventually(() => expect(connection.ofType('fill')).toHaveLength(2));
    });
    const [first, second] = connection.ofType('fill');
    expect(second?.msg).toEqual(first?.msg);
    const { fills } = await caller.json('GET', '/portfolio/fills');
    expect(fills).toHaveLength(1);
  });

  it('is sent 5 MiB: huge-frame', async () => {
    const connection = await watch();
    emulator.setFault('huge-frame', true);
    await eventually(() => expect(connection.ofType('noise')).toHaveLength(1));
  });

  it('is sent what is no text: broken-utf8', async () => {
    const connection = await watch();
    emulator.setFault('broken-utf8', true);
    await eventually(() => expect(connection.error).toContain('UTF-8'));
  });
});

describe('the venue', () => {
  it('pauses: pause, weekly-pause', async () => {
    expect((await during('pause', () => caller.place())).text).toContain('trading_is_paused');
    expect((await caller.place()).status).toBe(201);
    const isPaused = (iso: string): boolean => {
      const desk = new Desk({ startMs: Date.parse(iso) });
      desk.world.setFault('weekly-pause', 1);
      return desk.world.isPaused();
    };
    expect(['2026-11-19T08:30:00Z', '2026-11-20T08:30:00Z'].map(isPaused)).toEqual([true, false]);
  });

  it('deactivates all markets, and cancels what rests on the way back: reactivation', async () => {
    const connection = await caller.connect();
    connection.say('subscribe', { channels: ['market_lifecycle_v2'], market_tickers: [TICKER] });
    await caller.place();
    emulator.setFault('reactivation', true);
    expect((await caller.place()).text).toContain('MARKET_NOT_ACTIVE');
    await eventually(async () => expect(await caller.openOrders()).toEqual([]));
    expect(connection.ofType('market_lifecycle_v2').map(({ msg }) => msg['event_type'])).toEqual([
      'deactivated',
      'activated',
    ]);
    expect((await caller.place()).status).toBe(201);
  });

  it('has finer ticks: tick-change', async () => {
    expect((await caller.place({ price: '0.4150' })).status).toBe(400);
    await during('tick-change', async () => {
      expect((await caller.place({ price: '0.4150' })).status).toBe(201);
      const { market } = await caller.json('GET', `/markets/${TICKER}`);
      expect(market).toMatchObject({ price_level_structure: 'deci_cent' });
    });
    expect((await caller.place({ price: '0.4150' })).status).toBe(400);
    expect(await caller.openOrders()).toHaveLength(1);
  });

  it('reads what was: read-lag', () => {
    const desk = new Desk();
    desk.world.setFault('read-lag', 1);
    const count = (path: string, name: string): number =>
      (desk.call('GET', path).body[name] as readonly unknown[]).length;
    const counts = (): readonly number[] => [
      count('/portfolio/orders', 'orders'),
      count('/portfolio/fills', 'fills'),
      count('/portfolio/positions', 'market_positions'),
    ];
    desk.placed({ price: '0.4400', count: '20.00' });
    desk.wait(2_999);
    expect(counts()).toEqual([0, 0, 0]);
    const { as_of_time } = desk.call('GET', '/exchange/user_data_timestamp').body;
    expect(Date.parse(String(as_of_time))).toBe(START_MS - 1);
    desk.wait(1);
    expect(counts()).toEqual([1, 1, 1]);
  });

  it('goes on cancelling: cancel-all-lingers', () => {
    const desk = new Desk();
    desk.world.setFault('cancel-all-lingers', 1);
    desk.call('DELETE', '/portfolio/events/orders');
    expect(desk.order(desk.placed())['status']).toBe('canceled');
    desk.wait(60_000);
    expect(desk.order(desk.placed())['status']).toBe('resting');
  });
});

it('gives every fault a place above', async () => {
  const { readFileSync } = await import('node:fs');
  const text = readFileSync(import.meta.filename, 'utf8');
  for (const name of FAULT_NAMES) expect(text).toContain(name);
  const unknown = 'gremlins' as FaultName;
  expect(() => emulator.setFault(unknown, true)).toThrow('a fault must be known, was "gremlins"');
});
