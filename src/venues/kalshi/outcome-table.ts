/**
 * What an answer of Kalshi says about a command, as data: its rule for statuses, and the codes that
 * were seen or are documented. A code that is not here is kept in the reason, and its status rules.
 */
import type { HttpResult } from './transport.ts';

/**
 * 'definite': it was refused and will never happen; 'throttled', 'clock': so too, for want of
 * tokens or for a wrong time; 'exists': an order of this id is there; 'ambiguous': nobody knows.
 */
export type Refusal = 'definite' | 'throttled' | 'clock' | 'exists' | 'ambiguous';

/** Any other status is ambiguous: who answered may not be who decides. */
export const STATUSES: Readonly<Record<number, Refusal>> = {
  400: 'definite',
  // The signature is checked before anything is done.
  401: 'definite',
  403: 'definite',
  404: 'definite',
  408: 'ambiguous',
  409: 'definite',
  410: 'definite',
  429: 'throttled',
  500: 'ambiguous',
  502: 'ambiguous',
  503: 'ambiguous',
  504: 'ambiguous',
};

/** In lower case. Names in the second half are those of the FIX interface. */
export const CODES: ReadonlyMap<string, Refusal> = new Map<string, Refusal>(
  Object.entries({
    order_already_exists: 'exists',
    header_timestamp_expired: 'clock',
    'too many requests': 'throttled',
    too_many_requests: 'throttled',
    service_unavailable: 'ambiguous',
    internal_error: 'ambiguous',
    internal_server_error: 'ambiguous',
    timeout: 'ambiguous',
    bad_request: 'definite',
    invalid_order: 'definite',
    invalid_parameters: 'definite',
    missing_parameters: 'definite',
    insufficient_balance: 'definite',
    not_found: 'definite',
    order_not_found: 'definite',
    market_not_found: 'definite',
    market_not_active: 'definite',
    market_inactive: 'definite',
    market_not_open: 'definite',
    trading_is_paused: 'definite',
    fill_or_kill_insufficient_resting_volume: 'definite',
    incorrect_api_key_signature: 'definite',

    exchange_unavailable: 'ambiguous',
    exceeded_order_group_risk_limit: 'definite',
    exceeded_per_market_risk_limit: 'definite',
    exceeded_sell_position_floor: 'definite',
    self_cross_attempt: 'definite',
    cannot_update_filled_order: 'definite',
    invalid_amend_qty_for_order: 'definite',
  } as const),
);

/** What the venue said is wrong; null where it did not say. */
export interface VenueWord {
  readonly code: string | null;
  readonly message: string | null;
}

/**
 * `status` is null for one order of a batch. A status that leaves doubt is not overruled by any
 * code, and a code that leaves doubt by no status.
 */
export function refusalOf(status: number | null, { code }: VenueWord): Refusal {
  const byCode = code === null ? undefined : CODES.get(code.toLowerCase());
  if (status === null) return byCode ?? 'ambiguous';
  const byStatus = STATUSES[status] ?? 'ambiguous';
  if (byStatus === 'ambiguous' || byStatus === 'throttled') return byStatus;
  return byCode ?? byStatus;
}

const field = (body: object, name: string): string | null => {
  const value: unknown = Reflect.get(body, name);
  return typeof value === 'string' && value !== '' ? value : null;
};

/** A bare word, as some errors are: neither a page nor a sentence. */
const WORD = /^[\w .-]{1,80}$/;

/** Null for what Kalshi does not write: a page of a proxy, damaged text, nothing at all. */
export function wordOf(body: unknown): VenueWord | null {
  if (typeof body === 'string') return WORD.test(body) ? { code: body, message: null } : null;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
  const inner: unknown = Reflect.get(body, 'error');
  if (typeof inner === 'string') return { code: inner, message: null };
  const told = typeof inner === 'object' && inner !== null ? inner : body;
  const message = field(told, 'message');
  const details = field(told, 'details');
  const said = [message, details].filter((text) => text !== null).join(', ');
  return { code: field(told, 'code') ?? field(body, 'code'), message: said || null };
}

/** What is known of a write. */
export type Verdict =
  | { readonly kind: 'done'; readonly body: unknown }
  | { readonly kind: Refusal | 'notSent'; readonly reason: string };

const SHOWN_CHARACTERS_MAX = 200;

export function reasonOf(status: number | null, word: VenueWord | null): string {
  if (word === null) return `status ${status ?? 'unknown'} with a body that is not the venue's`;
  const parts = [word.code ?? `status ${status ?? 'unknown'}`, word.message];
  return parts
    .filter((part) => part !== null && part !== '')
    .join(': ')
    .slice(0, SHOWN_CHARACTERS_MAX);
}

export function verdictOf(result: HttpResult): Verdict {
  if (result.kind === 'notSent') return { kind: 'notSent', reason: `not sent: ${result.reason}` };
  if (result.kind === 'unknown') return { kind: 'ambiguous', reason: result.reason };
  const { status, body } = result;
  if (status >= 200 && status < 300) return { kind: 'done', body };
  const word = wordOf(body);
  const reason = reasonOf(status, word);
  if (word !== null) return { kind: refusalOf(status, word), reason };
  return { kind: status === 429 ? 'throttled' : 'ambiguous', reason };
}
