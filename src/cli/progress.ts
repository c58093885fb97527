/** What happens meanwhile, a line each: order events, fills, ends, and what the engine warns of. */
import type { ExecutionUpdate, Log } from '../index.ts';
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

/** What the engine says of itself, from a level on, as lines for people. */
export function logOn(sink: Sink, level: LogLevel): Log {
  const least = LEVELS.indexOf(level);
  const from = (own: LogLevel, title: string) =>
    LEVELS.indexOf(own) < least
      ? nothing
      : (fields: object, message: string): void =>
          lineTo(sink, oneLine(`${title}: ${message} ${JSON.stringify(fields)}`));
  return {
    debug: from('debug', 'debug'),
    info: from('info', 'note'),
    warn: from('warn', 'warning'),
    error: from('error', 'alarm'),
  };
}
