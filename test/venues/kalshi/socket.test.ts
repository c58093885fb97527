/** One WebSocket over loopback: its handshake, its frames, and every way it can be lost. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { liveClock } from '../../../src/env/live-clock.ts';
import type { Sign } from '../../../src/venues/kalshi/sign.ts';
import { kalshiDial, type Line } from '../../../src/venues/kalshi/socket.ts';
import { FRAMES } from './frames.ts';

const sign: Sign = async (method, path, timestampMs) => ({
  'KALSHI-ACCESS-KEY': 'key',
  'KALSHI-ACCESS-TIMESTAMP': String(timestampMs),
  'KALSHI-ACCESS-SIGNATURE': `${method} ${path}`,
});

let http: Server;
let sockets: WebSocketServer;
let answer: 'accept' | 401 | 503 = 'accept';
let request: IncomingMessage | null = null;
/** What carries the WebSocket. */
let raw: Duplex | null = null;

/** What was heard, one line each; and a promise of so many lines. */
function listener() {
  const heard: string[] = [];
  const waiting: { readonly count: number; readonly done: () => void }[] = [];
  const tell = (line: string): void => {
    heard.push(line);
    for (const { count, done } of waiting) if (heard.length >= count) done();
  };
  return {
    heard,
    lines: (count: number): Promise<void> =>
      new Promise((done) => {
        waiting.push({ count, done });
        if (heard.length >= count) done();
      }),
    events: {
      opened: () => tell('opened'),
      alive: () => tell('alive'),
      frame: ({ type }: { readonly type: string }) => tell(`frame ${type}`),
      refused: (reason: string) => tell(`refused: ${reason}`),
      lost: (reason: string) => tell(`lost: ${reason}`),
    },
  };
}

type Ear = ReturnType<typeof listener>;

const url = (): URL =>
  new URL(`ws://127.0.0.1:${(http.address() as AddressInfo).port}/trade-api/ws/v2`);

function dial(ear: Ear, given: Sign = sign): Line {
  const options = { url: url(), sign: given, clock: liveClock, clockOffsetMs: () => 0 };
  return kalshiDial(options)(ear.events);
}

const peerOf = (): Promise<WebSocket> =>
  new Promise((resolve) => {
    sockets.once('connection', (socket) => resolve(socket));
  });

async function connected(): Promise<{ ear: Ear; line: Line; peer: WebSocket }> {
  const ear = listener();
  const peer = peerOf();
  const line = dial(ear);
  await ear.lines(1);
  return { ear, line, peer: await peer };
}

beforeEach(async () => {
  answer = 'accept';
  http = createServer();
  sockets = new WebSocketServer({ noServer: true });
  http.on('upgrade', (incoming, socket, head) => {
    request = incoming;
    raw = socket;
    if (answer === 'accept')
      sockets.handleUpgrade(incoming, socket, head, (each) => sockets.emit('connection', each));
    else socket.end(`HTTP/1.1 ${answer} No\r\nContent-Length: 0\r\n\r\n`);
  });
  await new Promise<void>((done) => {
    http.listen(0, '127.0.0.1', done);
  });
});

afterEach(() => {
  for (const socket of sockets.clients) socket.terminate();
  http.closeAllConnections();
  http.close();
});

describe('the handshake', () => {
  it('is signed for its own path', async () => {
    const { ear, line } = await connected();
    expect(ear.heard).toEqual(['opened']);
    expect(request?.headers).toMatchObject({
      'kalshi-access-key': 'key',
      'kalshi-access-signature': 'GET /trade-api/ws/v2',
    });
    line.close();
  });

  it.each([
    [401, 'refused: the venue answers 401 to the handshake'],
    [503, 'lost: the venue answers 503 to the handshake'],
  ] as const)('answered by %i is told once', async (status, line) => {
    answer = status;
    const ear = listener();
    dial(ear);
    await ear.lines(1);
    expect(ear.heard).toEqual([line]);
  });

  it('that nobody takes, or that cannot be signed, is a loss', async () => {
    const ear = listener();
    const port = (http.address() as AddressInfo).port;
    await new Promise((done) => {
      http.close(done);
    });
    kalshiDial({
      url: new URL(`ws://127.0.0.1:${port}/`),
      sign,
      clock: liveClock,
      clockOffsetMs: () => 0,
    })(ear.events);
    await ear.lines(1);
    expect(ear.heard[0]).toMatch(/^lost: .*ECONNREFUSED/);
    const unsigned = listener();
    const noKey: Sign = () => Promise.reject(new Error('no key'));
    kalshiDial({
      url: new URL('ws://127.0.0.1:1/'),
      sign: noKey,
      clock: liveClock,
      clockOffsetMs: () => 0,
    })(unsigned.events);
    await unsigned.lines(1);
    expect(unsigned.heard).toEqual(['lost: it cannot be opened: no key']);
  });
});

