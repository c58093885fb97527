/** What adapters get wrong in streams: what is lost, doubled, or made up by a timer. */
import type { VenueWorld } from '../../src/conformance/contract.ts';
import type { BookEvent } from '../../src/domain/market-data.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import { books, type Lie, lying, orders, reports, through, without } from './lying.ts';
import type { WireWorld } from './wire-world.ts';

/** The first snapshot is kept back until three changes were told, and then told as it was. */
function staleSnapshot(world: WireWorld): VenueWorld {
  let kept: BookEvent | null = null;
  let changes = 0;
  return books(world, (event) => {
    if (event.type === 'book.snapshot' && kept === null) {
      kept = event;
      return [];
    }
    if (event.type !== 'book.delta' || kept === null) return [event];
    changes += 1;
    return changes === 3 ? [event, kept] : [event];
  });
}

/** Every subscriber has one snapshot, and never another. */
const oneSnapshot = (world: WireWorld) =>
  lying(world, {
    book$: (symbol) => {
      let isTold = false;
      return through(world.venue.book$(symbol), (event) => {
        const isAgain = isTold && event.type === 'book.snapshot';
        isTold ||= event.type === 'book.snapshot';
        return isAgain ? [] : [event];
      });
    },
  });

/** A sign of life that a timer makes, whatever the connection does. */
const beatsByTimer = (world: WireWorld) =>
  lying(world, {
    book$: (symbol) => ({
      subscribe: (next) => {
        const beat = (): void => {
          next({ type: 'feed.alive', symbol, reason: 'timer' });
          world.virtual.setTimeout(beat, 500);
        };
        beat();
        return world.venue.book$(symbol).subscribe(next);
      },
    }),
  });

/** The private stream is not subscribed to again. */
function deafAfterReconnect(world: WireWorld): VenueWorld {
  let isCut = false;
  const { reconnect } = world.levers;
  const levers = {
    ...world.levers,
    reconnect: async () => {
      isCut = true;
      await reconnect?.();
    },
  };
  return { ...reports(world, (report) => (isCut ? [] : [report])), levers };
}

const BOOK: readonly Lie[] = [
  { card: 'book-snapshot', lie: 'it is older than what was told', tell: staleSnapshot },
  {
    card: 'book-folds',
    lie: 'changes of asks are lost',
    tell: (world) =>
      books(world, (event) => (event.type === 'book.delta' && event.side === 'ask' ? [] : [event])),
  },
  {
    card: 'book-folds',
    lie: 'every change comes twice',
    tell: (world) =>
      books(world, (event) => (event.type === 'book.delta' ? [event, event] : [event])),
  },
  {
    card: 'book-sequence',
    lie: 'the sequence stands still',
    tell: (world) =>
      books(world, (event) =>
        event.type === 'book.delta' ? [{ ...event, sequence: 1 }] : [event],
      ),
  },
  { card: 'book-gap', lie: 'it is not told', tell: (world) => without(world, 'book.gap') },
  { card: 'book-gap', lie: 'nothing heals it', tell: (world) => oneSnapshot(world) },
  { card: 'book-reconnect', lie: 'nothing heals it', tell: (world) => oneSnapshot(world) },
  {
    card: 'book-reconnect',
    lie: 'it is not told',
    tell: (world) => without(world, 'feed.down'),
  },
  { card: 'book-stall', lie: 'signs of life come from a timer', tell: beatsByTimer },
  {
    card: 'book-stall',
    lie: 'a heartbeat is promised and none comes',
    tell: (world) => without(world, 'feed.alive'),
  },
  {
    card: 'trades-are-told',
    lie: 'every trade comes twice',
    tell: (world) =>
      lying(world, {
        trades$: (symbol) => through(world.venue.trades$(symbol), (print) => [print, print]),
      }),
  },
  {
    card: 'market-pause',
    lie: 'it is not told',
    tell: (world) => without(world, 'market.paused'),
  },
  {
    card: 'market-pause',
    lie: 'cancels are held back',
    tell: (world) =>
      lying(world, { cancel: async () => ({ kind: 'rejected', reason: 'trading is paused' }) }),
  },
  {
    card: 'market-resume',
    lie: 'it is not told',
    tell: (world) => without(world, 'market.resumed'),
  },
  {
    card: 'market-ticks-change',
    lie: 'it is not told',
    tell: (world) => without(world, 'market.ticksChanged'),
  },
  {
    card: 'market-ticks-change',
    lie: 'one range of several is told',
    tell: (world) =>
      books(world, (event) =>
        event.type === 'market.ticksChanged'
          ? [{ ...event, ranges: [{ from: ticks(5), to: ticks(45), step: ticks(5) }] }]
          : [event],
      ),
  },
  {
    card: 'market-settles',
    lie: 'the worth is told in dollars',
    tell: (world) =>
      books(world, (event) =>
        event.type === 'market.settled' ? [{ ...event, value: ticks(1) }] : [event],
      ),
  },
  {
    card: 'market-settles',
    lie: 'the position stays',
    tell: (world) => lying(world, { positions: async () => [{ symbol: 'M', quantity: 40 }] }),
  },
  {
    card: 'market-close',
    lie: 'it is not told',
    tell: (world) => without(world, 'market.closed'),
  },
  {
    card: 'market-close',
    lie: 'its orders are shown as resting',
    tell: (world) => orders(world, (order) => ({ ...order, status: 'resting' })),
  },
];

const PRIVATE: readonly Lie[] = [
  {
    card: 'reports-acceptance',
    lie: 'it is told under another venue id',
    tell: (world) =>
      reports(world, (report) =>
        report.type === 'order.accepted' ? [{ ...report, venueOrderId: 'v0' }] : [report],
      ),
  },
  {
    card: 'reports-acceptance',
    lie: 'it is told as rejected',
    tell: (world) =>
      reports(world, ({ clientOrderId }) => [
        { type: 'order.rejected', clientOrderId, reason: 'no reason' },
      ]),
  },
  {
    card: 'reports-fills',
    lie: 'the ids are of the frames',
    tell: (world) =>
      reports(world, (report) =>
        report.type === 'order.filled'
          ? [{ ...report, fill: { ...report.fill, fillId: `frame of ${report.fill.fillId}` } }]
          : [report],
      ),
  },
  {
    card: 'reports-fills',
    lie: 'none is told',
    tell: (world) => reports(world, (report) => (report.type === 'order.filled' ? [] : [report])),
  },
  {
    card: 'reports-cancel',
    lie: 'it is told with nothing filled',
    tell: (world) =>
      reports(world, (report) =>
        report.type === 'order.cancelled' ? [{ ...report, cumulative: lots(0) }] : [report],
      ),
  },
  {
    card: 'reports-come-back',
    lie: 'the private stream stays silent',
    tell: deafAfterReconnect,
  },
];

export const LIES_OF_STREAMS: readonly Lie[] = [...BOOK, ...PRIVATE];
