/** One real split order under a small root that plays its execution. It never decides anything. */
import { type Actor, type AnyActor, createActor, type StateValue, setup } from 'xstate';
import { splitOrderMachine } from '../../machines/split-order/split-order.machine.ts';
import type {
  SplitOrderContext,
  SplitOrderEvent,
  SplitOrderInput,
  SplitOrderReported,
} from '../../machines/split-order/split-order.protocol.ts';
import {
  amendCommand,
  cancelCommand,
  openingContext,
  reportOf,
  resolveCommand,
  submitCommand,
} from '../../machines/split-order/split-order.rules.ts';
import { type Lots, lots, type Ticks, ticks } from '../../src/domain/numbers.ts';
import { pathOf } from './coverage.ts';

export type SplitOrderMachine = typeof splitOrderMachine;

/** A command as the gateway would carry it out. */
export type Sent =
  | {
      readonly kind: 'submit' | 'amend';
      readonly clientOrderId: string;
      readonly price: Ticks;
      readonly quantity: Lots;
    }
  | { readonly kind: 'cancel' | 'resolve'; readonly clientOrderId: string };

export interface SplitOrderRig {
  /** Commands, in order. */
  readonly sent: readonly Sent[];
  /** What the execution knows of it, in order: the first is what it reserved for it. */
  readonly told: readonly SplitOrderReported[];
  send(event: SplitOrderEvent): void;
  /** 'placed', 'amending', 'ended.filled': the name a reader would use. */
  state(): string;
  context(): SplitOrderContext;
  hasTag(tag: 'working' | 'resting' | 'uncertain' | 'final'): boolean;
  /** What was thrown, if anything: an actor that throws is stopped. */
  fault(): string | null;
  readonly actor: AnyActor;
  stop(): void;
}

export interface RigOptions {
  readonly amendable?: boolean;
  readonly quantity?: number;
}

export const EXECUTION_ID = 'x-1';

const inputFor = ({ amendable = true, quantity = 3 }: RigOptions): SplitOrderInput => ({
  id: 'x-1-1',
  executionId: EXECUTION_ID,
  terms: {
    symbol: 'RAIN',
    outcome: 'yes',
    action: 'buy',
    timeInForce: 'gtc',
    postOnly: false,
    expiresAtMs: null,
  },
  clientOrderId: 'a',
  price: ticks(50),
  quantity: lots(quantity),
  amendable,
});

interface Records {
  readonly sent: Sent[];
  readonly told: SplitOrderReported[];
}

/** By actor system, as the engine finds its outbox: implementations are provided once. */
const recordsBySystem = new WeakMap<object, Records>();

const recordsOf = (system: object): Records => {
  const records = recordsBySystem.get(system) ?? { sent: [], told: [] };
  recordsBySystem.set(system, records);
  return records;
};

/** The commands of a whole system, which the reader may take out. */
export const sentIn = (system: object): Sent[] => recordsOf(system).sent;

/** The split order with recorders in place of the engine's outbox. */
export const recorded = (machine: SplitOrderMachine): SplitOrderMachine =>
  machine.provide({
    actions: {
      requestSubmit: ({ context, system }) => {
        const { clientOrderId, price, quantity } = submitCommand({ context }).request;
        recordsOf(system).sent.push({ kind: 'submit', clientOrderId, price, quantity });
      },
      requestAmend: ({ context, system }) => {
        const { clientOrderId, price, quantity } = amendCommand({ context }).request;
        recordsOf(system).sent.push({ kind: 'amend', clientOrderId, price, quantity });
      },
      requestCancel: ({ context, system }) => {
        const { clientOrderId } = cancelCommand({ context }).ref;
        recordsOf(system).sent.push({ kind: 'cancel', clientOrderId });
      },
      requestResolution: ({ context, system }) => {
        const { clientOrderId } = resolveCommand({ context }).ref;
        recordsOf(system).sent.push({ kind: 'resolve', clientOrderId });
      },
    },
  });

const rootOf = (machine: SplitOrderMachine) =>
  setup({
    types: {
      events: {} as SplitOrderReported,
      input: {} as SplitOrderInput,
      context: {} as SplitOrderInput,
    },
    actors: { splitOrder: machine },
    actions: {
      hear: ({ event, system }) => {
        recordsOf(system).told.push(event);
      },
    },
  }).createMachine({
    context: ({ input }) => input,
    invoke: { id: 'child', src: 'splitOrder', input: ({ context }) => context },
    on: { 'splitOrder.reported': { actions: 'hear' } },
  });

/** 'working.placed' is 'placed' to a reader; only endings keep both names. */
const readable = (value: StateValue): string =>
  pathOf(value).replace(/^open\.(?:(?:working|walking)\.)?/, '');

/** Wires a machine once, and starts as many orders of it as are asked for. */
export function rigOf(machine: SplitOrderMachine): (options?: RigOptions) => SplitOrderRig {
  const root = rootOf(recorded(machine));
  return (options = {}) => {
    const actor = createActor(root, {
      systemId: EXECUTION_ID,
      input: inputFor(options),
    });
    let fault: string | null = null;
    actor.subscribe({ error: (thrown) => (fault = String(thrown)) });
    actor.start();
    const child = actor.getSnapshot().children['child'] as Actor<SplitOrderMachine>;
    const records = recordsOf(actor.system);
    // What its execution knows already: the decision that spawned it reserved the line.
    records.told.unshift(reportOf({ context: openingContext({ input: inputFor(options) }) }));
    return {
      ...records,
      actor: child,
      // A stopped actor hears nothing, and says so at length.
      send: (event) => fault ?? child.send(event),
      state: () => readable(child.getSnapshot().value),
      context: () => child.getSnapshot().context,
      hasTag: (tag) => child.getSnapshot().hasTag(tag),
      fault: () => fault,
      stop: () => actor.stop(),
    };
  };
}

export const startSplitOrder = rigOf(splitOrderMachine);
