/** What is said of a frame that cannot be read: which field, and what stood there. */
import { InputError } from '../../domain/errors.ts';

export function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  let value = raw;
  for (const key of path)
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return value;
}

const SHOWN_CHARACTERS_MAX = 120;

/** Names the field and shows its value, cut short. */
export function refusal(field: string, rule: string, value: unknown): InputError {
  return new InputError(
    `Kalshi frame, ${field}: ${rule}`,
    shownOf(value).slice(0, SHOWN_CHARACTERS_MAX),
    'the venue changed its format or the data are damaged',
  );
}

/** Never serialises: a value from outside may hold itself, or be very large. */
function shownOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

export const nameOf = (type: unknown): string =>
  typeof type === 'string' ? type.slice(0, SHOWN_CHARACTERS_MAX) : 'frame';
