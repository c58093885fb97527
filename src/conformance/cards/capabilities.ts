/** What a venue says of itself: each flag is tried, and what it denies is refused. */
import { type Lots, lots } from '../../domain/numbers.ts';
import type { OrderRequest } from '../../domain/order.ts';
import type { Venue, VenueCapabilities } from '../../domain/ports.ts';
import { lookUp } from '../../gateway/lookup.ts';
import { BookWatch } from '../book-watch.ts';
import type { CardDefinition } from '../card.ts';
import type { Levers } from '../contract.ts';
import { lotsIn, type Placed, refOf, STAGE_MS_MAX, type Stage } from '../stage.ts';
import { isRefusal, sameTerms, shownOf } from '../terms.ts';
import { leavesNothing } from './submit.ts';

/** It was turned away, or taken and ended, and nothing of it has filled. */
async function endsUnfilled(stage: Stage, changes: Partial<OrderRequest>, wayOut: string) {
  const request = stage.request(changes);
  const tried = await stage.try(stage.venue.submit(request));
  const isTaken = 'value' in tried && tried.value.kind === 'accepted';
  stage.check(isTaken || isRefusal(tried), shownOf(tried), wayOut);
  await stage.settle();
  const resting = await stage.resting(request.clientOrderId);
  stage.check(resting.length === 0, { outcome: shownOf(tried), resting }, wayOut);
  const fills = await stage.fillsOf(request.clientOrderId);
  stage.check(fills.length === 0, { outcome: shownOf(tried), fills }, wayOut);
}

const FLAGS = ['postOnly', 'ioc', 'fok', 'expiry', 'lookupByClientId'] as const;

/** What the capabilities say can be had, by the names that a contract denies it with. */
const saidOf = (venue: Venue): ReadonlyMap<string, boolean> =>
  new Map<string, boolean>([
    ...FLAGS.map((flag) => [flag, venue.capabilities[flag]] as const),
    ['reopen', venue.capabilities.outlivesEngine],
    ['amend', venue.amend !== undefined],
    ['closedOrders', venue.closedOrders !== undefined],
  ]);

async function refusesDenied(stage: Stage, capabilities: VenueCapabilities): Promise<void> {
  const expiresAtMs = (await stage.call(stage.venue.asOf())) + 60_000;
  const denied = {
    postOnly: { postOnly: true },
    ioc: { timeInForce: 'ioc' },
    fok: { timeInForce: 'fok' },
    expiry: { expiresAtMs },
  } as const;
  for (const flag of ['postOnly', 'ioc', 'fok', 'expiry'] as const) {
    if (capabilities[flag]) continue;
    const request = stage.request(denied[flag]);
    const tried = await stage.try(stage.venue.submit(request));
    stage.check(
      isRefusal(tried),
      { flag, seen: shownOf(tried) },
      `say ${flag}: true, or refuse it`,
    );
    await leavesNothing(stage, request.clientOrderId);
  }
}

/** A step more than a buy at the taking price can get. */
async function moreThanRests(stage: Stage): Promise<Lots> {
  const { symbol, takingPrice } = stage.market;
  const { quantityStep } = await stage.instrument();
  const watch = new BookWatch(stage.venue, symbol);
  await stage.until(
    () => watch.book.health,
    (health) => health === 'live',
    'send a snapshot to each new subscription',
  );
  watch.stop();
  let depth: number = quantityStep;
  for (let rank = 0; watch.book.asks.priceAt(rank) <= takingPrice; rank += 1)
    depth += watch.book.asks.sizeAtRank(rank);
  return lots(depth);
}

async function isFilled(stage: Stage, { ref }: Placed, wayOut: string): Promise<void> {
  const { quantity } = stage.market;
  await stage.found(ref, (order) => order.cumulative === quantity, wayOut);
}

