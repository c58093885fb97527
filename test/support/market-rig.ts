/** One real market whose executions only listen and whose feeds never speak: both are inputs. */
import { type AnyActor, type AnyEventObject, createActor, fromEventObservable } from 'xstate';
import { marketMachine } from '../../machines/market/market.machine.ts';
import type { MarketContext, MarketEvent } from '../../machines/market/market.protocol.ts';
import { deliveries } from '../../machines/market/market.rules.ts';
import { pathOf } from './coverage.ts';
import { type Effect, effectsOf, listener, recorders } from './effect-log.ts';

export type MarketMachine = typeof marketMachine;

/** A failed child is told by XState itself, not by any of us. */
export type MarketInputEvent =
  | MarketEvent
  | { readonly type: `xstate.error.actor.${string}`; readonly error: unknown };

export interface MarketRig {
  readonly actor: AnyActor;
  readonly effects: readonly Effect[];
  send(event: MarketInputEvent): void;
  state(): string;
  context(): MarketContext;
  fault(): string | null;
  stop(): void;
}

const silent = fromEventObservable<AnyEventObject, { readonly symbol: string }>(() => ({
  subscribe: () => ({ unsubscribe() {} }),
}));

const EFFECTS = ['refuseExecution', 'bookIfLate', 'raiseFault', 'raiseFeedFault'] as const;

export const MARKET_INPUT = { venue: 'paper', symbol: 'RAIN', tag: 'dw' } as const;

/** The market with recorders in place of the engine, and listeners in place of its children. */
export const wiredMarket = (machine: MarketMachine): MarketMachine =>
  machine.provide({
    actions: {
      ...recorders(EFFECTS),
      // The journal keeps what enters an execution: what is about to be delivered.
      journal: ({ context, event, system }) => {
        if (event.type === 'execution.requested') return;
        for (const { executionId, message } of deliveries({ context, event }))
          effectsOf(system).push({ kind: 'journaled', child: executionId, event: message });
      },
    },
    actors: { execution: listener as never, bookFeed: silent, reportFeed: silent },
  });

export function marketRigOf(machine: MarketMachine): () => MarketRig {
  const wired = wiredMarket(machine);
  return () => {
    const actor = createActor(wired, { input: MARKET_INPUT });
    let fault: string | null = null;
    actor.subscribe({ error: (thrown) => (fault = String(thrown)) });
    actor.start();
    return {
      actor,
      effects: effectsOf(actor.system),
      // A stopped actor hears nothing, and says so at length.
      send: (event) => fault ?? actor.send(event as MarketEvent),
      state: () => pathOf(actor.getSnapshot().value).replace('open.', ''),
      context: () => actor.getSnapshot().context,
      fault: () => fault,
      stop: () => actor.stop(),
    };
  };
}

export const startMarket = marketRigOf(marketMachine);
