/** A scripted HTTP server on loopback: tests say what it answers, and see what was asked. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Log } from '../../../src/domain/ports.ts';
import { liveClock } from '../../../src/env/live-clock.ts';
import { KalshiRest, type KalshiRestOptions } from '../../../src/venues/kalshi/rest.ts';
import { Secret, type Signer, signerOf } from '../../../src/venues/kalshi/sign.ts';
import { type LogLine, logTo } from '../../support/rig.ts';

export interface Asked {
  readonly method: string;
  /** Below the base, without the query. */
  readonly place: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export interface Reply {
  readonly status?: number;
  /** Text and bytes go out as they are, everything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where the connection breaks instead. */
  readonly cut?: 'unanswered' | 'inBody';
  readonly silent?: boolean;
}

export const BASE = '/trade-api/v2';

export class RestServer {
  readonly asked: Asked[] = [];
  readonly #server = createServer((request, response) => {
    void this.#serve(request, response);
  });
  readonly #sockets = new Set<Socket>();
  #answer: (asked: Asked) => Reply = () => ({ status: 404, body: { error: { code: 'none' } } });

  constructor() {
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  get connections(): number {
    return this.#sockets.size;
  }

  get restUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${BASE}`;
  }

  listen(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  answer(answer: Reply | ((asked: Asked) => Reply)): void {
    this.#answer = typeof answer === 'function' ? answer : () => answer;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await askedOf(request);
    this.asked.push(asked);
    const { status = 200, body = {}, headers = {}, cut, silent } = this.#answer(asked);
    // The real time would correct a test's clock.
    response.sendDate = false;
    if (silent === true) return;
    if (cut === 'unanswered') return void request.socket.destroy();
    const bytes =
      typeof body === 'string' || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
    if (cut === 'inBody') {
      response.writeHead(status, { 'Content-Length': String(bytes.length + 10), ...headers });
      response.write(bytes, () => request.socket.destroy());
    } else response.writeHead(status, headers).end(bytes);
  }
}

async function askedOf(request: IncomingMessage): Promise<Asked> {
  const url = new URL(request.url ?? '', 'http://here');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return {
    method: request.method ?? '',
    place: url.pathname.slice(BASE.length),
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body: text === '' ? null : (JSON.parse(text) as unknown),
  };
}

export const KEY_ID = 'f00dcafe-0000-4000-8000-c0ffee000001';

export const ED25519 = generateKeyPairSync('ed25519', {
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

export const signer = (): Signer =>
  signerOf({ keyId: KEY_ID, privateKey: new Secret(ED25519.privateKey) });

export interface RestRig {
  readonly rest: KalshiRest;
  readonly lines: LogLine[];
}

export function restOf(server: RestServer, options: Partial<KalshiRestOptions> = {}): RestRig {
  const lines: LogLine[] = [];
  const log: Log = logTo(lines);
  const rest = new KalshiRest({
    environment: { restUrl: server.restUrl },
    signer: signer(),
    clock: liveClock,
    log,
    markets: { tickers: ['KXRAIN-27-A'] },
    ...options,
  });
  return { rest, lines };
}
