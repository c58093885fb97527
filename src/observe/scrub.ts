/**
 * The last line of defence for secrets: blanks them in finished text, whatever door they came
 * through. It knows them by value, in the spellings that logs are found to hold; it never shows one
 * in an error.
 */
import { Buffer } from 'node:buffer';
import { InputError } from '../domain/errors.ts';

const BLANK = '[SECRET]';

/** Shorter ones would blank ordinary words. */
const SECRET_LENGTH_MIN = 8;

/** What the base64 of any text around a secret holds: its bytes start at one of three places. */
function base64Cores(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((offset) => {
    const whole = Math.floor((offset + bytes.length) / 3) * 3;
    const padded = Buffer.concat([Buffer.alloc(offset), bytes]).subarray(offset > 0 ? 3 : 0, whole);
    return [padded.toString('base64'), padded.toString('base64url')];
  });
}

function spellings(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    // Not the text itself: half a surrogate pair throws here.
    encodeURIComponent(bytes.toString()),
    bytes.toString('hex'),
    ...base64Cores(bytes),
  ];
}

/** A key file leaks by the line too; its armour ("-----BEGIN ...") is no secret. */
const linesOf = (secret: string): readonly string[] =>
  secret
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.length >= 2 * SECRET_LENGTH_MIN && !line.startsWith('-----'));

export type Scrub = (text: string) => string;

/** Gives what blanks the secrets; throws an `InputError` for one too short to be searched for. */
export function scrubberOf(secrets: readonly string[]): Scrub {
  for (const { length } of secrets)
    if (length < SECRET_LENGTH_MIN)
      throw new InputError(
        `a secret must have at least ${SECRET_LENGTH_MIN} characters to be kept out of the log`,
        `${length} characters`,
        'use a longer one, or leave it out of the list',
      );
  const found = new Set(
    secrets.flatMap((secret) => [secret, ...linesOf(secret)].flatMap(spellings)),
  );
  if (found.size === 0) return (text) => text;
  // Longest first: a key before its lines, so that one blank stands for it.
  const patterns = [...found]
    .filter((spelling) => spelling.length >= SECRET_LENGTH_MIN)
    .toSorted((left, right) => right.length - left.length)
    .map((spelling) => spelling.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  // Any case: hex and percent signs are written in both.
  const pattern = new RegExp(patterns.join('|'), 'gi');
  return (text) => text.replace(pattern, BLANK);
}
