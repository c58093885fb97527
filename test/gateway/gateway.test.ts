import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANSWER_TIMEOUT_MS } from '../../src/domain/limits.ts';
import { ticks } from '../../src/domain/numbers.ts';
import type { OrderReport } from '../../src/domain/order.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { type GateState, gateRefusal } from '../../src/gateway/gate.ts';
import { Gateway } from '../../src/gateway/gateway.ts';
import { PAPER_LIMITS } from '../../src/risk/limits.ts';
import { type CallLimits, DEFAULT_CALL_LIMITS } from '../../src/risk/rate-limiter.ts';
import { commandOf, OPEN_GATE, QUESTION } from '../support/commands.ts';
import { fullest, hammer } from '../support/limiter-load.ts';
import { START_MS } from '../support/rig.ts';
import { HONEST, ScriptedVenue } from '../support/scripted-venue.ts';

interface Wire {
  readonly gateway: Gateway;
  readonly venue: ScriptedVenue;
  readonly clock: VirtualClock;
  readonly reports: readonly OrderReport[];
  readonly pass: (ms: number) => Promise<void>;
}

function wire(
  state: GateState = OPEN_GATE,
  callLimits: CallLimits = DEFAULT_CALL_LIMITS,
  amends = true,
): Wire {
  const clock = new VirtualClock(START_MS);
  const venue = new ScriptedVenue({ clock, amends });
  venue.told = () => [];
  const reports: OrderReport[] = [];
  const gateway = new Gateway({
    venue,
    clock,
    callLimits,
    stateFor: () => state,
    report: (_, report) => reports.push(report),
    onCall: () => undefined,
  });
  const pass = (ms: number) => clock.run({ untilMs: clock.wallMs() + ms });
  return { gateway, venue, clock, reports, pass };
}

describe('the gate', () => {
  it.each([
    ['a halt', { haltReason: 'operator' }, 'halted: operator'],
    ['a book that is not fresh', { bookFresh: false }, 'not fresh'],
    ['a price beyond the cap', { cap: ticks(44) }, 'within cap'],
    [
      'a limit of one order',
      { limits: { ...PAPER_LIMITS, maxOrderQuantity: '9' } },
      'maxOrderQuantity',
    ],
    [
      'a limit of dollars',
      { limits: { ...PAPER_LIMITS, maxOrderNotional: '4' } },
      'maxOrderNotional',
    ],
  ] as const)(
    'refuses for %s: nothing is sent, and the order learns so',
    async (_, change, why) => {
      const { gateway, venue, reports, pass } = wire({ ...OPEN_GATE, ...change });
      for (const kind of ['submit', 'amend'] as const) gateway.dispatch(commandOf(kind));
      await pass(1_000);
      expect(venue.calls).toEqual([]);
      expect(reports.map(({ type }) => type)).toEqual(['order.notSent', 'order.notSent']);
      expect(JSON.stringify(reports)).toContain(why);
      gateway.dispatch(commandOf('cancel'));
      expect(venue.calls.map(({ kind }) => kind)).toEqual(['cancel']);
    },
  );

  it('is shut when it breaks', async () => {
    const { gateway, venue, reports, pass } = wire({ ...OPEN_GATE, limits: {} as never });
    gateway.dispatch(commandOf('submit'));
    await pass(100);
    expect(venue.calls).toEqual([]);
    expect(reports).toMatchObject([{ type: 'order.notSent', command: 'submit' }]);
  });

  it('lets pass what is in order, and a price off the grid never', () => {
    expect(gateRefusal(QUESTION, OPEN_GATE)).toBeNull();
    const odd = { ...OPEN_GATE, ranges: [{ from: ticks(2), to: ticks(98), step: ticks(2) }] };
    expect(gateRefusal(QUESTION, odd)).toContain('grid');
  });
});

