/** What happens meanwhile, a line each: order events, fills, ends, and what the engine warns of. */
import type { Clock, ExecutionUpdate, Log } from '../index.ts';
import { lineTo, type Sink } from './io.ts';
import { oneLine, seconds } from './text.ts';

const TIME_WIDTH = 9;

/** Tells updates on a sink, of so many executions where that is known; seconds after `startMs`. */
export function progressOn(sink: Sink, startMs: number, total: number | null = null) {
  let ended = 0;
  return (update: ExecutionUpdate): void => {
    const text = textOf(update);
    if (update.type === 'ended') ended += 1;
    if (text === null) return;
    const of = total === null ? '' : ` of ${total}`;
    const progress = update.type === 'ended' ? ` (${ended}${of})` : '';
    const time = seconds(update.timeMs - startMs, 3).padStart(TIME_WIDTH);
    lineTo(sink, oneLine(`${time}  ${update.executionId}  ${text}${progress}`));
  };
}

function textOf(update: ExecutionUpdate): string | null {
  switch (update.type) {
    case 'order': {
      const { command, splitOrder, price, quantity, reason } = update;
      const terms = price === null ? '' : ` ${quantity} at ${price}`;
      return `${command} ${numberOf(splitOrder)}${terms}: ${reason}`;
    }
    case 'refused': {
      const { command, splitOrder, reason } = update;
      return `${command} ${numberOf(splitOrder)} refused: ${reason}`;
    }
    case 'fill': {
      const { splitOrder, price, quantity, liquidity } = update.fill;
      return `fill ${numberOf(splitOrder)} ${quantity} at ${price} as ${liquidity}`;
    }
    case 'ended': {
      const { outcome, filledQuantity, targetQuantity, reason } = update.result;
      return `${outcome} ${filledQuantity} of ${targetQuantity}: ${reason}`;
    }
    default:
      return null;
  }
}

/** "#2" of "dw-7f3a-12-2". */
const numberOf = (splitOrder: string): string => `#${splitOrder.split('-').at(-1) ?? ''}`;

const nothing = (): void => undefined;

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LEVELS)[number];

/** A question that fails is asked again each second, and fails with the same words. */
const REPEATED_MS = 60_000;
/** Lines that are remembered for it. */
const REMEMBERED_MAX = 100;

/** Whether a line has not been said within the last minute. */
function newsBy(clock: Pick<Clock, 'monotonicMs'>): (line: string) => boolean {
  const saidAtMs = new Map<string, number>();
  return (line) => {
    const nowMs = clock.monotonicMs();
    if (nowMs - (saidAtMs.get(line) ?? -Infinity) < REPEATED_MS) return false;
    saidAtMs.delete(line);
    saidAtMs.set(line, nowMs);
    for (const oldest of saidAtMs.keys())
      if (saidAtMs.size > REMEMBERED_MAX) saidAtMs.delete(oldest);
    return true;
  };
}

/**
 * What the engine says of itself, from a level on, as lines for people. With a clock, a warning
 * that comes again word for word is said once a minute.
 */
export function logOn(sink: Sink, level: LogLevel, clock?: Pick<Clock, 'monotonicMs'>): Log {
  const least = LEVELS.indexOf(level);
  const isNews = clock === undefined ? () => true : newsBy(clock);
  const from = (own: LogLevel, title: string) =>
    LEVELS.indexOf(own) < least
      ? nothing
      : (fields: object, message: string): void => {
          const line = oneLine(`${title}: ${sentenceOf(fields, message)}`);
          if (own !== 'warn' || isNews(line)) lineTo(sink, line);
        };
  return {
    debug: from('debug', 'debug'),
    info: from('info', 'note'),
    warn: from('warn', 'warning'),
    error: from('error', 'alarm'),
  };
}

/** An alarm without words of its own is its reason; of what was thrown its message is enough. */
function sentenceOf(fields: object, message: string): string {
  const { reason, ...others } = fields as Readonly<Record<string, unknown>>;
  const isBare = message === 'alarm' && typeof reason === 'string';
  const said = Object.entries(isBare ? others : fields)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name}: ${textOfField(value)}`)
    .join('; ');
  return `${isBare ? reason : message}${said === '' ? '' : ` (${said})`}`;
}

function textOfField(value: unknown): string {
  if (value instanceof Error) return value.message;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
