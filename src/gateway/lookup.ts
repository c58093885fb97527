/**
 * Where the venue may know an order: by its id, among those that rest, and among those that have
 * ended. It only asks; that an order is nowhere is proof for whoever adds the venue's clock.
 */
import type { OrderRef } from '../domain/order.ts';
import type { Venue, VenueOrder } from '../domain/ports.ts';

type Listings = Pick<Venue, 'capabilities' | 'order' | 'openOrders' | 'closedOrders'>;

/** The venue can be asked about this very order. */
const isAskable = ({ capabilities }: Listings, ref: OrderRef): boolean =>
  capabilities.lookupByClientId || ref.venueOrderId !== null;

/** Whether all listings together would show an order wherever it is: else absence is no proof. */
export const canProveAbsence = (venue: Listings, ref: OrderRef): boolean =>
  isAskable(venue, ref) || venue.closedOrders !== undefined;

/**
 * The order by the shortest way; `everywhere` looks into all listings before it says null. Rejects
 * with what the venue throws.
 */
export async function lookUp(
  venue: Listings,
  ref: OrderRef,
  { sinceMs, everywhere }: { readonly sinceMs: number; readonly everywhere: boolean },
): Promise<VenueOrder | null> {
  const isIt = ({ clientOrderId }: VenueOrder): boolean => clientOrderId === ref.clientOrderId;
  if (isAskable(venue, ref)) {
    const found = await venue.order(ref);
    if (found !== null || !everywhere) return found;
  }
  const open = (await venue.openOrders()).find(isIt);
  if (open !== undefined) return open;
  return (await venue.closedOrders?.(sinceMs))?.find(isIt) ?? null;
}