describe('an answer', () => {
  it('is reported as what it is, once', async () => {
    const { gateway, reports, pass } = wire();
    gateway.dispatch(commandOf('submit'));
    await pass(100);
    gateway.dispatch(commandOf('amend'));
    await pass(100);
    gateway.dispatch(commandOf('cancel'));
    await pass(60_000);
    const types = reports.map(({ type }) => type);
    expect(types).toEqual(['order.accepted', 'order.amended', 'order.cancelled']);
  });

  it('that does not come is doubt; one that comes later is told all the same', async () => {
    const { gateway, venue, clock, reports, pass } = wire();
    venue.plan = () => ({ ...HONEST, replyMs: ANSWER_TIMEOUT_MS + 500 });
    gateway.dispatch(commandOf('submit'));
    await pass(ANSWER_TIMEOUT_MS);
    expect(reports.map(({ type }) => type)).toEqual(['order.doubted']);
    await pass(1_000);
    expect(reports.map(({ type }) => type)).toEqual(['order.doubted', 'order.accepted']);
    expect(clock.pending).toBe(0);
  });

  it('of a venue that throws at once, or answers nonsense, is doubt', async () => {
    const { gateway, venue, reports, pass } = wire();
    venue.submit = () => {
      throw new Error('not even a promise');
    };
    venue.cancel = async () => undefined as never;
    gateway.dispatch(commandOf('submit'));
    gateway.dispatch(commandOf('cancel'));
    await pass(10);
    expect(reports.map(({ type }) => type)).toEqual(['order.doubted', 'order.doubted']);
  });

  it('to an amend that a venue does not have is a refusal', async () => {
    const { gateway, reports, pass } = wire(OPEN_GATE, DEFAULT_CALL_LIMITS, false);
    gateway.dispatch(commandOf('amend'));
    await pass(10);
    expect(reports).toMatchObject([{ type: 'order.amendRejected', reason: 'script cannot amend' }]);
  });

  it('is waited for no more when all is stopped', async () => {
    const { gateway, venue, clock, pass } = wire();
    venue.plan = () => ({ ...HONEST, reply: 'never' });
    gateway.dispatch(commandOf('submit'));
    await pass(100);
    expect(clock.pending).toBe(1);
    gateway.stop();
    expect(clock.pending).toBe(0);
  });

  it('is not heard when all is stopped, and nothing is sent then', async () => {
    const { gateway, venue, reports, pass } = wire();
    gateway.dispatch(commandOf('submit'));
    gateway.stop();
    gateway.dispatch(commandOf('cancel'));
    await pass(100);
    expect(venue.orders.size).toBe(1);
    expect([venue.calls.map(({ kind }) => kind), reports]).toEqual([['submit'], []]);
  });
});

const MINUTE_MS = 60_000;

describe('the call budget', () => {
  it('is never exceeded in any sliding minute, and cancels keep their reserve', async () => {
    const limits = { windowMs: MINUTE_MS, calls: 12, cancelReserve: 4 };
    const burst = fc.record({
      afterMs: fc.integer({ min: 0, max: 20_000 }),
      orders: fc.integer({ min: 0, max: 20 }),
      cancels: fc.integer({ min: 0, max: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(burst, { minLength: 5, maxLength: 30 }), async (bursts) => {
        const { gateway, venue, reports, pass } = wire(OPEN_GATE, limits);
        let asked = 0;
        for (const { afterMs, orders, cancels } of bursts) {
          await pass(afterMs);
          for (let count = 0; count < orders; count += 1)
            gateway.dispatch(commandOf('submit', `dw-1-${(asked += 1)}`));
          for (let count = 0; count < cancels; count += 1)
            gateway.dispatch(commandOf('cancel', `dw-0-${(asked += 1)}`));
        }
        // Cancels wait as long as it takes, orders are answered at once.
        await pass(asked * MINUTE_MS);
        const calls = venue.calls.map(({ atMs, kind }) => ({ atMs, kind, weight: 1 }));
        const orders = calls.filter(({ kind }) => kind !== 'cancel');
        expect(fullest(calls, MINUTE_MS)).toBeLessThanOrEqual(limits.calls);
        expect(fullest(orders, MINUTE_MS)).toBeLessThanOrEqual(limits.calls - limits.cancelReserve);
        expect(reports).toHaveLength(asked);
        const unsent = reports.filter(({ type }) => type === 'order.notSent');
        expect(unsent.some((report) => 'command' in report && report.command === 'cancel')).toBe(
          false,
        );
      }),
      { numRuns: 30 },
    );
  });

  it.each([1, 5, 10])('holds in every sliding minute under %i callers', async (callers) => {
    const seen = await hammer({ callers, minutes: 10, limits: DEFAULT_CALL_LIMITS });
    const { sent, refused, fullestMinute } = seen;
    const { calls } = DEFAULT_CALL_LIMITS;
    console.log(
      `limiter, ${callers} callers, 10 min: ${sent} sent, ${refused} refused, at most ` +
        `${fullestMinute} in any 60 s of ${calls} allowed`,
    );
    expect(fullestMinute).toBeLessThanOrEqual(calls);
    expect([fullestMinute >= calls - DEFAULT_CALL_LIMITS.cancelReserve, refused > 0]).toEqual([
      true,
      true,
    ]);
    expect(seen.cancelsRefused).toBe(0);
  });

  it('holds for a second and a minute at once', async () => {
    const second = { windowMs: 1_000, calls: 4, cancelReserve: 1 };
    const seen = await hammer({ callers: 10, minutes: 5, limits: [second, DEFAULT_CALL_LIMITS] });
    expect(seen.fullestSecond).toBe(4);
    expect(seen.fullestMinute).toBeLessThanOrEqual(90);
  });
});
