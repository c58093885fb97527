/** Market data: whole or said not to be. */
import { HEARTBEATS_MISSED_MAX } from '../../domain/limits.ts';
import type { Print } from '../../domain/market-data.ts';
import { BookWatch } from '../book-watch.ts';
import type { CardDefinition } from '../card.ts';
import type { Stage } from '../stage.ts';

/** A subscription whose book is whole; what went wrong before is not counted. */
async function wholeBook(stage: Stage): Promise<BookWatch> {
  const watch = new BookWatch(stage.venue, stage.market.symbol);
  await isWhole(stage, watch, 'send a snapshot to each new subscription');
  return watch;
}

async function isWhole(stage: Stage, watch: BookWatch, wayOut: string): Promise<void> {
  await stage.until(
    () => ({ health: watch.book.health, told: watch.types() }),
    ({ health }) => health === 'live',
    wayOut,
  );
}

/** The book that was folded is the book that a new subscription is shown. */
async function agreesWithFresh(stage: Stage, watch: BookWatch): Promise<void> {
  await stage.settle();
  watch.stop();
  const fresh = await wholeBook(stage);
  fresh.stop();
  const [folded, shown] = [watch.touch, fresh.touch];
  const isSame = JSON.stringify(folded) === JSON.stringify(shown);
  stage.check(isSame, { folded, shown }, 'lose no change of a level, and count none twice');
}

const faultless = (stage: Stage, watch: BookWatch): void =>
  stage.check(watch.faults.length === 0, watch.faults, 'fold its own recording and compare');

export const BOOK_CARDS: readonly CardDefinition[] = [
  {
    name: 'book-snapshot',
    promise: 'The first book that a subscriber is told holds all that had changed before it.',
    needs: ['stir'],
    async play(stage: Stage) {
      const watch = new BookWatch(stage.venue, stage.market.symbol);
      await stage.pull('stir');
      await isWhole(stage, watch, 'send a snapshot to each new subscription');
      await agreesWithFresh(stage, watch);
    },
  },
  {
    name: 'book-folds',
    promise: 'Changes fold into the book that is shown anew: never negative, never crossed.',
    needs: ['stir'],
    async play(stage: Stage) {
      const watch = await wholeBook(stage);
      const heard = watch.events.length;
      for (let count = 0; count < 3; count += 1) await stage.pull('stir');
      await stage.settle();
      const types = watch.types(heard);
      const isHeard = types.includes('book.delta') || types.includes('book.snapshot');
      stage.check(isHeard, types, 'tell what changes');
      faultless(stage, watch);
      await agreesWithFresh(stage, watch);
    },
  },
  {
    name: 'book-sequence',
    promise: 'From a snapshot to the next the sequence of changes rises.',
    needs: ['stir'],
    async play(stage: Stage) {
      const watch = await wholeBook(stage);
      for (let count = 0; count < 3; count += 1) await stage.pull('stir');
      await stage.settle();
      let last: number | null = null;
      for (const event of watch.events) {
        if (event.type === 'book.snapshot') last = event.sequence;
        if (event.type !== 'book.delta' || last === null) continue;
        const step = event.sequence - last;
        stage.check(step > 0, { last, event }, "give the venue's count, or one of your own");
        last = event.sequence;
      }
    },
  },
  {
    name: 'book-gap',
    promise: 'A lost message is told as book.gap, and a snapshot heals it.',
    needs: ['gap', 'stir'],
    async play(stage: Stage) {
      const watch = await wholeBook(stage);
      const heard = watch.events.length;
      await stage.pull('gap');
      await stage.pull('stir');
      await stage.until(
        () => watch.types(heard),
        (types) => types.includes('book.gap') || types.includes('feed.down'),
        'compare each sequence with the one before, and tell book.gap for a hole',
      );
      const wayOut = 'ask for a snapshot after a gap';
      await isWhole(stage, watch, wayOut);
      stage.check(watch.has('book.snapshot', heard), watch.types(heard), wayOut);
      await agreesWithFresh(stage, watch);
    },
  },
  {
    name: 'book-reconnect',
    promise: 'A broken connection is told, and the book is whole again by a snapshot.',
    needs: ['reconnect', 'stir'],
    async play(stage: Stage) {
      const watch = await wholeBook(stage);
      const heard = watch.events.length;
      await stage.pull('reconnect');
      await stage.until(
        () => watch.types(heard),
        (types) => types.includes('feed.down'),
        'tell feed.down as soon as a connection is lost',
      );
      await isWhole(stage, watch, 'subscribe again and tell the snapshot');
      await stage.pull('stir');
      const { bids, asks } = watch.touch;
      stage.check(bids.length + asks.length > 0, watch.touch, 'tell the snapshot');
      await agreesWithFresh(stage, watch);
    },
  },
  {
    name: 'book-stall',
    promise:
      'A connection that says nothing more is told as down, or is silent past its heartbeat.',
    needs: ['stall'],
    async play(stage: Stage) {
      const { heartbeatMs } = stage.venue.capabilities;
      const watch = await wholeBook(stage);
      const { clock } = stage.world;
      const isAlive = watch.events.length;
      if (heartbeatMs !== null) {
        await clock.pass(heartbeatMs + stage.settleMs);
        const wayOut = 'tell feed.alive at every sign of life, at least each heartbeatMs';
        stage.check(watch.events.length > isAlive, watch.events.slice(-3), wayOut);
      }
      await stage.pull('stall');
      await stage.settle();
      const stalled = watch.events.length;
      await clock.pass((heartbeatMs ?? stage.answerWithinMs) * HEARTBEATS_MISSED_MAX);
      const later = watch.events.slice(stalled);
      const isTold = watch.has('feed.down', isAlive);
      const isSilent = heartbeatMs !== null && later.length === 0;
      const wayOut = 'pass on the signs of life of the connection, never of a timer';
      stage.check(isTold || isSilent, later.slice(0, 3), wayOut);
    },
  },
  {
    name: 'trades-are-told',
    promise: 'Trades of the market are told once each, with what was traded and who took.',
    needs: ['trade'],
    async play(stage: Stage) {
      const prints: Print[] = [];
      const { symbol } = stage.market;
      const subscription = stage.venue.trades$(symbol).subscribe((print) => prints.push(print));
      for (let count = 0; count < 2; count += 1) await stage.pull('trade');
      const wayOut = 'tell a print for each trade, in YES terms';
      await stage.until(
        () => prints,
        (all) => all.length > 0,
        wayOut,
      );
      await stage.settle();
      subscription.unsubscribe();
      const isSound = prints.every(
        (print) => print.symbol === symbol && print.quantity > 0 && print.price > 0,
      );
      const isOnce = new Set(prints.map(({ sequence }) => sequence)).size === prints.length;
      stage.check(isSound && isOnce, prints, wayOut);
    },
  },
];
