/** All that is wrong with a configuration, at once: each fault with its place and its way out. */
import { InputError } from '../domain/errors.ts';

/** One fault. It never holds a secret: such a value is not shown. */
export interface ConfigProblem {
  /** "limits.maxPosition"; empty where the whole source cannot be read. */
  readonly path: string;
  /** "bot.config.json:4:18", "DEPTHWALKER__LIMITS__MAX_POSITION" or "--seed". */
  readonly source: string;
  /** What must hold, after the path. */
  readonly rule: string;
  /** As it was given; null where there is none to show. */
  readonly value: string | null;
  readonly wayOut: string;
}

export class ConfigError extends InputError {
  readonly errors: readonly ConfigProblem[];

  constructor(errors: readonly ConfigProblem[]) {
    const many = errors.length === 1 ? '1 error' : `${errors.length} errors`;
    super('a configuration has no faults', many, 'correct them');
    this.errors = errors;
    const lines = errors.map(lineOf);
    this.message =
      lines.length === 1 ? lines.join() : [`${many} in the settings`, ...lines].join('\n');
  }
}

/** On one line, whatever stands in a key. */
function lineOf({ path, source, rule, value, wayOut }: ConfigProblem): string {
  const was = value === null ? '' : `, was ${value}`;
  const line = `${source}: ${path === '' ? '' : `${path} `}${rule}${was}; ${wayOut}`;
  return line.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}

const SHOWN_MAX = 80;

/** A value as JSON, cut short; a key or a certificate by its banner only. */
export function shownValue(value: unknown): string {
  if (typeof value === 'number') return String(value);
  const shown = JSON.stringify(value) ?? String(value);
  if (/-----BEGIN|PRIVATE KEY/i.test(shown)) return 'a secret (not shown)';
  return shown.length > SHOWN_MAX ? `${shown.slice(0, SHOWN_MAX)}...` : shown;
}
