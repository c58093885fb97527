/** The WebSocket door: handshakes, pings, and frames to and from sessions. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Account } from './account.ts';
import { authenticate } from './auth.ts';
import type { FaultName } from './faults.ts';
import { answerOf, Refusal } from './refusal.ts';
import { pathOf } from './rest-door.ts';
import { Session } from './session.ts';
import type { World } from './world.ts';

export const SOCKET_PATH = '/trade-api/ws/v2';

const PING_MS = 10_000;
/** More than any honest frame holds. */
const HUGE_BYTES = 5 * 1_048_576;
const NO_UTF8 = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]);

export class SocketDoor {
  readonly #world: World;
  readonly #toleranceMs: number;
  readonly #server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  readonly #open = new Map<WebSocket, Session>();

  constructor(world: World, toleranceMs: number) {
    this.#world = world;
    this.#toleranceMs = toleranceMs;
    this.#ping();
  }

  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    let account: Account;
    try {
      account = this.#callerOf(request);
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      return refuse(socket, thrown);
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) =>
      this.#welcome(webSocket, account),
    );
  };

  close(): void {
    for (const webSocket of this.#open.keys()) webSocket.terminate();
    this.#server.close();
  }

  /** What happens to the connections themselves. */
  strike(name: FaultName): void {
    for (const [webSocket, session] of this.#open)
      switch (name) {
        case 'socket-closed':
          webSocket.terminate();
          break;
        case 'seq-gap':
          session.loseNext();
          break;
        case 'buffer-overflow':
          session.overflow();
          break;
        case 'huge-frame':
          webSocket.send(JSON.stringify({ type: 'noise', msg: ' '.repeat(HUGE_BYTES) }));
          break;
        case 'broken-utf8':
          webSocket.send(NO_UTF8, { binary: false });
          break;
        default:
      }
  }

  #callerOf({ url = '/', headers }: IncomingMessage): Account {
    const { pathname: path } = pathOf(url);
    if (path !== SOCKET_PATH) throw new Refusal(404, 'not_found', path);
    const gate = { nowMs: this.#world.stampMs(), toleranceMs: this.#toleranceMs };
    return authenticate({ method: 'GET', path, headers }, this.#world.accounts, gate);
  }

  #welcome(webSocket: WebSocket, account: Account): void {
    const session = new Session(this.#world, account, (frame) => {
      if (!this.#isSilent()) webSocket.send(JSON.stringify(frame));
    });
    this.#open.set(webSocket, session);
    this.#world.listeners.add(session);
    webSocket.on('message', (data: Buffer) => session.receive(data.toString()));
    webSocket.on('close', () => {
      this.#open.delete(webSocket);
      this.#world.listeners.delete(session);
    });
    // Whoever breaks the protocol is closed by ws, which tells us by 'close'.
    webSocket.on('error', () => webSocket.terminate());
  }

  #isSilent(): boolean {
    return this.#world.faults.isOn('socket-silent');
  }

  #ping(): void {
    if (!this.#isSilent()) for (const webSocket of this.#open.keys()) webSocket.ping('heartbeat');
    this.#world.later(PING_MS, () => this.#ping());
  }
}

function refuse(socket: Duplex, refusal: Refusal): void {
  const text = JSON.stringify(answerOf(refusal).body);
  socket.end(
    `HTTP/1.1 ${refusal.status} ${refusal.code}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
  );
}
