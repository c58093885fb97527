import { type AddressInfo, createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/domain/ports.ts';
import { liveClock } from '../../../src/env/live-clock.ts';
import { VirtualClock } from '../../../src/env/virtual-clock.ts';
import {
  ENVIRONMENTS,
  endpointOf,
  environmentOf,
} from '../../../src/venues/kalshi/environments.ts';
import { type HttpCall, type HttpResult, Transport } from '../../../src/venues/kalshi/transport.ts';
import { RestServer } from './rest-server.ts';

const CALL: HttpCall = {
  method: 'POST',
  path: '/trade-api/v2/x?a=b',
  headers: {},
  body: '{"a":1}',
};

let server: RestServer;
let transport: Transport;

const transportTo = (url: string, clock: Clock = liveClock) =>
  new Transport({ url: new URL(url), clock, answerTimeoutMs: 5_000 });

beforeEach(async () => {
  server = new RestServer();
  await server.listen();
  transport = transportTo(server.restUrl);
});

afterEach(async () => {
  transport.close();
  await server.close();
});

async function listening(tcp: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    tcp.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(tcp.address() as AddressInfo).port}/v2`;
}

/** A port at which nobody listens any more. */
async function freedUrl(): Promise<string> {
  const gone = new RestServer();
  await gone.listen();
  const url = gone.restUrl;
  await gone.close();
  return url;
}

describe('an answer', () => {
  it('is its status, its date and its JSON', async () => {
    const date = 'Fri, 15 Jan 2027 08:00:00 GMT';
    server.answer({ status: 201, body: { n: '1.00' }, headers: { Date: date } });
    expect(await transport.send(CALL)).toEqual({
      kind: 'answered',
      status: 201,
      date,
      body: { n: '1.00' },
    });
    expect(server.asked[0]).toMatchObject({
      method: 'POST',
      place: '/x',
      query: { a: 'b' },
      body: { a: 1 },
    });
  });

  it.each([
    ['a page', '<!DOCTYPE html><p>Bad gateway</p>', '<!DOCTYPE html><p>Bad gateway</p>'],
    ['a long page', `<p>${'x'.repeat(999)}`, `<p>${'x'.repeat(197)}`],
    ['half of a JSON', '{"order":', '{"order":'],
    ['nothing', '', undefined],
    ['no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), undefined],
    ['a bare word', 'header_timestamp_expired', 'header_timestamp_expired'],
  ])('that is %s is shown as far as it is text', async (_, sent, body) => {
    server.answer({ status: 502, body: sent });
    expect(await transport.send(CALL)).toMatchObject({ kind: 'answered', status: 502, body });
  });

  it('of a cache has no date of its own', async () => {
    server.answer({ headers: { Age: '3' } });
    expect(await transport.send(CALL)).toMatchObject({ date: undefined });
  });

  it('is taken from the same connection as the one before', async () => {
    for (let call = 0; call < 5; call += 1) await transport.send(CALL);
    expect(server.asked).toHaveLength(5);
    expect(server.connections).toBe(1);
  });
});

describe('without an answer', () => {
  it('nothing was sent where nobody listens', async () => {
    expect(await transportTo(await freedUrl()).send(CALL)).toMatchObject({
      kind: 'notSent',
      reason: expect.stringContaining('ECONNREFUSED') as string,
    });
    expect(await transportTo('http://no-such-host.invalid/v2').send(CALL)).toMatchObject({
      kind: 'notSent',
    });
  });

  it('nothing was sent where it cannot even be written', async () => {
    const headers = { 'KALSHI-ACCESS-KEY': 'a\r\nb' };
    expect(await transport.send({ ...CALL, headers })).toMatchObject({ kind: 'notSent' });
    expect(await transport.send({ ...CALL, path: '/a b' })).toMatchObject({ kind: 'notSent' });
    expect(server.asked).toEqual([]);
  });

  it('nothing was sent where the handshake fails', async () => {
    const encrypted = transportTo(server.restUrl.replace('http:', 'https:'));
    expect(await encrypted.send(CALL)).toMatchObject({ kind: 'notSent' });
  });

  it('nobody knows once the connection stood', async () => {
    const cutter = createServer((socket) => socket.destroy());
    const url = await listening(cutter);
    const result = await transportTo(url).send(CALL);
    expect(result.kind).toBe('unknown');
    cutter.close();
  });

  it.each(['unanswered', 'inBody'] as const)('nobody knows where it was cut: %s', async (cut) => {
    server.answer({ status: 400, cut, body: { error: { code: 'invalid_order' } } });
    expect((await transport.send(CALL)).kind).toBe('unknown');
    expect(server.asked).toHaveLength(1);
  });

  it('nobody knows of a connection that was kept and is gone', async () => {
    await transport.send(CALL);
    server.answer({ cut: 'unanswered' });
    expect((await transport.send(CALL)).kind).toBe('unknown');
    expect(server.asked).toHaveLength(2);
  });

  it('nobody knows after an answer without end', async () => {
    server.answer({ body: Buffer.alloc(17 * 1_024 * 1_024, 0x20) });
    expect(await transport.send(CALL)).toMatchObject({
      kind: 'unknown',
      reason: 'an answer of more than 16777216 bytes',
    });
  });

  it('nobody knows after a garbled one', async () => {
    const garbler = createServer((socket) => {
      socket.once('data', () => socket.end('HTTP/9.9 none\r\n\r\n'));
    });
    const url = await listening(garbler);
    expect((await transportTo(url).send(CALL)).kind).toBe('unknown');
    garbler.close();
  });

  it('nobody knows what was under way at the end', async () => {
    server.answer({ silent: true });
    const sent = transport.send(CALL);
    while (server.asked.length === 0) await sleep(1);
    transport.close();
    expect((await sent).kind).toBe('unknown');
  });
});

describe('patience', () => {
  it('ends at the time of the clock that was given, and arms nothing afterwards', async () => {
    const clock = new VirtualClock();
    const slow = transportTo(server.restUrl, clock);
    server.answer({ silent: true });
    const sent = slow.send(CALL);
    while (server.asked.length === 0) await sleep(1);
    clock.runUntil(5_000);
    expect(await sent).toEqual({ kind: 'unknown', reason: 'no answer within 5000 ms' });
    server.answer({});
    const answered: HttpResult = await slow.send(CALL);
    expect([answered.kind, clock.pending]).toEqual(['answered', 0]);
    slow.close();
  });

  it('is shorter for a connection, and nothing was sent then', async () => {
    const clock = new VirtualClock();
    const silent = createServer();
    const url = await listening(silent);
    // It never shakes hands.
    const encrypted = transportTo(url.replace('http:', 'https:'), clock);
    const connected = new Promise((resolve) => silent.once('connection', resolve));
    const sent = encrypted.send(CALL);
    await connected;
    clock.runUntil(5_000);
    expect(await sent).toEqual({ kind: 'notSent', reason: 'no connection within 5000 ms' });
    expect(clock.pending).toBe(0);
    silent.close();
  });
});

describe('addresses', () => {
  it('knows the hosts of both environments', () => {
    expect(environmentOf(ENVIRONMENTS.prod.restUrl)).toBe('prod');
    expect(environmentOf(ENVIRONMENTS.prod.wsUrl)).toBe('prod');
    expect(environmentOf('https://demo-api.kalshi.co/trade-api/v2')).toBe('demo');
    expect(environmentOf('http://127.0.0.1:80/trade-api/v2')).toBeNull();
  });

  it('is plain on this machine only', () => {
    expect(endpointOf('http://127.0.0.1:8080/trade-api/v2', 'https:').port).toBe('8080');
    expect(endpointOf('ws://[::1]:1/ws', 'wss:').hostname).toBe('[::1]');
    expect(endpointOf('http://localhost:1/', 'https:').hostname).toBe('localhost');
    expect(() => endpointOf('http://127.0.0.1.example.com/', 'https:')).toThrow(
      'this machine only',
    );
    expect(() => endpointOf('http://external-api.kalshi.com/', 'https:')).toThrow(
      'http:// is for this machine only',
    );
  });

  it.each([
    ['api', 'begins with https://'],
    ['wss://external-api.kalshi.com', 'begins with https://'],
    ['https://user:canary@kalshi.com/v2', 'is host and path, was "kalshi.com"'],
    ['https://kalshi.com/v2?key=canary', 'is host and path'],
  ])('refuses %s', (address, message) => {
    expect(() => endpointOf(address, 'https:')).toThrow(message);
  });
});
