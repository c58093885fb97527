/** The supervisor of one market: when it is live, and whose report it is. */

import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import type { ExecutionMessage } from '../../machines/execution/execution.protocol.ts';
import { executionMachine, marketMachine, splitOrderMachine } from '../../machines/index.ts';
import type { FeedEvent, MarketEvent } from '../../machines/market/market.protocol.ts';
import { recorders } from '../support/effect-log.ts';
import * as tell from '../support/execution-events.ts';
import { EXECUTION_EFFECTS, executionInput } from '../support/execution-rig.ts';
import {
  MARKET_INPUT,
  type MarketInputEvent,
  type MarketRig,
  startMarket,
  wiredMarket,
} from '../support/market-rig.ts';
import * as say from '../support/order-events.ts';

const feed = (type: FeedEvent['type']): MarketInputEvent => ({ type, reason: type });

const { bookLive: _, ...input } = executionInput({});
const requested: MarketInputEvent = { type: 'execution.requested', input };
const dismissed: MarketInputEvent = { type: 'execution.dismissed', executionId: 'x-1' };

const told = (message: ExecutionMessage): MarketInputEvent => ({
  type: 'execution.told',
  executionId: 'x-1',
  message,
});

const placed = told(tell.decided({ ...tell.place(1, 1), clientOrderId: 'dw-1' } as never));

const story = (market: MarketRig, ...events: readonly MarketInputEvent[]): readonly string[] =>
  events.map((event) => {
    market.send(event);
    return market.state();
  });

/** What the execution heard, in order. */
const heard = ({ effects }: MarketRig): readonly unknown[] =>
  effects.flatMap(({ kind, event }) => (kind === 'told' ? [event?.type] : []));

const did = ({ effects }: MarketRig, effect: string): boolean =>
  effects.some(({ kind }) => kind === effect);

describe('a market', () => {
  it('is live once the feed is up and the book is whole', () => {
    expect(story(startMarket(), feed('feed.up'), feed('book.live'), feed('book.stale'))).toEqual([
      'syncing',
      'live',
      'stale',
    ]);
  });

  it('syncs anew after a pause, and connects anew after a failure', () => {
    const market = startMarket();
    story(market, feed('feed.up'), feed('book.live'));
    expect(
      story(market, feed('market.paused'), feed('market.resumed'), feed('feed.failed')),
    ).toEqual(['paused', 'syncing', 'connecting']);
  });

  it('is enabled by a person, and by nothing else', () => {
    const market = startMarket();
    expect(
      story(
        market,
        { type: 'market.disable', reason: 'operator' },
        feed('feed.failed'),
        feed('feed.up'),
        { type: 'market.enable', reason: 'operator' },
      ),
    ).toEqual(['disabled', 'disabled', 'disabled', 'syncing']);
    expect(did(market, 'raiseFeedFault')).toBe(true);
  });

  it('tells its executions when they can decide on the book, and when no more', () => {
    const market = startMarket();
    story(market, requested, feed('feed.up'), feed('book.live'), feed('feed.down'));
    expect(heard(market)).toEqual(['book.live', 'book.stale']);
  });

  it('begins nothing while it is shut', () => {
    const market = startMarket();
    story(market, feed('market.closed'), requested);
    expect([did(market, 'spawned'), did(market, 'refuseExecution')]).toEqual([false, true]);
  });

  it('routes a report to its own execution', () => {
    const market = startMarket();
    story(market, requested, placed, say.accepted('dw-1'));
    expect(heard(market)).toEqual(['execution.decided', 'order.reported']);
  });

  it('holds a report that overtook the decision, and passes it on behind it', () => {
    const market = startMarket();
    story(market, requested, say.accepted('dw-1'));
    expect(heard(market)).toEqual([]);
    story(market, placed);
    expect(heard(market)).toEqual(['execution.decided', 'order.reported']);
    expect(market.context().held).toEqual([]);
  });

  it('books the late report of an execution that is gone', () => {
    const market = startMarket();
    story(market, requested, placed, dismissed, say.filled('f1', 1, 'dw-1'));
    expect(did(market, 'bookIfLate')).toBe(true);
    expect(heard(market)).toEqual(['execution.decided']);
  });

  it.each(['other-7', 'constructor', '__proto__'])('keeps the order %s of others apart', (id) => {
    const market = startMarket();
    story(market, requested, say.accepted(id), say.cancelled(0, id));
    expect(market.context().foreign).toEqual([id]);
    expect([heard(market), did(market, 'bookIfLate')]).toEqual([[], false]);
  });

  it('raises a fault of an execution, and lives on', () => {
    const market = startMarket();
    const error = new Error('a defect');
    story(market, requested, { type: 'xstate.error.actor.x-1', error }, feed('feed.up'));
    expect(did(market, 'raiseFault')).toBe(true);
    expect(market.state()).toBe('syncing');
  });

  it('outlives a throw of an order, which ends its execution and reaches the market', () => {
    const faults: string[] = [];
    const splitOrder = splitOrderMachine.provide({
      actions: {
        requestSubmit: () => {
          throw new Error('a defect of the outbox');
        },
      },
    });
    const execution = executionMachine.provide({
      actions: recorders(EXECUTION_EFFECTS),
      actors: { splitOrder },
    });
    const machine = wiredMarket(marketMachine).provide({
      actions: { raiseFault: ({ event }) => faults.push(event.type) },
      actors: { execution },
    });
    const market = createActor(machine, { input: MARKET_INPUT }).start();
    const way = [feed('feed.up'), feed('book.live'), requested, told(tell.admitted), placed];
    for (const event of [...way, feed('book.stale')]) market.send(event as MarketEvent);
    expect(faults).toEqual(['xstate.error.actor.x-1']);
    expect(market.getSnapshot().value).toEqual({ open: 'stale' });
    market.stop();
  });
});
