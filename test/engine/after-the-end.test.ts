/** What the venue answers to an engine that has stopped: nobody hears it, and nothing moves. */
import { describe, expect, it } from 'vitest';
import { RECONCILE_MS } from '../../src/domain/limits.ts';
import type { Store } from '../../src/domain/records.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { resting, signal } from '../support/embedded.ts';
import { type LogLine, logTo, START_MS } from '../support/rig.ts';
import { ScriptedVenue } from '../support/scripted-venue.ts';

const READS = ['asOf', 'openOrders', 'fillsSince', 'positions'] as const;

/** Writes down what it is asked once it is closed. */
function watched(asked: string[]): Store {
  let isClosed = false;
  return new Proxy(openStore({ file: ':memory:' }), {
    get(store, name, receiver) {
      if (isClosed) asked.push(String(name));
      isClosed ||= name === 'close';
      return Reflect.get(store, name, receiver) as unknown;
    },
  });
}

/** From now on one question stays open until `answer` is called. */
function withhold(venue: ScriptedVenue, read: (typeof READS)[number]) {
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const honest = venue[read].bind(venue) as (cursor: string | null) => Promise<never>;
  let isAsked = false;
  venue[read] = async (cursor: string | null = null) => {
    isAsked = true;
    await answered;
    return honest(cursor);
  };
  return { answer, isAsked: () => isAsked };
}

async function life() {
  const clock = new VirtualClock(START_MS);
  const capabilities = { outlivesEngine: true };
  const venue = new ScriptedVenue({ clock, symbols: ['M', 'N'], capabilities });
  const [asked, log]: [string[], LogLine[]] = [[], []];
  const common = { clock, log: logTo(log), algorithms: [resting] };
  const engine = await createEngine({ venues: [venue], ...common }, () => watched(asked));
  const pass = (ms: number) => clock.run({ untilMs: clock.wallMs() + ms });
  engine.watch('script', 'M');
  await pass(100);
  venue.snapshot('M');
  await pass(2_000);
  engine.execute(signal({ timeLimitMs: 600_000 }));
  await pass(500);
  return { engine, venue, clock, asked, log, pass };
}

describe.each(READS)('what %s brings after the end', (read) => {
  it.each(['stopped', 'halted, and stopped'])(
    'is not heard by an engine that was %s',
    async (how) => {
      const { engine, venue, clock, asked, log, pass } = await life();
      const { answer, isAsked } = withhold(venue, read);
      if (how !== 'stopped') void engine.halt('enough');
      await pass(RECONCILE_MS);
      expect(isAsked()).toBe(true);
      await clock.settle(engine.stop());
      // It rests again, and has a fill that nobody told: much would have to be done.
      const [order] = venue.orders.values();
      if (order === undefined) throw new Error('it was placed');
      order.status = 'resting';
      venue.fill(order.request.clientOrderId, 4);
      const before = { calls: venue.calls.length, lines: log.length };
      answer();
      await pass(RECONCILE_MS);
      expect(asked).toEqual([]);
      expect(log.slice(before.lines)).toEqual([]);
      expect(venue.calls).toHaveLength(before.calls);
      expect(clock.pending).toBe(0);
    },
  );
});
