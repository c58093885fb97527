/**
 * Kalshi without a network: its side of the socket and its REST, scripted, on a virtual clock. It
 * acknowledges commands as the venue does, with numbers for each subscription.
 */
import type { Instrument } from '../../../src/domain/instrument.ts';
import { ticks } from '../../../src/domain/numbers.ts';
import type { VenueFill, VenueOrder } from '../../../src/domain/ports.ts';
import type { VirtualClock } from '../../../src/env/virtual-clock.ts';
import { kalshiInstrument } from '../../../src/replay/series.ts';
import type { KalshiMarket } from '../../../src/venues/kalshi/rest.ts';
import type { LineEvents } from '../../../src/venues/kalshi/socket.ts';
import { decodeFrame } from '../../../src/venues/kalshi/wire.ts';

export const MARKET = 'KXTEST-27-A';
export const OTHER = 'KXTEST-27-B';
export const START_MS = Date.parse('2027-01-01T00:00:00Z');

interface Command {
  readonly id: number;
  readonly cmd: string;
  readonly params: {
    readonly channels?: readonly string[];
    readonly market_tickers?: readonly string[];
    readonly sids?: readonly number[];
    readonly action?: string;
    readonly use_yes_price?: boolean;
    readonly index_ids?: readonly string[];
  };
}

/** The venue's side of one connection. */
export class Peer {
  readonly commands: Command[] = [];
  readonly sids = new Map<string, number>();
  readonly #seqs = new Map<number, number>();
  readonly #events: LineEvents;
  readonly #world: World;
  isClosed = false;
  #lastSid = 0;

  constructor(world: World, events: LineEvents) {
    this.#world = world;
    this.#events = events;
  }

  open(): void {
    this.#events.opened();
  }

  refuse(reason: string): void {
    this.#events.refused(reason);
  }

  lose(reason: string): void {
    this.#events.lost(reason);
  }

  ping(): void {
    if (!this.isClosed) this.#events.alive();
  }

  /** As it stands; nothing is added. */
  raw(frame: object): void {
    if (!this.isClosed) this.#events.frame(decodeFrame(frame));
  }

