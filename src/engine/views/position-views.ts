/** Positions as a strategy sees them: frozen, in decimal text, with what is still under way. */
import type { Action, Instrument, OutcomeSide } from '../../domain/instrument.ts';
import { formatPrice, formatQuantity } from '../../domain/instrument.ts';
import { formatMoney, type Money, times } from '../../domain/money.ts';
import { lots } from '../../domain/numbers.ts';
import { FLAT, holding, type Position, realised } from '../../ledger/positions.ts';
import type { ExecutionRecord } from '../execution/execution-record.ts';
import type { Runtime } from '../runtime.ts';

type Side = 'buyYes' | 'sellYes' | 'buyNo' | 'sellNo';

/** Contracts of one outcome; for what has no NO side, negative when short. */
export interface Holding {
  readonly quantity: string;
  /** Dollars a contract, before fees, to six places; null where nothing is held. */
  readonly averageCost: string | null;
  /** Dollars for all of it, before fees, to six places. */
  readonly cost: string;
}

/** Contracts that living and queued executions may still fill, by what they do. */
export type Pending = Readonly<Record<Side, string>>;

/** One market. YES and NO of it net: a pair is cashed in at the payout, so one of both is 0. */
export interface PositionView {
  readonly venue: string;
  readonly market: string;
  readonly yes: Holding;
  /** Null for what has no NO side. */
  readonly no: Holding | null;
  readonly pending: Pending;
  /** Dollars won or lost by what was sold, paired or settled, before fees, to six places. */
  readonly realised: string;
  /** Dollars paid for all fills; negative where rebates outweigh them. */
  readonly fees: string;
  /** What a YES contract turned out to be worth; null while that is open. */
  readonly settledAt: string | null;
}

export type Sides = Record<Side, number>;

const NOTHING: Sides = { buyYes: 0, sellYes: 0, buyNo: 0, sellNo: 0 };
const SHOWN_PLACES = 6;

const shown = (amount: Money): string => formatMoney(amount.toDecimalPlaces(SHOWN_PLACES));

const sideOf = (action: Action, outcome: OutcomeSide): Side =>
  `${action}${outcome === 'yes' ? 'Yes' : 'No'}`;

interface Open {
  /** Lots that it may still fill: all that it wants before it has an actor. */
  readonly lots: number;
  /** Nothing more is placed for it, and what works is being withdrawn. */
  readonly isLeaving: boolean;
}

export function openOf(runtime: Runtime, { id, wish, isLeaving: told }: ExecutionRecord): Open {
  const actor = runtime.hostOf(wish.instrument.symbol).execution(id);
  if (actor === null) return { lots: told ? 0 : wish.quantity, isLeaving: told };
  const snapshot = actor.getSnapshot();
  const { working, inDoubt, unreleased } = snapshot.context.quantity;
  const isLeaving = told || snapshot.hasTag('closing');
  return { lots: working + inDoubt + (isLeaving ? 0 : unreleased), isLeaving };
}

/** By market: lots under way on each side. */
export function pendingOf(runtime: Runtime): ReadonlyMap<string, Sides> {
  const pending = new Map<string, Sides>();
  const add = (record: ExecutionRecord): void => {
    const { instrument, signal, outcome } = record.wish;
    const sides = pending.get(instrument.symbol) ?? { ...NOTHING };
    sides[sideOf(signal.action, outcome)] += openOf(runtime, record).lots;
    pending.set(instrument.symbol, sides);
  };
  for (const { alive } of runtime.hosts) for (const record of alive) add(record);
  for (const record of runtime.intake.waiting) add(record);
  return pending;
}

function holdingView({ quantity, cost }: ReturnType<typeof holding>, of: Instrument): Holding {
  const contracts = times(of.lotSize, quantity);
  return Object.freeze({
    quantity: formatQuantity(of, lots(quantity)),
    averageCost: contracts.isZero() ? null : shown(cost.div(contracts)),
    cost: shown(cost),
  });
}

function viewOf(instrument: Instrument, position: Position, sides: Sides): PositionView {
  const { payout, venue, symbol } = instrument;
  const text = (quantity: number): string => formatQuantity(instrument, lots(quantity));
  const held = holding(position, payout, instrument);
  const none = { quantity: 0, cost: FLAT.basis };
  const isNo = payout !== null && position.held < 0;
  const { settledAt } = position;
  return Object.freeze({
    venue,
    market: symbol,
    yes: holdingView(isNo ? none : held, instrument),
    no: payout === null ? null : holdingView(isNo ? held : none, instrument),
    pending: Object.freeze({
      buyYes: text(sides.buyYes),
      sellYes: text(sides.sellYes),
      buyNo: text(sides.buyNo),
      sellNo: text(sides.sellNo),
    }),
    realised: shown(realised(position)),
    fees: formatMoney(position.fees),
    settledAt: settledAt === null ? null : formatPrice(instrument, settledAt),
  });
}

/** Reads all markets of one venue; a market where nothing moved keeps its view. */
export function positionReader(runtime: Runtime): () => readonly PositionView[] {
  const known = new Map<string, { position: Position; key: string; view: PositionView }>();
  const instruments = new Map(runtime.options.instruments.map((each) => [each.symbol, each]));
  return () => {
    const { positions } = runtime.portfolio;
    const pending = pendingOf(runtime);
    return [...new Set([...positions.keys(), ...pending.keys()])].flatMap((market) => {
      const position = positions.get(market) ?? FLAT;
      const sides = pending.get(market) ?? NOTHING;
      const key = Object.values(sides).join();
      const last = known.get(market);
      if (last?.position === position && last.key === key) return last.view;
      const instrument = instruments.get(market);
      if (instrument === undefined) return [];
      const view = viewOf(instrument, position, sides);
      known.set(market, { position, key, view });
      return view;
    });
  };
}
