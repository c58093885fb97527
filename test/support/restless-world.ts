/**
 * A scripted market that moves by itself, and a restless execution in it: orders are amended,
 * withdrawn, sent anew and filled in parts, whoever is alive to hear of it.
 */
import type { Random } from '../../src/domain/ports.ts';
import { seededRandom } from '../../src/env/seeded-random.ts';
import { type EngineOptions, type Signal, VirtualClock } from '../../src/index.ts';
import { restless } from './hostile.ts';
import { type Booted, Reboots } from './reboots.ts';
import { START_MS } from './rig.ts';
import { HONEST, type Plan, ScriptedVenue } from './scripted-venue.ts';

export interface RestlessOptions {
  readonly seed?: string;
  readonly amends?: boolean;
  /** The share of commands and of reports that go wrong. */
  readonly faults?: number;
  /** Milliseconds between a death and the next start. */
  readonly downMs?: number;
  readonly engine?: Partial<EngineOptions>;
}

const signal: Signal = {
  signalId: 'restless',
  venue: 'script',
  market: 'M',
  outcome: 'yes',
  action: 'buy',
  quantity: '8',
  limitPrice: '0.50',
  timeLimitMs: 6_000,
  algorithm: { name: 'restless' },
};

const BAD: readonly Plan[] = (['ambiguous', 'never', 'throw'] as const).flatMap((reply) =>
  [true, false].map((arrives) => ({ ...HONEST, arrives, reply })),
);

/** Every 200 ms the book is told anew; every 350 ms an order gets two lots. */
function stir(clock: VirtualClock, venue: ScriptedVenue, random: Random): void {
  const tick = (): void => {
    venue.snapshot('M', [[44, 500]], [[55, 400 + Math.floor(random.next() * 100)]]);
    clock.setTimeout(tick, 200);
  };
  const fill = (): void => {
    const [order] = venue.resting();
    if (order !== undefined) venue.fill(order.request.clientOrderId, 2);
    clock.setTimeout(fill, 350);
  };
  clock.setTimeout(tick, 200);
  clock.setTimeout(fill, 350);
}

export interface RestlessRun {
  readonly world: Reboots;
  readonly venue: ScriptedVenue;
  readonly last: Booted;
  readonly deaths: number;
}

/** Each process but the last dies before the step that is given for it. */
export async function restlessRun(
  kills: readonly number[],
  { seed = '1', amends = true, faults = 0, downMs = 150, engine = {} }: RestlessOptions = {},
): Promise<RestlessRun> {
  const clock = new VirtualClock(START_MS);
  const random = seededRandom(seed);
  const venue = new ScriptedVenue({ clock, amends });
  const isBad = (): boolean => random.next() < faults;
  venue.plan = () => (isBad() ? (BAD[Math.floor(random.next() * BAD.length)] ?? HONEST) : HONEST);
  venue.told = () => (isBad() ? [] : [5]);
  const world = new Reboots(clock, venue, { algorithms: [restless], ...engine });
  stir(clock, venue, random.fork('market'));
  let last = await world.boot(kills[0]);
  world.execute(last, signal);
  let deaths = 0;
  for (const kill of [...kills.slice(1), Infinity]) {
    await world.live(last);
    if (!last.process.isDead) break;
    deaths += 1;
    await world.pass(downMs);
    last = await world.boot(kill);
  }
  venue.plan = () => HONEST;
  venue.told = () => [5];
  await world.settle(last);
  return { world, venue, last, deaths };
}
