/** A session without a socket: what it is told, command by command and second by second. */
import type { Frame } from '../../src/emulator/session.ts';
import { Desk, START_MS } from './desk.ts';
import { type Later, stillMarkets } from './still-market.ts';

export function open(later: readonly Later[] = []) {
  const desk = new Desk({ source: stillMarkets(later, START_MS) });
  const { session, frames } = desk.connect();
  /** What one command is answered. */
  const say = (cmd: string, params?: object, id = 1): readonly Frame[] => {
    frames.length = 0;
    session.receive(JSON.stringify({ id, cmd, ...(params === undefined ? {} : { params }) }));
    return [...frames];
  };
  const hear = (ms: number): readonly Frame[] => {
    frames.length = 0;
    desk.wait(ms);
    return [...frames];
  };
  return { desk, session, frames, say, hear };
}
