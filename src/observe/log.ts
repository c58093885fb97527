/**
 * The engine's log: JSON lines on stderr, one for each decision or incident. Never one for a book
 * delta, never an error's own properties, never a secret it was told of.
 */
import { destination, pino } from 'pino';
import { InputError } from '../domain/errors.ts';
import type { Clock, Log } from '../domain/ports.ts';
import { type Scrub, scrubberOf } from './scrub.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Longer messages are a venue's page, not a reason. */
const ERROR_MESSAGE_MAX = 500;

/** Deeper than this no line of ours goes; a cycle ends here too. */
const DEPTH_MAX = 5;

export interface LogOptions {
  /** Lines below it are not made; 'silent' makes none. */
  readonly level: LogLevel;
  readonly clock: Pick<Clock, 'wallMs'>;
  /** Blanked wherever they appear, also as hex, base64, URL or JSON text; at least 8 characters. */
  readonly secrets?: readonly string[];
  /** Takes finished lines; stderr unless told. */
  readonly write?: (line: string) => void;
}

/** Other realms and some clients throw what only looks like an error. */
const isError = (value: object): value is { name?: unknown; message: unknown } =>
  value instanceof Error || ('message' in value && 'stack' in value);

/** What may be said of an error: HTTP clients hang headers, bodies and keys on theirs. */
function describeError(error: { name?: unknown; message: unknown }, scrub: Scrub): object {
  const code = 'code' in error ? error.code : undefined;
  return {
    name: String(error.name),
    // Scrubbed before it is cut: half a secret would not be recognised.
    message: scrub(String(error.message)).slice(0, ERROR_MESSAGE_MAX),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
  };
}

/** A copy in which each error, at any depth, is what may be said of it. */
function presentable(value: unknown, scrub: Scrub, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isError(value)) return describeError(value, scrub);
  if (depth > DEPTH_MAX) return '[Object]';
  if ('toJSON' in value) return value;
  if (Array.isArray(value)) return value.map((item) => presentable(item, scrub, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, presentable(item, scrub, depth + 1)]),
  );
}

function toStderr(): (line: string) => void {
  // Synchronous: the line that says why the process died must be out before it does.
  const stderr = destination({ dest: 2, sync: true });
  return (line) => {
    stderr.write(line);
  };
}

/** Throws an `InputError` for an unknown level and for a secret too short to be searched for. */
export function createLog({ level, clock, secrets = [], write = toStderr() }: LogOptions): Log {
  if (!LOG_LEVELS.includes(level))
    throw new InputError('the log level must be known', level, `use ${LOG_LEVELS.join(', ')}`);
  const scrub = scrubberOf(secrets);
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":${clock.wallMs()}`,
      // The formatter has been there first; pino's own would add what hangs on the error.
      serializers: { err: (described: unknown) => described },
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => presentable(fields, scrub) as Record<string, unknown>,
      },
    },
    { write: (line: string) => write(scrub(line)) },
  );
}
