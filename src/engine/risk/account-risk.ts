/**
 * What the account has at stake across markets: of one event, of one category, in all, in one
 * session. Reckoned anew at each admission from what is held and what is open.
 */
import type { Instrument } from '../../domain/instrument.ts';
import { decimal, type Money, times, ZERO } from '../../domain/money.ts';
import type { Claim } from '../../ledger/exposure.ts';
import { holding } from '../../ledger/positions.ts';
import { openNotional, type Stake, tiedUp, worstLoss } from '../../ledger/worst-case.ts';
import type { Measured } from '../../risk/pre-trade.ts';
import type { Runtime } from '../runtime.ts';
import type { SessionBook } from './session-book.ts';

/** One that belongs to no event is one of its own; all without a category are one category. */
const eventOf = ({ event, symbol }: Instrument): string => event ?? `market ${symbol}`;
const categoryOf = ({ category }: Instrument): string => category ?? '';

interface Exposure {
  readonly instrument: Instrument;
  readonly stake: Stake;
  readonly claims: readonly Claim[];
}

/** With this claim as if it had been reserved; nothing for what has no limit. */
export function accountMeasures(
  runtime: Runtime,
  claim: Claim,
  {
    instruments,
    session,
  }: {
    readonly instruments: ReadonlyMap<string, Instrument>;
    readonly session: SessionBook | null;
  },
): Measured {
  const { limits } = runtime.options;
  const { budget = null, maxEventRisk = null } = limits;
  const { maxCategoryShare = null, bankroll = null } = limits;
  const own = instruments.get(claim.market);
  if (own === undefined) return {};
  const needsAll = budget !== null || maxEventRisk !== null || maxCategoryShare !== null;
  const all = needsAll ? exposuresOf(runtime, claim, instruments) : [];
  const lossOf = (isIn: (instrument: Instrument) => boolean): Money =>
    all
      .filter(({ instrument }) => isIn(instrument))
      .reduce((sum, { stake, claims }) => sum.plus(worstLoss(stake, claims)), ZERO);
  // What is held in a market that is listed no more may be of this category.
  const { unlistedCost } = runtime.portfolio;
  const categoryLoss = (): Money =>
    lossOf((instrument) => categoryOf(instrument) === categoryOf(own)).plus(unlistedCost);
  return {
    ...(budget === null
      ? {}
      : {
          budget: all.reduce((sum, one) => sum.plus(tiedUp(one.stake, one.claims)), unlistedCost),
        }),
    ...(maxEventRisk === null
      ? {}
      : { maxEventRisk: lossOf((instrument) => eventOf(instrument) === eventOf(own)) }),
    ...(maxCategoryShare === null || bankroll === null
      ? {}
      : { maxCategoryShare: categoryLoss().div(bankroll).toDecimalPlaces(6) }),
    ...(session === null ? {} : sessionMeasures(runtime, claim, session)),
  };
}

function exposuresOf(
  { ledger, portfolio, outbox, records }: Runtime,
  claim: Claim,
  instruments: ReadonlyMap<string, Instrument>,
): readonly Exposure[] {
  // A fill of this very turn is open no more, and not held yet.
  const positions = portfolio.positionsWith(outbox.fills, records);
  const markets = new Set([...ledger.markets, ...positions.keys(), claim.market]);
  return [...markets].flatMap((market) => {
    const instrument = instruments.get(market);
    if (instrument === undefined) return [];
    const open = ledger.claimsOf(market);
    const claims = market === claim.market ? [...open, claim] : open;
    const position = positions.get(market);
    const { payout, priceUnit, lotSize } = instrument;
    const pairPays = payout === null ? null : times(priceUnit, payout).times(lotSize);
    const cost = position === undefined ? ZERO : holding(position, payout, instrument).cost;
    return [{ instrument, claims, stake: { held: position?.held ?? 0, cost, pairPays } }];
  });
}

/** All that was admitted may still trade: it is counted as if it did. */
function sessionMeasures(
  { ledger, outbox }: Runtime,
  claim: Claim,
  session: SessionBook,
): Measured {
  const open = [...ledger.markets].map((market) => openNotional(ledger.claimsOf(market)));
  const now = outbox.fills.map(({ price, quantity }) => decimal(price, 'price').times(quantity));
  const notional = decimal(claim.notional, 'notional');
  // Counted, not united: a day of many trades must not slow down its own admissions.
  const fresh = [...ledger.holders].filter((id) => !session.traded.has(id)).length;
  return {
    maxDailyTrades: session.traded.size + fresh + 1,
    maxDailyVolume: [...open, ...now].reduce(
      (sum, one) => sum.plus(one),
      session.volume.plus(notional),
    ),
  };
}
