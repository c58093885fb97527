/**
 * What a halt withdraws at one venue: every execution in its scope is cancelled, urgently, by its
 * own chart; what the venue lists beside is cancelled blindly. It never takes silence for an end.
 */
import { filledOf } from '../../../machines/split-order/split-order.rules.ts';
import { covers, type Halt, type ResidualOrder } from '../../domain/halts.ts';
import { formatQuantity } from '../../domain/instrument.ts';
import { CLOCK_SKEW_MS_MAX } from '../../domain/limits.ts';
import { maxLots, NO_LOTS, subtractLots } from '../../domain/numbers.ts';
import type { VenueOrder } from '../../domain/ports.ts';
import type { OrderOwner } from '../../domain/records.ts';
import { splitOrdersOf } from '../execution/advise.ts';
import type { ExecutionRecord } from '../execution/execution-record.ts';
import type { Runtime } from '../runtime.ts';
import { stateName } from '../turn/rows.ts';

type Owner = Pick<OrderOwner, 'executionId' | 'splitOrderId'>;

type Snapshot = ReturnType<typeof splitOrdersOf>[number];

interface OpenOrder {
  readonly record: ExecutionRecord;
  readonly order: Snapshot;
}

/** What a venue tells when asked is never older. */
const READ_LAG_MS = 10_000;

export class VenueWithdrawal {
  readonly #runtime: Runtime;
  readonly #halt: Halt;
  readonly #told = new Set<ExecutionRecord>();
  /** What was open at the halt. */
  readonly #before: readonly OpenOrder[];
  /** Client order ids that were cancelled without an actor. */
  readonly #blind = new Set<string>();
  /** On the monotonic clock. */
  readonly #haltedAtMs: number;
  #firstAsOfMs: number | null = null;
  #isOver = false;
  /** All of it was cancelled in one call, or is about to be. */
  #isSwept = false;
  /** Open orders of ours, as of after the halt; null before there is such a listing. */
  #listing: readonly VenueOrder[] | null = null;

  constructor(runtime: Runtime, halt: Halt) {
    this.#runtime = runtime;
    this.#halt = halt;
    this.#before = this.#open();
    this.#haltedAtMs = runtime.options.clock.monotonicMs();
  }

