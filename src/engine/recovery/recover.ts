/**
 * Takes up the executions that the last process left open: each is folded from its journal, armed
 * again, and told that it was restarted, which puts its orders in doubt until the venue is asked.
 * It only reads and appends: a crash in it leaves what it found.
 */
import { attemptFilled } from '../../../machines/split-order/split-order.rules.ts';
import { invariant, messageOf } from '../../domain/errors.ts';
import { sumLots } from '../../domain/numbers.ts';
import type { ExecutionStateRecord, StoredExecution } from '../../domain/records.ts';
import { absentReport } from '../../gateway/outcome.ts';
import type { Claim } from '../../ledger/exposure.ts';
import { splitOrdersOf } from '../execution/advise.ts';
import { FALLBACK } from '../execution/advisor.ts';
import { type ExecutionActor, ExecutionRecord } from '../execution/execution-record.ts';
import type { MarketHost } from '../market/market-host.ts';
import type { Runtime } from '../runtime.ts';
import { foldInto } from './fold.ts';
import { type KnownWish, recordOfTables, restoration, wishOf } from './recover-record.ts';

/** What was taken up, oldest first. One that cannot even be read stays open, and is spoken of. */
export function recover(runtime: Runtime): readonly ExecutionRecord[] {
  const { store, venue } = runtime.options;
  return store.openExecutions(venue.name).flatMap((stored) => takeUp(runtime, stored) ?? []);
}

interface Found {
  readonly stored: StoredExecution;
  readonly known: KnownWish;
  readonly host: MarketHost;
}

function takeUp(runtime: Runtime, stored: StoredExecution): ExecutionRecord | null {
  const { executionId } = stored.state;
  let found: Found;
  try {
    found = find(runtime, stored);
  } catch (thrown) {
    runtime.alarm(executionId, `it cannot be taken up, look at the venue: ${messageOf(thrown)}`);
    return null;
  }
  try {
    return restart(runtime, found);
  } catch (thrown) {
    return giveUp(runtime, found, thrown);
  }
}

function find(runtime: Runtime, stored: StoredExecution): Found {
  const { options } = runtime;
  const { market } = stored.state;
  const instrument = options.instruments.find(({ symbol }) => symbol === market);
  invariant(instrument !== undefined, 'the venue lists the market of an open execution', market);
  const known = wishOf(stored, instrument, options.algorithms);
  return { stored, known, host: runtime.hostOf(market) };
}

/**
 * Throws where the journal does not fold to what was stored beside it; nothing is enrolled then.
 */
function restart(runtime: Runtime, { stored, known, host }: Found): ExecutionRecord {
  const { store, algorithms, venue, clock, recovery: policy } = runtime.options;
  const { executionId, startedAtMs } = stored.state;
  const startedMonotonicMs = clock.monotonicMs() - (clock.wallMs() - startedAtMs);
  const record = new ExecutionRecord(executionId, known.wish, startedAtMs, startedMonotonicMs);
  const { listen, sink, claim } = restoration(record, algorithms);
  const rows = store.inputsOf(executionId);
  const actor = host.muted(() => foldInto(host.actor, rows, listen), sink);
  assertSame(actor, stored.state);
  enrol(runtime, host, record);
  record.overfilled = actor.getSnapshot().context.quantity.overfilled;
  if (known.loss !== null && record.fallbackReason === null) {
    record.fallBack(algorithms.algorithmNamed(FALLBACK), known.loss);
    runtime.alarm(executionId, `${FALLBACK} works it: ${known.loss}`);
  }
  reserve(runtime, record, claim());
  if (actor.getSnapshot().hasTag('final')) host.sink.ended(executionId);
  else {
    arm(host, actor, stored.state);
    const message = { type: 'execution.restarted', policy } as const;
    runtime.apply(host, { type: 'execution.told', executionId, message });
    askAgain(runtime, host, executionId);
    if (!venue.capabilities.outlivesEngine) void dropLost(runtime, host, executionId);
  }
  runtime.wake();
  return record;
}

