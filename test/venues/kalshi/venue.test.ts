/** The whole adapter over loopback against the emulator: calls, frames, and what goes wrong. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OrderBook } from '../../../src/book/order-book.ts';
import { InputError } from '../../../src/domain/errors.ts';
import type { BookEvent } from '../../../src/domain/market-data.ts';
import { lots, ticks } from '../../../src/domain/numbers.ts';
import type { OrderReport, OrderRequest } from '../../../src/domain/order.ts';
import type { Log } from '../../../src/domain/ports.ts';
import { type KalshiEmulator, startKalshiEmulator } from '../../../src/emulator/start.ts';
import { liveClock } from '../../../src/env/live-clock.ts';
import { signerOf } from '../../../src/venues/kalshi/sign.ts';
import { type KalshiVenue, kalshiVenue, Secret } from '../../../src/venues/kalshi/venue.ts';
import { stillMarkets, TICKER } from '../../emulator/still-market.ts';

let emulator: KalshiEmulator;
let venue: KalshiVenue;
const heard: BookEvent[] = [];
const reports: OrderReport[] = [];
const lines: string[] = [];
let book: OrderBook;

const write =
  (level: string): Log['info'] =>
  (fields, message) => {
    lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  };
const log: Log = {
  debug: () => undefined,
  info: write('info'),
  warn: write('warn'),
  error: write('error'),
};

const open = (privateKeyPem = emulator.privateKeyPem, keyId = emulator.keyId): KalshiVenue =>
  kalshiVenue({
    environment: { restUrl: emulator.restUrl, wsUrl: emulator.wsUrl },
    credentials: { keyId, privateKey: new Secret(privateKeyPem) },
    markets: { tickers: [TICKER] },
    log,
  });

/** Waits until something holds; says what was heard where it does not within 5 s. */
async function until(what: string, holds: () => boolean): Promise<void> {
  const endMs = liveClock.monotonicMs() + 5_000;
  while (!holds()) {
    if (liveClock.monotonicMs() > endMs)
      throw new Error(`${what}: ${heard.map(({ type }) => type).join()} ${lines.join('\n')}`);
    // oxlint-disable-next-line no-await-in-loop -- polling is what this is for
    await new Promise((done) => {
      liveClock.setTimeout(() => done(null), 5);
    });
  }
}

const request = (clientOrderId: string, change: Partial<OrderRequest> = {}): OrderRequest => ({
  clientOrderId,
  symbol: TICKER,
  outcome: 'no',
  action: 'buy',
  price: ticks(5_000),
  quantity: lots(300),
  timeInForce: 'gtc',
  postOnly: false,
  expiresAtMs: null,
  ...change,
});

const has = (type: BookEvent['type']) => () => heard.some((event) => event.type === type);
const found = (status: string) => () =>
  reports.some((report) => report.type === 'order.found' && report.status === status);

beforeEach(async () => {
  for (const list of [heard, reports, lines]) list.length = 0;
  book = new OrderBook(TICKER);
  emulator = await startKalshiEmulator({ source: stillMarkets([], liveClock.wallMs()) });
  venue = open();
  await venue.instruments();
  venue.reports$.subscribe(({ report }) => reports.push(report));
  venue.book$(TICKER).subscribe((event) => {
    heard.push(event);
    if (event.type === 'book.snapshot' || event.type === 'book.delta') book.apply(event);
    if (event.type === 'book.gap') book.apply(event);
  });
  await until('a book', has('book.snapshot'));
  heard.length = 0;
});

afterEach(async () => {
  await venue.close();
  await emulator.close();
});

