/**
 * Does what one request asks of the engine, and says what came of it. It judges nothing itself: the
 * engine refuses what cannot be done, by an `InputError`.
 */
import type { Observable, Subscription } from 'rxjs';
import { InputError } from '../domain/errors.ts';
import type { Clock } from '../domain/ports.ts';
import type { Store } from '../domain/records.ts';
import {
  checkSignal,
  type Engine,
  type HaltScope,
  type MarketBook,
  type Signal,
} from '../index.ts';
import type { BookRequest, CancelRequest, ServeRequest, SignalRequest } from './protocol.ts';

export interface DeskOptions {
  readonly engine: Engine;
  readonly store: Pick<Store, 'execution'>;
  readonly clock: Clock;
  /** The parts of a signal that it may leave out. */
  readonly complete: (signal: Partial<Signal>) => unknown;
}

/** What the desk does; the rest is said by whoever keeps the updates. */
export type Deed = Exclude<ServeRequest, { readonly type: 'hello' | 'ack' }>;

/** A book that is to come takes a second, or does not come. */
const BOOK_WAIT_MS = 5_000;

export class Desk {
  readonly #options: DeskOptions;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /** At once what can be done at once; throws an `InputError` where nothing was done. */
  answer(request: Deed): object | Promise<object> {
    const { engine } = this.#options;
    switch (request.type) {
      case 'signal':
        return this.#signal(request);
      case 'cancel':
        return this.#cancel(request);
      case 'status':
        return this.#status();
      case 'capabilities':
        return { ...engine.capabilities(), instruments: engine.instruments() };
      case 'book':
        return this.#book(request);
      default:
        return this.#order(request);
    }
  }

  /** What a person orders. */
  #order(
    request: Exclude<Deed, { type: 'signal' | 'cancel' | 'status' | 'capabilities' | 'book' }>,
  ): object | Promise<object> {
    const { engine } = this.#options;
    switch (request.type) {
      case 'halt': {
        const { actor = 'bot', everything = false, reason } = request;
        return engine.halt(reason, { ...scopeOf(request), actor, everything });
      }
      case 'resume': {
        const { actor, reason } = request;
        return done(engine.resume({ ...scopeOf(request), actor, reason }));
      }
      case 'enable': {
        const { market, actor, reason } = request;
        return done(engine.enableMarket(this.#venueOf(request), market, { actor, reason }));
      }
      case 'settle': {
        const { clientOrderId, verdict, actor, reason } = request;
        engine.settleDoubt(clientOrderId, { verdict, actor, reason });
        return {};
      }
      case 'continue':
        engine.resumeExecution(request.executionId, request.actor);
        return {};
      case 'cancelOrphan':
        engine.cancelOrphan(request.clientOrderId, request.actor);
        return {};
    }
  }

  #signal({ signal }: SignalRequest): object {
    const { engine, store, complete } = this.#options;
    const whole = complete(signal);
    const { signalId } = signal;
    const known = typeof signalId === 'string' ? engine.executionOf(signalId) : null;
    if (known !== null && engine.handleOf(known) === null) {
      // Over and forgotten, or of an earlier process: the same words are the same wish.
      const said = JSON.stringify(checkSignal(whole, engine.instruments()));
      if (store.execution(known)?.signal.body === said) return { executionId: known };
    }
    return { executionId: engine.execute(whole as Signal).id };
  }

  #cancel({ signalId, executionId, reason = 'cancelled by the bot' }: CancelRequest): object {
    const { engine } = this.#options;
    if ((signalId === undefined) === (executionId === undefined))
      throw new InputError(
        'a cancel names one execution',
        signalId === undefined ? 'none' : 'two',
        'give "signalId" or "executionId"',
      );
    const id = executionId ?? engine.executionOf(signalId ?? '');
    const handle = id === null ? null : engine.handleOf(id);
    if (handle !== null) void handle.cancel(reason);
    // One that is over is not cancelled, and that is no fault.
    else if (id === null || this.#options.store.execution(id) === null)
      throw new InputError('no such execution', signalId ?? executionId, 'see "status"');
    return { executionId: id, isOver: handle === null };
  }

  #status(): object {
    const { engine, clock } = this.#options;
    return {
      timeMs: clock.wallMs(),
      epoch: engine.epoch,
      halts: engine.halts(),
      breakers: engine.breakers(),
      latency: engine.latency(),
      executions: engine.executions(),
      orders: newestOf(engine.orders$) ?? [],
      positions: newestOf(engine.positions$) ?? [],
      doubts: engine.doubts(),
      orphans: engine.orphans(),
    };
  }

  #book(request: BookRequest): Promise<object> {
    const { engine, clock } = this.#options;
    const { market, levels } = request;
    const book$ = engine.book$(this.#venueOf(request), market, levels);
    return new Promise((resolve, reject) => {
      const subscriptions: Subscription[] = [];
      const end = (): void => {
        clock.clearTimeout(timer);
        for (const subscription of subscriptions) subscription.unsubscribe();
      };
      const fail = (): void => {
        end();
        const wayOut = 'ask again, and see "status"';
        reject(new InputError('a followed market has a book', market, wayOut));
      };
      const timer = clock.setTimeout(fail, BOOK_WAIT_MS);
      const next = (book: MarketBook): void => {
        // Perhaps it was told before there was a subscription to end.
        clock.setTimeout(end, 0);
        resolve(book);
      };
      // It completes when the engine stops.
      subscriptions.push(book$.subscribe({ next, complete: fail }));
    });
  }

  /** The only one need not be named. */
  #venueOf({ venue }: { readonly venue?: string }): string {
    const names = Object.keys(this.#options.engine.capabilities().venues);
    const [only] = names;
    if (venue !== undefined) return venue;
    if (only !== undefined && names.length === 1) return only;
    throw new InputError('a venue is named', 'none', `choose one of ${names.join(', ')}`);
  }
}

const done = async (promise: Promise<void>): Promise<object> => {
  await promise;
  return {};
};

/** States are told to a new subscriber at once. */
function newestOf<T>(state$: Observable<T>): T | undefined {
  let newest: T | undefined;
  state$.subscribe((state) => (newest = state)).unsubscribe();
  return newest;
}

const scopeOf = ({ venue, market, execution }: HaltScope): HaltScope => ({
  ...(venue === undefined ? {} : { venue }),
  ...(market === undefined ? {} : { market }),
  ...(execution === undefined ? {} : { execution }),
});
