/** The life of one order at the venue, told as it would be told to a trader. */
import { describe, expect, it } from 'vitest';
import type { SplitOrderEvent } from '../../machines/split-order/split-order.protocol.ts';
import * as say from '../support/order-events.ts';
import { type SplitOrderRig, startSplitOrder } from '../support/split-order-rig.ts';

/** The states that the order is in after each event. */
const story = (order: SplitOrderRig, ...events: readonly SplitOrderEvent[]): readonly string[] =>
  events.map((event) => {
    order.send(event);
    return order.state();
  });

const commands = ({ sent }: SplitOrderRig): readonly string[] =>
  sent.map((command) =>
    'quantity' in command
      ? `${command.kind} ${command.clientOrderId} ${command.quantity} at ${command.price}`
      : `${command.kind} ${command.clientOrderId}`,
  );

describe('an order that rests', () => {
  it('is pending until the venue acknowledges it, and filled when its fills add up', () => {
    const order = startSplitOrder();
    expect(order.state()).toBe('pending');
    expect(
      story(order, say.accepted(), say.filled('f1', 1), say.filled('f2', 1), say.filled('f3', 1)),
    ).toEqual(['placed', 'partial', 'partial', 'ended.filled']);
    expect(commands(order)).toEqual(['submit a 3 at 50']);
  });

  it('is proven by a fill, and the ack that comes later moves nothing', () => {
    const order = startSplitOrder();
    expect(story(order, say.filled('f1', 1), say.accepted())).toEqual(['partial', 'partial']);
    expect(order.context().attempt.venueOrderId).toBe('v-a');
  });

  it("keeps the venue's id of it, from whoever told it first", () => {
    const order = startSplitOrder();
    story(order, say.doubted('submit'), say.found('resting', 0, 3));
    expect(order.context().attempt).toMatchObject({ venueOrderId: 'v-a', acknowledged: true });
    const over = startSplitOrder();
    story(over, say.filled('f1', 1), say.found('cancelled', 1, 3));
    expect([over.state(), over.context().attempt.venueOrderId]).toEqual(['ended.cancelled', 'v-a']);
  });

  it('counts a fill once, however often it is told', () => {
    const order = startSplitOrder();
    story(order, say.accepted(), say.filled('f1', 1), say.filled('f1', 1), say.filled('f1', 1));
    expect(order.told.at(-1)).toMatchObject({ filled: 1, working: 2 });
  });

  it('tells its execution after every change, and of nothing when nothing changed', () => {
    const order = startSplitOrder();
    story(order, say.accepted(), say.filled('f1', 1), say.filled('f1', 1));
    expect(order.told.map(({ filled, working }) => [filled, working])).toEqual([
      [0, 3],
      [0, 3],
      [1, 2],
    ]);
  });
});

describe('a cancel', () => {
  it('is proven by the venue, and fills on the way are booked', () => {
    const order = startSplitOrder();
    expect(
      story(order, say.accepted(), say.cancel(), say.filled('f1', 1), say.cancelled(1)),
    ).toEqual(['placed', 'cancelling', 'cancelling', 'ended.cancelled']);
    expect(commands(order)).toEqual(['submit a 3 at 50', 'cancel a']);
  });

  it('settles until our fills add up to the count of the venue', () => {
    const order = startSplitOrder();
    const states = story(
      order,
      say.accepted(),
      say.cancel(),
      say.cancelled(2),
      say.filled('f1', 2),
    );
    expect(states.slice(2)).toEqual(['settling', 'ended.cancelled']);
  });

  it('waits for the ack, unless it is urgent', () => {
    const patient = startSplitOrder();
    expect(story(patient, say.cancel(), say.accepted())).toEqual(['pending', 'cancelling']);
    const urgent = startSplitOrder();
    expect(story(urgent, say.cancel(true))).toEqual(['cancelling']);
    expect(commands(urgent)).toEqual(['submit a 3 at 50', 'cancel a']);
  });

  it('that is refused lands where the quantity says', () => {
    const order = startSplitOrder();
    expect(
      story(order, say.accepted(), say.cancel(), say.filled('f1', 3), say.cancelRejected()),
    ).toEqual(['placed', 'cancelling', 'cancelling', 'ended.filled']);
  });

  it('of an order that our own gate never let out ends it as failed', () => {
    expect(story(startSplitOrder(), say.cancel(true), say.notSent('submit'))).toEqual([
      'cancelling',
      'ended.failed',
    ]);
  });
});

