/**
 * One keep-alive transport that says what is known of each call: it was answered, it provably never
 * left, or nobody knows. It never repeats a call, never follows a redirect, and never throws.
 */
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request } from 'node:http';
import { Agent as HttpsAgent, request as secureRequest } from 'node:https';
import { messageOf } from '../../domain/errors.ts';
import type { Clock, TimerId } from '../../domain/ports.ts';

export interface HttpCall {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export type HttpResult =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly date: string | undefined;
      /** JSON; the text's beginning where it is none; undefined where it is no text, or empty. */
      readonly body: unknown;
    }
  /** No byte of it was written. */
  | { readonly kind: 'notSent'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Far fewer calls than that are under way at once; a flood must not open sockets without end. */
const SOCKETS_MAX = 64;
/** Shorter than a server's patience: what is written into a closed connection ends as unknown. */
const IDLE_MS = 30_000;
/** Past it nothing was sent; by then an intent is old anyway. */
const CONNECT_TIMEOUT_MS = 5_000;
/** A thousand markets with all their rules are about four. */
const BODY_BYTES_MAX = 16 * 1_024 * 1_024;
const SHOWN_CHARACTERS_MAX = 200;

export interface TransportOptions {
  readonly url: URL;
  readonly clock: Clock;
  readonly answerTimeoutMs: number;
}

export class Transport {
  readonly #options: TransportOptions;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #open = new Set<Exchange>();

  constructor(options: TransportOptions) {
    const { protocol } = options.url;
    const kept = { keepAlive: true, maxSockets: SOCKETS_MAX, timeout: IDLE_MS };
    this.#options = options;
    this.#agent = protocol === 'https:' ? new HttpsAgent(kept) : new HttpAgent(kept);
  }

  send(call: HttpCall): Promise<HttpResult> {
    // What a cancel or a question waits for, an order does not: the book would be another one.
    if (call.method === 'POST' && this.#open.size >= SOCKETS_MAX) {
      const reason = `${this.#open.size} calls are without an answer`;
      return Promise.resolve({ kind: 'notSent', reason });
    }
    return new Promise((resolve) => {
      const exchange = new Exchange(this.#options, (result) => {
        this.#open.delete(exchange);
        resolve(result);
      });
      this.#open.add(exchange);
      exchange.start(() => this.#request(call), call.body);
    });
  }

  /** Open calls end as unknown; what waited for a connection is not sent. */
  close(): void {
    // Each by itself: the agent alone would go on with those that wait.
    for (const exchange of this.#open) exchange.stop();
    this.#agent.destroy();
  }

  #request({ method, path, headers, body }: HttpCall): ClientRequest {
    const { protocol, hostname, port } = this.#options.url;
    const length = body === null ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
    const open = protocol === 'https:' ? secureRequest : request;
    return open({
      agent: this.#agent,
      protocol,
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      method,
      path,
      headers: { ...headers, ...length },
    });
  }
}

/** One call; the first that is known of its end is its result. */
class Exchange {
  readonly #options: TransportOptions;
  readonly #resolve: (result: HttpResult) => void;
  #outgoing: ClientRequest | null = null;
  #timer: TimerId | null = null;
  #isConnected = false;
  #isOver = false;

  constructor(options: TransportOptions, resolve: (result: HttpResult) => void) {
    this.#options = options;
    this.#resolve = resolve;
  }

  start(open: () => ClientRequest, body: string | null): void {
    try {
      const outgoing = open();
      this.#outgoing = outgoing;
      this.#arm(CONNECT_TIMEOUT_MS);
      outgoing.once('socket', (socket) => {
        // One that another call opened says nothing of its handshake any more.
        if (!socket.connecting) return this.#connected();
        const isEncrypted = 'encrypted' in socket;
        socket.once(isEncrypted ? 'secureConnect' : 'connect', () => this.#connected());
      });
      outgoing.once('response', (response) => this.#read(response));
      outgoing.on('error', (error) => this.#lost(messageOf(error)));
      outgoing.once('close', () => this.#lost('the connection was closed'));
      outgoing.end(body ?? undefined);
    } catch (thrown) {
      this.#lost(messageOf(thrown));
    }
  }

  stop(): void {
    this.#lost('the venue was closed');
  }

  /** From here on bytes may have been written. */
  #connected(): void {
    this.#isConnected = true;
    if (!this.#isOver) this.#arm(this.#options.answerTimeoutMs);
  }

  #arm(delayMs: number): void {
    this.#disarm();
    const why = this.#isConnected ? 'no answer' : 'no connection';
    this.#timer = this.#options.clock.setTimeout(
      () => this.#lost(`${why} within ${delayMs} ms`),
      delayMs,
    );
  }

  #disarm(): void {
    if (this.#timer !== null) this.#options.clock.clearTimeout(this.#timer);
    this.#timer = null;
  }

  #lost(reason: string): void {
    this.#end({ kind: this.#isConnected ? 'unknown' : 'notSent', reason });
  }

  #end(result: HttpResult): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#disarm();
    // What is destroyed writes nothing any more; an answered connection is kept.
    if (result.kind !== 'answered') this.#outgoing?.destroy();
    this.#resolve(result);
  }

  #read(response: IncomingMessage): void {
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
      else this.#lost(`an answer of more than ${BODY_BYTES_MAX} bytes`);
    });
    response.once('error', (error) => this.#lost(messageOf(error)));
    response.once('end', () => {
      if (!response.complete) return this.#lost('the answer was cut off');
      const { statusCode: status = 0, headers } = response;
      // A copy from a cache carries the time at which it was made.
      const date = headers['age'] === undefined ? headers.date : undefined;
      this.#end({ kind: 'answered', status, date, body: bodyOf(Buffer.concat(chunks)) });
    });
  }
}

function bodyOf(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(0, SHOWN_CHARACTERS_MAX).trim();
  }
}
