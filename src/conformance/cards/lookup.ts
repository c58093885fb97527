/** Asking for one order: null is no proof of anything, and asking changes nothing. */
import type { CardDefinition } from '../card.ts';
import { refOf, type Stage } from '../stage.ts';

export const LOOKUP_CARDS: readonly CardDefinition[] = [
  {
    name: 'lookup-unknown',
    promise: 'An order that nobody placed is not found, and asking for it is no error.',
    needs: ['lookupByClientId'],
    async play(stage: Stage) {
      await stage.place();
      const order = await stage.call(stage.venue.order(refOf(stage.request())));
      stage.check(order === null, order, 'answer null for what the venue does not know');
    },
  },
  {
    name: 'lookup-by-client-id',
    promise: 'An order is found by our own id alone, as long as it rests and after its end.',
    needs: ['lookupByClientId'],
    async play(stage: Stage) {
      const { request, ref } = await stage.place();
      const ask = () => stage.call(stage.venue.order(refOf(request)));
      const wayOut = 'look it up by the client order id, or say lookupByClientId: false';
      await stage.until(ask, (order) => order?.venueOrderId === ref.venueOrderId, wayOut);
      await stage.call(stage.venue.cancel(ref));
      await stage.until(ask, (order) => order?.status === 'cancelled', wayOut);
    },
  },
  {
    name: 'lookup-changes-nothing',
    promise: 'An order may be asked for any number of times: the answer is the same.',
    needs: ['fillResting'],
    async play(stage: Stage) {
      const { ref } = await stage.place();
      const part = await stage.part();
      await stage.pull('fillResting', ref.clientOrderId, part);
      const wayOut = 'count all that has filled';
      const first = await stage.found(ref, ({ cumulative }) => cumulative === part, wayOut);
      const second = await stage.look(ref);
      const isSame = JSON.stringify(first) === JSON.stringify(second);
      stage.check(isSame, { first, second }, 'read, and change nothing by reading');
    },
  },
  {
    name: 'lookup-before-visible',
    promise: 'While an order is not shown yet, the as-of time stays before its acceptance.',
    needs: ['delayVisibility'],
    async play(stage: Stage) {
      const { clock } = stage.world;
      const lagMs = 3 * stage.settleMs;
      const askedAtMs = clock.nowMs();
      const asOfThen = await stage.call(stage.venue.asOf());
      await stage.pull('delayVisibility', lagMs);
      const { ref } = await stage.place();
      // By the venue's clock: reads may have been a little behind before, too.
      const acceptedBy = asOfThen + stage.settleMs + clock.nowMs() - askedAtMs;
      const wayOut = 'take the as-of time from what the venue says of its data, never from a clock';
      const untilMs = clock.nowMs() + lagMs + stage.answerWithinMs;
      for (;;) {
        const asOf = await stage.call(stage.venue.asOf());
        const order = await stage.look(ref);
        if (order !== null) return;
        stage.check(asOf <= acceptedBy, { asOf, acceptedBy, order }, wayOut);
        stage.check(clock.nowMs() < untilMs, { asOf, order }, 'show the order in the end');
        await clock.pass(lagMs / 30);
      }
    },
  },
  {
    name: 'as-of-moves-on',
    promise: "The venue's as-of time moves on, never backwards, and passes what was done.",
    needs: [],
    async play(stage: Stage) {
      const { clock, venue } = stage.world;
      const asOf = () => stage.call(venue.asOf());
      const wayOut = 'give the time up to which the data are complete, in ms of the venue';
      const startMs = clock.nowMs();
      let last = await asOf();
      while (clock.nowMs() < startMs + 2 * stage.settleMs) {
        await clock.pass(stage.settleMs / 4);
        const now = await asOf();
        stage.check(now >= last, { last, now }, wayOut);
        last = now;
      }
      const first = await asOf();
      await clock.pass(stage.settleMs);
      await stage.until(asOf, (now) => now > first, wayOut);
    },
  },
];
