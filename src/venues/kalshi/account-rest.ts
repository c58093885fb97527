/**
 * The account at Kalshi: money, positions, how far the venue's data reach, and what it may ask for.
 */
import { InputError } from '../../domain/errors.ts';
import type { CallCosts, TokenWindow, VenuePosition } from '../../domain/ports.ts';
import { KalshiError, type RestParts } from './rest-client.ts';
import { lotsIn, timeIn } from './rest-translate.ts';
import * as wire from './rest-wire.ts';

/** As `VenueCapabilities` wants them. */
export interface AccountLimits {
  readonly tier: string;
  readonly costs: CallCosts;
  readonly buckets: {
    readonly writes: readonly TokenWindow[];
    readonly reads: readonly TokenWindow[];
  };
}

/** Calls arrive closer together than they left, by what the network's delay varies. */
const JITTER_MS = 100;
/** Kept for cancels: one costs a fifth of an order, so that all which the rest places can go. */
const CANCEL_SHARE = 0.2;

export class AccountRest {
  readonly #parts: RestParts;

  constructor(parts: RestParts) {
    this.#parts = parts;
  }

  async checkKey(): Promise<void> {
    try {
      await this.balance();
    } catch (thrown) {
      if (!(thrown instanceof KalshiError) || thrown.status !== 401) throw thrown;
      throw refusedKey(this.#parts.client.host, thrown.code);
    }
  }

  async limits(): Promise<AccountLimits> {
    const { client } = this.#parts;
    const limits = await client.read('/account/limits', wire.accountLimits);
    const costs = await client.read('/account/endpoint_costs', wire.endpointCosts);
    const call = costsOf(costs);
    const least = Math.max(call.place, call.amend);
    return {
      tier: limits.usage_tier,
      costs: call,
      buckets: {
        writes: [windowOf(limits.write, CANCEL_SHARE, least)],
        reads: [windowOf(limits.read, 0, call.read)],
      },
    };
  }

  async positions(): Promise<readonly VenuePosition[]> {
    const { client, subaccount } = this.#parts;
    const query = { count_filter: 'position', subaccount };
    const pages = await client.pages('/portfolio/positions', wire.positionPage, query);
    const held = new Map<string, number>();
    for (const { ticker, position_fp } of pages.flatMap((page) => page.market_positions))
      held.set(ticker, lotsIn(position_fp, 'position_fp'));
    return [...held].map(([symbol, quantity]) => ({ symbol, quantity }));
  }

  async balance(): Promise<string> {
    const { client, subaccount } = this.#parts;
    const { balance_dollars } = await client.read('/portfolio/balance', wire.balance, {
      subaccount,
    });
    return balance_dollars;
  }

  async asOf(): Promise<number> {
    const { as_of_time } = await this.#parts.client.read(
      '/exchange/user_data_timestamp',
      wire.userDataTime,
    );
    return timeIn(as_of_time, 'as_of_time');
  }
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['incorrect_api_key_signature', 'the key file does not belong to the key id'],
  ['header_timestamp_expired', "this machine's clock is wrong"],
]);

const UNKNOWN = 'it may be a key of the other environment: demo and prod have keys of their own';

function refusedKey(host: string, code: string | null): InputError {
  const why = REASONS.get((code ?? '').toLowerCase()) ?? UNKNOWN;
  const rule = `Kalshi must know the key (${host})`;
  return new InputError(rule, code ?? 'status 401', `nothing was sent; ${why}`);
}

/** Kalshi lists what costs another sum than usual, by its own pattern of the path. */
function costsOf({ default_cost, endpoint_costs }: wire.WireCosts): CallCosts {
  const of = (method: string, place: string): number =>
    endpoint_costs.find((each) => each.method === method && each.path.endsWith(place))?.cost ??
    default_cost;
  const orders = '/portfolio/events/orders';
  return {
    place: of('POST', orders),
    amend: of('POST', `${orders}/:order_id/amend`),
    cancel: of('DELETE', `${orders}/:order_id`),
    // One question may be a look at one order or at a page of a listing: the dearer counts.
    read: Math.max(of('GET', '/portfolio/orders/:order_id'), of('GET', '/portfolio/orders')),
  };
}

/** A full bucket and the time it takes to fill: within that, never more than it holds. */
function windowOf(bucket: wire.WireBucket, share: number, least: number): TokenWindow {
  const { refill_rate, bucket_capacity: tokens } = bucket;
  const fillMs = Math.ceil((tokens / refill_rate) * 1_000);
  const reserve = Math.floor(tokens * share);
  // The reserve never takes the room of the one order that fits.
  const cancelReserve = Math.max(0, Math.min(reserve, tokens - least));
  return { windowMs: fillMs + JITTER_MS, tokens, cancelReserve };
}
