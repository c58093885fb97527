/**
 * The venue as the process that gets killed sees it: each call and each report crosses a socket.
 */
import { Subject } from 'rxjs';
import type { Instrument } from '../../src/domain/instrument.ts';
import type { BookEvent, Print } from '../../src/domain/market-data.ts';
import type {
  AmendOutcome,
  AmendRequest,
  CancelOutcome,
  OrderRef,
  OrderRequest,
  SubmitOutcome,
} from '../../src/domain/order.ts';
import type {
  Venue,
  VenueCapabilities,
  VenueFill,
  VenueOrder,
  VenuePosition,
  VenueReport,
} from '../../src/domain/ports.ts';
import { VENUE } from './exchange.ts';
import type { CallName, FromEngine, ToEngine } from './protocol.ts';

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
}

export class SocketVenue implements Venue {
  readonly name = VENUE;
  readonly capabilities: VenueCapabilities;
  readonly reports$ = new Subject<VenueReport>();
  readonly #send: (message: FromEngine) => void;
  readonly #waiting = new Map<number, Waiting>();
  readonly #books = new Map<string, Subject<BookEvent>>();
  #calls = 0;

  constructor(capabilities: VenueCapabilities, send: (message: FromEngine) => void) {
    this.capabilities = capabilities;
    this.#send = send;
    if (capabilities.amend === null) Object.defineProperty(this, 'amend', { value: undefined });
  }

  /** What came over the wire for it. */
  take(message: ToEngine): void {
    switch (message.kind) {
      case 'answer':
        return this.#settle(message.id)?.resolve(message.value);
      case 'refusal':
        return this.#settle(message.id)?.reject(new Error(message.reason));
      case 'book':
        return this.#books.get(message.event.symbol)?.next(message.event);
      case 'report':
        return this.reports$.next(message.report);
      case 'go':
      case 'finish':
    }
  }

  book$(symbol: string) {
    const book = this.#books.get(symbol) ?? new Subject<BookEvent>();
    this.#books.set(symbol, book);
    return {
      subscribe: (next: (event: BookEvent) => void) => {
        const subscription = book.subscribe(next);
        this.#send({ kind: 'follow', symbol });
        return subscription;
      },
    };
  }

  trades$ = (): Subject<Print> => new Subject();
  instruments = (): Promise<readonly Instrument[]> => this.#call('instruments');
  submit = (request: OrderRequest): Promise<SubmitOutcome> => this.#call('submit', request);
  amend = (request: AmendRequest): Promise<AmendOutcome> => this.#call('amend', request);
  cancel = (ref: OrderRef): Promise<CancelOutcome> => this.#call('cancel', ref);
  cancelAll = (): Promise<void> => this.#call('cancelAll');
  order = (ref: OrderRef): Promise<VenueOrder | null> => this.#call('order', ref);
  openOrders = (): Promise<readonly VenueOrder[]> => this.#call('openOrders');
  positions = (): Promise<readonly VenuePosition[]> => this.#call('positions');
  balance = (): Promise<string> => this.#call('balance');
  asOf = (): Promise<number> => this.#call('asOf');
  fillsSince = (
    cursor: string | null,
  ): Promise<{ readonly fills: readonly VenueFill[]; readonly cursor: string }> =>
    this.#call('fillsSince', cursor);

  #call<Answer>(name: CallName, argument: unknown = null): Promise<Answer> {
    this.#calls += 1;
    const id = this.#calls;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: (value) => resolve(value as Answer), reject });
      // Written before this returns: what dies right after it has sent.
      this.#send({ kind: 'call', id, name, argument });
    });
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}
