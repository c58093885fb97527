/**
 * The judgement at the end of a life: what the venue knows to be true, what the engines made
 * durable and what they told their host are laid side by side. It believes none of the engines.
 */
import { type Exchange, restingOf } from './exchange.ts';
import { type Kept, readKept } from './kept.ts';
import type { Told } from './protocol.ts';

/** Why an engine halts that was killed too often: the only halt that is right here. */
export const LOOP = 'starts without a clean stop';

/** Halts among what the engines logged: one that cannot explain what it finds stops. */
export const halts = (troubles: readonly string[]): readonly string[] =>
  troubles
    .filter((text) => text.startsWith('halted {') && !text.includes(LOOP))
    .map((text) => `halted: ${text}`);

export interface Judgement {
  readonly orders: number;
  readonly fills: number;
  readonly executions: number;
  /** Executions that outlived a kill, and were not cancelled in the end. */
  readonly resumed: number;
  /** An order sent twice under one id: harmless here, since the venue refuses it. */
  readonly repeats: number;
  /** One line for each law that was broken. */
  readonly violations: readonly string[];
}

export function judge(
  file: string,
  exchange: Exchange,
  told: readonly Told[],
  isStopped: boolean,
): Judgement {
  const kept = readKept(file);
  const counts = { orders: exchange.orders.size, fills: exchange.fills.length };
  if (kept === null)
    return {
      ...counts,
      executions: 0,
      resumed: 0,
      repeats: 0,
      violations: ['lost: there is no store'],
    };
  const violations = [
    ...(isStopped ? [] : ['stuck: the last engine did not come to an end']),
    ...(kept.integrity === 'ok' ? [] : [`damaged: ${kept.integrity}`]),
    ...orders(kept, exchange),
    ...overfills(kept, exchange),
    ...fills(kept, exchange),
    ...ends(kept, exchange),
    ...words(kept, told),
  ];
  const { executions, resumed } = kept;
  const ownEnds = [...resumed].filter((id) => executions.get(id)?.outcome !== 'cancelled');
  return {
    ...counts,
    executions: executions.size,
    resumed: ownEnds.length,
    repeats: exchange.repeats,
    violations,
  };
}

function* orders({ intents }: Kept, exchange: Exchange): Generator<string> {
  const known = new Set<string>();
  for (const { request } of intents) {
    const { clientOrderId } = request;
    if (known.has(clientOrderId)) yield `double: two intents of ${clientOrderId}`;
    known.add(clientOrderId);
    const sent = exchange.orders.get(clientOrderId)?.request;
    if (sent !== undefined && JSON.stringify(sent) !== JSON.stringify(request))
      yield `changed: ${clientOrderId} is not what was intended`;
  }
  for (const clientOrderId of exchange.orders.keys())
    if (!known.has(clientOrderId)) yield `orphan: ${clientOrderId} has no intent`;
}

/** At no instant may the venue hold and have filled more of a wish than was wanted. */
function* overfills({ intents, executions }: Kept, exchange: Exchange): Generator<string> {
  const owners = new Map(
    intents.map(({ request, executionId }) => [request.clientOrderId, executionId]),
  );
  const atStake = new Map<string, Map<string, number>>();
  for (const { clientOrderId, resting, filled } of exchange.truth) {
    const owner = executions.get(owners.get(clientOrderId) ?? '');
    if (owner === undefined) continue;
    const parts = atStake.get(owner.executionId) ?? new Map<string, number>();
    atStake.set(owner.executionId, parts.set(clientOrderId, resting + filled));
    const sum = [...parts.values()].reduce((total, each) => total + each, 0);
    if (sum > owner.target)
      yield `double: ${owner.executionId} wanted ${owner.target}, ${sum} at stake`;
  }
}

function* fills(kept: Kept, exchange: Exchange): Generator<string> {
  const real = new Map(exchange.fills.map((fill) => [fill.fillId, fill]));
  const sums = new Map<string, number>();
  for (const [fillId, { clientOrderId, quantity }] of real) {
    const booked = kept.fills.get(fillId);
    if (booked === undefined) yield `lost: fill ${fillId} of ${clientOrderId}`;
    else {
      const isSame = booked.clientOrderId === clientOrderId && Number(booked.quantity) === quantity;
      if (!isSame) yield `wrong: fill ${fillId} of ${clientOrderId}`;
      sums.set(booked.executionId, (sums.get(booked.executionId) ?? 0) + quantity);
    }
  }
  for (const fillId of kept.fills.keys()) if (!real.has(fillId)) yield `invented: fill ${fillId}`;
  for (const { executionId, filled } of kept.executions.values())
    if (filled !== (sums.get(executionId) ?? 0))
      yield `wrong: ${executionId} counts ${filled}, its fills ${sums.get(executionId) ?? 0}`;
}

function* ends({ executions }: Kept, exchange: Exchange): Generator<string> {
  for (const { executionId, isOpen, state } of executions.values())
    if (isOpen) yield `stuck: ${executionId} is still ${state}`;
  for (const [clientOrderId, order] of exchange.orders)
    if (restingOf(order) > 0) yield `left: ${clientOrderId} still rests`;
}

/** What the host was told has to be durable, whatever died after it. */
function* words(kept: Kept, told: readonly Told[]): Generator<string> {
  for (const word of told) {
    if (word.what === 'fill') {
      if (!kept.fills.has(word.fillId)) yield `untrue: told of fill ${word.fillId}`;
      continue;
    }
    const execution = kept.executions.get(word.executionId);
    if (execution?.outcome !== word.outcome)
      yield `untrue: ${word.executionId} was told as ${word.outcome}, is ${execution?.outcome}`;
  }
}