describe('a walk', () => {
  it('changes the order in place where the venue can', () => {
    const order = startSplitOrder({ amendable: true });
    expect(
      story(order, say.accepted(), say.walk(), say.filled('f1', 1), say.amended(3, 52)),
    ).toEqual(['placed', 'amending', 'amending', 'partial']);
    expect(commands(order)).toEqual(['submit a 3 at 50', 'amend a 3 at 52']);
  });

  it('withdraws the order and places what is left anew where it cannot', () => {
    const order = startSplitOrder({ amendable: false });
    expect(
      story(
        order,
        say.accepted(),
        say.walk('b'),
        say.cancelled(1),
        say.filled('f1', 1),
        say.accepted('b'),
      ),
    ).toEqual(['placed', 'withdrawing', 'settling', 'pending', 'partial']);
    expect(commands(order)).toEqual(['submit a 3 at 50', 'cancel a', 'submit b 2 at 52']);
  });

  it('is not begun by a cancel of the venue', () => {
    const order = startSplitOrder({ amendable: true });
    const states = story(order, say.accepted(), say.walk(), say.doubted('amend'), say.cancelled(0));
    expect(states.slice(1)).toEqual(['amending', 'unknown', 'ended.cancelled']);
  });

  it('of an earlier attempt is not spoken of any more, but its fills count', () => {
    const order = startSplitOrder({ amendable: false });
    story(order, say.accepted(), say.walk('b'), say.cancelled(0), say.accepted('b'));
    expect(story(order, say.cancelled(0, 'a'), say.filled('f1', 1, 'a'))).toEqual([
      'placed',
      'partial',
    ]);
  });
});

describe('doubt', () => {
  it('keeps the quantity reserved until there is evidence', () => {
    const order = startSplitOrder();
    expect(story(order, say.doubted('submit'))).toEqual(['unknown']);
    expect(order.told.at(-1)).toMatchObject({ working: 0, inDoubt: 3 });
    expect(commands(order).at(-1)).toBe('resolve a');
    expect(story(order, say.found('resting', 0, 3))).toEqual(['placed']);
    expect(order.told.at(-1)).toMatchObject({ working: 3, inDoubt: 0 });
  });

  it('ends as failed only on proof', () => {
    expect(story(startSplitOrder(), say.doubted('submit'), say.neverAccepted())).toEqual([
      'unknown',
      'ended.failed',
    ]);
  });

  it('is no more once the venue acknowledged it by another way', () => {
    expect(story(startSplitOrder(), say.accepted(), say.doubted('submit'))).toEqual([
      'placed',
      'placed',
    ]);
  });

  it('of an unacknowledged order is about its submission, whatever was sent after it', () => {
    const order = startSplitOrder();
    const states = story(order, say.cancel(true), say.doubted('cancel'), say.rejected());
    expect(states).toEqual(['cancelling', 'unknown', 'ended.rejected']);
  });
});

describe('an ended order', () => {
  it('books a late fill and stays ended', () => {
    const order = startSplitOrder();
    const states = story(order, say.accepted(), say.cancelled(0), say.filled('f1', 1));
    expect(states.slice(1)).toEqual(['ended.cancelled', 'ended.cancelled']);
    expect(order.told.at(-1)).toMatchObject({ filled: 1, ending: 'cancelled' });
  });

  it('taken back before it was heard of never counts', () => {
    const order = startSplitOrder();
    story(order, say.accepted(), say.reverted('f1'), say.filled('f1', 3));
    expect(order.state()).toBe('placed');
    expect(order.told.at(-1)).toMatchObject({ filled: 0, working: 3 });
  });

  it('taken back is no longer waited for, once it is proven that there are no others', () => {
    const order = startSplitOrder();
    story(order, say.accepted(), say.filled('f1', 1), say.filled('f2', 1), say.reverted('f2'));
    expect(story(order, say.cancelled(2), say.found('cancelled', 2, 3))).toEqual([
      'settling',
      'settling',
    ]);
    expect(story(order, say.settled('cancelled', 2, 3))).toEqual(['ended.cancelled']);
    expect(order.told.at(-1)).toMatchObject({ filled: 1, working: 0, inDoubt: 0 });
  });

  it('gives a busted fill back, once, and does not count a late copy of it', () => {
    const order = startSplitOrder();
    story(order, say.accepted(), say.filled('f1', 3));
    const after = [say.reverted('f1'), say.reverted('f1'), say.filled('f1', 3)];
    expect(story(order, ...after)).toEqual(['ended.filled', 'ended.filled', 'ended.filled']);
    expect(order.told.at(-1)).toMatchObject({ filled: 0 });
  });

  it.each([
    ['cancelled', say.cancelled(0)],
    ['expired', say.expired(0)],
    ['rejected', say.rejected()],
  ] as const)('that was killed at the door is %s', (ending, event) => {
    expect(story(startSplitOrder(), event)).toEqual([`ended.${ending}`]);
  });
});
