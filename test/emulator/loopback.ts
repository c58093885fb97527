/** A caller over the wire: signed fetches, and a WebSocket whose frames are collected. */
import { constants, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { WebSocket } from 'ws';
import type { EmulatedKey, KalshiEmulator } from '../../src/emulator/start.ts';
import { ORDER } from './desk.ts';

export interface Frame {
  readonly type: string;
  readonly sid?: number;
  readonly seq?: number;
  readonly msg: Readonly<Record<string, unknown>>;
}

export class Caller {
  readonly #emulator: KalshiEmulator;
  readonly #keyId: string;
  readonly #key: KeyObject;

  constructor(emulator: KalshiEmulator, { keyId, privateKeyPem }: EmulatedKey = emulator) {
    this.#emulator = emulator;
    this.#keyId = keyId;
    this.#key = createPrivateKey(privateKeyPem);
  }

  headers(method: string, path: string, atMs = Date.now()): Readonly<Record<string, string>> {
    const message = Buffer.from(`${atMs}${method}${path}`);
    const pss = {
      key: this.#key,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    };
    const isRsa = this.#key.asymmetricKeyType === 'rsa';
    const signature = isRsa ? sign('sha256', message, pss) : sign(null, message, this.#key);
    return {
      'KALSHI-ACCESS-KEY': this.#keyId,
      'KALSHI-ACCESS-TIMESTAMP': String(atMs),
      'KALSHI-ACCESS-SIGNATURE': signature.toString('base64'),
      'content-type': 'application/json',
    };
  }

  /** Throws where no answer comes. */
  async call(method: string, path: string, body?: object, atMs?: number) {
    const url = new URL(this.#emulator.restUrl + path);
    const response = await fetch(url, {
      method,
      headers: this.headers(method, url.pathname, atMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return {
      status: response.status,
      date: Date.parse(response.headers.get('date') ?? ''),
      text: await response.text(),
    };
  }

  async json(
    method: string,
    path: string,
    body?: object,
  ): Promise<Readonly<Record<string, unknown>>> {
    return JSON.parse((await this.call(method, path, body)).text) as Readonly<
      Record<string, unknown>
    >;
  }

  place = (change: object = {}) =>
    this.call('POST', '/portfolio/events/orders', { ...ORDER, ...change });

  async openOrders(): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const { orders } = await this.json('GET', '/portfolio/orders?status=resting');
    return orders as readonly Readonly<Record<string, unknown>>[];
  }

  async connect(path = '/trade-api/ws/v2'): Promise<Connection> {
    const socket = new WebSocket(new URL(path, this.#emulator.wsUrl), {
      headers: this.headers('GET', '/trade-api/ws/v2'),
    });
    const connection = new Connection(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return connection;
  }
}

export class Connection {
  readonly frames: Frame[] = [];
  readonly pings: string[] = [];
  closeCode: number | null = null;
  error: string | null = null;
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.frames.push(JSON.parse(data.toString()) as Frame));
    socket.on('ping', (data) => this.pings.push(data.toString()));
    socket.on('close', (code) => (this.closeCode = code));
    socket.on('error', ({ message }) => (this.error = message));
  }

  say(cmd: string, params: object): void {
    this.#socket.send(JSON.stringify({ id: 1, cmd, params }));
  }

  ofType(type: string): readonly Frame[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  close(): void {
    this.#socket.terminate();
  }
}
