/** Halts of all: what they block, what they withdraw, what they prove. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HaltScope } from '../../src/domain/halts.ts';
import { resting, signal, type World, world } from '../support/embedded.ts';
import { haltWorld, reported, restingIn } from '../support/halting.ts';
import { algorithm, placing } from '../support/rig.ts';
import { HONEST, type Plan } from '../support/scripted-venue.ts';

const sentIn = ({ venue }: World): readonly string[] =>
  venue.calls.map(({ kind }) => kind).filter((kind) => kind !== 'cancel');

describe('a halt', () => {
  it('is proven when every order has ended and the venue lists none of ours', async () => {
    const given = await haltWorld();
    await restingIn(given, 'a');
    await restingIn(given, 'b', { outcome: 'no' });
    const report = await reported(given, given.engine.halt('operator'), 3_000);
    expect(report).toEqual({
      id: expect.any(String) as string,
      scope: 'global',
      reason: 'operator',
      seconds: expect.any(Number) as number,
      cancelled: 2,
      residual: [],
      proven: true,
      known: true,
    });
    expect(report?.seconds).toBeLessThan(3);
    expect(given.venue.resting()).toEqual([]);
  });

  it('that cannot be proven is an alarm again and again, until it is', async () => {
    const given = await haltWorld();
    await restingIn(given, 'a', { timeLimitMs: 7_200_000 });
    const alarms = () => given.log.filter(({ message }) => message.includes('may still rest'));
    given.venue.plan = (kind) => (kind === 'cancel' ? { ...HONEST, reply: 'reject' } : HONEST);
    void given.engine.halt('operator');
    await given.pass(31_000);
    expect(alarms()).toHaveLength(1);
    await given.pass(1_200_000);
    expect(alarms()).toHaveLength(3);
    given.venue.plan = () => HONEST;
    await given.pass(1_200_000);
    expect(given.venue.resting()).toEqual([]);
    expect(alarms().length).toBeLessThanOrEqual(4);
  });

  it('resolves where nothing was open, and may be said twice', async () => {
    const given = await world();
    const [first, second] = [given.engine.halt('one'), given.engine.halt('two')];
    const nothing = { cancelled: 0, residual: [], proven: true };
    expect(await reported(given, first, 1_000)).toMatchObject(nothing);
    expect(await second).toMatchObject({ reason: 'two', ...nothing });
    expect(given.engine.halts()).toEqual([expect.objectContaining({ reason: 'one' })]);
  });

  it('says after half a minute what is left, and goes on until it is gone', async () => {
    const given = await haltWorld();
    await restingIn(given, 'a');
    const deaf: Plan = { ...HONEST, arrives: false, reply: 'throw' };
    given.venue.plan = (kind) => (kind === 'cancel' ? deaf : HONEST);
    const report = await reported(given, given.engine.halt('operator'), 30_000);
    const [order] = given.venue.orders.keys();
    expect(report).toMatchObject({ seconds: 30, cancelled: 0, proven: false });
    expect(report?.residual).toEqual([
      expect.objectContaining({ clientOrderId: order, market: 'M', quantity: '10' }),
    ]);
    given.venue.plan = () => HONEST;
    await given.pass(30_000);
    expect(given.venue.resting()).toEqual([]);
    const said = given.log.filter(({ message }) => message.startsWith('halted: no order of ours'));
    expect(said).toHaveLength(1);
  });

  it('believes no listing that is older than itself', async () => {
    const given = await haltWorld();
    const asOf = given.venue.asOfMs;
    given.venue.asOfMs = () => asOf() - 5_000;
    const early = await reported(given, given.engine.halt('operator'), 4_000);
    expect(early).toBeNull();
    await given.pass(3_000);
    expect(given.log.some(({ message }) => message.startsWith('halted: no order'))).toBe(true);
  });

  it.each([
    ['ahead', 3_600_000],
    ['behind', -3_600_000],
  ])('believes none that is older, where our clock is an hour %s', async (_, byMs) => {
    const given = await haltWorld();
    const frozenMs = given.venue.asOfMs();
    given.clock.shiftWall(byMs);
    given.venue.asOfMs = () => frozenMs;
    const report = given.engine.halt('operator');
    expect(await reported(given, report, 28_000)).toBeNull();
    given.venue.asOfMs = () => frozenMs + 10_001;
    await given.pass(2_500);
    expect(await report).toMatchObject({ proven: true });
  });

  it('is reported on while the venue answers nothing', async () => {
    const given = await haltWorld();
    given.venue.openOrders = () => new Promise(() => undefined);
    const report = await reported(given, given.engine.halt('operator'));
    expect(report).toMatchObject({ seconds: 30, residual: [], proven: false });
  });

  it('is not held up by a bad venue in another', async () => {
    const given = await haltWorld();
    given.venue.asOf = () => Promise.reject(new Error('down'));
    await restingIn(given, 'a');
    const report = await reported(given, given.engine.halt('operator'));
    expect(report).toMatchObject({ cancelled: 1, residual: [], proven: false });
    expect(given.venue.resting()).toEqual([]);
  });
});

describe('after a halt', () => {
  /** Halts at that moment, and gives what is sent from then on. */
  const sentAfter = async (
    given: World,
    arrange: (halt: () => void) => void,
    scope: HaltScope = {},
  ) => {
    let from = Number.NaN;
    arrange(() => {
      void given.engine.halt('operator', scope);
      from = given.venue.calls.length;
    });
    await given.pass(5_000);
    expect(from).not.toBeNaN();
    expect(given.venue.resting()).toEqual([]);
    return given.venue.calls.slice(from).filter(({ kind }) => kind !== 'cancel');
  };
  const go = (given: World, signalId: string) => given.engine.execute(signal({ signalId }));

  it.each([[{}], [{ venue: 'script' }], [{ market: 'M' }]])(
    'nothing is sent: %o said while an intent waits for its commit',
    async (scope) => {
      const given = await haltWorld();
      const late = (halt: () => void): void => {
        go(given, 'late');
        given.clock.setTimeout(halt, 0);
      };
      expect(await sentAfter(given, late, scope)).toEqual([]);
    },
  );

  it.each([[{}], [{ venue: 'script' }], [{ market: 'M' }]])(
    'nothing is sent: %o said in a call, before the next one of its turn',
    async (scope) => {
      const given = await haltWorld();
      const during = (halt: () => void): void => {
        given.venue.onCall = () => {
          given.venue.onCall = () => undefined;
          halt();
        };
        for (const signalId of ['one', 'two', 'three']) go(given, signalId);
      };
      expect(await sentAfter(given, during, scope)).toEqual([]);
      // That of the call itself had gone already.
      expect(given.venue.orders.size).toBe(1);
    },
  );

  it('nothing is sent: said by an algorithm, between two decisions of a turn', async () => {
    const state: { halt: () => void } = { halt: () => undefined };
    const halting = algorithm('halting', ({ unreleased }) => {
      state.halt();
      return { directives: [placing(45, unreleased)], state: null };
    });
    const given = await haltWorld({ algorithms: [resting, halting] });
    const sent = await sentAfter(given, (halt) => {
      state.halt = halt;
      go(given, 'before');
      given.engine.execute(signal({ signalId: 'it', algorithm: { name: 'halting' } }));
      go(given, 'after');
    });
    expect(sent).toEqual([]);
  });

  it('nothing is sent, whenever it is said', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(120), fc.nat(4), async (atMs, slowMs) => {
        const given = await haltWorld();
        given.venue.plan = () => ({ ...HONEST, entryMs: slowMs, replyMs: slowMs });
        const sent = await sentAfter(given, (halt) => {
          for (let at = 0; at < 100; at += 7)
            given.clock.setTimeout(() => {
              if (given.engine.halts().length === 0) go(given, `s${at}`);
            }, at);
          given.clock.setTimeout(halt, atMs);
        });
        expect(sent).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });

  it('an amend that was decided is not sent', async () => {
    const walking = algorithm(
      'walking',
      ({ unreleased }) => ({ directives: [placing(45, unreleased)], state: null }),
      ({ orders, state }) => ({
        directives: orders.map(({ splitOrderId }) => ({
          kind: 'reprice' as const,
          splitOrderId,
          price: placing(46, 1).price,
          reason: 'up',
        })),
        state,
      }),
      { touch: true, trade: false },
    );
    const given = await haltWorld({ algorithms: [resting, walking] });
    await restingIn(given, 'w', { algorithm: { name: 'walking' } });
    given.venue.snapshot('M', [[44, 500]], [[54, 500]]);
    void given.engine.halt('operator');
    await given.pass(5_000);
    expect(sentIn(given)).toEqual(['submit']);
    expect(given.venue.resting()).toEqual([]);
  });

  it('no signal is taken, and the refusal says how to go on', async () => {
    const given = await haltWorld();
    void given.engine.halt('operator');
    expect(() => given.engine.execute(signal({ signalId: 'x' }))).toThrow(/operator.*resume/);
  });
});

it('a stopped engine is halted no more than it is already', async () => {
  const given = await haltWorld();
  const stopped = given.engine.stop();
  await given.pass(1_000);
  await stopped;
  expect(await given.engine.halt('late')).toMatchObject({ residual: [], proven: false });
  expect(given.clock.pending).toBe(0);
});

it('a halt is reported on before the engine stops', async () => {
  const given = await haltWorld();
  await restingIn(given, 'a');
  const report = given.engine.halt('operator');
  const stopped = given.engine.stop();
  await given.pass(5_000);
  await stopped;
  expect(await report).toMatchObject({ cancelled: 1, proven: true });
  expect(given.clock.pending).toBe(0);
});