export const CAPABILITY_CARDS: readonly CardDefinition[] = [
  {
    name: 'capabilities-agree',
    promise: 'Capabilities, methods and contract say the same, and what is denied is refused.',
    needs: [],
    async play(stage: Stage) {
      const { cannot, venue } = stage;
      const { capabilities } = venue;
      const isOne = (capabilities.amend !== null) === (venue.amend !== undefined);
      stage.check(isOne, { amend: capabilities.amend }, 'have amend exactly where you say so');
      for (const [name, isSaid] of saidOf(venue))
        stage.check(isSaid === !cannot.has(name), { name, isSaid }, `correct it or cannot.${name}`);
      const both = [...cannot].filter(
        (name) => stage.world.levers[name as keyof Levers] !== undefined,
      );
      stage.check(both.length === 0, both, 'give a lever, or the reason why not, never both');
      const windows = Object.values(capabilities.buckets ?? {}).flat();
      const isRoomy = windows.every(
        ({ windowMs, tokens, cancelReserve }) =>
          windowMs > 0 && tokens > 0 && cancelReserve >= 0 && cancelReserve < tokens,
      );
      stage.check(isRoomy, windows, 'leave tokens for orders beside the reserve for cancels');
      await refusesDenied(stage, capabilities);
    },
  },
  {
    name: 'outlives-engine',
    promise: 'Another process finds our orders and fills by our ids alone, and can cancel.',
    needs: ['reopen', 'fillResting'],
    async play(stage: Stage) {
      const { request } = await stage.place();
      const ref = refOf(request);
      const part = await stage.part();
      await stage.pull('fillResting', ref.clientOrderId, part);
      await stage.settle();
      const other = await stage.pull('reopen');
      await stage.call(other.instruments());
      const sinceMs = (await stage.call(other.asOf())) - STAGE_MS_MAX;
      const order = await stage.call(lookUp(other, ref, { sinceMs, everywhere: true }));
      const isIt = order?.cumulative === part && order.status === 'resting';
      const wayOut = 'send our id with the order, and know it from there alone';
      stage.check(
        isIt && sameTerms(await stage.instrument(), order.request, request),
        order,
        wayOut,
      );
      const { fills } = await stage.call(other.fillsSince(null));
      const ours = fills.filter(({ clientOrderId }) => clientOrderId === ref.clientOrderId);
      stage.check(lotsIn(ours) === part, fills, wayOut);
      const outcome = await stage.call(other.cancel(ref));
      const isDone = outcome.kind === 'accepted' && outcome.cumulative === part;
      const howTo = 'look the order up where its venue id is not known';
      stage.check(isDone || outcome.kind === 'ambiguous', outcome, howTo);
      await stage.found(ref, ({ status }) => status === 'cancelled', howTo);
    },
  },
  {
    name: 'latency-as-said',
    promise: 'Calls are usually answered within twice latencyP99Ms: there and back.',
    needs: [],
    async play(stage: Stage) {
      const { clock } = stage.world;
      const { latencyP99Ms, heartbeatMs } = stage.venue.capabilities;
      const isPositive = latencyP99Ms > 0 && (heartbeatMs === null || heartbeatMs > 0);
      stage.check(isPositive, { latencyP99Ms, heartbeatMs }, 'give times above 0');
      const tookMs: number[] = [];
      for (let count = 0; count < 9; count += 1) {
        const sentAtMs = clock.nowMs();
        await stage.place({ quantity: await stage.part() });
        tookMs.push(clock.nowMs() - sentAtMs);
      }
      const median = tookMs.toSorted((left, right) => left - right)[4] ?? 0;
      // The kit looks every 10 ms whether an answer has come.
      const isMet = median <= 2 * latencyP99Ms + 20;
      stage.check(
        isMet,
        { latencyP99Ms, tookMs },
        'measure it, or give more: executions rely on it',
      );
    },
  },
  {
    name: 'post-only',
    promise: 'A post-only order rests where it can, and never takes.',
    needs: ['postOnly'],
    async play(stage: Stage) {
      const { ref } = await stage.place({ postOnly: true });
      await stage.found(ref, ({ status }) => status === 'resting', 'let it rest');
      const { takingPrice: price } = stage.market;
      await endsUnfilled(stage, { price, postOnly: true }, 'send post only to the venue');
    },
  },
  {
    name: 'immediate-or-cancel',
    promise: 'An immediate order takes what is there and never rests.',
    needs: ['ioc'],
    async play(stage: Stage) {
      const wayOut = 'send the time in force to the venue';
      const { takingPrice: price } = stage.market;
      await endsUnfilled(stage, { timeInForce: 'ioc' }, wayOut);
      await isFilled(stage, await stage.place({ price, timeInForce: 'ioc' }), wayOut);
    },
  },
  {
    name: 'fill-or-kill',
    promise: 'A fill-or-kill order takes all of its quantity or nothing.',
    needs: ['fok'],
    async play(stage: Stage) {
      const wayOut = 'send the time in force to the venue';
      const { takingPrice: price } = stage.market;
      const quantity = await moreThanRests(stage);
      await endsUnfilled(stage, { price, quantity, timeInForce: 'fok' }, wayOut);
      await isFilled(stage, await stage.place({ price, timeInForce: 'fok' }), wayOut);
    },
  },
];
