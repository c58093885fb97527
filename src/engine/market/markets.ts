/**
 * The markets of one venue that are worked: each is opened once it is wanted, and followed from
 * then on. What comes in from outside leaves here as inputs of a turn.
 */
import type { MarketEvent } from '../../../machines/market/market.protocol.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { OrderReport } from '../../domain/order.ts';
import type { FeedChange } from '../../streams/market-feed.ts';
import type { Runtime } from '../runtime.ts';
import { provideMarket } from '../turn/effects.ts';
import { type MarketHost, MarketPorts } from './market-host.ts';
import { follow, openMarket } from './open-market.ts';

export interface MarketListener {
  readonly enqueue: (host: MarketHost, event: MarketEvent) => void;
  readonly changed: (host: MarketHost, change: FeedChange) => void;
  /** Its own actor broke. */
  readonly lost: (host: MarketHost, thrown: unknown) => void;
}

export class Markets {
  readonly #runtime: Runtime;
  readonly #listener: MarketListener;
  readonly #hosts = new Map<string, MarketHost>();
  readonly #ports = new MarketPorts();
  readonly #machine = provideMarket((system) => this.#ports.of(system).sink, this.#ports.feeds());

  constructor(runtime: Runtime, listener: MarketListener) {
    this.#runtime = runtime;
    this.#listener = listener;
  }

  get all(): readonly MarketHost[] {
    return [...this.#hosts.values()];
  }

  /** Starts what is needed to work this market; a market is only followed once it is wanted. */
  of(symbol: string): MarketHost {
    const known = this.#hosts.get(symbol);
    if (known !== undefined) return known;
    const { instruments } = this.#runtime.options;
    const instrument = instruments.find((each) => each.symbol === symbol);
    if (instrument === undefined)
      throw new Error(`an order report names an unknown market: ${symbol}`);
    return this.#open(instrument);
  }

  /** With the price ranges that hold now, where the market is followed. */
  current(instrument: Instrument): Instrument {
    return this.#hosts.get(instrument.symbol)?.instrument ?? instrument;
  }

  /** The private stream names markets that nobody works here, too: those are somebody else's. */
  receive(symbol: string, report: OrderReport): void {
    if (this.#hosts.has(symbol) || this.#isOurs(symbol, report))
      this.#listener.enqueue(this.of(symbol), report);
    else
      this.#runtime.options.log.warn({ symbol, report }, 'a report of a market that is not worked');
  }

  /**
   * Of an execution that has ended, here or in an earlier process: its fills count all the same.
   */
  #isOurs(symbol: string, { clientOrderId }: OrderReport): boolean {
    const { tag, store, instruments } = this.#runtime.options;
    if (!clientOrderId.startsWith(`${tag}-`) || store.ownerOf(clientOrderId) === null) return false;
    return instruments.some((each) => each.symbol === symbol);
  }

  stop(): void {
    for (const host of this.#hosts.values()) host.stop();
  }

  #open(instrument: Instrument): MarketHost {
    const { enqueue, changed, lost } = this.#listener;
    const parts = { machine: this.#machine, ports: this.#ports };
    const host = openMarket(this.#runtime, instrument, parts);
    const { actor, feed } = host;
    this.#hosts.set(instrument.symbol, host);
    actor.subscribe({ error: (thrown) => lost(host, thrown) });
    feed.news$.subscribe((event) => enqueue(host, event));
    feed.onChange = (change) => changed(host, change);
    follow(host, () => this.#hosts.delete(instrument.symbol));
    return host;
  }
}
