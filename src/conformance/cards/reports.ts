/** The private stream: what it tells agrees with the answers and the listings, twice or late. */
import type { OrderReport } from '../../domain/order.ts';
import type { CardDefinition } from '../card.ts';
import { lotsIn, type Stage } from '../stage.ts';

type Told<Type extends OrderReport['type']> = Extract<OrderReport, { readonly type: Type }>;

const tellsOf = <Type extends OrderReport['type']>(
  stage: Stage,
  clientOrderId: string,
  type: Type,
): readonly Told<Type>[] =>
  stage.told(clientOrderId).filter((report): report is Told<Type> => report.type === type);

/** A venue tells of the end itself, or how the order stands since. */
const endsOf = (stage: Stage, clientOrderId: string) => [
  ...tellsOf(stage, clientOrderId, 'order.cancelled'),
  ...tellsOf(stage, clientOrderId, 'order.found').filter(({ status }) => status === 'cancelled'),
];

export const REPORT_CARDS: readonly CardDefinition[] = [
  {
    name: 'reports-acceptance',
    promise: 'What the stream tells of an accepted order agrees with the answer, before or after.',
    needs: [],
    async play(stage: Stage) {
      const { ref } = await stage.place();
      await stage.settle();
      const told = stage.told(ref.clientOrderId);
      const isRight = told.every(
        (report) =>
          (report.type === 'order.accepted' ||
            (report.type === 'order.found' && report.status === 'resting')) &&
          report.venueOrderId === ref.venueOrderId,
      );
      stage.check(isRight, told, 'tell that it rests, with the id that the answer had');
      const { symbol } = stage.market;
      const isHere = stage.reports.every((report) => report.symbol === symbol);
      stage.check(isHere, stage.reports, 'name the market of each report');
    },
  },
  {
    name: 'reports-fills',
    promise: 'Every fill is told with the id, price and quantity that it is listed with.',
    needs: ['fillResting'],
    async play(stage: Stage) {
      const { ref } = await stage.place();
      const part = await stage.part();
      for (let count = 0; count < 2; count += 1)
        await stage.pull('fillResting', ref.clientOrderId, part);
      await stage.settle();
      const key = (fill: { fillId: string; price: number; quantity: number }): string =>
        `${fill.fillId} ${fill.quantity} at ${fill.price}`;
      const listed = (await stage.fillsOf(ref.clientOrderId)).map(key).toSorted();
      // A fill may be told twice; it is the same fill then.
      const told = new Set(
        tellsOf(stage, ref.clientOrderId, 'order.filled').map(({ fill }) => key(fill)),
      );
      const isSame = listed.length > 0 && [...told].toSorted().join() === listed.join();
      stage.check(isSame, { told: [...told], listed }, "use the venue's own id of a fill in both");
    },
  },
  {
    name: 'reports-cancel',
    promise: 'The end of an order is told, with what has filled of it in all.',
    needs: ['fillResting'],
    async play(stage: Stage) {
      const { ref } = await stage.place();
      const part = await stage.part();
      await stage.pull('fillResting', ref.clientOrderId, part);
      await stage.settle();
      await stage.call(stage.venue.cancel(ref));
      const told = await stage.until(
        () => endsOf(stage, ref.clientOrderId),
        (reports) => reports.length > 0,
        'tell it on the stream, whoever cancelled',
      );
      const isRight = told.every(({ cumulative }) => cumulative === part);
      stage.check(isRight, told, 'say what has filled of the order in all');
    },
  },
  {
    name: 'reports-after-gap',
    promise: 'What happened while the stream was away is in the listings afterwards.',
    needs: ['dropReports', 'fillResting', 'reconnect'],
    async play(stage: Stage) {
      const { ref } = await stage.place();
      const { ref: gone } = await stage.place({ quantity: await stage.part() });
      const { cursor } = await stage.call(stage.venue.fillsSince(null));
      const part = await stage.part();
      await stage.pull('dropReports');
      await stage.pull('fillResting', ref.clientOrderId, part);
      await stage.call(stage.venue.cancel(gone));
      await stage.settle();
      await stage.pull('reconnect');
      const wayOut = 'keep the cursor of fills apart from the stream';
      await stage.until(
        async () => (await stage.call(stage.venue.fillsSince(cursor))).fills,
        (fills) => lotsIn(fills) === part,
        wayOut,
      );
      await stage.found(ref, ({ cumulative }) => cumulative === part, 'ask the venue, not a cache');
      await stage.found(gone, ({ status }) => status === 'cancelled', 'ask the venue, not a cache');
    },
  },
  {
    name: 'reports-come-back',
    promise: 'After a reconnection the stream tells again.',
    needs: ['reconnect', 'fillResting'],
    async play(stage: Stage) {
      const { ref } = await stage.place();
      await stage.pull('reconnect');
      await stage.settle();
      const part = await stage.part();
      await stage.pull('fillResting', ref.clientOrderId, part);
      await stage.until(
        () => tellsOf(stage, ref.clientOrderId, 'order.filled'),
        (fills) => fills.length > 0,
        'subscribe to the private channels again on every connection',
      );
    },
  },
];
