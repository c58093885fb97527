/** A search for one order at a scripted venue, without an engine around it. */
import { ACCEPTANCE_WINDOW_MS, READ_LAG_MS_MAX } from '../../src/domain/limits.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import type { OrderReport } from '../../src/domain/order.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import type { FillGap, OwnWord } from '../../src/gateway/outcome.ts';
import { Resolver } from '../../src/gateway/resolver.ts';
import { type LogLine, logTo, START_MS } from './rig.ts';
import { ScriptedVenue, type TrueOrder } from './scripted-venue.ts';

/** From the first word of the venue to the proof. */
export const PROOF_MS = ACCEPTANCE_WINDOW_MS + READ_LAG_MS_MAX;

export const ref = { clientOrderId: 'dw-1-1', venueOrderId: null, symbol: 'M' };

export const orderOf = (
  status: TrueOrder['status'],
  filled: number,
  clientOrderId = ref.clientOrderId,
): TrueOrder => ({
  request: {
    clientOrderId,
    symbol: 'M',
    outcome: 'yes',
    action: 'buy',
    price: ticks(45),
    quantity: lots(10),
    timeInForce: 'gtc',
    postOnly: false,
    expiresAtMs: null,
  },
  venueOrderId: 'v1',
  status,
  filled: lots(filled),
});

export function search() {
  const clock = new VirtualClock(START_MS);
  const venue = new ScriptedVenue({ clock });
  const log: LogLine[] = [];
  const reports: OrderReport[] = [];
  let known = 0;
  let gap: FillGap = 'some';
  let questions = 0;
  let reads = Infinity;
  let ownAsked = 0;
  let isOver = false;
  let own: OwnWord = { intentAtMs: START_MS, quietMs: null, taken: null, hasEnded: false };
  const order = venue.order.bind(venue);
  venue.order = (asked) => {
    questions += 1;
    return order(asked);
  };
  const resolver = new Resolver({
    venue,
    clock,
    log: logTo(log),
    report: (_, report) => reports.push(report),
    fetchFills: async () => {
      const { fills } = await venue.fillsSince(null);
      known = fills.reduce((sum, { quantity }) => sum + quantity, 0);
      return fills;
    },
    gapOf: (_, cumulative) => (known >= cumulative ? 'none' : gap),
    ownWord: () => {
      ownAsked += 1;
      return own;
    },
    mismatch: ({ request }) => (request.price === 45 ? null : 'another price'),
    isOver: () => isOver,
    spendRead: () => reads-- > 0,
  });
  const pass = (ms: number) => clock.run({ untilMs: clock.wallMs() + ms });
  const hold = (status: TrueOrder['status'], filled = 0): void => {
    venue.orders.set(ref.clientOrderId, orderOf(status, filled));
  };
  return {
    clock,
    venue,
    log,
    reports,
    resolver,
    pass,
    hold,
    questions: () => questions,
    ownAsked: () => ownAsked,
    say: (word: Partial<OwnWord>) => {
      own = { ...own, ...word };
    },
    leave: (missing: FillGap) => {
      gap = missing;
    },
    allow: (count: number) => {
      reads = count;
    },
    /** The stream proves its end. */
    end: () => {
      isOver = true;
    },
  };
}
