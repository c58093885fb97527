/** What asks the venue about our orders, and what it takes for an answer. */
import type { Lots } from '../../domain/numbers.ts';
import type { OrderRef } from '../../domain/order.ts';
import type { VenueOrder } from '../../domain/ports.ts';
import type { FillGap, OwnWord } from '../../gateway/outcome.ts';
import { Resolver } from '../../gateway/resolver.ts';
import type { Runtime } from '../runtime.ts';
import { payloadHash } from './intent.ts';
import { knownOrder } from './known-order.ts';
import type { LastWords } from './last-words.ts';
import type { FillListing } from './missed-fills.ts';

function gapOf(runtime: Runtime, clientOrderId: string, cumulative: Lots): FillGap {
  const { executionId } = knownOrder(runtime, clientOrderId) ?? {};
  // Of an execution that is gone the list of fills alone can tell.
  return runtime.records.get(executionId ?? '')?.gapOf(clientOrderId, cumulative) ?? 'none';
}

function ownWord(runtime: Runtime, words: LastWords, { clientOrderId }: OrderRef): OwnWord {
  const { clock, store } = runtime.options;
  const known = knownOrder(runtime, clientOrderId);
  const intentAtMs = store.ownerOf(clientOrderId)?.intentAtMs ?? clock.wallMs();
  const hasEnded = known?.state === 'settling' || known?.state === 'ended';
  const sent = { intentAtMs, quietMs: words.quietMs(clientOrderId), hasEnded };
  if (known === null || !known.acknowledged || known.terms === null)
    return { ...sent, taken: null };
  const { price, quantity } = known.terms;
  const filled = runtime.records.get(known.executionId)?.filledBy(clientOrderId);
  return { ...sent, taken: { filled: filled ?? (0 as Lots), price, quantity } };
}

/**
 * An order under our id that is another than the one we sent; null where it is ours. Once the venue
 * has acknowledged it, its price and quantity are the venue's to say.
 */
function mismatch(runtime: Runtime, { clientOrderId, request }: VenueOrder): string | null {
  const known = knownOrder(runtime, clientOrderId);
  if (known === null || known.terms === null) return null;
  const { price, quantity } = known.acknowledged ? request : known.terms;
  const own = { ...known.terms, price, quantity };
  if (payloadHash(own) === payloadHash(request)) return null;
  const { symbol, outcome, action } = own;
  return (
    `sent ${action} ${quantity} ${outcome} of ${symbol} at ${price}, found ${request.action} ` +
    `${request.quantity} ${request.outcome} of ${request.symbol} at ${request.price}`
  );
}

export function resolverFor(
  runtime: Runtime,
  { words, listing }: { readonly words: LastWords; readonly listing: FillListing },
): Resolver {
  const { venue, clock, log, halt } = runtime.options;
  const told = new Set<string>();
  return new Resolver({
    venue,
    clock,
    log,
    report: ({ symbol }, report) => runtime.enqueue(runtime.hostOf(symbol), report),
    fetchFills: async () => (await listing.fetch()).fills,
    gapOf: (clientOrderId, cumulative) => gapOf(runtime, clientOrderId, cumulative),
    ownWord: (ref) => ownWord(runtime, words, ref),
    mismatch: (found) => {
      const difference = mismatch(runtime, found);
      if (difference === null || told.has(found.clientOrderId)) return difference;
      told.add(found.clientOrderId);
      const what = `another order under our id ${found.clientOrderId}: ${difference}`;
      halt(`${venue.name} holds ${what}`, { venue: venue.name });
      return difference;
    },
    isOver: ({ clientOrderId }) => knownOrder(runtime, clientOrderId)?.state === 'ended',
    spendRead: () => runtime.gateway.spendRead(),
  });
}
