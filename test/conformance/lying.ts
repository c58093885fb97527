/** An adapter that lies: all of the honest one, but for what a lie puts in its place. */
import type { VenueContract, VenueWorld } from '../../src/conformance/contract.ts';
import type { BookEvent } from '../../src/domain/market-data.ts';
import type { OrderReport } from '../../src/domain/order.ts';
import type { Stream, Venue, VenueFill, VenueOrder } from '../../src/domain/ports.ts';
import type { BadWire } from './bad-wire.ts';
import type { WireWorld } from './wire-world.ts';

export interface Lie {
  readonly card: string;
  readonly lie: string;
  /** What its contract denies. */
  readonly cannot?: VenueContract['cannot'];
  readonly tell: (world: WireWorld) => VenueWorld;
}

type Changed<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

/** The same world, with a venue that differs in these members. */
export const lying = (world: WireWorld, lies: Changed<Venue>): VenueWorld => ({
  ...world,
  venue: { ...honest(world.venue), ...lies } as Venue,
});

export const honest = (venue: BadWire): Required<Omit<Venue, 'clockOffsetMs'>> => ({
  name: venue.name,
  capabilities: venue.capabilities,
  reports$: venue.reports$,
  instruments: () => venue.instruments(),
  book$: (symbol) => venue.book$(symbol),
  trades$: (symbol) => venue.trades$(symbol),
  submit: (request) => venue.submit(request),
  amend: (request) => venue.amend(request),
  cancel: (ref) => venue.cancel(ref),
  cancelAll: () => venue.cancelAll(),
  order: (ref) => venue.order(ref),
  openOrders: () => venue.openOrders(),
  closedOrders: (sinceMs) => venue.closedOrders(sinceMs),
  fillsSince: (cursor) => venue.fillsSince(cursor),
  positions: () => venue.positions(),
  balance: () => venue.balance(),
  asOf: () => venue.asOf(),
});

/** Every message passes `as`: none, one or several come of it. */
export const through = <T>(stream: Stream<T>, as: (message: T) => readonly T[]): Stream<T> => ({
  subscribe: (next) => stream.subscribe((message) => as(message).forEach((each) => next(each))),
});

export const books = (world: WireWorld, as: (event: BookEvent) => readonly BookEvent[]) =>
  lying(world, { book$: (symbol) => through(world.venue.book$(symbol), as) });

export const without = (world: WireWorld, type: BookEvent['type']): VenueWorld =>
  books(world, (event) => (event.type === type ? [] : [event]));

export const reports = (world: WireWorld, as: (report: OrderReport) => readonly OrderReport[]) =>
  lying(world, {
    reports$: through(world.venue.reports$, ({ symbol, report }) =>
      as(report).map((each) => ({ symbol, report: each })),
    ),
  });

/** Orders, however they are asked for, are shown as `as` says. */
export const orders = (world: WireWorld, as: (order: VenueOrder) => VenueOrder): VenueWorld =>
  lying(world, {
    order: async (ref) => {
      const order = await world.venue.order(ref);
      return order === null ? null : as(order);
    },
    openOrders: async () => (await world.venue.openOrders()).map(as),
    closedOrders: async (sinceMs) => (await world.venue.closedOrders(sinceMs)).map(as),
  });

export const listedFills = (
  world: WireWorld,
  as: (fills: readonly VenueFill[]) => readonly VenueFill[],
): VenueWorld =>
  lying(world, {
    fillsSince: async (cursor) => {
      const page = await world.venue.fillsSince(cursor);
      return { ...page, fills: as(page.fills) };
    },
  });
