/**
 * The lines of a tape: a frame with the time and the connection it came by, and the first line,
 * which says what the tape is. A frame that is no JSON object is kept as text, and breaks nothing.
 */
import type { Clock } from '../domain/ports.ts';
import type { RawFrame } from './frame-source.ts';

/** Nanoseconds since the epoch as text: as a number it would lose its last digits. */
export type Stamp = string;

/** Wall time to the microsecond: that of its making, and what the other clock counted since. */
export function stampsFrom(clock: Pick<Clock, 'wallMs' | 'monotonicMs'>): () => Stamp {
  const [wallMs, monotonicMs] = [clock.wallMs(), clock.monotonicMs()];
  return () => {
    const micros = Math.round((clock.monotonicMs() - monotonicMs) * 1_000);
    const ms = wallMs + Math.floor(micros / 1_000);
    return `${ms}${String(micros % 1_000).padStart(3, '0')}000`;
  };
}

/** One line, its break included. */
export function lineOf({ conn, text }: RawFrame, stamp: Stamp): string {
  const head = `{"recv_ns":${stamp},"conn":${JSON.stringify(conn)},`;
  const body = isFilledObject(text) ? text.trim().slice(1) : unreadable(text);
  // Within JSON text a break is a space between two tokens, and nothing else.
  return `${head}${body.replaceAll(/[\r\n]+/g, ' ')}\n`;
}

const unreadable = (text: string): string => `"type":"unreadable","text":${JSON.stringify(text)}}`;

function isFilledObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) && Object.keys(value).length > 0;
  } catch {
    return false;
  }
}

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The first line of each tape; readers that do not know it skip it by its type. */
export interface TapeHead {
  readonly venue: string;
  /** The same for all parts of one run. */
  readonly session: string;
  /** Counts from 1. */
  readonly part: number;
  /** The venue's clock less ours. */
  readonly clockOffsetMs: number;
  /** The last tape of the run before it, where there is one. */
  readonly after: string | null;
}

export const headOf = ({ clockOffsetMs, ...head }: TapeHead, stamp: Stamp): string => {
  const fields = JSON.stringify({ ...head, clock_offset_ms: clockOffsetMs, version: 1 });
  return `{"type":"tape","recv_ns":${stamp},${fields.slice(1)}\n`;
};
