/**
 * Faults that come by themselves: each waits its time, strikes, and comes again. What is done is
 * undone by itself, and at the latest when the world is healed.
 */

import { lots, ticks } from '../../src/domain/numbers.ts';
import type { Random } from '../../src/domain/ports.ts';
import { exponential, integer, pick } from '../../src/env/draws.ts';
import { FAULT_NAMES, type FaultName, faultOf } from './faults.ts';
import { isOurs } from './tag.ts';
import type { World } from './world.ts';

/** False where there was nothing to be done: it did not strike then. */
type Deed = (world: World, random: Random) => boolean | void;

const forAWhile = (world: World, ms: number, undo: () => void): void => {
  world.ground.clock.setTimeout(undo, ms);
};

const DEEDS: Partial<Record<FaultName, Deed>> = {
  storm: (world, random) => {
    world.network.isDown = true;
    forAWhile(world, integer(random, 500, 10_000), () => (world.network.isDown = false));
  },
  unauthorized: (world, random) => {
    world.network.isShut = true;
    forAWhile(world, integer(random, 1_000, 40_000), () => (world.network.isShut = false));
  },
  cancelAllLingers: ({ model }) => model.cancelAll(true, ({ id }) => isOurs(id)),
  burst: ({ boot, workload }, random) =>
    boot.isRunning && workload.burst(integer(random, 10, 40), random),
  readsLag: (world, random) => {
    world.readLagMs = integer(random, 200, 10_000);
    forAWhile(world, integer(random, 2_000, 30_000), () => (world.readLagMs = 0));
  },
  feedClosed: (world, random) => {
    const feed = pick(random, world.boot.feeds());
    feed.close(integer(random, 100, 8_000));
  },
  feedStalled: (world, random) => {
    const feed = pick(random, world.boot.feeds());
    feed.isSilent = true;
    forAWhile(world, integer(random, 5_000, 40_000), () => feed.speak());
  },
  feedSlow: (world, random) => {
    const feed = pick(random, world.boot.feeds());
    feed.extraMs = integer(random, 1_000, 20_000);
    forAWhile(world, integer(random, 2_000, 20_000), () => (feed.extraMs = 0));
  },
  bookCrossed: (world, random) =>
    pick(random, world.boot.feeds()).cross(integer(random, 50, 3_000)),
  reportsDown: ({ boot, ...world }, random) => {
    boot.reports.isDown = true;
    world.ground.clock.setTimeout(
      () => (boot.reports.isDown = false),
      integer(random, 1_000, 20_000),
    );
  },
  foreignOrder: (world, random) => {
    const { instrument, book } = pick(random, [...world.model.markets.values()]);
    const clientOrderId = `web-${world.model.orders.size}`;
    world.model.submit({
      clientOrderId,
      symbol: instrument.symbol,
      outcome: 'yes',
      action: 'buy',
      price: ticks((book.best('bid') ?? 40) + integer(random, -2, 2)),
      quantity: lots(integer(random, 1, 20)),
      timeInForce: 'gtc',
      postOnly: false,
      expiresAtMs: null,
    });
    forAWhile(world, integer(random, 1_000, 30_000), () => world.model.cancel(clientOrderId));
  },
  bust: (world, random) => {
    const standing = world.model.fills.filter(
      ({ reverted, fill }) => !reverted && isOurs(fill.clientOrderId),
    );
    if (standing.length === 0) return false;
    world.ground.sometimes.hit('bust');
    return world.model.revert(pick(random, standing.slice(-10)));
  },
  marketPaused: (world, random) => {
    const market = pick(random, [...world.model.markets.values()]);
    market.setStatus('paused');
    forAWhile(world, integer(random, 1_000, 20_000), () => market.setStatus('open'));
  },
  marketClosed: (world, random) => {
    const markets = [...world.model.markets.values()].filter(({ status }) => status !== 'closed');
    // One stays: a long world would be empty without it.
    if (markets.length < 2) return false;
    const market = pick(random, markets);
    for (const order of world.model.open)
      if (order.market === market) world.model.end(order, 'cancelled', 'market closed');
    return market.setStatus('closed');
  },
  venueRestart: (world, random) => {
    world.network.isDown = true;
    for (const order of world.model.open) world.model.end(order, 'cancelled', 'venue restart');
    for (const feed of world.boot.feeds()) feed.close(integer(random, 2_000, 15_000));
    forAWhile(world, integer(random, 2_000, 15_000), () => (world.network.isDown = false));
  },
  deadMan: ({ model }) => model.cancelAll(false),
  operatorCancel: ({ model }, random) => {
    const open = model.open.filter(({ id }) => isOurs(id));
    if (open.length > 0) model.end(pick(random, open), 'cancelled', 'by hand');
    return open.length > 0;
  },
  wallJump: (world, random) => {
    world.boot.clock.wallOffsetMs += integer(random, -3_600_000, 3_600_000);
  },
  wallDrift: (world, random) => {
    const { clock } = world.boot;
    const wrongMs = integer(random, -3_000, 3_000);
    clock.wallOffsetMs += wrongMs;
    forAWhile(world, 10_000, () => (clock.wallOffsetMs -= wrongMs));
  },
  processPause: (world, random) => {
    const { boot, model, ground } = world;
    if (!boot.isRunning) return false;
    boot.clock.pause();
    ground.trace.note('pauses');
    if (model.open.some(({ id }) => isOurs(id))) ground.sometimes.hit('pausedWithOrders');
    return forAWhile(world, integer(random, 1_000, 60_000), () => boot.clock.resume());
  },
  crash: (world) => world.boot.die('crashIdle'),
  diskBusy: (world, random) => {
    world.diskFailure = 'database is locked';
    forAWhile(world, integer(random, 100, 6_000), () => (world.diskFailure = null));
  },
  diskFull: (world, random) => {
    world.diskFailure = 'database or disk is full';
    forAWhile(world, integer(random, 5_000, 60_000), () => (world.diskFailure = null));
  },
  halt: ({ boot, operator }, random) => boot.isRunning && operator.halt(boot, random),
  secondInstance: (world) => world.startSecond(),
};

