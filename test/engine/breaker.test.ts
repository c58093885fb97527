/** The circuit breaker of a venue at work: it opens, suspends, is tried, closes, and outlives. */
import { describe, expect, it } from 'vitest';
import type { ExecutionView } from '../../src/algorithms/algorithm.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { type BreakerSettings, DEFAULT_BREAKER } from '../../src/risk/breaker-settings.ts';
import { resting } from '../support/embedded.ts';
import { algorithm, placing, type Rig, START_MS, startRig } from '../support/rig.ts';
import { HONEST, ScriptedVenue } from '../support/scripted-venue.ts';

const SETTINGS: BreakerSettings = {
  ...DEFAULT_BREAKER,
  errorsInARow: 2,
  rejectsInARow: 3,
  cooldownMs: 20_000,
  probes: 2,
  probeNotional: '6',
};

/** Places one contract after another, each second, never twice the same while one is in doubt. */
const trickle = algorithm(
  'trickle',
  ({ nowMs, state, unreleased }) => ({
    directives: [placing(40 + (unreleased % 5), 1), wait(nowMs)],
    state,
  }),
  ({ nowMs, state, unreleased }) => ({
    directives: unreleased > 0 ? [placing(40 + (unreleased % 5), 1), wait(nowMs)] : [],
    state,
  }),
);
/** Places all at once, and again what was not sent. */
const place = ({ unreleased, state }: ExecutionView) => ({
  directives: unreleased > 0 ? [placing(45, unreleased)] : [],
  state,
});
const eager = algorithm('eager', place, place);

const wait = (nowMs: number) => ({ kind: 'waitUntil' as const, timeMs: nowMs + 1_000, reason: '' });

interface World {
  readonly rig: Rig;
  readonly venue: ScriptedVenue;
  readonly state: () => string;
  readonly fail: (isFailing: boolean) => void;
  readonly run: (changes?: object) => string;
}

async function world(settings: Partial<BreakerSettings> = {}): Promise<World> {
  const clock = new VirtualClock(START_MS);
  const venue = new ScriptedVenue({ clock, symbols: ['M', 'N'] });
  const breaker = { ...SETTINGS, ...settings };
  const rig = await startRig({ venue, clock, breaker, algorithms: [resting, trickle, eager] });
  venue.snapshot('M');
  venue.snapshot('N');
  const fail = (isFailing: boolean): void => {
    const lost = { ...HONEST, arrives: false, reply: 'throw' as const };
    venue.plan = (kind) => (isFailing && kind === 'submit' ? lost : HONEST);
  };
  const state = (): string => rig.runtime.risk.breaker.view.circuit;
  const run = (changes: object = {}): string =>
    rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 600_000, ...changes }).id;
  return { rig, venue, state, fail, run };
}

/** Two orders of two executions are lost. */
async function opened(settings: Partial<BreakerSettings> = {}) {
  const given = await world(settings);
  given.fail(true);
  const ids = [given.run(), given.run({ market: 'N' })];
  await given.rig.pass(100);
  expect(given.state()).toBe('open');
  given.venue.calls.length = 0;
  return { ...given, ids };
}

describe('a circuit breaker', () => {
  it('opens after so many doubts in a row, of all executions', async () => {
    const { rig } = await opened();
    expect(rig.runtime.risk.breaker.view).toMatchObject({
      reason: expect.stringContaining('2 commands in a row are in doubt') as string,
      coolUntilMs: rig.clock.wallMs() - 90 + 20_000,
      haltReason: null,
    });
  });

  it('begins nothing and sends nothing while it is open, but cancels', async () => {
    const { rig, venue, run, fail, ids } = await opened();
    fail(false);
    const late = run();
    await rig.pass(1_000);
    expect(rig.results.get(late)).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('the circuit breaker of the venue is closed') as string,
    });
    rig.runtime.cancel(ids[0] ?? '', 'enough');
    await rig.pass(10_000);
    expect(venue.calls.filter(({ kind }) => kind !== 'cancel')).toEqual([]);
  });

  it('suspends what lives, and lets it go on when it is tried', async () => {
    const { rig, venue, fail, run, state } = await world();
    const id = run({ algorithm: { name: 'trickle' } });
    await rig.pass(1_500);
    const actor = () => rig.runtime.hostOf('M').execution(id)?.getSnapshot();
    fail(true);
    await rig.pass(2_000);
    expect(state()).toBe('open');
    expect(actor()?.hasTag('suspended')).toBe(true);
    // A book that comes back meanwhile wakes nobody.
    venue.snapshot('M', [[44, 5]], [[54, 5]]);
    await rig.pass(5_000);
    expect(actor()?.hasTag('suspended')).toBe(true);
    fail(false);
    await rig.pass(15_000);
    expect(state()).toBe('halfOpen');
    expect(actor()?.hasTag('suspended')).toBe(false);
  });

  it('closes what lives, where that is configured', async () => {
    const { rig, ids, fail } = await opened({ whenOpen: 'close' });
    fail(false);
    await rig.pass(100_000);
    expect(ids.map((id) => rig.results.get(id)?.outcome)).toEqual(['cancelled', 'cancelled']);
    expect(rig.results.get(ids[0] ?? '')?.reason).toContain('the circuit breaker is open');
  });

  it('lets two executions send small orders when it is tried, and closes by them', async () => {
    const { rig, venue, fail, run, state } = await opened();
    fail(false);
    await rig.pass(20_000);
    expect(state()).toBe('halfOpen');
    venue.calls.length = 0;
    const places = { algorithm: { name: 'eager' } };
    const ids = ['20', '7', '8', '9'].map((quantity) => run({ quantity, ...places }));
    await rig.pass(9);
    expect(state()).toBe('halfOpen');
    expect(venue.calls.map(({ quantity }) => quantity)).toEqual([7, 8]);
    await rig.pass(5);
    expect(state()).toBe('closed');
    await rig.pass(2_000);
    expect(venue.calls).toHaveLength(4);
    expect(ids.map((id) => rig.runtime.records.get(id)?.calls)).toEqual([1, 1, 1, 1]);
  });

  it('opens again when a probe fails, and gives back the place of one that left', async () => {
    const { rig, fail, run, state } = await opened();
    await rig.pass(20_000);
    fail(true);
    run({ quantity: '9' });
    await rig.pass(100);
    expect(rig.runtime.risk.breaker.view).toMatchObject({
      circuit: 'open',
      reason: expect.stringContaining('a probe failed') as string,
    });
    fail(false);
    await rig.pass(20_000);
    expect(state()).toBe('halfOpen');
  });

  it('opens for rejections in a row', async () => {
    const { rig, venue, run, state } = await world();
    venue.plan = () => ({ ...HONEST, reply: 'reject' });
    for (const price of ['0.50', '0.49', '0.48']) run({ limitPrice: price });
    await rig.pass(100);
    expect(state()).toBe('open');
  });

  it('is open after a restart until its cool-down is over, and then is tried', async () => {
    const { rig } = await opened();
    rig.runtime.stop();
    const { store, clock } = rig;
    const venue = new ScriptedVenue({ clock, symbols: ['M'] });
    const again = await startRig({ venue, clock, breaker: SETTINGS, store });
    const { breaker } = again.runtime.risk;
    expect(breaker.view).toMatchObject({ circuit: 'open', reason: expect.any(String) as string });
    await again.pass(19_000);
    expect(breaker.view.circuit).toBe('open');
    await again.pass(1_000);
    expect(breaker.view.circuit).toBe('halfOpen');
  });
});
