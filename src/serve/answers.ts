/**
 * The answers to deeds, so that one which comes again under its id is answered and not done again.
 * It keeps the newest ones; what is older is known by its signal, or harmless.
 */
import { InputError } from '../domain/errors.ts';
import type { RequestId, ServeRequest } from './protocol.ts';

/** A bot that asks again does so within seconds. */
const KEPT_MAX = 10_000;

interface Kept {
  readonly words: string;
  readonly result: Promise<object> | object;
}

export class Answers {
  readonly #kept = new Map<RequestId, Kept>();

  /** Null for a new deed; throws an `InputError` where the id was another deed's. */
  find(id: RequestId, request: ServeRequest): Promise<object> | object | null {
    const kept = this.#kept.get(id);
    if (kept === undefined) return null;
    if (kept.words === JSON.stringify(request)) return kept.result;
    throw new InputError('an id names one request', id, 'give each request an id of its own');
  }

  /** One that is refused later on is forgotten again: nothing was done. */
  keep(id: RequestId, request: ServeRequest, result: Promise<object> | object): void {
    this.#kept.set(id, { words: JSON.stringify(request), result });
    if (result instanceof Promise) result.catch(() => this.#kept.delete(id));
    const [oldest] = this.#kept.size > KEPT_MAX ? this.#kept.keys() : [];
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}
