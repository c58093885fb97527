/**
 * One WebSocket to Kalshi: opened with signed headers, read into frames, and lost once. It knows no
 * channel and no book, and never connects again by itself.
 */
import { type RawData, WebSocket } from 'ws';
import { messageOf } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports.ts';
import { readFrame } from './frame-text.ts';
import type { Sign, SignedHeaders } from './sign.ts';
import type { KalshiFrame } from './wire.ts';

export interface LineEvents {
  opened(): void;
  /** A ping: the venue is there, and all that it sent before has come. */
  alive(): void;
  frame(frame: KalshiFrame): void;
  /** The venue does not take our signature. Said instead of `lost`. */
  refused(reason: string): void;
  /** Said once; nothing follows. */
  lost(reason: string): void;
}

export interface Line {
  /** What is sent before `opened` or after the end goes nowhere. */
  send(text: string): void;
  /** Nothing is told afterwards. */
  close(): void;
}

/** Opens one connection. A test gives its own. */
export type Dial = (events: LineEvents) => Line;

/** The largest snapshot seen is about 20 kB; more than this is no message of this venue. */
const FRAME_BYTES_MAX = 4 * 1_024 * 1_024;

export interface DialOptions {
  readonly url: URL;
  readonly sign: Sign;
  readonly clock: Pick<Clock, 'wallMs'>;
  /** What to add to our clock to get the venue's. */
  readonly clockOffsetMs: () => number;
  /** Hears each text as it came, before it is read; connections count from 1. */
  readonly onText?: (text: string, connection: number) => void;
}

export function kalshiDial(options: DialOptions): Dial {
  let connections = 0;
  return (events) => {
    connections += 1;
    return new Connection(options, events, connections);
  };
}

class Connection implements Line {
  readonly #events: LineEvents;
  readonly #heard: (text: string) => void;
  #socket: WebSocket | null = null;
  #isOver = false;

  constructor(options: DialOptions, events: LineEvents, connection: number) {
    this.#events = events;
    const { url, sign, clock, clockOffsetMs, onText } = options;
    this.#heard = (text) => onText?.(text, connection);
    sign('GET', url.pathname, clock.wallMs() + clockOffsetMs())
      .then((headers) => this.#open(url, headers))
      .catch((thrown: unknown) => this.#end('lost', `it cannot be opened: ${messageOf(thrown)}`));
  }

  send(text: string): void {
    if (!this.#isOver && this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  close(): void {
    this.#isOver = true;
    this.#drop();
  }

  #open(url: URL, headers: SignedHeaders): void {
    if (this.#isOver) return;
    // Deltas are short: compressing them costs more than it saves.
    const limits = { maxPayload: FRAME_BYTES_MAX, perMessageDeflate: false };
    const socket = new WebSocket(url, { ...limits, headers: { ...headers } });
    this.#socket = socket;
    socket.on('open', () => this.#tell(() => this.#events.opened()));
    socket.on('ping', () => this.#tell(() => this.#events.alive()));
    socket.on('message', (data, isBinary) => this.#tell(() => this.#read(data, isBinary)));
    socket.on('unexpected-response', (request, { statusCode = 0 }) => {
      request.destroy();
      const isRefusal = statusCode === 401 || statusCode === 403;
      this.#end(isRefusal ? 'refused' : 'lost', `the venue answers ${statusCode} to the handshake`);
    });
    socket.on('error', (error) => this.#end('lost', reasonOf(error)));
    socket.on('close', (code, reason) =>
      this.#end('lost', `closed by the venue: ${code} ${reason.toString().slice(0, 100)}`.trim()),
    );
  }

  #read(data: RawData, isBinary: boolean): void {
    if (isBinary) return this.#end('lost', 'a frame is text, this one was binary');
    const text = data.toString();
    this.#heard(text);
    this.#events.frame(readFrame(text));
  }

  /** What cannot be read is a message missed; only a new connection tells what it was. */
  #tell(run: () => void): void {
    if (this.#isOver) return;
    try {
      run();
    } catch (thrown) {
      this.#end('lost', messageOf(thrown));
    }
  }

  #end(how: 'lost' | 'refused', reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#drop();
    this.#events[how](reason);
  }

  /** At once: who is silent does not answer a goodbye either. */
  #drop(): void {
    this.#socket?.terminate();
  }
}

const REASONS: ReadonlyMap<unknown, string> = new Map([
  [
    'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
    `a frame has at most ${FRAME_BYTES_MAX} bytes, this one had more`,
  ],
  ['WS_ERR_INVALID_UTF8', 'a frame is UTF-8, this one was not'],
]);

const reasonOf = (error: Error & { readonly code?: unknown }): string =>
  REASONS.get(error.code) ?? messageOf(error);