describe('kalshi over loopback', () => {
  it('tells an order on NO by its own id and in its own prices, to its end', async () => {
    expect(venue.capabilities.buckets?.writes).toHaveLength(1);
    expect(await venue.submit(request('dw-1'))).toMatchObject({ kind: 'accepted' });
    await until('it rests', found('resting'));
    // Bids for NO at 0.50 are what sells YES at 0.50.
    await until('it is in the book', () => book.sizeAt('ask', ticks(5_000)) === 300);
    expect(reports.at(-1)).toMatchObject({ clientOrderId: 'dw-1', price: 5_000, quantity: 300 });
    const ref = { clientOrderId: 'dw-1', venueOrderId: null, symbol: TICKER };
    expect(await venue.cancel(ref)).toEqual({ kind: 'accepted', cumulative: 0 });
    await until('it is cancelled', found('cancelled'));
    expect(emulator.violations()).toEqual([]);
  });

  it('tells each fill once, whatever comes first and however often', async () => {
    emulator.setFault('duplicate-fill', true);
    emulator.setFault('fill-before-ack', true);
    const take = request('dw-2', { price: ticks(6_500), timeInForce: 'ioc' });
    await venue.submit(take);
    await until('it is filled', found('filled'));
    const fills = reports.flatMap((report) => (report.type === 'order.filled' ? [report] : []));
    expect(fills).toMatchObject([
      { clientOrderId: 'dw-2', fill: { price: 5_800, quantity: 300, liquidity: 'taker' } },
    ]);
    const listed = await venue.fillsSince(null);
    expect(listed.fills.map(({ fillId }) => fillId)).toEqual(fills.map(({ fill }) => fill.fillId));
  });

  it.each([
    ['socket-closed', /closed by the venue/],
    ['huge-frame', /a frame has at most 4194304 bytes/],
    ['broken-utf8', /a frame is UTF-8/],
  ] as const)('comes back from %s, and learns what it missed', async (fault, reason) => {
    await venue.submit(request('dw-1'));
    await venue.fillsSince(null);
    await until('it rests', found('resting'));
    reports.length = 0;
    emulator.setFault(fault, true);
    await until('it is down', has('feed.down'));
    expect(lines.find((line) => line.startsWith('warn'))).toMatch(reason);
    await until('it is up again', () => has('book.snapshot')() && venue.connection.isLive);
    expect(reports).toMatchObject([{ type: 'order.found', clientOrderId: 'dw-1' }]);
    expect(book.sizeAt('ask', ticks(5_000))).toBe(300);
  });

  it('mends a gap by a snapshot, and an overflow by a new subscription', async () => {
    emulator.setFault('seq-gap', true);
    await venue.submit(request('dw-1'));
    await venue.submit(request('dw-2'));
    await until('the gap is told', has('book.gap'));
    await until('it is mended', () => book.sizeAt('ask', ticks(5_000)) === 600);
    heard.length = 0;
    emulator.setFault('buffer-overflow', true);
    await until('books are down', has('feed.down'));
    await until('books are back', has('book.snapshot'));
    expect(book.health).toBe('live');
  });

  it('says a pause as soon as an order is refused for it, and cancels all the same', async () => {
    await venue.submit(request('dw-1'));
    emulator.setFault('pause', true);
    const outcome = await venue.submit(request('dw-2'));
    expect(outcome.kind).toBe('rejected');
    await until('it is paused', has('market.paused'));
    expect(venue.connection.isPaused).toBe(true);
    const ref = { clientOrderId: 'dw-1', venueOrderId: null, symbol: TICKER };
    expect((await venue.cancel(ref)).kind).toBe('accepted');
  });

  it('says a halt, its end, and that the venue cancelled what rested', async () => {
    await venue.submit(request('dw-1'));
    emulator.setFault('reactivation', true);
    await until('it is paused', has('market.paused'));
    await until('it is resumed', has('market.resumed'));
    await until('its orders are gone', found('cancelled'));
    expect(reports.at(-1)).toMatchObject({ clientOrderId: 'dw-1', cumulative: 0 });
  });

  it('says new price ranges', async () => {
    emulator.setFault('tick-change', true);
    await until('they are told', has('market.ticksChanged'));
    expect(heard.at(-1)).toMatchObject({ ranges: [{ from: 10, to: 9_990, step: 10 }] });
  });
});

describe('a key that is not one of this environment', () => {
  it('is one clear error before anything begins, and never shown', async () => {
    const other = await startKalshiEmulator({ source: stillMarkets([], liveClock.wallMs()) });
    const wrong = open(other.privateKeyPem);
    await other.close();
    const refusal: unknown = await wrong.instruments().catch((thrown: unknown) => thrown);
    expect(refusal).toBeInstanceOf(InputError);
    expect(String(refusal)).not.toContain(emulator.keyId);
    wrong.reports$.subscribe(() => undefined);
    await until('it is refused', () => wrong.connection.state === 'backoff');
    expect(lines.filter((line) => line.includes('401'))).toHaveLength(1);
    expect(lines.join()).not.toContain(emulator.keyId);
    await wrong.close();
  });

  it('that cannot sign at all is refused at once', () => {
    expect(() => open('no key')).toThrow(InputError);
    expect(() => signerOf({ keyId: '?', privateKey: new Secret('') })).toThrow(InputError);
  });
});
