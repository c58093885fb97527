/**
 * Where the effects of one market's actors go: journal rows, commands, questions and alarms of this
 * turn, and the notes of each execution's record. Nothing here sends anything.
 */
import type { Deadline, ExecutionMessage } from '../../../machines/execution/execution.protocol.ts';
import type { ExecutionRequest } from '../../../machines/market/market.protocol.ts';
import type { Delivery } from '../../../machines/market/market.rules.ts';
import type {
  AmendCommand,
  CancelCommand,
  ResolveCommand,
  SubmitCommand,
} from '../../../machines/split-order/split-order.protocol.ts';
import type { Trigger } from '../../algorithms/algorithm.ts';
import { formatPrice, formatQuantity } from '../../domain/instrument.ts';
import type { Stage } from '../../domain/latency.ts';
import { RECOVERY_GRACE_MS, RETRY_MS } from '../../domain/limits.ts';
import { type Lots, lots, type Ticks } from '../../domain/numbers.ts';
import type { OrderCommandKind, OrderReport } from '../../domain/order.ts';
import type { Clock, Log } from '../../domain/ports.ts';
import type { JournalRecord, Store } from '../../domain/records.ts';
import type { TimerWheel } from '../../env/timer-wheel.ts';
import { refusedCommand } from '../../gateway/refused-command.ts';
import { directionOf, type ExposureLedger } from '../../ledger/exposure.ts';
import { publicFill } from '../execution/conclude.ts';
import type { ExecutionRecord } from '../execution/execution-record.ts';
import type { MarketHost } from '../market/market-host.ts';
import { intentOf } from '../reconciliation/intent.ts';
import { OPENING } from '../recovery/fold.ts';
import { checkReport, contradicts } from './check-report.ts';
import type { EffectSink } from './effects.ts';
import { jsonOf, typeOf } from './journal-text.ts';
import { bookLateReport } from './late-report.ts';
import type { Outbox } from './outbox.ts';
import { fillRow, stateOf } from './rows.ts';

export interface SinkContext {
  readonly store: Pick<Store, 'ownerOf' | 'execution' | 'hasFill' | 'fills' | 'inputsOf'>;
  readonly host: () => MarketHost;
  readonly outbox: Outbox;
  readonly records: ReadonlyMap<string, ExecutionRecord>;
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  readonly ledger: ExposureLedger;
  readonly log: Log;
  readonly alarm: (executionId: string, reason: string, kind?: 'doubt') => void;
  readonly tell: (executionId: string, message: ExecutionMessage) => void;
  readonly refused: (executionId: string, reason: string) => void;
}

const NO_TOUCH = { bid: null, ask: null };

type RowHead = Pick<JournalRecord, 'executionId' | 'splitOrderId' | 'kind' | 'type' | 'rule'>;
type Addressed = { readonly executionId: string; readonly splitOrderId: string };
type Reversal = Extract<OrderReport, { readonly type: 'order.fillReverted' }>;
type Terms = { readonly price: Ticks; readonly quantity: Lots };

export class HostSink implements EffectSink {
  readonly #context: SinkContext;
  /** The newest: what follows from it is told with its reason. */
  #doubt: Extract<OrderReport, { type: 'order.doubted' }> | null = null;

  constructor(context: SinkContext) {
    this.#context = context;
  }

