/**
 * What the host knew of one execution beside its actor, rebuilt: as the journal is folded it hears
 * each input and each effect once more, and notes what the host of the living one noted.
 */
import type { ExecutionMessage } from '../../../machines/execution/execution.protocol.ts';
import type { AlgorithmRegistry } from '../../algorithms/registry.ts';
import { invariant, messageOf } from '../../domain/errors.ts';
import { type Instrument, ownRanges, type TickRange } from '../../domain/instrument.ts';
import { lotsOf, ticksOf } from '../../domain/money.ts';
import { ticks } from '../../domain/numbers.ts';
import type { Liquidity } from '../../domain/order.ts';
import type { FillRecord, JournalRecord, Store, StoredExecution } from '../../domain/records.ts';
import type { Signal } from '../../domain/signal.ts';
import type { Claim } from '../../ledger/exposure.ts';
import { readNotes } from '../execution/admission-notes.ts';
import { FALLBACK } from '../execution/advisor.ts';
import { decodeSignal, decodeWish } from '../execution/decode-signal.ts';
import { type BookedFill, ExecutionRecord, type Wish } from '../execution/execution-record.ts';
import type { PriceWalk } from '../execution/result.ts';
import type { EffectSink } from '../turn/effects.ts';
import { mutedSink } from '../turn/muted-sink.ts';
import type { Listener } from './fold.ts';

export interface KnownWish {
  readonly wish: Wish;
  /** Why its algorithm cannot be had any more; null where it can. */
  readonly loss: string | null;
}

/** Throws where the stored signal breaks the rules of today, but for its algorithm. */
export function wishOf(
  { state, signal }: StoredExecution,
  instrument: Instrument,
  algorithms: AlgorithmRegistry,
): KnownWish {
  const { lotSize, symbol } = instrument;
  invariant(state.lotSize === lotSize, `the lots of ${symbol} are ${lotSize}`, state.lotSize);
  const wished = decodeSignal(JSON.parse(signal.body));
  // What was a price when it was wished may lie between two of today.
  const anyPrice = { ...instrument, tickRanges: [everyTick(instrument)] };
  const read = (one: Signal): Wish => ({
    ...decodeWish(one, anyPrice, algorithms),
    signal: wished,
    instrument,
    ranges: ownRanges(instrument, one.outcome),
  });
  try {
    return { wish: read(wished), loss: null };
  } catch (thrown) {
    return { wish: read({ ...wished, algorithm: { name: FALLBACK } }), loss: messageOf(thrown) };
  }
}

const everyTick = ({ payout }: Instrument): TickRange => ({
  from: ticks(1),
  to: ticks((payout ?? Number.MAX_SAFE_INTEGER) - 1),
  step: ticks(1),
});

export interface Restoration {
  readonly record: ExecutionRecord;
  readonly listen: Listener;
  readonly sink: EffectSink;
  /** What it reserved when it was admitted; null before. */
  readonly claim: () => Claim | null;
}

/** A record to be filled by a fold that tells `listen` and `sink`. */
export function restoration(record: ExecutionRecord, algorithms: AlgorithmRegistry): Restoration {
  let claim: Claim | null = null;
  const fallBack = (reason: string | null): void => {
    if (reason !== null && record.fallbackReason === null)
      record.fallBack(algorithms.algorithmNamed(FALLBACK), reason);
  };
  const listen: Listener = (message, row, actor) => {
    if (message.type === 'execution.admitted') {
      const notes = readNotes(message.notes);
      record.arrival = notes.arrival;
      claim = notes.claim;
      fallBack(notes.fallbackReason);
    }
    if (message.type === 'execution.decided') {
      fallBack(message.fallbackReason ?? null);
      record.replans = false;
      record.note(message.directives, actor, row.atMs);
    }
    if (message.type === 'execution.cancel') record.isLeaving = true;
    if (message.type !== 'order.reported') return;
    record.noteEnd(message.splitOrderId, message.report);
    bookAgain(record, message, row);
  };
  return { record, listen, sink: countingSink(record), claim: () => claim };
}

function bookAgain(
  record: ExecutionRecord,
  { report, splitOrderId }: Extract<ExecutionMessage, { readonly type: 'order.reported' }>,
  { touchBid: bid, touchAsk: ask, bookVersion }: JournalRecord,
): void {
  const { clientOrderId } = report;
  if (report.type === 'order.fillReverted') record.unbook(report.fillId, clientOrderId);
  if (report.type !== 'order.filled') return;
  const circumstances = { bookVersion: bookVersion ?? 0, touch: { bid, ask }, late: false };
  record.book({ ...report.fill, clientOrderId, splitOrderId, ...circumstances });
}

/** Each intent was a call, or nearly was: too many are counted rather than too few. */
function countingSink(record: ExecutionRecord): EffectSink {
  const call = (): void => {
    record.calls += 1;
  };
  return {
    ...mutedSink,
    submit: ({ request: { clientOrderId }, splitOrderId }) => {
      record.noteAttempt(splitOrderId, clientOrderId);
      call();
    },
    amend: call,
    cancel: call,
  };
}

/** For a journal that does not fold: orders and fills as their own tables have them. */
export function recordOfTables(
  { state: { executionId, startedAtMs } }: StoredExecution,
  wish: Wish,
  store: Pick<Store, 'splitOrdersOf' | 'fillsOf'>,
): ExecutionRecord {
  const record = new ExecutionRecord(executionId, wish, startedAtMs);
  for (const row of store.splitOrdersOf(executionId)) {
    const { splitOrderId, placedAtMs, clientOrderId, priceWalkHistory } = row;
    const walks = JSON.parse(priceWalkHistory) as PriceWalk[];
    const note = { splitOrderId, placedAtMs, walks, reason: '', endReason: null };
    record.orders.set(splitOrderId, { ...note, clientOrderIds: [clientOrderId] });
  }
  for (const row of store.fillsOf(executionId)) record.book(bookedFill(row, wish.instrument));
  return record;
}

function bookedFill(row: FillRecord, { priceUnit, lotSize }: Instrument): BookedFill {
  const { executionId: _, venue: __, touchBid: bid, touchAsk: ask, ...fill } = row;
  const price = ticksOf(row.price, priceUnit);
  const quantity = lotsOf(row.quantity, lotSize);
  invariant(price !== null && quantity !== null, 'a stored fill is on the grid', row.fillId);
  const liquidity = row.liquidity as Liquidity;
  return { ...fill, price, quantity, liquidity, touch: { bid, ask }, late: false };
}
