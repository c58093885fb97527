/**
 * A whole bot: it trades SNOW with a profit lock, a stop loss and an inventory bound, and buys RAIN
 * as YES at one venue and NO at the other where both together cost less than the 1 they pay.
 */
import { createEngine, decimal, type MarketBook, type Money, type PositionView } from 'depthwalker';
import { seededRandom, simulatedExchange, VirtualClock } from 'depthwalker/testing';
import { paper } from 'depthwalker/venues/paper';

const exact = (text: string): Money => decimal(text, 'a figure of the bot');
const [LOT, FULL, PROFIT, LOSS, FEE_RATE] = ['20.00', '40', '0.03', '-0.03', '0.07'] as const;

const clock = new VirtualClock(Date.UTC(2026, 5, 1, 14, 30));
const random = seededRandom(process.argv[2] ?? 'a seed');
const venues = ['east', 'west'].map((name) => {
  const markets = ['RAIN', 'SNOW'].map((symbol) => ({ symbol, category: 'liquid' as const }));
  const source = simulatedExchange({ random: random.fork(name), markets, startMs: clock.wallMs() });
  return paper({ clock, random: random.fork(`${name} latency`), source, name });
});
const engine = await createEngine({ venues, clock });
const defaults = { timeLimitMs: 2_000, algorithm: { name: 'simple_limit' }, quantity: LOT };

const books = new Map<string, MarketBook>();
let positions: readonly PositionView[] = [];
let wishes = 0;
const positionOf = (venue: string, market: string): PositionView | undefined =>
  positions.find((one) => one.venue === venue && one.market === market);
const isBusy = (own: PositionView | undefined): boolean =>
  own !== undefined && Object.values(own.pending).some((open) => !exact(open).isZero());
const hasRoom = (own: PositionView | undefined): boolean =>
  [own?.yes, own?.no].every((side) => exact(side?.quantity ?? '0').lte(FULL));

function trade({ venue, market, yes, health }: MarketBook): void {
  const [[bid], [ask], own] = [yes.bids, yes.asks, positionOf(venue, market)];
  if (health === 'stale' || bid === undefined || ask === undefined || isBusy(own)) return;
  const wish = (rule: string, action: 'buy' | 'sell', quantity: string, limitPrice: string) => {
    console.log(`${rule}: ${action} ${quantity} ${market} at ${limitPrice} ${venue}`);
    const terms = { venue, market, outcome: 'yes', action, quantity, limitPrice } as const;
    engine.execute({ ...defaults, ...terms, signalId: `wish-${(wishes += 1)}` });
  };
  const { quantity = '0', averageCost = null } = own?.yes ?? {};
  const gain = exact(bid.price).minus(averageCost ?? bid.price);
  if (gain.gte(PROFIT)) wish('profit lock', 'sell', quantity, bid.price);
  else if (gain.lte(LOSS)) wish('stop loss', 'sell', quantity, bid.price);
  else if (hasRoom(own)) wish('entry', 'buy', LOT, ask.price);
  else console.log(`inventory: ${quantity} ${market} are enough ${venue}`);
}

/** What a contract costs that is taken at a price, with its fee. */
const allIn = (price: Money): Money => price.plus(price.minus(price.times(price)).times(FEE_RATE));

function arbitrage(here: string, there: string): void {
  const [yes] = books.get(`${here} RAIN`)?.yes.asks ?? [];
  const [no] = books.get(`${there} RAIN`)?.no?.asks ?? [];
  const owns = [positionOf(here, 'RAIN'), positionOf(there, 'RAIN')];
  if (yes === undefined || no === undefined || owns.some(isBusy) || !owns.every(hasRoom)) return;
  const costs = [allIn(exact(yes.price)), allIn(exact(no.price))] as const;
  if (costs[0].plus(costs[1]).gte(1)) return;
  console.log(`arbitrage: YES at ${yes.price} ${here}, NO at ${no.price} ${there}`);
  const left = { venue: here, outcome: 'yes', limitPrice: yes.price } as const;
  const right = { venue: there, outcome: 'no', limitPrice: no.price } as const;
  const both = { ...defaults, market: 'RAIN', action: 'buy' } as const;
  engine.executePlan({ planId: `pair-${(wishes += 1)}`, defaults: both, legs: [left, right] });
}

engine.positions$.subscribe((all) => (positions = all));
for (const { name } of venues) {
  engine.book$(name, 'SNOW').subscribe(trade);
  engine.book$(name, 'RAIN').subscribe((book) => {
    books.set(`${name} RAIN`, book);
    for (const { name: other } of venues) if (other !== name) arbitrage(name, other);
  });
}
await clock.run({ untilMs: clock.wallMs() + 120_000 });
await clock.settle(engine.stop());
console.log(JSON.stringify(positions));
for (const venue of venues) console.log(JSON.stringify(await clock.settle(venue.positions())));
