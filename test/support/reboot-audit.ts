/**
 * What must be true after any number of deaths: the venue's word, the journal's and the results'.
 */
import { lotsOf } from '../../src/domain/money.ts';
import type { VenueFill } from '../../src/domain/ports.ts';
import type { JournalRecord, Store } from '../../src/domain/records.ts';
import type { ExecutionResult } from '../../src/index.ts';
import type { Booted, Reboots } from './reboots.ts';

const sum = (fills: readonly { readonly quantity: number }[]): number =>
  fills.reduce((total, { quantity }) => total + quantity, 0);

/** Client order ids of the submissions that a journal intended. */
const idsIn = (rows: readonly JournalRecord[]): readonly string[] => {
  const ids = new Set<string>();
  for (const { type, body } of rows) {
    if (type !== 'execution.decided') continue;
    const { directives } = JSON.parse(body) as {
      readonly directives: readonly { readonly clientOrderId?: string }[];
    };
    for (const { clientOrderId } of directives)
      if (clientOrderId !== undefined) ids.add(clientOrderId);
  }
  return [...ids];
};

/** Sentences about what is wrong; none where all is well. */
export async function wrongs(world: Reboots, last: Booted): Promise<readonly string[]> {
  const { venue, results } = world;
  const asked = Promise.all([venue.fillsSince(null), venue.openOrders()]);
  await world.pass(1_000);
  const [{ fills }, open] = await asked;
  const wrong = open.map(({ clientOrderId }) => `${clientOrderId} still rests at the venue`);
  const known = new Set<string>();
  for (const [id, told] of results) {
    const ids = idsIn(last.store.inputsOf(id));
    for (const one of ids) known.add(one);
    const atVenue = sum(fills.filter(({ clientOrderId }) => ids.includes(clientOrderId)));
    wrong.push(...wrongsOf(last.store, id, atVenue, told));
  }
  const strangers = (one: VenueFill): boolean => !known.has(one.clientOrderId);
  for (const { clientOrderId } of fills.filter(strangers))
    wrong.push(`${clientOrderId} was filled and nobody asked for it`);
  return wrong;
}

/** `told` is empty where the process died between the last commit and its word. */
function* wrongsOf(
  store: Store,
  id: string,
  atVenue: number,
  told: readonly ExecutionResult[],
): Generator<string> {
  const state = store.execution(id)?.state;
  // It died before the first commit: nobody ever heard of it.
  if (state === undefined) return;
  const { lotSize, targetLots, filledLots, endedAtMs } = state;
  const lotsIn = (quantity: string): number => lotsOf(quantity, lotSize) ?? -1;
  const stored = store.fillsOf(id).map(({ quantity }) => ({ quantity: lotsIn(quantity) }));
  if (endedAtMs === null) yield `${id} has not ended on disk`;
  if (told.length > 1) yield `${id} has ${told.length} results`;
  if (atVenue > targetLots) yield `${id} got ${atVenue} lots of ${targetLots}`;
  if (sum(stored) !== atVenue) yield `${id} stored ${sum(stored)} lots, the venue ${atVenue}`;
  if (filledLots !== atVenue) yield `${id} counts ${filledLots} lots, the venue ${atVenue}`;
  for (const { filledQuantity } of told)
    if (lotsIn(filledQuantity) !== atVenue) yield `${id} tells of ${filledQuantity}`;
}
