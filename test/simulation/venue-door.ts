/**
 * The venue as one process sees it: the port that the engine is given. Each call passes the judge
 * on its way out, then the network; what a dead process says is heard by nobody.
 */

import { invariant } from '../../src/domain/errors.ts';
import type { Instrument } from '../../src/domain/instrument.ts';
import type { BookEvent, Print } from '../../src/domain/market-data.ts';
import type {
  AmendOutcome,
  AmendRequest,
  CancelOutcome,
  Failure,
  OrderRef,
  OrderRequest,
  SubmitOutcome,
} from '../../src/domain/order.ts';
import type {
  Stream,
  Venue,
  VenueCapabilities,
  VenueFill,
  VenueOrder,
  VenuePosition,
} from '../../src/domain/ports.ts';
import type { ClockDoor } from './clock-door.ts';
import { FeedDoor, HEARTBEAT_MS } from './feed-door.ts';
import { type Ground, guarded } from './ground.ts';
import type { Network } from './network.ts';
import type { ReportDoor } from './report-door.ts';
import type { VenueModel } from './venue-model.ts';

export const VENUE = 'sim';

/** What has ended so long ago is in the venue's archive. */
const AGE_MS = 20_000;

const TOO_MANY: Failure = { kind: 'rejected', reason: 'slow down', throttled: true };

/** What the world does when a command passes this door. */
export interface Gatekeeper {
  submitting(request: OrderRequest, feed: FeedDoor): void;
  amending(request: AmendRequest, feed: FeedDoor): void;
  cancelling(ref: OrderRef): void;
  /** A place or an amend that can land no more. */
  gone(clientOrderId: string): void;
  landed(clientOrderId: string): void;
  sent(): void;
  /** An answer is at the process and not yet heard. */
  answering(): void;
  asked(clientOrderId: string, found: boolean): void;
  /** The process has heard of its positions, the last of what it compares. */
  comparing(): void;
  /** The process has heard of these fills. */
  listed(fillIds: readonly string[]): void;
}

export interface VenueDoorOptions {
  readonly ground: Ground;
  readonly clock: ClockDoor;
  readonly network: Network;
  readonly model: VenueModel;
  readonly reports: ReportDoor;
  readonly keeper: Gatekeeper;
  readonly instruments: readonly Instrument[];
  readonly amends: boolean;
  /** An order can be asked about by our own id. */
  readonly isAskable: boolean;
  /** How far reads are behind. */
  readonly lagMs: () => number;
}

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

export class VenueDoor implements Venue {
  readonly name = VENUE;
  readonly capabilities: VenueCapabilities;
  readonly feeds: ReadonlyMap<string, FeedDoor>;
  readonly reports$: Venue['reports$'];
  readonly #options: VenueDoorOptions;

  constructor(options: VenueDoorOptions) {
    const { ground, clock, network, model } = options;
    this.#options = options;
    this.reports$ = options.reports.reports$;
    this.capabilities = {
      amend: options.amends ? 'total' : null,
      postOnly: true,
      ioc: true,
      fok: true,
      expiry: true,
      lookupByClientId: options.isAskable,
      outlivesEngine: true,
      heartbeatMs: HEARTBEAT_MS,
      latencyP99Ms: 300,
    };
    const delayMs = (): number => network.delayMs();
    this.feeds = new Map(
      [...model.markets].map(([symbol, market]) => [
        symbol,
        new FeedDoor(ground, clock, market, delayMs),
      ]),
    );
  }

  async instruments(): Promise<readonly Instrument[]> {
    return this.#options.instruments;
  }

  book$(symbol: string): Stream<BookEvent> {
    return this.#feed(symbol).book$;
  }

  trades$(symbol: string): Stream<Print> {
    return this.#feed(symbol).trades$;
  }

