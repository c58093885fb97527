/**
 * Reads JSON and remembers where in the text each value was named, so that an error can point at
 * it. It takes what `JSON.parse` takes, but for keys given twice and nesting without end.
 */

export interface Place {
  /** From 1, as editors count. */
  readonly line: number;
  readonly column: number;
}

export type JsonText =
  | {
      readonly kind: 'read';
      readonly value: unknown;
      /** Where a path such as "limits.maxPosition" was named; the start of the text if nowhere. */
      readonly placeOf: (path: string) => Place;
    }
  | { readonly kind: 'refused'; readonly rule: string; readonly place: Place };

/** No configuration nests deeper; a recursive reader must stop somewhere. */
const DEPTH_MAX = 32;

const SPACE = /[ \t\n\r]*/y;
/** Every character but controls, the quote and the backslash; those are escaped. */
const TEXT = /"[ !#-[\]-\u{10ffff}]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[ !#-[\]-\u{10ffff}]*)*"/uy;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

export function readJson(source: string): JsonText {
  const reader = new Reader(source);
  try {
    reader.readAll();
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    return { kind: 'refused', rule: thrown.message, place: placeAt(source, thrown.offset) };
  }
  return {
    kind: 'read',
    value: JSON.parse(source),
    placeOf: (path) => placeAt(source, reader.offsets.get(path) ?? 0),
  };
}

function placeAt(source: string, offset: number): Place {
  const before = source.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** Never leaves this file. */
class Fault extends Error {
  readonly offset: number;

  constructor(rule: string, offset: number) {
    super(rule);
    this.offset = offset;
  }
}

class Reader {
  readonly offsets = new Map<string, number>();
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  readAll(): void {
    this.#value([]);
    if (this.#at < this.#source.length) throw this.#fault('the text ends after its one value');
  }

  #value(path: readonly string[]): void {
    if (path.length > DEPTH_MAX) throw this.#fault(`nesting ends at ${DEPTH_MAX} levels`);
    this.#take(SPACE);
    if (this.#skip('{')) this.#members(path);
    else if (this.#skip('[')) this.#elements(path);
    else if (this.#take(TEXT) === null && this.#take(SCALAR) === null)
      throw this.#fault('a value is "text", a number, true, false, null, {...} or [...]');
    this.#take(SPACE);
  }

  #members(path: readonly string[]): void {
    this.#take(SPACE);
    if (this.#skip('}')) return;
    do {
      this.#take(SPACE);
      const offset = this.#at;
      const name = this.#take(TEXT);
      if (name === null) throw this.#fault('a key stands in double quotes, none after a comma');
      const inner = [...path, String(JSON.parse(name))];
      const key = inner.join('.');
      if (this.offsets.has(key)) throw new Fault(`${key} is given once`, offset);
      this.offsets.set(key, offset);
      this.#take(SPACE);
      if (!this.#skip(':')) throw this.#fault('after a key comes a colon');
      this.#value(inner);
    } while (this.#skip(','));
    if (!this.#skip('}')) throw this.#fault('after a member comes a comma or a closing brace');
  }

  #elements(path: readonly string[]): void {
    this.#take(SPACE);
    if (this.#skip(']')) return;
    let index = 0;
    do {
      this.#value([...path, String(index)]);
      index += 1;
    } while (this.#skip(','));
    if (!this.#skip(']')) throw this.#fault('after an element comes a comma or a closing bracket');
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0] ?? null;
    this.#at += found?.length ?? 0;
    return found;
  }

  #skip(character: string): boolean {
    if (this.#source[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #fault(rule: string): Fault {
    return new Fault(rule, this.#at);
  }
}
