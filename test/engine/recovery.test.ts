/** A process dies at any step; the next one finds its executions and works them to their end. */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/env/seeded-random.ts';
import { type Signal, simulatedExchange, VirtualClock } from '../../src/index.ts';
import { paper } from '../../src/venues/paper/venue.ts';
import type { Step } from '../support/process.ts';
import { wrongs } from '../support/reboot-audit.ts';
import { Reboots } from '../support/reboots.ts';
import { type RestlessOptions, restlessRun } from '../support/restless-world.ts';
import { START_MS } from '../support/rig.ts';

/** What is wrong after these deaths; nothing, if all is well. */
async function wrongAfter(
  kills: readonly number[],
  options: RestlessOptions = {},
): Promise<readonly string[]> {
  const { world, last } = await restlessRun(kills, options);
  const wrong = await wrongs(world, last);
  return wrong.map((sentence) => `killed before step ${kills.join(' and ')}: ${sentence}`);
}

/** Steps that change the world, of a run that is left alone. */
async function deedsOf(options: RestlessOptions): Promise<readonly (readonly [number, Step])[]> {
  const { world, last } = await restlessRun([], options);
  expect(await wrongs(world, last)).toEqual([]);
  return [...last.process.steps.entries()].filter(([, step]) => step !== 'turn');
}

describe('a crash loses nothing and doubles nothing', () => {
  it.each([
    ['where orders are amended', true],
    ['where they are withdrawn and sent anew', false],
  ])('before and after commits and calls, %s', async (_, amends) => {
    const deeds = await deedsOf({ amends });
    const wrong: string[] = [];
    // Every other one: a commit, a call, or what follows it.
    for (let index = amends ? 0 : 1; index < deeds.length; index += 2)
      wrong.push(...(await wrongAfter([deeds[index]?.[0] ?? 0], { amends })));
    console.log(`killed at every other one of ${deeds.length} steps`);
    expect(wrong).toEqual([]);
    expect(new Set(deeds.map(([, step]) => step)).size).toBe(4);
  });

  it('during the recovery of a crash', async () => {
    const wrong: string[] = [];
    for (const kill of [9, 30, 61])
      for (const again of [0, 1, 2, 3, 4, 6]) wrong.push(...(await wrongAfter([kill, again])));
    expect(wrong).toEqual([]);
  });

  it('while commands, answers and reports are lost', async () => {
    const wrong: string[] = [];
    for (let seed = 1; seed <= 12; seed += 1)
      wrong.push(...(await wrongAfter([seed * 5, seed * 3], { seed: `${seed}`, faults: 0.2 })));
    expect(wrong).toEqual([]);
  });
});

const base = { venue: 'paper', market: 'SIM-A', timeLimitMs: 15_000 } as const;
const walker = { name: 'dynamic_depth_walker' };
const buys: Signal = {
  ...base,
  signalId: 'buys',
  outcome: 'yes',
  action: 'buy',
  quantity: '200',
  limitPrice: '0.99',
  algorithm: walker,
};
const sells: Signal = { ...buys, signalId: 'sells', outcome: 'no', limitPrice: '0.01' };

/** Two executions on the simulated exchange, and a death before one step of the first process. */
async function walkerRun(kill: number) {
  const clock = new VirtualClock(START_MS);
  const random = seededRandom('walker');
  const markets = [{ symbol: 'SIM-A', category: 'liquid' }] as const;
  const source = simulatedExchange({ random: random.fork('sim'), markets, startMs: START_MS });
  const venue = paper({ clock, random: random.fork('venue'), source });
  const world = new Reboots(clock, venue);
  let last = await world.boot(kill);
  await world.pass(3_000);
  world.execute(last, buys);
  world.execute(last, { ...sells, action: 'sell' });
  await world.live(last);
  if (last.process.isDead) {
    await world.pass(300);
    last = await world.boot();
  }
  await world.settle(last);
  const wrong = [...(await wrongs(world, last)), ...venue.auditViolations()];
  venue.stop();
  const filled = [...world.results.values()].map(([result]) => result?.filledQuantity);
  return { steps: last.process.steps.length, wrong, filled };
}

describe('the walker, on the simulated exchange', () => {
  it('gets as much as it would have got without the crash', async () => {
    const whole = await walkerRun(Infinity);
    expect(whole).toMatchObject({ wrong: [], filled: ['200.00', '200.00'] });
    for (let kill = 4; kill < whole.steps - 4; kill += Math.ceil(whole.steps / 8))
      expect(await walkerRun(kill)).toMatchObject({ wrong: [], filled: whole.filled });
  });
});