  submit(command: SubmitCommand): void {
    const { request, executionId, splitOrderId } = command;
    const { clientOrderId, symbol, action, price, quantity } = request;
    const record = this.#context.records.get(executionId);
    const order = record?.noteAttempt(splitOrderId, clientOrderId);
    const intent = intentOf(request, this.#context.clock.wallMs());
    this.#intend('submit', { ...command, ...intent }, order?.reason ?? '', request);
    const question = { action, price, quantity };
    const address = { executionId, splitOrderId, clientOrderId, symbol };
    const decidedAtMs = this.#context.clock.monotonicMs();
    record?.stages.reach('decided', decidedAtMs);
    const stamped = { ...address, question, decidedAtMs };
    this.#context.outbox.commands.push({ kind: 'submit', ...stamped, request });
  }

  amend(command: AmendCommand): void {
    const { request, executionId, splitOrderId, reason } = command;
    const { clientOrderId, symbol, price, quantity } = request;
    const { records, clock, outbox } = this.#context;
    const { signal, outcome = 'yes' } = records.get(executionId)?.wish ?? {};
    const action = signal?.action ?? 'buy';
    const intent = intentOf({ symbol, outcome, action, price, quantity }, clock.wallMs());
    this.#intend('amend', { ...command, ...intent }, reason, request);
    const question = { action, price, quantity };
    const address = { executionId, splitOrderId, clientOrderId, symbol };
    const stamped = { ...address, question, decidedAtMs: clock.monotonicMs() };
    outbox.commands.push({ kind: 'amend', ...stamped, request, reason });
  }

  cancel(command: CancelCommand): void {
    const { ref, executionId, splitOrderId, reason } = command;
    const { clientOrderId, symbol } = ref;
    this.#intend('cancel', command, reason, null);
    const address = { executionId, splitOrderId, clientOrderId, symbol };
    this.#context.outbox.commands.push({ kind: 'cancel', ...address, ref, reason });
  }

  resolve({ ref, executionId }: ResolveCommand): void {
    this.#context.outbox.resolutions.push(ref);
    const { clientOrderId } = ref;
    const doubt = this.#doubt?.clientOrderId === clientOrderId ? this.#doubt : null;
    const why = doubt === null ? '' : ` (${doubt.command}: ${doubt.reason})`;
    const reason = `the outcome of order ${clientOrderId} is in doubt${why}; the venue is asked`;
    this.#context.alarm(executionId, reason, 'doubt');
  }

  askAdmission(executionId: string): void {
    const record = this.#context.records.get(executionId);
    if (record !== undefined) this.#reach(record, 'started');
    this.#context.outbox.ask({ kind: 'admission', executionId });
  }

  askDecision(executionId: string, trigger: Trigger): void {
    this.#context.records.get(executionId)?.atWork();
    this.#context.outbox.ask({ kind: 'decision', executionId, trigger });
  }

  arm(executionId: string, deadline: Deadline, dueAtMs: number | null): void {
    const { clock, wheel, tell, records } = this.#context;
    const record = records.get(executionId);
    const nowMs = clock.wallMs();
    // Further away than its whole time limit is only what a clock that was ahead wrote down.
    const limitMs = record?.wish.signal.timeLimitMs ?? Infinity;
    const pauseMs = deadline === 'retry' ? (record?.nextCancelMs() ?? RETRY_MS) : RECOVERY_GRACE_MS;
    const atMs = dueAtMs === null ? nowMs + pauseMs : Math.min(dueAtMs, nowMs + limitMs);
    wheel.arm(`${executionId}:${deadline}`, atMs, () =>
      tell(executionId, { type: 'deadline.due', deadline, atMs }),
    );
  }

  ended(executionId: string): void {
    this.#context.outbox.ended.add(executionId);
  }

  lateFill(executionId: string): void {
    this.#context.alarm(executionId, 'an order that had ended was filled');
  }

  lateReport(report: OrderReport): void {
    bookLateReport(this.#context, report);
  }

  opened(input: ExecutionRequest): void {
    const head = { executionId: input.id, splitOrderId: null, rule: null };
    this.#note({ ...head, kind: 'input', type: OPENING }, input);
  }

  journal({ executionId, message }: Delivery): void {
    const splitOrderId = message.type === 'order.reported' ? message.splitOrderId : null;
    const rule = 'reason' in message ? message.reason : null;
    const head = { executionId, splitOrderId, rule };
    this.#note({ ...head, kind: 'input', type: typeOf(message) }, message);
    const record = this.#context.records.get(executionId);
    if (record === undefined || message.type !== 'order.reported') return;
    try {
      this.#noteReport(record, message.report, message.splitOrderId);
    } catch (error) {
      // Thrown on, it would end the market: it is the fault of this one execution.
      this.faulted(executionId, error);
    }
  }

  refused(executionId: string, reason: string): void {
    this.#context.refused(executionId, reason);
  }

  faulted(executionId: string, error: unknown): void {
    this.#context.outbox.faults.push({ executionId, error });
  }

  feedFailed(reason: string): void {
    const { log, host } = this.#context;
    log.error({ market: host().instrument.symbol, reason }, 'the feed failed');
  }

  #note(head: RowHead, body: unknown): void {
    const { outbox, records, clock } = this.#context;
    const host = this.#context.host();
    const state = stateOf(host.execution(head.executionId));
    const record = records.get(head.executionId);
    const touch = record === undefined ? NO_TOUCH : host.touch(record.wish.outcome);
    outbox.touched.add(head.executionId);
    outbox.journal.push({
      ...head,
      body: jsonOf(body),
      stateBefore: state,
      stateAfter: state,
      bookVersion: host.feed.book.version,
      touchBid: touch.bid,
      touchAsk: touch.ask,
      atMs: clock.wallMs(),
    });
  }

  /** The intent of a command: a row of the journal, and news for whoever watches. */
  #intend(kind: OrderCommandKind, command: Addressed, reason: string, terms: Terms | null): void {
    const { executionId, splitOrderId } = command;
    this.#note({ executionId, splitOrderId, kind: 'command', type: kind, rule: reason }, command);
    const { records, outbox, clock } = this.#context;
    const instrument = records.get(executionId)?.wish.instrument;
    if (instrument === undefined) return;
    outbox.updates.push({
      type: 'order',
      executionId,
      timeMs: clock.wallMs(),
      splitOrder: splitOrderId,
      command: kind,
      price: terms === null ? null : formatPrice(instrument, terms.price),
      quantity: terms === null ? null : formatQuantity(instrument, terms.quantity),
      reason,
    });
  }

