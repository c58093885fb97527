/**
 * Fields of a request's body, each read by its kind; what is wrong is refused as the venue does.
 */
import type { Lots, Ticks } from '../domain/numbers.ts';
import { countIn, priceIn } from './notation.ts';
import { invalidParameters, Refusal } from './refusal.ts';

const missing = (name: string): Refusal => new Refusal(400, 'missing_parameters', name);

export class Fields {
  readonly #fields: ReadonlyMap<string, unknown>;

  constructor(fields: object) {
    this.#fields = new Map(Object.entries(fields));
  }

  /** An empty body has no fields; throws a refusal for what is no JSON object. */
  static of(body: string): Fields {
    if (body === '') return new Fields({});
    let parsed: unknown;
    try {
      parsed = JSON.parse(body);
    } catch {
      throw new Refusal(400, 'bad_request', 'the body is not JSON');
    }
    return Fields.from(parsed);
  }

  static from(value: unknown): Fields {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Refusal(400, 'bad_request', 'an object is expected');
    return new Fields(value);
  }

  text(name: string): string {
    return this.maybeText(name) ?? this.#fail(name);
  }

  /** Nothing and an empty text are the same. */
  maybeText(name: string): string | null {
    const value = this.#fields.get(name) ?? '';
    if (typeof value !== 'string') throw invalidParameters(`${name} must be a string`);
    return value === '' ? null : value;
  }

  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice {
    const text = this.text(name);
    const found = choices.find((choice) => choice === text);
    if (found === undefined)
      throw invalidParameters(`${name} must be one of ${choices.join(', ')}`);
    return found;
  }

  price(name: string): Ticks {
    const price = priceIn(this.text(name));
    if (price === null) throw invalidParameters(`${name} must have 2 to 4 decimal places`);
    return price;
  }

  /** Above 0. */
  count(name: string): Lots {
    return this.maybeCount(name) ?? this.#fail(name);
  }

  maybeCount(name: string): Lots | null {
    const text = this.maybeText(name);
    if (text === null) return null;
    const count = countIn(text);
    if (count === null) throw invalidParameters(`${name} must have at most 2 decimal places`);
    return count;
  }

  flag(name: string): boolean {
    const value = this.#fields.get(name) ?? false;
    if (typeof value !== 'boolean') throw invalidParameters(`${name} must be a boolean`);
    return value;
  }

  /** null where it is not given. */
  integer(name: string): number | null {
    const value = this.#fields.get(name) ?? null;
    if (value !== null && !Number.isSafeInteger(value))
      throw invalidParameters(`${name} must be an integer`);
    return value as number | null;
  }

  list(name: string): readonly unknown[] {
    const value = this.#fields.get(name);
    if (value === undefined) throw missing(name);
    if (!Array.isArray(value)) throw invalidParameters(`${name} must be a list`);
    return value;
  }

  #fail(name: string): never {
    throw missing(name);
  }
}