  /** A message of a channel, numbered where the channel numbers. */
  push(channel: string, type: string, msg: object): void {
    const sid = this.sids.get(channel) ?? 0;
    this.raw({ type, sid, ...(NUMBERED.has(channel) ? { seq: this.#next(sid) } : {}), msg });
  }

  /** Messages of a channel that get lost on the way. */
  skip(channel: string, count = 1): void {
    for (let index = 0; index < count; index += 1) this.#next(this.sids.get(channel) ?? 0);
  }

  snapshot(symbol: string): void {
    if (symbol === this.#world.mute) return;
    const { yes, no } = this.#world.bookOf(symbol);
    const side = (levels: readonly (readonly [string, string])[], key: string): object =>
      levels.length === 0 ? {} : { [key]: levels };
    this.push('orderbook_delta', 'orderbook_snapshot', {
      market_ticker: symbol,
      ...side(yes, 'yes_dollars_fp'),
      ...side(no, 'no_dollars_fp'),
    });
  }

  hear(text: string): void {
    const command = JSON.parse(text) as Command;
    this.commands.push(command);
    if (this.#world.acknowledges) this.#world.clock.setTimeout(() => this.#answer(command), 1);
  }

  #answer({ id, cmd, params }: Command): void {
    if (this.isClosed) return;
    const { channels = [], market_tickers: symbols = [], action } = params;
    const unknown = symbols.find((symbol) => !this.#world.listed.has(symbol));
    if (unknown !== undefined)
      return this.raw({ id, type: 'error', msg: { code: 16, msg: 'Market not found' } });
    if (cmd === 'subscribe') {
      for (const channel of channels) {
        if (this.#world.unknownChannels.includes(channel)) {
          this.raw({ id, type: 'error', msg: { code: 8, msg: 'Unknown channel name' } });
          continue;
        }
        this.#lastSid += 1;
        this.sids.set(channel, this.#lastSid);
        this.#seqs.set(this.#lastSid, 0);
        this.raw({ id, type: 'subscribed', msg: { channel, sid: this.#lastSid } });
        if (channel === 'orderbook_delta') for (const symbol of symbols) this.snapshot(symbol);
      }
      return;
    }
    const [sid = 0] = params.sids ?? [];
    if (action !== 'get_snapshot') this.raw({ id, type: 'ok', sid, seq: this.#next(sid) });
    if (sid === this.sids.get('orderbook_delta') && action !== 'delete_markets')
      for (const symbol of symbols) this.snapshot(symbol);
  }

  #next(sid: number): number {
    const seq = (this.#seqs.get(sid) ?? 0) + 1;
    this.#seqs.set(sid, seq);
    return seq;
  }
}

const NUMBERED: ReadonlySet<string> = new Set([
  'orderbook_delta',
  'trade',
  'market_lifecycle_v2',
  'order_group_updates',
  'cfbenchmarks_value',
]);

interface WireBook {
  readonly yes: readonly (readonly [string, string])[];
  readonly no: readonly (readonly [string, string])[];
}

const BOOK: WireBook = {
  yes: [
    ['0.0500', '10.00'],
    ['0.4100', '30.00'],
  ],
  no: [
    ['0.0200', '9.00'],
    ['0.5700', '18.00'],
  ],
};

/** Everything of the venue that can be asked. */
export class World {
  readonly clock: VirtualClock;
  readonly peers: Peer[] = [];
  readonly listed = new Map<string, KalshiMarket>();
  readonly books = new Map<string, WireBook>();
  readonly calls: string[] = [];
  readonly log: string[] = [];
  acknowledges = true;
  opens = true;
  isTrading = true;
  isActive = true;
  /** What REST says of the best bid for NO; null: what the socket's book says. */
  bestNo: number | null = null;
  failing: string | null = null;
  /** A market without a book. */
  mute: string | null = null;
  unknownChannels: readonly string[] = [];
  orders: VenueOrder[] = [];
  open: VenueOrder[] = [];
  fills: VenueFill[] = [];

  constructor(clock: VirtualClock) {
    this.clock = clock;
    this.list(MARKET);
    this.list(OTHER);
  }

  list(symbol: string, change: Partial<KalshiMarket> = {}): void {
    const instrument: Instrument = kalshiInstrument(symbol);
    const closesAtMs = START_MS + 86_400_000;
    this.listed.set(symbol, { instrument, status: 'active', closesAtMs, ...change });
  }

  bookOf(symbol: string): WireBook {
    return this.books.get(symbol) ?? BOOK;
  }

  get peer(): Peer {
    const last = this.peers.at(-1);
    if (last === undefined) throw new Error('nobody connected yet');
    return last;
  }

  dial = (events: LineEvents): { send(text: string): void; close(): void } => {
    const peer = new Peer(this, events);
    this.peers.push(peer);
    if (this.opens)
      this.clock.setTimeout(() => {
        if (!peer.isClosed) peer.open();
      }, 1);
    return {
      send: (text) => peer.hear(text),
      close: () => {
        peer.isClosed = true;
      },
    };
  };

  rest = {
    clockOffsetMs: 0,
    learn: (venueOrderId: string, wireId: string) => {
      this.calls.push(`learn ${venueOrderId} ${wireId}`);
    },
    markets: () => this.#answer('markets', () => [...this.listed.values()]),
    openOrders: () => this.#answer('openOrders', () => this.open),
    order: ({ clientOrderId }: { readonly clientOrderId: string }) =>
      this.#answer(
        `order ${clientOrderId}`,
        () => this.orders.find((each) => each.clientOrderId === clientOrderId) ?? null,
      ),
    fillsSince: (cursor: string | null) =>
      this.#answer(`fills ${cursor}`, () => ({ fills: this.fills, cursor: 'next' })),
    exchangeStatus: () =>
      this.#answer('status', () => ({
        isActive: this.isActive,
        isTrading: this.isTrading,
        resumesAtMs: null,
      })),
    bestBids: (symbol: string) =>
      this.#answer(`book ${symbol}`, () => {
        const [price = '0'] = this.bookOf(symbol).no.at(-1) ?? [];
        const no = this.bestNo ?? Math.round(Number(price) * 10_000);
        return { yes: null, no: this.bookOf(symbol).no.length === 0 ? null : ticks(no) };
      }),
  };

  /** After 5 ms, or not at all. */
  #answer<T>(call: string, answer: () => T): Promise<T> {
    this.calls.push(call);
    return new Promise((resolve, reject) => {
      this.clock.setTimeout(() => {
        if (this.failing !== null && call.startsWith(this.failing))
          reject(new Error('REST does not answer'));
        else resolve(answer());
      }, 5);
    });
  }
}
