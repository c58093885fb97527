/** The emulated venue without its doors: calls are answered at once, on a clock of the test's. */
import { createPrivateKey, sign } from 'node:crypto';
import type { Account } from '../../src/emulator/account.ts';
import { newKeyPair } from '../../src/emulator/auth.ts';
import { BASIC, type Tier } from '../../src/emulator/buckets.ts';
import type { LogEntry } from '../../src/emulator/log-entry.ts';
import { type Call, REST_PREFIX, Router } from '../../src/emulator/router.ts';
import { type Frame, Session } from '../../src/emulator/session.ts';
import { World } from '../../src/emulator/world.ts';
import { seededRandom } from '../../src/env/seeded-random.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import type { MarketDataSource } from '../../src/venues/paper/source.ts';
import { stillMarkets, TICKER } from './still-market.ts';

const PAIR = newKeyPair('ed25519');
const PRIVATE_KEY = createPrivateKey(PAIR.privateKeyPem);

/** So much that no test but those of limits ever sees a 429. */
const PLENTY = { refillPerSecond: 1_000_000, capacity: 1_000_000 };

/** A Saturday. */
export const START_MS = Date.parse('2026-11-21T12:00:00Z');
export const TOLERANCE_MS = 10_000;

export interface DeskOptions {
  readonly source?: MarketDataSource;
  readonly startMs?: number;
  readonly tier?: Tier;
  readonly balance?: string;
}

export type Body = Readonly<Record<string, unknown>>;

export interface Answered {
  readonly status: number;
  readonly body: Body;
  /** Of a refusal. */
  readonly code: string | undefined;
}

export class Desk {
  readonly clock: VirtualClock;
  readonly world: World;
  readonly router: Router;
  readonly log: LogEntry[] = [];

  constructor(options: DeskOptions = {}) {
    const { source = stillMarkets(), startMs = START_MS, balance = '10000' } = options;
    this.clock = new VirtualClock(startMs);
    this.world = new World({
      clock: this.clock,
      random: seededRandom('desk'),
      source,
      callers: ['one', 'two'].map((keyId) => ({ keyId, publicKey: PAIR.publicKey })),
      balance,
      tier: options.tier ?? { name: 'plenty', read: PLENTY, write: PLENTY },
      closeTimes: new Map(),
      log: (entry) => this.log.push(entry),
    });
    this.router = new Router(this.world, TOLERANCE_MS);
    this.clock.runUntil(startMs);
  }

  static basic(): Desk {
    return new Desk({ tier: BASIC });
  }

  get account(): Account {
    return this.world.first;
  }

  /** Lets so much time pass. */
  wait(ms: number): void {
    this.clock.runUntil(this.clock.wallMs() + ms);
  }

  call(method: Call['method'], path: string, body?: object, keyId = 'one'): Answered {
    const [below = '', query = ''] = path.split('?');
    const full = REST_PREFIX + below;
    const answer = this.router.answer({
      method,
      path: full,
      query: new URLSearchParams(query),
      headers: this.headers(method, full, keyId),
      body: body === undefined ? '' : JSON.stringify(body),
    });
    const { error } = answer.body as { readonly error?: { readonly code?: string } };
    return { status: answer.status, body: answer.body as Body, code: error?.code };
  }

  headers(
    method: string,
    path: string,
    keyId = 'one',
    atMs = this.clock.wallMs(),
  ): Call['headers'] {
    const message = Buffer.from(`${atMs}${method}${path}`);
    return {
      'kalshi-access-key': keyId,
      'kalshi-access-timestamp': String(atMs),
      'kalshi-access-signature': sign(null, message, PRIVATE_KEY).toString('base64'),
    };
  }

  place(change: Body = {}, keyId = 'one'): Answered {
    return this.call('POST', '/portfolio/events/orders', { ...ORDER, ...change }, keyId);
  }

  /** The id of an order that must be taken. */
  placed(change: Body = {}): string {
    const { status, body } = this.place(change);
    if (status !== 201) throw new Error(JSON.stringify(body));
    return String(body['order_id']);
  }

  order(id: string): Body {
    return this.call('GET', `/portfolio/orders/${id}`).body['order'] as Body;
  }

  /** A connection; what it is sent is collected. */
  connect(): { readonly session: Session; readonly frames: Frame[] } {
    const frames: Frame[] = [];
    const session = new Session(this.world, this.account, (frame) => frames.push(frame));
    this.world.listeners.add(session);
    return { session, frames };
  }
}

export const ORDER = {
  ticker: TICKER,
  side: 'bid',
  count: '10.00',
  price: '0.4100',
  time_in_force: 'good_till_canceled',
  self_trade_prevention_type: 'taker_at_cross',
};