  submit(request: OrderRequest): Promise<SubmitOutcome> {
    const { keeper, model, ground } = this.#options;
    const id = request.clientOrderId;
    if (this.#options.clock.isDead) return never();
    guarded(ground, () => keeper.submitting(request, this.#feed(request.symbol)));
    return this.#command(`submit ${id}`, id, () => {
      // No honest venue refuses what it has taken already.
      if (model.orders.has(id)) return { kind: 'exists' };
      const isRefused = ground.faults.strikes('refused');
      return (
        this.#turnedAway() ??
        (isRefused ? { kind: 'rejected', reason: 'insufficient funds' } : model.submit(request))
      );
    });
  }

  amend(request: AmendRequest): Promise<AmendOutcome> {
    const { keeper, model, ground } = this.#options;
    const id = request.clientOrderId;
    if (this.#options.clock.isDead) return never();
    guarded(ground, () => keeper.amending(request, this.#feed(request.symbol)));
    return this.#command(`amend ${id}`, id, () => {
      const away = this.#turnedAway();
      if (away !== null) return away;
      if (!ground.faults.strikes('amendHalf')) return model.amend(request);
      model.cancel(id);
      return { kind: 'ambiguous', reason: 'the order was cancelled, the new one not placed' };
    });
  }

  cancel(ref: OrderRef): Promise<CancelOutcome> {
    const { keeper, model, ground } = this.#options;
    if (this.#options.clock.isDead) return never();
    guarded(ground, () => keeper.cancelling(ref));
    return this.#command(`cancel ${ref.clientOrderId}`, null, () => {
      const isUnseen = ground.faults.strikes('cancelUnseen');
      if (isUnseen) return { kind: 'rejected', reason: '404 no such order' };
      return this.#turnedAway() ?? model.cancel(ref.clientOrderId);
    });
  }

  cancelAll(): Promise<void> {
    const { model, ground } = this.#options;
    return this.#command('cancelAll', null, () => {
      model.cancelAll(ground.faults.strikes('cancelAllLingers'));
    });
  }

  async order(ref: OrderRef): Promise<VenueOrder | null> {
    const { keeper, model, ground, isAskable } = this.#options;
    const isKnown = isAskable || ref.venueOrderId !== null;
    const found = await this.#read(`order ${ref.clientOrderId}`, (asOfMs) => {
      const order = isKnown ? model.orderAsOf(ref.clientOrderId, asOfMs) : null;
      const isOld = model.endedBefore(ref.clientOrderId, asOfMs - AGE_MS);
      return isOld && ground.faults.strikes('agedOut') ? null : order;
    });
    if (isKnown) keeper.asked(ref.clientOrderId, found !== null);
    return found;
  }

  openOrders(): Promise<readonly VenueOrder[]> {
    return this.#list('openOrders', (asOfMs) => this.#options.model.openAsOf(asOfMs));
  }

  closedOrders(sinceMs: number): Promise<readonly VenueOrder[]> {
    return this.#list('closedOrders', (asOfMs) => this.#options.model.closedAsOf(asOfMs, sinceMs));
  }

  /** A cursor is how many of all fills were listed. */
  async fillsSince(
    cursor: string | null,
  ): Promise<{ readonly fills: readonly VenueFill[]; readonly cursor: string }> {
    const from = Number(cursor ?? 0);
    const fills = await this.#list('fillsSince', (asOfMs) =>
      this.#options.model.fills
        .slice(from)
        .filter(({ atMs }) => atMs <= asOfMs)
        .map(({ fill }) => fill),
    );
    this.#options.keeper.listed(fills.map(({ fillId }) => fillId));
    return { fills, cursor: String(from + fills.length) };
  }

  async positions(): Promise<readonly VenuePosition[]> {
    const { keeper, model } = this.#options;
    const positions = await this.#read('positions', () => model.positions());
    keeper.comparing();
    return positions;
  }

  balance(): Promise<string> {
    return this.#read('balance', () => '10000');
  }

  asOf(): Promise<number> {
    return this.#read('asOf', (asOfMs) => asOfMs);
  }

  /** Before the exchange itself sees the request. */
  #turnedAway(): Failure | null {
    const { network, ground } = this.#options;
    if (network.isShut) return { kind: 'rejected', reason: '401 unauthorized' };
    return ground.faults.strikes('rateLimited') ? TOO_MANY : null;
  }

  #feed(symbol: string): FeedDoor {
    const feed = this.feeds.get(symbol);
    invariant(feed !== undefined, 'the engine asks for known markets', symbol);
    return feed;
  }

  #command<T>(name: string, id: string | null, land: () => T): Promise<T> {
    const { clock, network, keeper, ground } = this.#options;
    if (clock.isDead) return never();
    ground.trace.note('sends', name);
    const dead = (): void => (id === null ? undefined : keeper.gone(id));
    const answer = network.call(clock, { name, isCommand: true, dead }, () => {
      const outcome = land();
      if (id !== null) keeper.landed(id);
      return outcome;
    });
    keeper.sent();
    return this.#heard(answer);
  }

  #read<T>(name: string, land: (asOfMs: number) => T): Promise<T> {
    const { clock, network, ground, lagMs } = this.#options;
    if (clock.isDead) return never();
    ground.trace.note('asks', name);
    const dead = (): void => undefined;
    return this.#heard(
      network.call(clock, { name, isCommand: false, dead }, () =>
        land(ground.clock.wallMs() - lagMs()),
      ),
    );
  }

  /** The process may die with the answer in its hands. */
  async #heard<T>(answer: Promise<T>): Promise<T> {
    const value = await answer;
    this.#options.keeper.answering();
    return this.#options.clock.isDead ? never<T>() : value;
  }

  /** All of it, in any order; or, where a page is lost, nothing. */
  #list<T>(name: string, land: (asOfMs: number) => readonly T[]): Promise<readonly T[]> {
    const { faults } = this.#options.ground;
    return this.#read(name, (asOfMs) => {
      const list = land(asOfMs);
      if (list.length > 0 && faults.strikes('listingBroken')) return null;
      if (list.length < 2 || !faults.strikes('listShuffled')) return list;
      const random = faults.random('listShuffled');
      return list
        .map((value) => ({ value, rank: random.next() }))
        .toSorted((left, right) => left.rank - right.rank)
        .map(({ value }) => value);
    }).then((list) => {
      if (list === null) throw new Error('page 2 could not be read');
      return list;
    });
  }
}