  /** Cancels whatever lives in the scope and was not told yet. */
  tell(): void {
    const { intake, records } = this.#runtime;
    const reason = `halted: ${this.#halt.reason}`;
    const waiting = intake.waiting.filter((record) => this.#covers(record));
    for (const { id } of waiting.toReversed()) intake.cancel(id, reason);
    for (const record of records.values()) {
      if (record.finished !== null || this.#told.has(record) || !this.#covers(record)) continue;
      this.#told.add(record);
      this.#runtime.tell(record.id, { type: 'execution.cancel', reason, urgent: true });
    }
  }

  /**
   * One call for all of it, where it can touch nobody else's orders: the account is of this engine
   * alone, or a person said 'everything'.
   */
  async cancelAll(): Promise<void> {
    const { venue, log } = this.#runtime.options;
    const { scope, everything } = this.#halt;
    const isWide = scope.market === undefined && scope.execution === undefined;
    if (!isWide || (venue.capabilities.outlivesEngine && !everything) || this.#isSwept) return;
    this.#isSwept = true;
    try {
      await venue.cancelAll();
    } catch (thrown) {
      this.#isSwept = false;
      log.error({ venue: venue.name, thrown }, 'the venue did not cancel everything');
    }
  }

  /** Asks the venue what rests; rejects with what it throws. */
  async look(): Promise<void> {
    const { venue, tag } = this.#runtime.options;
    const asOfMs = await venue.asOf();
    const listed = await venue.openOrders();
    if (this.#isOver || !this.#isOfAfterwards(asOfMs)) return;
    const isMeant = ({ clientOrderId }: VenueOrder): boolean =>
      this.#halt.everything || clientOrderId.startsWith(`${tag}-`);
    const ours = listed.filter((order) => isMeant(order) && this.#coversListed(order));
    this.#listing = ours;
    const living = new Set(this.#open().map(({ order }) => order.context.attempt.clientOrderId));
    for (const order of ours) if (!living.has(order.clientOrderId)) this.#cancelBlindly(order);
  }

  /** What is answered from now on is of no use to anybody. */
  stop(): void {
    this.#isOver = true;
  }

  get hasLiving(): boolean {
    for (const record of this.#runtime.records.values())
      if (this.#openOf(record).length > 0) return true;
    return false;
  }

  /** Seen to be over by the charts, and by the venue's own listing. */
  get isProven(): boolean {
    return this.#listing?.length === 0 && !this.hasLiving;
  }

  residual(): readonly ResidualOrder[] {
    const living = this.#open().map(residualOf);
    const known = new Set(living.map(({ clientOrderId }) => clientOrderId));
    const listed = (this.#listing ?? [])
      .filter(({ clientOrderId }) => !known.has(clientOrderId))
      .map((order) => this.#residualListed(order));
    return [...living, ...listed];
  }

  /** Orders that have ended since the halt without being filled. */
  cancelled(): number {
    const left = new Set(this.residual().map(({ clientOrderId }) => clientOrderId));
    const ended = this.#before.filter(({ record, order }) => {
      const { id, attempt } = order.context;
      const now = this.#runtime.hostOf(record.wish.instrument.symbol).execution(record.id);
      const ending = now?.getSnapshot().children[id]?.getSnapshot().context.ending ?? null;
      return ending !== 'filled' && !left.has(attempt.clientOrderId);
    });
    return ended.length + [...this.#blind].filter((id) => !left.has(id)).length;
  }

  /**
   * The venue's clock is not ours: that it is past the halt counts where the two agree, and else
   * that it has moved on by more than its reads ever lag.
   */
  #isOfAfterwards(asOfMs: number): boolean {
    const { clock, venue } = this.#runtime.options;
    if (!venue.capabilities.outlivesEngine) return true;
    this.#firstAsOfMs ??= asOfMs;
    if (asOfMs > this.#firstAsOfMs + READ_LAG_MS) return true;
    const wallMs = clock.wallMs();
    const haltedAtMs = wallMs - (clock.monotonicMs() - this.#haltedAtMs);
    return asOfMs > haltedAtMs + CLOCK_SKEW_MS_MAX && asOfMs <= wallMs + CLOCK_SKEW_MS_MAX;
  }

  #covers({ id, wish: { instrument } }: ExecutionRecord): boolean {
    const { symbol: market, venue } = instrument;
    return covers(this.#halt.scope, { venue, market, execution: id });
  }

  #coversListed({ clientOrderId, symbol: market }: VenueOrder): boolean {
    const { venue } = this.#runtime.options;
    const { scope } = this.#halt;
    if (scope.execution === undefined) return covers(scope, { venue: venue.name, market });
    const execution = this.#ownerOf(clientOrderId)?.executionId ?? '';
    return covers(scope, { venue: venue.name, market, execution });
  }

  /** Null for an order that the journal does not know; whose it is where that cannot be read. */
  #ownerOf(clientOrderId: string): Owner | null {
    const { store, log } = this.#runtime.options;
    try {
      return store.ownerOf(clientOrderId);
    } catch (thrown) {
      log.warn(
        { clientOrderId, thrown },
        'the journal cannot be read: an order may be of any halt',
      );
      return { executionId: this.#halt.scope.execution ?? '', splitOrderId: '' };
    }
  }

  #open(): readonly OpenOrder[] {
    return [...this.#runtime.records.values()].flatMap((record) =>
      this.#openOf(record).map((order) => ({ record, order })),
    );
  }

  #openOf(record: ExecutionRecord): readonly Snapshot[] {
    if (record.finished !== null || !this.#covers(record)) return [];
    const actor = this.#runtime.hostOf(record.wish.instrument.symbol).execution(record.id);
    return actor === null ? [] : splitOrdersOf(actor).filter((order) => !order.hasTag('final'));
  }

  /**
   * Nobody else would. But an order that the journal does not know may be another engine's: that
   * is for a person to say.
   */
  #cancelBlindly({ clientOrderId, venueOrderId, symbol }: VenueOrder): void {
    const { gateway, options } = this.#runtime;
    const owner = this.#ownerOf(clientOrderId);
    if (owner === null && this.#halt.actor === 'engine') return;
    if (!options.instruments.some((each) => each.symbol === symbol)) return;
    this.#blind.add(clientOrderId);
    const ref = { clientOrderId, venueOrderId, symbol };
    const { executionId, splitOrderId } = owner ?? { executionId: '', splitOrderId: '' };
    const reason = `halted: ${this.#halt.reason}`;
    gateway.dispatch({
      kind: 'cancel',
      executionId,
      splitOrderId,
      clientOrderId,
      symbol,
      ref,
      reason,
    });
  }

  #residualListed({ clientOrderId, symbol, request, cumulative }: VenueOrder): ResidualOrder {
    const { venue, instruments } = this.#runtime.options;
    const open = maxLots(NO_LOTS, subtractLots(request.quantity, cumulative));
    const instrument = instruments.find((each) => each.symbol === symbol);
    const quantity = instrument === undefined ? `${open} lots` : formatQuantity(instrument, open);
    return { venue: venue.name, market: symbol, clientOrderId, quantity, state: 'listed' };
  }
}

function residualOf({ record, order: { context, value } }: OpenOrder): ResidualOrder {
  const { instrument } = record.wish;
  const open = maxLots(NO_LOTS, subtractLots(context.quantity, filledOf(context)));
  return {
    venue: instrument.venue,
    market: instrument.symbol,
    clientOrderId: context.attempt.clientOrderId,
    quantity: formatQuantity(instrument, open),
    state: stateName(value),
  };
}
