/** What the engine says of itself, as lines for people. */
import { describe, expect, it } from 'vitest';
import { logOn } from '../../src/cli/progress.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';

function said() {
  const clock = new VirtualClock(0);
  const lines: string[] = [];
  const sink = { write: (text: string) => lines.push(text) };
  return { clock, lines, log: logOn(sink, 'info', clock) };
}

describe('a line of the log', () => {
  it('is a sentence with what belongs to it, and an error is its message', () => {
    const { log, lines } = said();
    log.info({}, 'it is live');
    log.warn({ venue: 'kalshi', thrown: new Error('gone\naway'), id: null }, 'no answer');
    log.error({ limits: ['a', 'b'], count: 3 }, 'too many');
    log.debug({ fine: true }, 'not from this level on');
    expect(lines).toEqual([
      'note: it is live\n',
      'warning: no answer (venue: kalshi; thrown: gone away)\n',
      'alarm: too many (limits: ["a","b"]; count: 3)\n',
    ]);
  });

  it('that is an alarm is its reason', () => {
    const { log, lines } = said();
    log.error({ executionId: 'dw-1', reason: 'order dw-2 is in doubt' }, 'alarm');
    expect(lines).toEqual(['alarm: order dw-2 is in doubt (executionId: dw-1)\n']);
  });

  it('that is a warning is said once a minute, and an alarm each time', async () => {
    const { log, lines, clock } = said();
    const all = (): void => {
      log.warn({ order: 'dw-1' }, 'no answer');
      log.warn({ order: 'dw-2' }, 'no answer');
      log.error({}, 'look');
    };
    all();
    await clock.run({ untilMs: 59_000 });
    all();
    expect(lines).toHaveLength(4);
    await clock.run({ untilMs: 61_000 });
    all();
    expect(lines).toHaveLength(7);
  });

  it('is forgotten after a hundred others', () => {
    const { log, lines } = said();
    for (let number = 0; number <= 100; number += 1) log.warn({ number }, 'no answer');
    log.warn({ number: 100 }, 'no answer');
    expect(lines).toHaveLength(101);
    log.warn({ number: 0 }, 'no answer');
    expect(lines).toHaveLength(102);
  });
});
