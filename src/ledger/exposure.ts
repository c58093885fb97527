/**
 * What all executions together have at stake: reserved at admission, released at the end, moved by
 * fills. The one place that looks across executions; it never looks into one.
 */
import { createStore } from '@xstate/store';
import type { Action, OutcomeSide } from '../domain/instrument.ts';
import { decimal, formatMoney, type Money, ZERO } from '../domain/money.ts';
import type { Lots } from '../domain/numbers.ts';

/**
 * One execution's claim. `direction` is +1 when its fills add YES (or shares), -1 when they take
 * it.
 */
export interface Claim {
  readonly market: string;
  readonly direction: 1 | -1;
  /** Dollars, fees included, a plain decimal. */
  readonly notional: string;
  /** What the notional is for. */
  readonly lots: number;
  /** Dollars that so many could lose where they close nothing that is held. */
  readonly risk: string;
  readonly openLots: number;
}

/** Buying YES and selling NO add YES; the other two take it. */
export const directionOf = (outcome: OutcomeSide, action: Action): 1 | -1 =>
  (outcome === 'yes') === (action === 'buy') ? 1 : -1;

export interface Totals {
  readonly notional: Money;
  readonly executions: number;
  /** Lots held in the direction if all that is open in it filled; negative when held against it. */
  readonly positionLots: number;
}

interface MarketExposure {
  readonly claims: Readonly<Record<string, Claim>>;
  /** Lots held: positive holds YES (or shares), negative NO. */
  readonly held: number;
}

/** One for each market: a store is copied at each event, and a market has few executions. */
const emptyMarket: MarketExposure = { claims: {}, held: 0 };
const marketStore = () =>
  createStore({
    context: emptyMarket,
    on: {
      reserved: (market, event: { executionId: string; claim: Claim }) => ({
        ...market,
        claims: { ...market.claims, [event.executionId]: event.claim },
      }),
      released: (market, event: { executionId: string }) => {
        const { [event.executionId]: _, ...claims } = market.claims;
        return { ...market, claims };
      },
      filled: (market, event: { executionId: string; direction: 1 | -1; quantity: Lots }) => {
        const { direction, quantity, executionId } = event;
        const held = market.held + direction * quantity;
        const claim = market.claims[executionId];
        if (claim === undefined) return { ...market, held };
        const open = { ...claim, openLots: claim.openLots - quantity };
        return { held, claims: { ...market.claims, [executionId]: open } };
      },
    },
  });

/** What all markets together have open; moved by each claim, so that nobody adds them up again. */
const accountStore = () =>
  createStore({
    context: { notional: ZERO, executions: 0 },
    on: {
      moved: (account, { notional, executions }: { notional: Money; executions: 1 | -1 }) => ({
        notional: account.notional.plus(notional),
        executions: account.executions + executions,
      }),
    },
  });

export class ExposureLedger {
  readonly #account = accountStore();
  readonly #markets = new Map<string, ReturnType<typeof marketStore>>();
  readonly #claims = new Map<string, Claim>();

  reserve(executionId: string, claim: Claim): void {
    this.release(executionId);
    this.#claims.set(executionId, claim);
    this.#market(claim.market).trigger.reserved({ executionId, claim });
    this.#account.trigger.moved({ notional: decimal(claim.notional, 'notional'), executions: 1 });
  }

  /** As it was reserved; null where nothing is. */
  claim(executionId: string): Claim | null {
    return this.#claims.get(executionId) ?? null;
  }

  release(executionId: string): void {
    const claim = this.#claims.get(executionId);
    if (claim === undefined) return;
    this.#claims.delete(executionId);
    this.#market(claim.market).trigger.released({ executionId });
    const notional = decimal(claim.notional, 'notional').negated();
    this.#account.trigger.moved({ notional, executions: -1 });
  }

  fill(executionId: string, market: string, direction: 1 | -1, quantity: Lots): void {
    this.#market(market).trigger.filled({ executionId, direction, quantity });
  }

  totals(market: string, direction: 1 | -1): Totals {
    const { claims, held } = this.#market(market).getSnapshot().context;
    const open = Object.values(claims)
      .filter((claim) => claim.direction === direction)
      // What a venue filled beyond an order frees nothing of another.
      .reduce((sum, { openLots }) => sum + Math.max(0, openLots), 0);
    const { notional, executions } = this.#account.getSnapshot().context;
    return { notional, executions, positionLots: direction * held + open };
  }

  /** What is open in a market. */
  claimsOf(market: string): readonly Claim[] {
    return Object.values(this.#market(market).getSnapshot().context.claims);
  }

  /** Executions that have reserved something. */
  get holders(): Iterable<string> {
    return this.#claims.keys();
  }

  /** Markets in which something was ever open or held. */
  get markets(): Iterable<string> {
    return this.#markets.keys();
  }

  #market(symbol: string): ReturnType<typeof marketStore> {
    const store = this.#markets.get(symbol) ?? marketStore();
    this.#markets.set(symbol, store);
    return store;
  }
}

/** `risk` is the notional unless given: a buyer loses no more than was paid. */
export const claimOf = (
  market: string,
  direction: 1 | -1,
  notional: Money,
  openLots: Lots,
  risk: Money = notional,
): Claim => ({
  market,
  direction,
  notional: formatMoney(notional),
  lots: openLots,
  risk: formatMoney(risk),
  openLots,
});
