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
  readonly openLots: number;
}

export interface ExposureContext {
  readonly claims: Readonly<Record<string, Claim>>;
  /** Lots held by market: positive holds YES (or shares), negative NO. */
  readonly positions: Readonly<Record<string, number>>;
}

const opening: ExposureContext = { claims: {}, positions: {} };

/** Buying YES and selling NO add YES; the other two take it. */
export const directionOf = (outcome: OutcomeSide, action: Action): 1 | -1 =>
  (outcome === 'yes') === (action === 'buy') ? 1 : -1;

export interface Totals {
  readonly notional: Money;
  readonly executions: number;
  /** Lots held in the direction if all that is open in it filled; negative when held against it. */
  readonly positionLots: number;
}

export function exposureLedger() {
  const store = createStore({
    context: opening,
    on: {
      reserved: (context, event: { executionId: string; claim: Claim }) => ({
        ...context,
        claims: { ...context.claims, [event.executionId]: event.claim },
      }),
      released: (context, event: { executionId: string }) => {
        const { [event.executionId]: _, ...claims } = context.claims;
        return { ...context, claims };
      },
      filled: (
        context,
        event: { executionId: string; quantity: Lots; market: string; direction: 1 | -1 },
      ) => {
        const { market, direction, quantity, executionId } = event;
        const held = (context.positions[market] ?? 0) + direction * quantity;
        const claim = context.claims[executionId];
        const positions = { ...context.positions, [market]: held };
        if (claim === undefined) return { ...context, positions };
        const open = { ...claim, openLots: claim.openLots - quantity };
        return { positions, claims: { ...context.claims, [executionId]: open } };
      },
    },
  });
  return {
    reserve: (executionId: string, claim: Claim): void =>
      store.trigger.reserved({ executionId, claim }),
    release: (executionId: string): void => store.trigger.released({ executionId }),
    fill: (executionId: string, market: string, direction: 1 | -1, quantity: Lots): void =>
      store.trigger.filled({ executionId, market, direction, quantity }),
    totals: (market: string, direction: 1 | -1): Totals =>
      totalsOf(store.getSnapshot().context, market, direction),
    subscribe: store.subscribe.bind(store),
  };
}

export type ExposureLedger = ReturnType<typeof exposureLedger>;

function totalsOf(context: ExposureContext, market: string, direction: 1 | -1): Totals {
  const claims = Object.values(context.claims);
  const notional = claims.reduce(
    (sum, claim) => sum.plus(decimal(claim.notional, 'notional')),
    ZERO,
  );
  const open = claims
    .filter((claim) => claim.market === market && claim.direction === direction)
    .reduce((sum, { openLots }) => sum + openLots, 0);
  const held = context.positions[market] ?? 0;
  return { notional, executions: claims.length, positionLots: direction * held + open };
}

export const claimOf = (
  market: string,
  direction: 1 | -1,
  notional: Money,
  openLots: Lots,
): Claim => ({
  market,
  direction,
  notional: formatMoney(notional),
  openLots,
});
