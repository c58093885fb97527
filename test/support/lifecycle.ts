/** Order lifecycles as data: what is said to one split order, and how it stands after each word. */
import type { SplitOrderEvent } from '../../machines/split-order/split-order.protocol.ts';
import type { FoundStatus, OrderCommandKind } from '../../src/domain/order.ts';
import * as say from './order-events.ts';
import type { SplitOrderRig } from './split-order-rig.ts';

export type Word =
  | { readonly say: 'accepted' | 'rejected' | 'cancelRejected' | 'amendRejected' | 'neverAccepted' }
  | { readonly say: 'cancel' | 'urgentCancel' | 'walk' | 'doubt' }
  | { readonly say: 'filled'; readonly id: string; readonly lots: number }
  | { readonly say: 'reverted'; readonly id: string }
  | { readonly say: 'cancelled' | 'expired'; readonly cumulative: number }
  | { readonly say: 'amended' | 'restated'; readonly lots: number }
  | { readonly say: 'doubted' | 'notSent'; readonly command: OrderCommandKind }
  | {
      readonly say: 'found';
      readonly status: FoundStatus;
      readonly cumulative: number;
      readonly lots: number;
    };

export interface Standing {
  readonly filled: number;
  readonly left: number;
  readonly ended: boolean;
  /** A cancel or a walk is wanted and not answered. */
  readonly pending: boolean;
}

const PLAIN: Readonly<Record<string, SplitOrderEvent>> = {
  accepted: say.accepted(),
  rejected: say.rejected(),
  cancelRejected: say.cancelRejected(),
  amendRejected: say.amendRejected(),
  neverAccepted: say.neverAccepted(),
  cancel: say.cancel(),
  urgentCancel: say.cancel(true),
  walk: say.walk(),
  doubt: say.doubt,
};

function eventOf(word: Word, attempt: string): SplitOrderEvent | undefined {
  switch (word.say) {
    case 'filled':
      return say.filled(word.id, word.lots, attempt);
    case 'reverted':
      return say.reverted(word.id, attempt);
    case 'cancelled':
      return say.cancelled(word.cumulative, attempt);
    case 'expired':
      return say.expired(word.cumulative, attempt);
    case 'amended':
      return say.amended(word.lots, 52, attempt);
    case 'restated':
      return say.restated(word.lots, attempt);
    case 'doubted':
      return say.doubted(word.command, attempt);
    case 'notSent':
      return say.notSent(word.command, attempt);
    case 'found':
      return say.found(word.status, word.cumulative, word.lots, attempt);
    default: {
      const event = PLAIN[word.say];
      return event !== undefined && event.type.startsWith('order.')
        ? ({ ...event, clientOrderId: attempt } as SplitOrderEvent)
        : event;
    }
  }
}

/** Says it of the attempt that is alive, as a venue would. */
export function speak(order: SplitOrderRig, word: Word): void {
  const event = eventOf(word, order.context().attempt.clientOrderId);
  if (event !== undefined) order.send(event);
}

/** How it stands, as its execution was told. */
export function standingOf({ told }: SplitOrderRig): Standing {
  const last = told.at(-1);
  const ended = last !== undefined && last.ending !== null;
  return {
    filled: last?.filled ?? 0,
    left: (last?.working ?? 0) + (last?.inDoubt ?? 0),
    ended,
    pending: !ended && (last?.busy ?? false),
  };
}
