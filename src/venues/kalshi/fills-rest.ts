/**
 * Fills as Kalshi lists them. They name the venue's order alone, so the order of each is found out
 * first; a listing with a fill that nobody can place yet rejects.
 */
import { ACCEPTANCE_WINDOW_MS } from '../../domain/limits.ts';
import type { VenueFill } from '../../domain/ports.ts';
import type { OwnId } from './order-id.ts';
import type { OrderListings } from './order-listings.ts';
import { KalshiError, type RestParts } from './rest-client.ts';
import { filledAtOf, venueFillOf } from './rest-translate.ts';
import * as wire from './rest-wire.ts';

export interface FillsRestOptions extends RestParts {
  readonly listings: OrderListings;
}

/** More orders than that are listed in one go instead of being asked about one by one. */
const SINGLE_LOOKUPS_MAX = 20;
const FILLS = '/portfolio/fills';

/** Up to a second, and the fills of its end that were told: Kalshi's filter knows no finer time. */
interface Place {
  readonly seconds: number;
  readonly told: ReadonlySet<string>;
}

const START: Place = { seconds: 0, told: new Set() };

export class FillsRest {
  readonly #options: FillsRestOptions;

  constructor(options: FillsRestOptions) {
    this.#options = options;
  }

  /** What Kalshi has moved to its archive, months later, is not listed any more. */
  async since(
    cursor: string | null,
  ): Promise<{ readonly fills: readonly VenueFill[]; readonly cursor: string }> {
    const place = cursor === null ? START : placeOf(cursor);
    const listed = await this.#list(place);
    await this.#nameOrders(listed);
    const fills = listed
      .filter(({ trade_id }) => !place.told.has(trade_id))
      .map((fill) => venueFillOf(fill, this.#ownerOf(fill)))
      .toSorted((left, right) => left.timeMs - right.timeMs);
    return { fills, cursor: cursorAfter(listed, place) };
  }

  async #list({ seconds }: Place): Promise<readonly wire.WireFill[]> {
    const { client, subaccount } = this.#options;
    // One second earlier: whether the filter takes its own second is not documented.
    const min_ts = seconds === 0 ? undefined : seconds - 1;
    const pages = await client.pages(FILLS, wire.fillPage, { min_ts, subaccount });
    const byId = new Map(pages.flatMap(({ fills }) => fills).map((fill) => [fill.trade_id, fill]));
    return [...byId.values()].filter((fill) => secondsOf(fill) >= seconds - 1);
  }

  async #nameOrders(fills: readonly wire.WireFill[]): Promise<void> {
    const { known, listings } = this.#options;
    const ids = new Set(fills.map(({ order_id }) => order_id));
    const unknown = [...ids].filter((id) => known.ownIdOf(id) === null);
    if (unknown.length > SINGLE_LOOKUPS_MAX) await listings.all();
    else await Promise.all(unknown.map((id) => listings.byId(id)));
  }

  #ownerOf(fill: wire.WireFill): OwnId {
    const { known, client } = this.#options;
    const owner = known.ownIdOf(fill.order_id);
    if (owner !== null) return owner;
    // Orders may be listed later than their fills: a young one of ours would pass for foreign.
    if (filledAtOf(fill) > client.venueMs - ACCEPTANCE_WINDOW_MS)
      throw new KalshiError(FILLS, 'the order of a fill is not listed yet', null, null);
    // Kalshi lists it no more: it is not one of ours that still matters.
    return { clientOrderId: fill.order_id, outcome: 'yes' };
  }
}

const secondsOf = (fill: wire.WireFill): number => Math.floor(filledAtOf(fill) / 1_000);

function placeOf(cursor: string): Place {
  const [first = '', ...told] = cursor.split(' ');
  const seconds = Number(first);
  // Of a cursor that is not ours, all of them: a fill too many is known by its id.
  return Number.isSafeInteger(seconds) ? { seconds, told: new Set(told) } : START;
}

function cursorAfter(listed: readonly wire.WireFill[], place: Place): string {
  const seconds = listed.reduce((last, fill) => Math.max(last, secondsOf(fill)), place.seconds);
  const told = listed
    .filter((fill) => secondsOf(fill) >= seconds - 1)
    .map(({ trade_id }) => trade_id)
    .toSorted();
  return [seconds, ...told].join(' ');
}
