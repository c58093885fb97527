/**
 * An honest adapter on a wire that can be made to fail: paper at the far end, and every lever of
 * the kit. It says what it knows and no more, so that each lie told of it is caught.
 */
import { Subject } from 'rxjs';
import type { BookEvent } from '../../src/domain/market-data.ts';
import { ticks } from '../../src/domain/numbers.ts';
import type {
  CancelOutcome,
  Failure,
  OrderRequest,
  SubmitOutcome,
} from '../../src/domain/order.ts';
import type { Stream, Venue, VenueCapabilities, VenueReport } from '../../src/domain/ports.ts';
import type { VirtualClock } from '../../src/env/virtual-clock.ts';
import type { PaperVenue } from '../../src/venues/paper/venue.ts';

type Fate = 'answerLost' | 'requestLost' | 'serverError' | 'throttled';

const TIME_OUT_MS = 2_000;
const RECONNECT_MS = 100;

/** What reads answered from when visibility was lost. */
interface Frozen {
  readonly untilMs: number;
  readonly asOf: number;
  readonly shown: ReadonlySet<string>;
}

export class BadWire implements Venue {
  readonly name: string;
  readonly capabilities: VenueCapabilities;
  readonly reports$ = new Subject<VenueReport>();
  readonly far: PaperVenue;
  /** How the next command fares. */
  fate: Fate | null = null;
  refusal: string | null = null;
  hearsReports = true;
  isStalled = false;
  losesDelta = false;
  losesPage = false;
  readonly #clock: VirtualClock;
  readonly #feeds = new Set<Feed>();
  /** When each order ended, by its id. */
  readonly #endedAtMs = new Map<string, number>();
  readonly #submitted = new Map<string, OrderRequest>();
  #frozen: Frozen | null = null;

  constructor(far: PaperVenue, clock: VirtualClock) {
    this.far = far;
    this.#clock = clock;
    this.name = far.name;
    this.capabilities = { ...far.capabilities, heartbeatMs: 1_000, outlivesEngine: true };
    far.reports$.subscribe((told) => {
      const { type, clientOrderId } = told.report;
      if (type === 'order.cancelled' || type === 'order.expired')
        this.#endedAtMs.set(clientOrderId, clock.wallMs());
      if (this.hearsReports) this.reports$.next(told);
    });
  }

  instruments = () => this.far.instruments();
  trades$ = (symbol: string) => this.far.trades$(symbol);
  positions = () => this.far.positions();
  balance = () => this.far.balance();
  cancelAll = () => this.far.cancelAll();

  book$(symbol: string): Stream<BookEvent> {
    return {
      subscribe: (next) => {
        const feed = new Feed(this, symbol, next);
        this.#feeds.add(feed);
        return { unsubscribe: () => this.#feeds.delete(feed) && feed.cut() };
      },
    };
  }

  submit(request: OrderRequest): Promise<SubmitOutcome> {
    return this.#command<SubmitOutcome>(async () => {
      const reason = this.refusal;
      this.refusal = null;
      if (reason !== null) return { kind: 'rejected', reason };
      this.#submitted.set(request.clientOrderId, request);
      return this.far.submit(request);
    });
  }

  amend: PaperVenue['amend'] = (request) => this.#command(() => this.far.amend(request));

  cancel: Venue['cancel'] = (ref) => this.#command<CancelOutcome>(() => this.far.cancel(ref));

  order: Venue['order'] = async (ref) =>
    this.#shows(ref.clientOrderId) ? this.far.order(ref) : null;

  openOrders: Venue['openOrders'] = async () => {
    const open = await this.far.openOrders();
    if (this.losesPage) throw new Error('page 2 could not be read');
    return open.filter(({ clientOrderId }) => this.#shows(clientOrderId));
  };

  closedOrders = async (sinceMs: number) => {
    const ended = [...this.#endedAtMs].filter(([, atMs]) => atMs >= sinceMs);
    const asked = ended.map(([clientOrderId]) =>
      this.order({ clientOrderId, venueOrderId: null, symbol: 'M' }),
    );
    return (await Promise.all(asked)).filter((order) => order !== null);
  };

  fillsSince: Venue['fillsSince'] = (cursor) => this.far.fillsSince(cursor);

  asOf = async () => {
    const now = await this.far.asOf();
    return this.#isFrozen() ? (this.#frozen?.asOf ?? now) : now;
  };

  /** For so long reads show what they show now. */
  async freeze(ms: number): Promise<void> {
    const asOf = await this.far.asOf();
    const shown = new Set(this.#submitted.keys());
    this.#frozen = { untilMs: this.#clock.monotonicMs() + ms, asOf, shown };
  }

  /** From now on in steps of five. */
  changeTicks(): void {
    const ranges = [{ from: ticks(5), to: ticks(95), step: ticks(5) }];
    for (const feed of this.#feeds) feed.tell({ type: 'market.ticksChanged', symbol: 'M', ranges });
  }

  /** Both streams are cut, and come back. */
  reconnect(): void {
    this.hearsReports = true;
    for (const feed of this.#feeds) {
      feed.fails();
      this.#clock.setTimeout(() => this.#feeds.has(feed) && feed.open(), RECONNECT_MS);
    }
  }

  readonly #isFrozen = (): boolean => this.#clock.monotonicMs() < (this.#frozen?.untilMs ?? 0);

  readonly #shows = (clientOrderId: string): boolean =>
    !this.#isFrozen() || this.#frozen?.shown.has(clientOrderId) === true;

  async #command<Outcome>(send: () => Promise<Outcome>): Promise<Outcome | Failure> {
    const { fate } = this;
    this.fate = null;
    if (fate === 'throttled')
      return { kind: 'rejected', reason: '429 too many requests', throttled: true };
    if (fate === null) return send();
    if (fate !== 'requestLost') await send();
    if (fate === 'serverError') return { kind: 'ambiguous', reason: '503 service unavailable' };
    await new Promise<void>((resolve) => this.#clock.setTimeout(resolve, TIME_OUT_MS));
    return { kind: 'ambiguous', reason: `no answer within ${TIME_OUT_MS} ms` };
  }
}

/** One subscription: it counts the sequence, and asks anew where there is a hole. */
class Feed {
  readonly #wire: BadWire;
  readonly #symbol: string;
  readonly #next: (event: BookEvent) => void;
  #subscription: { unsubscribe(): void } | null = null;
  #last: number | null = null;

  constructor(wire: BadWire, symbol: string, next: (event: BookEvent) => void) {
    this.#wire = wire;
    this.#symbol = symbol;
    this.#next = next;
    this.open();
  }

  open(): void {
    this.cut();
    this.#last = null;
    this.#subscription = this.#wire.far.book$(this.#symbol).subscribe((event) => this.#hear(event));
  }

  tell(event: BookEvent): void {
    this.#next(event);
  }

  cut(): void {
    this.#subscription?.unsubscribe();
    this.#subscription = null;
  }

  fails(): void {
    this.cut();
    this.#next({ type: 'feed.down', symbol: this.#symbol, reason: 'connection reset' });
  }

  #hear(event: BookEvent): void {
    if (this.#wire.isStalled) return;
    if (event.type === 'book.snapshot') this.#last = event.sequence;
    if (event.type !== 'book.delta') return this.#next(event);
    if (this.#wire.losesDelta) {
      this.#wire.losesDelta = false;
      return;
    }
    const [expected, received] = [(this.#last ?? event.sequence - 1) + 1, event.sequence];
    this.#last = received;
    if (expected === received) return this.#next(event);
    this.#next({ type: 'book.gap', symbol: this.#symbol, expected, received });
    this.open();
  }
}