describe('a connection', () => {
  it('tells frames and pings in their order, and sends text', async () => {
    const { ear, line, peer } = await connected();
    const told = new Promise<string>((resolve) => {
      peer.once('message', (data: Buffer) => resolve(data.toString()));
    });
    line.send('{"id":1}');
    expect(await told).toBe('{"id":1}');
    const pong = new Promise<string>((resolve) => {
      peer.once('pong', (data) => resolve(data.toString()));
    });
    peer.send(JSON.stringify(FRAMES.orderbook_delta));
    peer.ping('heartbeat');
    peer.send(JSON.stringify(FRAMES.fill));
    await ear.lines(4);
    expect(await pong).toBe('heartbeat');
    expect(ear.heard).toEqual(['opened', 'frame orderbook_delta', 'alive', 'frame fill']);
    line.close();
  });

  it('is silent once it is closed', async () => {
    const { ear, line, peer } = await connected();
    line.close();
    line.send('too late');
    await new Promise((done) => {
      peer.once('close', done);
    });
    expect(ear.heard).toEqual(['opened']);
  });

  it('that is closed before it was open never tells anything', async () => {
    const ear = listener();
    dial(ear).close();
    const { line } = await connected();
    expect(ear.heard).toEqual([]);
    line.close();
  });
});

/** A text frame of one byte that is no UTF-8, as a server of ours would never send it. */
const INVALID_UTF8 = Buffer.from([0x81, 0x01, 0xff]);

describe('a connection is lost once, in one clear line,', () => {
  const losses: readonly (readonly [string, (peer: WebSocket) => void, RegExp])[] = [
    ['when the venue closes', (peer) => peer.close(1001, 'bye'), /^lost: closed by .*: 1001 bye$/],
    ['when the network does', (peer) => peer.terminate(), /^lost: closed by .*: 1006$/],
    [
      'by a frame over 4 MiB',
      (peer) => peer.send(Buffer.alloc(4 * 1_024 * 1_024 + 1, ' ').toString()),
      /^lost: a frame has at most 4194304 bytes, this one had more$/,
    ],
    [
      'by invalid UTF-8',
      () => raw?.write(INVALID_UTF8),
      /^lost: a frame is UTF-8, this one was not$/,
    ],
    ['by a binary frame', (peer) => peer.send(Buffer.from('{}')), /^lost: a frame is text/],
    ['by HTML', (peer) => peer.send('<html>'), /^lost: Kalshi frame: must be JSON, was "<html>"/],
    [
      'by a frame that lacks a field',
      (peer) => peer.send(JSON.stringify({ ...FRAMES.fill, msg: {} })),
      /^lost: Kalshi frame, fill\.msg\./,
    ],
  ];

  it.each(losses)('%s', async (_, act, expected) => {
    const { ear, peer } = await connected();
    act(peer);
    await ear.lines(2);
    await new Promise((done) => {
      liveClock.setTimeout(() => done(null), 20);
    });
    expect(ear.heard).toHaveLength(2);
    expect(ear.heard[1]).toMatch(expected);
  });

  it('just below 4 MiB, it is not', async () => {
    const { ear, line, peer } = await connected();
    const text = JSON.stringify({ type: 'ok', padding: 'x'.repeat(4 * 1_024 * 1_024 - 100) });
    peer.send(text);
    await ear.lines(2);
    expect(ear.heard[1]).toBe('frame ok');
    line.close();
  });
});
