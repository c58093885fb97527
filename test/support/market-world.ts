/** The market as an open system: one execution with two known orders, one unknown, one stranger. */
import type { FeedEvent, MarketEvent } from '../../machines/market/market.protocol.ts';
import type { Coverage } from './coverage.ts';
import * as tell from './execution-events.ts';
import { executionInput } from './execution-rig.ts';
import type { Judge } from './judged.ts';
import type { MarketInputEvent, MarketRig } from './market-rig.ts';
import * as say from './order-events.ts';
import type { Subject } from './paths.ts';

const feed = (type: FeedEvent['type']): MarketEvent => ({ type, reason: 'told' });

const { bookLive: _, ...input } = executionInput({});

/** Places `dw-1`; its walk brings `dw-2`. */
const placed = tell.decided({ ...tell.place(1, 1), clientOrderId: 'dw-1' } as never);
const repriced = tell.decided(tell.reprice(1, 'dw-2'));

const ALPHABET: readonly MarketInputEvent[] = [
  ...(['feed.up', 'feed.down', 'feed.failed', 'book.live', 'book.stale'] as const).map(feed),
  ...(['market.paused', 'market.resumed', 'market.closed'] as const).map(feed),
  { type: 'market.disable', reason: 'the same refusal three times' },
  { type: 'market.enable', reason: 'a person looked' },
  { type: 'execution.requested', input },
  { type: 'execution.told', executionId: 'x-1', message: placed },
  { type: 'execution.told', executionId: 'x-1', message: repriced },
  { type: 'execution.told', executionId: 'x-9', message: placed },
  { type: 'execution.dismissed', executionId: 'x-1' },
  say.accepted('dw-1'),
  say.filled('f1', 1, 'dw-2'),
  say.accepted('other-7'),
  say.accepted('constructor'),
  { type: 'xstate.error.actor.x-1', error: new Error('a defect') },
];

const keyOf = (rig: MarketRig): string => {
  const { routes, executions, held, foreign, bookLive } = rig.context();
  const waiting = [...new Set(held.map(({ clientOrderId }) => clientOrderId))];
  const strangers = foreign.length > 0;
  const ids = routes.map(({ clientOrderId }) => clientOrderId);
  const known = [ids, executions, waiting, strangers];
  return JSON.stringify([rig.state(), bookLive, ...known]);
};

export function marketSubject(
  start: () => MarketRig,
  judge?: (rig: MarketRig) => Judge<MarketInputEvent>,
  coverage?: Coverage,
): Subject<MarketInputEvent> {
  const rig = start();
  const judging = judge?.(rig);
  judging?.after(null);
  return {
    send(event) {
      rig.send(event);
      judging?.after(event);
    },
    watch: () => coverage?.watch(rig.actor),
    key: () => keyOf(rig),
    alphabet: () => ALPHABET,
    // One report waiting is enough: the bound of the waiting room has a test of its own.
    goesOn: () => rig.context().held.length < 2,
    stop: () => rig.stop(),
  };
}
