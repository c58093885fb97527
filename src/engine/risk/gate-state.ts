/** What the gate looks at, read at the moment of the write: nothing of it is kept. */
import { times } from '../../domain/money.ts';
import { ticks } from '../../domain/numbers.ts';
import type { OutboundCommand } from '../../gateway/command.ts';
import type { GateState } from '../../gateway/gate.ts';
import { directionOf } from '../../ledger/exposure.ts';
import { NO_EXPOSURE } from '../../risk/pre-trade.ts';
import { type Refusal, refused } from '../../risk/refusal.ts';
import type { ExecutionRecord } from '../execution/execution-record.ts';
import type { Runtime } from '../runtime.ts';
import type { RuntimeOptions } from '../runtime-options.ts';

export function gateState(runtime: Runtime, command: OutboundCommand): GateState {
  const { symbol, executionId } = command;
  const { limits, haltReason, venue } = runtime.options;
  const host = runtime.hostOf(symbol);
  const { feed, instrument } = host;
  const record = runtime.records.get(executionId);
  const cap = host.execution(executionId)?.getSnapshot().context.admission?.cap ?? null;
  const ranges = record?.wish.ranges ?? instrument.tickRanges;
  const market = host.actor.getSnapshot();
  const shut = market.hasTag('shut') ? 'the market is shut' : null;
  const place = { venue: venue.name, market: symbol, execution: executionId };
  const halted = haltReason(place) ?? shut ?? (cap === null ? 'it was never admitted' : null);
  // The market knows what the book does not: that the venue paused it.
  const bookFresh = feed.fresh && market.context.bookLive;
  const state = { haltReason: halted, bookFresh, instrument, ranges, limits };
  const risk = runtime.risk.atGate(host, command);
  const objection = (record && lateObjection(record, runtime.options)) ?? risk.objection;
  const exposure = record === undefined ? NO_EXPOSURE : heldBeside(runtime, record, command);
  return { ...state, ...risk, objection, cap: cap ?? ticks(0), exposure };
}

/**
 * What all executions have open was judged at admission, and holds this order. What is held may
 * have grown since then: a fill of another that was taken back gave its room away.
 */
function heldBeside(runtime: Runtime, { wish }: ExecutionRecord, command: OutboundCommand) {
  const { symbol, lotSize } = wish.instrument;
  const { positionLots } = runtime.ledger.totals(
    symbol,
    directionOf(wish.outcome, wish.signal.action),
  );
  const ofThis = command.kind === 'cancel' ? 0 : command.question.quantity;
  return { ...NO_EXPOSURE, position: times(lotSize, positionLots - ofThis) };
}

/** A process that stood still finds its deadlines behind what it had decided before them. */
function lateObjection(
  record: ExecutionRecord,
  { clock }: Pick<RuntimeOptions, 'clock'>,
): Refusal | null {
  const { timeLimitMs } = record.wish.signal;
  const ageMs = record.ageMs(clock);
  if (ageMs <= timeLimitMs) return null;
  return refused('an order leaves within its time limit', `${ageMs} ms`, `${timeLimitMs} ms`);
}

/** Whether a command that had to wait still makes sense: the order may have ended meanwhile. */
export function isWanted(runtime: Runtime, command: OutboundCommand): boolean {
  const { symbol, executionId, splitOrderId, clientOrderId, kind } = command;
  const execution = runtime.hostOf(symbol).execution(executionId)?.getSnapshot();
  const order = execution?.children[splitOrderId]?.getSnapshot();
  // Without an actor nobody knows what rests: it is withdrawn blindly, and nothing is placed.
  if (order === undefined) return kind === 'cancel';
  const { attempt, cancelWanted } = order.context;
  if (order.hasTag('final') || attempt.clientOrderId !== clientOrderId) return false;
  return kind === 'cancel' || cancelWanted === null;
}
