/** How a card fails: with the promise that was broken, what was seen instead, and the way out. */
import { messageOf } from '../domain/errors.ts';

const SHOWN_CHARACTERS_MAX = 600;

export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise';
  readonly card: string;
  readonly promise: string;
  readonly seen: string;
  readonly wayOut: string;

  constructor(
    { name, promise }: { readonly name: string; readonly promise: string },
    seen: unknown,
    wayOut: string,
  ) {
    const shown = textOf(seen);
    super(`${name}: "${promise}" Seen: ${shown}. Way out: ${wayOut}.`);
    this.card = name;
    this.promise = promise;
    this.seen = shown;
    this.wayOut = wayOut;
  }
}

function textOf(seen: unknown): string {
  if (typeof seen === 'string') return seen;
  const text = seen instanceof Error ? messageOf(seen) : (JSON.stringify(seen) ?? String(seen));
  return text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}...` : text;
}