/** In which a person is likely to halt. */
const TROUBLES: ReadonlySet<FaultName> = new Set<FaultName>([
  'storm',
  'unauthorized',
  'reportsDown',
  'diskBusy',
  'diskFull',
]);

/** Lets all that come by themselves come, for as long as nothing is healed. */
export function letHappen(world: World): void {
  for (const name of FAULT_NAMES) if (faultOf(name).everyMs !== undefined) again(world, name);
}

function again(world: World, name: FaultName): void {
  const { faults, clock, trace } = world.ground;
  const share = faults.share(name);
  const deed = DEEDS[name];
  const { everyMs = Infinity } = faultOf(name);
  if (share === 0 || deed === undefined) return;
  const random = faults.random(name);
  clock.setTimeout(
    () => {
      if (faults.isHealed) return;
      trace.note('fault', name);
      if (deed(world, random) !== false) faults.note(name);
      if (TROUBLES.has(name) && faults.strikes('haltInTrouble')) haltSoon(world);
      again(world, name);
    },
    Math.ceil(exponential(random, everyMs / share)),
  );
}

function haltSoon(world: World): void {
  const random = world.ground.faults.random('haltInTrouble');
  world.ground.clock.setTimeout(
    () => {
      if (world.boot.isRunning) world.operator.halt(world.boot, random);
    },
    integer(random, 0, 1_500),
  );
}

/** What a fault left behind ends now. */
export function undoAll(world: World): void {
  const { boot, model, network } = world;
  world.readLagMs = 0;
  world.diskFailure = null;
  network.isDown = false;
  network.isShut = false;
  boot.reports.isDown = false;
  boot.clock.resume();
  for (const feed of boot.feeds()) {
    feed.extraMs = 0;
    feed.speak();
  }
  for (const market of model.markets.values()) market.setStatus('open');
}
