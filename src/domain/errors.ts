/**
 * Errors say what is known of the outcome. A refusal is a fact, silence is not; a message states
 * the rule, the value that broke it and, where the reader can do something, the way out.
 */

/** A rule of our own was broken: a defect, never a market event. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** An argument, option or file from outside that cannot be used. Nothing has moved. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly rule: string;
  readonly value: string;
  readonly wayOut: string;

  constructor(rule: string, value: unknown, wayOut: string) {
    const shown = typeof value === 'string' ? `"${cut(value)}"` : cut(textOf(value));
    super(`${rule}, was ${shown}; ${wayOut}`);
    this.rule = rule;
    this.value = shown;
    this.wayOut = wayOut;
  }
}

export function invariant(holds: boolean, rule: string, value?: unknown): asserts holds {
  if (!holds)
    throw new InvariantError(value === undefined ? rule : `${rule}, was ${cut(textOf(value))}`);
}

/** Closes an exhaustive switch: the compiler proves that no case is left. */
export function unreachable(value: never): never {
  throw new InvariantError(`no case may be left, was ${JSON.stringify(value)}`);
}

/** The text of whatever was thrown. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : textOf(thrown);

/** Enough of a value to find it by. */
const SHOWN_CHARACTERS_MAX = 200;

const cut = (text: string): string =>
  text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}...` : text;

/** What somebody else made may throw when it is asked for its text. */
function textOf(value: unknown): string {
  try {
    if (Array.isArray(value) && value.length > SHOWN_CHARACTERS_MAX)
      return `a list of ${value.length}`;
    return String(value);
  } catch {
    return 'something that cannot be shown';
  }
}
