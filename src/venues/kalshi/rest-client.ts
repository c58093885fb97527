/**
 * Signed calls over the transport: reads give their shape or reject, writes give what is known of
 * them. Only one thing is ever sent twice, a read whose timestamp the venue did not accept.
 */
import { messageOf } from '../../domain/errors.ts';
import { ANSWER_TIMEOUT_MS } from '../../domain/limits.ts';
import type { Clock, Log } from '../../domain/ports.ts';
import { ClockOffset } from './clock-offset.ts';
import { endpointOf } from './environments.ts';
import type { KnownOrders } from './known-orders.ts';
import { reasonOf, type Verdict, verdictOf, wordOf } from './outcome-table.ts';
import { type Shape, shaped } from './rest-wire.ts';
import type { Signer } from './sign.ts';
import { type HttpResult, Transport } from './transport.ts';

export interface RestClientOptions {
  readonly environment: { readonly restUrl: string };
  readonly signer: Signer;
  readonly clock: Clock;
  readonly log: Log;
  readonly answerTimeoutMs?: number;
}

/** What every part of the REST side works with. */
export interface RestParts {
  readonly client: RestClient;
  readonly known: KnownOrders;
  /** Of the account: 0 to 63. */
  readonly subaccount: number;
}

/** A question that brought no answer; `status` and `code` where the venue said why. */
export class KalshiError extends Error {
  override readonly name = 'KalshiError';
  readonly status: number | null;
  readonly code: string | null;

  constructor(question: string, reason: string, status: number | null, code: string | null) {
    super(`Kalshi, ${question}: ${reason}`);
    this.status = status;
    this.code = code;
  }
}

export type Query = Readonly<Record<string, string | number | undefined>>;
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** The engine doubts long before; an answer that still comes then is worth having. */
const PATIENCE_MS = 3 * ANSWER_TIMEOUT_MS;
/** A million rows: a listing that goes on is broken. */
const PAGES_MAX = 1_000;
const PAGE_ROWS = 1_000;

export class RestClient {
  readonly #options: RestClientOptions;
  readonly #base: string;
  readonly #transport: Transport;
  readonly #offset = new ClockOffset();
  #isClosed = false;

  constructor(options: RestClientOptions) {
    const { environment, clock, answerTimeoutMs = PATIENCE_MS } = options;
    const url = endpointOf(environment.restUrl, 'https:');
    this.#options = options;
    this.#base = url.pathname.replace(/\/$/, '');
    this.#transport = new Transport({ url, clock, answerTimeoutMs });
  }

  get clockOffsetMs(): number {
    return this.#offset.ms;
  }

  /** The venue's wall clock, as far as we know it. */
  get venueMs(): number {
    return this.#options.clock.wallMs() + this.#offset.ms;
  }

  /** Where it calls, for people. */
  get host(): string {
    return new URL(this.#options.environment.restUrl).host;
  }

  /** What the venue said, without what it must not repeat. */
  redact(text: string): string {
    return this.#options.signer.redact(text);
  }

  close(): void {
    this.#isClosed = true;
    this.#transport.close();
  }

  /** Never rejects. `place` is below the base: "/portfolio/events/orders". */
  async write(method: Method, place: string, body: object | null, query?: Query): Promise<Verdict> {
    const result = await this.#send(method, place, query, body);
    const verdict = verdictOf(result);
    if (verdict.kind === 'done') return verdict;
    if (verdict.kind === 'clock') this.#tellClock();
    return { kind: verdict.kind, reason: this.redact(verdict.reason) };
  }

  /** Rejects with a `KalshiError`. */
  async read<T>(place: string, shape: Shape<T>, query?: Query): Promise<T> {
    let result = await this.#send('GET', place, query, null);
    if (verdictOf(result).kind === 'clock') {
      this.#tellClock();
      result = await this.#send('GET', place, query, null);
    }
    if (result.kind !== 'answered') throw new KalshiError(place, result.reason, null, null);
    const { status, body } = result;
    if (status < 200 || status > 299) throw this.#refused(place, status, body);
    return this.#shaped(place, shape, status, body);
  }

  /** The answer whatever its status, where it has the shape: some come with a 503. */
  async readAny<T>(place: string, shape: Shape<T>): Promise<T> {
    const result = await this.#send('GET', place, undefined, null);
    if (result.kind !== 'answered') throw new KalshiError(place, result.reason, null, null);
    const found = shaped(shape, result.body);
    if ('value' in found) return found.value;
    throw this.#refused(place, result.status, result.body);
  }

  /** All pages, or it rejects: one that fails, or comes twice, leaves no listing. */
  async pages<P extends { readonly cursor?: string | null | undefined }>(
    place: string,
    shape: Shape<P>,
    query: Query,
  ): Promise<readonly P[]> {
    const pages: P[] = [];
    const seen = new Set<string>();
    let cursor = '';
    do {
      if (seen.has(cursor) || pages.length === PAGES_MAX)
        throw new KalshiError(place, 'its pages never end', null, null);
      seen.add(cursor);
      const at = cursor === '' ? {} : { cursor };
      // One after the other: each page names the next.
      // oxlint-disable-next-line no-await-in-loop -- the cursor comes with the page
      const page = await this.read(place, shape, { limit: PAGE_ROWS, ...query, ...at });
      pages.push(page);
      cursor = page.cursor ?? '';
    } while (cursor !== '');
    return pages;
  }

  async #send(
    method: Method,
    place: string,
    query: Query = {},
    body: object | null = null,
  ): Promise<HttpResult> {
    const { signer, clock, log } = this.#options;
    const path = `${this.#base}${place}`;
    const startedMs = clock.monotonicMs();
    const headers = await signer.sign(method, path, Math.round(this.venueMs)).catch(messageOf);
    if (typeof headers === 'string') return { kind: 'notSent', reason: `no signature: ${headers}` };
    if (this.#isClosed) return { kind: 'notSent', reason: 'the venue was closed' };
    const sentMs = clock.wallMs();
    const result = await this.#transport.send({
      method,
      path: `${path}${queryOf(query)}`,
      headers: { Accept: 'application/json', ...(body === null ? {} : JSON_BODY), ...headers },
      body: body === null ? null : JSON.stringify(body),
    });
    if (result.kind === 'answered') this.#offset.note(result.date, sentMs, clock.wallMs());
    const told = result.kind === 'answered' ? { status: result.status } : result;
    const ms = Math.round(clock.monotonicMs() - startedMs);
    log.debug({ method, place, ...told, ms }, 'called Kalshi');
    return result;
  }

  /** The answer itself has told the venue's time: the next call is signed with it. */
  #tellClock(): void {
    const offsetMs = this.#offset.ms;
    this.#options.log.warn({ offsetMs }, 'Kalshi refused our time: the next call has its own');
  }

  #refused(place: string, status: number, body: unknown): KalshiError {
    const word = wordOf(body);
    const code = word?.code ?? null;
    const reason = this.redact(reasonOf(status, word));
    return new KalshiError(place, reason, status, code === null ? null : this.redact(code));
  }

  #shaped<T>(place: string, shape: Shape<T>, status: number, body: unknown): T {
    const found = shaped(shape, body);
    if ('value' in found) return found.value;
    const isJson = typeof body === 'object';
    const what = isJson ? found.fault : `status ${status} with a body that is no JSON`;
    throw new KalshiError(place, this.redact(what), null, null);
  }
}

const JSON_BODY = { 'Content-Type': 'application/json' };

function queryOf(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) parameters.set(name, String(value));
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}