/** The second count: what the fold gives, and what its row says. */
function assertSame(actor: ExecutionActor, state: ExecutionStateRecord): void {
  const { filled, working, inDoubt, unreleased } = actor.getSnapshot().context.quantity;
  const { filledLots, workingLots, inDoubtLots, unreleasedLots } = state;
  const folded = [filled, working, inDoubt, unreleased].join('/');
  const stored = [filledLots, workingLots, inDoubtLots, unreleasedLots].join('/');
  invariant(folded === stored, `a journal folds to what was stored beside it: ${stored}`, folded);
}

function enrol({ records, intake }: Runtime, host: MarketHost, record: ExecutionRecord): void {
  records.set(record.id, record);
  host.alive.add(record);
  intake.adopt();
}

function reserve({ ledger, gateway }: Runtime, record: ExecutionRecord, claim: Claim | null): void {
  const { id, fills, definition, calls } = record;
  if (claim === null) return;
  const filled = sumLots(fills.map(({ quantity }) => quantity));
  ledger.reserve(id, { ...claim, openLots: claim.openLots - filled });
  const { needs } = definition;
  if (needs !== undefined) gateway.lease(id, Math.max(0, needs.calls - calls));
}

/** Deadlines are data; one that has passed is due at once. */
function arm({ sink }: MarketHost, actor: ExecutionActor, state: ExecutionStateRecord): void {
  const { admission, wakeAtMs } = actor.getSnapshot().context;
  const { executionId, deadlineMs } = state;
  sink.arm(executionId, 'close', admission?.closeAtMs ?? deadlineMs);
  if (wakeAtMs !== null) sink.arm(executionId, 'wake', wakeAtMs);
}

/**
 * Whoever was in doubt already, or waits for its fills, was asked about by a process that is gone.
 */
function askAgain({ outbox }: Runtime, host: MarketHost, executionId: string): void {
  const actor = host.execution(executionId);
  const asked = new Set(outbox.resolutions.map(({ clientOrderId }) => clientOrderId));
  for (const order of actor === null ? [] : splitOrdersOf(actor)) {
    const { clientOrderId, venueOrderId } = order.context.attempt;
    if (order.hasTag('final') || asked.has(clientOrderId)) continue;
    outbox.resolutions.push({ clientOrderId, venueOrderId, symbol: order.context.terms.symbol });
  }
}

/**
 * A venue that died with its process took its orders along: what it does not know now is proven
 * gone, for no late answer can come. Where it lives in this process it says what it knows.
 */
async function dropLost(runtime: Runtime, host: MarketHost, executionId: string): Promise<void> {
  const { venue, log } = runtime.options;
  const actor = host.execution(executionId);
  for (const { context } of actor === null ? [] : splitOrdersOf(actor)) {
    const { clientOrderId, venueOrderId, acknowledged, quantity } = context.attempt;
    const ref = { clientOrderId, venueOrderId, symbol: context.terms.symbol };
    try {
      if (context.ending !== null || (await venue.order(ref)) !== null) continue;
      const taken = { filled: attemptFilled(context), price: context.price, quantity };
      const evidence = `${venue.name} keeps nothing of an earlier process`;
      runtime.reconciliation.resolver.drop(clientOrderId);
      runtime.enqueue(host, absentReport(ref, { taken: acknowledged ? taken : null }, evidence));
    } catch (thrown) {
      log.warn({ ...ref, thrown }, 'no answer about an order of an earlier process');
    }
  }
}

/** Its tables still tell what it asked for and got: that is withdrawn blindly, and told. */
function giveUp(
  runtime: Runtime,
  { stored, known, host }: Found,
  thrown: unknown,
): ExecutionRecord {
  const { executionId } = stored.state;
  const { log, store } = runtime.options;
  log.error({ executionId, thrown }, 'a journal does not fold: look at the venue yourself');
  host.muted(() => host.deliver({ type: 'execution.dismissed', executionId }));
  const record = recordOfTables(stored, known.wish, store);
  enrol(runtime, host, record);
  const reason = `its journal does not fold: ${messageOf(thrown)}`;
  runtime.alarm(executionId, reason);
  runtime.abandon(executionId, 'failed', reason);
  runtime.wake();
  return record;
}
