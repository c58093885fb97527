/** Storms, silence, an address that fails, and a stop: on the virtual clock. */
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Notice } from '../../src/domain/notice.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { type AlertOptions, sendAlerts } from '../../src/observe/alerts.ts';
import { AlertRefused } from '../../src/observe/courier.ts';
import { type LogLine, logTo } from '../support/rig.ts';
import { notice, ScriptedDelivery } from './given.ts';

const START_MS = 1_800_000_000_000;

function sending(options: Partial<AlertOptions> = {}) {
  const clock = new VirtualClock(START_MS);
  const lines: LogLine[] = [];
  const notices$ = new Subject<Notice>();
  const delivery = new ScriptedDelivery(clock);
  const random = { next: () => 0.5 };
  const common = { clock, random, log: logTo(lines), deliveries: [delivery] };
  const alerts = sendAlerts(notices$, { ...common, ...options });
  const pass = (ms: number) => clock.run({ untilMs: clock.wallMs() + ms });
  const tell = (changes: Partial<Notice> = {}) =>
    notices$.next(notice({ timeMs: clock.wallMs(), ...changes }));
  return { alerts, clock, delivery, lines, pass, tell };
}

describe('an alert', () => {
  it('is sent at once, with where and why', async () => {
    const { delivery, pass, tell } = sending();
    tell({ kind: 'halt', executionId: null, reason: 'a loss of 50' });
    await pass(0);
    expect(delivery.sent).toMatchObject([
      { kind: 'halt', count: 1, text: 'depthwalker halt: script M: a loss of 50' },
    ]);
  });

  it('is one for a storm, with its count, its first time and its last reasons', async () => {
    const { delivery, pass, tell } = sending();
    for (let index = 0; index < 1_000; index += 1) {
      tell({ reason: `fault ${index}` });
      await pass(10);
    }
    await pass(60_000);
    expect(delivery.sent.map(({ count }) => count)).toEqual([1, 999]);
    expect(delivery.sent[1]).toMatchObject({ firstMs: START_MS + 10, lastMs: START_MS + 9_990 });
    expect(delivery.sent[1]?.text).toContain('(999 times)');
    expect(delivery.sent[1]?.text).toContain('fault 999');
    expect(delivery.sent[1]?.text.length).toBeLessThan(500);
  });

  it('does not keep one kind back for another', async () => {
    const { delivery, pass, tell } = sending();
    for (const kind of ['alarm', 'doubt', 'drift', 'breaker'] as const) tell({ kind });
    await pass(0);
    expect(delivery.sent.map(({ kind }) => kind)).toEqual(['alarm', 'doubt', 'drift', 'breaker']);
  });

  it('is sent at once again after a quiet pause', async () => {
    const { delivery, pass, tell } = sending({ everyMs: 1_000 });
    tell();
    await pass(1_000);
    expect(delivery.sent).toHaveLength(1);
    tell();
    await pass(0);
    expect(delivery.sent).toHaveLength(2);
  });

  it('is of the kinds that were asked for', async () => {
    const { delivery, pass, tell } = sending({ kinds: ['halt'] });
    tell();
    tell({ kind: 'halt' });
    await pass(0);
    expect(delivery.sent.map(({ kind }) => kind)).toEqual(['halt']);
  });

  it('refuses a pause that is none', () => {
    expect(() => sending({ everyMs: 0 })).toThrow(/everyMs is a whole number above 0/);
  });
});

describe('an address that fails', () => {
  it('is tried again after pauses that double, and gets all in order', async () => {
    const { delivery, pass, tell, lines } = sending();
    delivery.faults = [new Error('down'), new Error('down'), new Error('down')];
    tell();
    tell({ kind: 'halt' });
    await pass(10_000);
    expect(delivery.triedAtMs).toEqual([0, 500, 1_500, 3_500, 3_500]);
    expect(delivery.sent.map(({ kind }) => kind)).toEqual(['alarm', 'halt']);
    expect(lines).toEqual([]);
  });

  it('that refuses for good is not asked again, and the log says so', async () => {
    const { delivery, pass, tell, lines } = sending();
    delivery.faults = [new AlertRefused('it was answered with 404')];
    tell();
    tell({ kind: 'halt' });
    await pass(10_000);
    expect(delivery.sent.map(({ kind }) => kind)).toEqual(['halt']);
    expect(lines).toMatchObject([{ level: 'warn', fields: { to: 'test', reason: /404/ } }]);
  });

  it('for hours loses alerts after ten minutes, and never holds more than a hundred', async () => {
    const { delivery, pass, tell, lines } = sending({ everyMs: 1 });
    delivery.faults = Array.from({ length: 100_000 }, () => new Error('down'));
    for (let index = 0; index < 300; index += 1) {
      tell();
      await pass(2);
    }
    const dropped = () => lines.filter(({ message }) => message.includes('not delivered')).length;
    expect(dropped()).toBe(200);
    await pass(3_600_000);
    expect(dropped()).toBeGreaterThan(205);
    delivery.faults = [];
    await pass(600_000);
    expect(delivery.sent.length).toBe(300 - dropped());
  });

  it('that throws at once or never answers blocks nobody', async () => {
    const { alerts, clock, delivery, pass, tell } = sending();
    delivery.hangs = true;
    tell();
    await pass(0);
    const stopped = alerts.stop(2_000);
    expect(await clock.settle(stopped)).toBe(1);
    expect(clock.monotonicMs()).toBe(2_000);
    expect(clock.pending).toBe(0);
  });
});

describe('a stop', () => {
  it('tries once more what waits for its next try', async () => {
    const { alerts, clock, delivery, pass, tell } = sending();
    delivery.faults = Array.from({ length: 6 }, () => new Error('down'));
    tell();
    await pass(16_000);
    tell({ kind: 'halt' });
    expect(delivery.sent).toEqual([]);
    // The next one would be 15 s later.
    expect(await clock.settle(alerts.stop())).toBe(0);
    expect(delivery.sent.map(({ kind }) => kind)).toEqual(['alarm', 'halt']);
    expect(clock.pending).toBe(0);
  });

  it('sends what was held back first', async () => {
    const { alerts, clock, delivery, tell } = sending();
    tell();
    tell();
    tell();
    expect(await clock.settle(alerts.stop())).toBe(0);
    expect(delivery.sent.map(({ count }) => count)).toEqual([1, 2]);
    tell();
    await clock.run();
    expect(delivery.sent).toHaveLength(2);
  });
});