  #noteReport(record: ExecutionRecord, report: OrderReport, splitOrderId: string): void {
    checkReport(report);
    if (report.type === 'order.accepted') this.#reach(record, 'acked');
    if (report.type === 'order.filled') this.#bookFill(record, report, splitOrderId);
    if (report.type === 'order.fillReverted') this.#unbookFill(record, report);
    if (report.type === 'order.doubted') this.#doubt = report;
    record.noteEnd(splitOrderId, report);
    this.#tellRefusal(record.id, report, splitOrderId);
    const isUnsent = report.type === 'order.notSent' && report.command !== 'cancel';
    if (isUnsent) record.pausedUntilMs = this.#context.clock.monotonicMs() + RETRY_MS;
    if (contradicts(report, record)) this.#lookUp(record.id, splitOrderId, report.clientOrderId);
  }

  #tellRefusal(executionId: string, report: OrderReport, splitOrder: string): void {
    const refused = refusedCommand(report);
    if (refused === null) return;
    const { outbox, clock } = this.#context;
    const timeMs = clock.wallMs();
    outbox.updates.push({ type: 'refused', executionId, timeMs, splitOrder, ...refused });
  }

  /** Asks the venue about an order whose end, or whose fills, we may not have heard of. */
  #lookUp(executionId: string, splitOrderId: string, clientOrderId: string): void {
    const { host, outbox } = this.#context;
    const { instrument } = host();
    const order = host().execution(executionId)?.getSnapshot().children[splitOrderId];
    const attempt = order?.getSnapshot().context.attempt;
    const isCurrent = attempt?.clientOrderId === clientOrderId;
    const venueOrderId = isCurrent ? (attempt?.venueOrderId ?? null) : null;
    outbox.resolutions.push({ clientOrderId, venueOrderId, symbol: instrument.symbol });
  }

  #bookFill(
    record: ExecutionRecord,
    { fill, clientOrderId }: Extract<OrderReport, { type: 'order.filled' }>,
    splitOrderId: string,
  ): void {
    const host = this.#context.host();
    const { version: bookVersion } = host.feed.book;
    const circumstances = {
      clientOrderId,
      splitOrderId,
      bookVersion,
      touch: host.touch(record.wish.outcome),
    };
    const booked = { ...fill, ...circumstances, late: record.finished !== null };
    if (!record.book(booked)) return;
    this.#reach(record, 'filled');
    this.#moveExposure(record, fill.quantity);
    const { outbox, clock } = this.#context;
    outbox.fills.push(fillRow(record.wish.instrument, { ...booked, executionId: record.id }));
    const [executionId, timeMs] = [record.id, clock.wallMs()];
    outbox.updates.push({ type: 'fill', executionId, timeMs, fill: publicFill(record, booked) });
  }

  /** A clock is read for the first of them only. */
  #reach({ stages }: ExecutionRecord, stage: Stage): void {
    if (stages.lacks(stage)) stages.reach(stage, this.#context.clock.monotonicMs());
  }

  #unbookFill(record: ExecutionRecord, { fillId, clientOrderId }: Reversal): void {
    const reverted = record.unbook(fillId, clientOrderId);
    if (reverted === null) return;
    this.#moveExposure(record, lots(0 - reverted.quantity));
    this.#context.alarm(record.id, `fill ${fillId} was taken back by the venue`);
  }

  #moveExposure({ id, wish }: ExecutionRecord, quantity: Lots): void {
    const { outcome, signal, instrument } = wish;
    const direction = directionOf(outcome, signal.action);
    this.#context.ledger.fill(id, instrument.symbol, direction, quantity);
  }
}
