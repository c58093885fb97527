/** The life of one wish, from its admission to its result. */
import { describe, expect, it } from 'vitest';
import type { ExecutionEvent } from '../../machines/execution/execution.protocol.ts';
import * as tell from '../support/execution-events.ts';
import { type ExecutionRig, startExecution } from '../support/execution-rig.ts';
import * as say from '../support/order-events.ts';

const story = (execution: ExecutionRig, ...events: readonly ExecutionEvent[]): readonly string[] =>
  events.map((event) => {
    execution.send(event);
    return execution.state();
  });

/** What each order heard: 'x-1-1 splitOrder.cancel'. */
const heard = ({ effects }: ExecutionRig): readonly string[] =>
  effects.flatMap(({ kind, child, event }) => (kind === 'told' ? [`${child} ${event?.type}`] : []));

const count = ({ effects }: ExecutionRig, effect: string): number =>
  effects.filter(({ kind }) => kind === effect).length;

const placeTwo = tell.decided(tell.place(1, 2), tell.place(2, 1));
const begun = (...args: Parameters<typeof startExecution>): ExecutionRig => {
  const execution = startExecution(...args);
  story(execution, tell.admitted, placeTwo);
  return execution;
};

describe('an execution', () => {
  it('is admitted, decides, places, watches, and is completed', () => {
    const execution = startExecution();
    expect(
      story(
        execution,
        tell.admitted,
        placeTwo,
        tell.line(1, { working: 2 }),
        tell.line(2, { working: 1 }),
        tell.line(1, { filled: 2, ending: 'filled' }),
        tell.line(2, { filled: 1, ending: 'filled' }),
      ),
    ).toEqual([
      'planning',
      'working.placing',
      'working.placing',
      'working.monitoring',
      'working.monitoring',
      'ended.completed',
    ]);
    expect(count(execution, 'publishResult')).toBe(1);
  });

  it('walks while an answer is awaited, and monitors again after it', () => {
    const execution = begun();
    expect(
      story(
        execution,
        tell.line(2, { ending: 'rejected' }),
        tell.line(1, { working: 2 }),
        tell.decided(tell.reprice(1)),
        tell.line(1, { working: 2, busy: true }),
        tell.line(1, { working: 2 }),
      ).slice(1),
    ).toEqual([
      'working.monitoring',
      'working.monitoring',
      'working.walking',
      'working.monitoring',
    ]);
    expect(heard(execution)).toEqual(['x-1-1 splitOrder.walk']);
  });

  it('asks to decide again when more was filled or an order ended, and when it is woken', () => {
    const execution = begun();
    const asked = () => count(execution, 'requestDecision');
    const before = asked();
    story(execution, tell.line(1, { working: 2 }), tell.line(2, { working: 1 }));
    expect(asked()).toBe(before);
    story(execution, tell.line(1, { filled: 1, working: 1 }), tell.due('wake'));
    expect(asked()).toBe(before + 2);
  });

  it('places no more than is unreleased, whatever was decided', () => {
    const execution = begun();
    story(execution, tell.decided(tell.place(3, 1)));
    expect(count(execution, 'spawned')).toBe(2);
    expect(execution.context().quantity).toMatchObject({ working: 3, unreleased: 0 });
  });

  it('closes at its deadline: cancels, waits for proof, and keeps what it got', () => {
    const execution = begun();
    story(execution, tell.line(1, { filled: 1, working: 1 }), tell.line(2, { working: 1 }));
    expect(
      story(
        execution,
        tell.due('close'),
        tell.line(1, { filled: 1, ending: 'cancelled' }),
        tell.due('retry'),
        tell.line(2, { ending: 'cancelled' }),
      ),
    ).toEqual(['closing', 'closing', 'closing', 'ended.partial']);
    expect(heard(execution)).toEqual([
      'x-1-1 splitOrder.cancel',
      'x-1-2 splitOrder.cancel',
      'x-1-2 splitOrder.cancel',
    ]);
  });

  it.each([
    ['refused', [tell.refused]],
    ['cancelled', [tell.cancelExecution()]],
    ['unfilled', [tell.admitted, tell.decided(tell.finish)]],
    ['failed', [tell.admitted, tell.faulted]],
  ] as const)('without an order ends %s', (outcome, events) => {
    expect(story(startExecution(), ...events).at(-1)).toBe(`ended.${outcome}`);
  });

  it('gives up after three refusals in a row', () => {
    const execution = startExecution();
    story(
      execution,
      tell.admitted,
      tell.decided(tell.place(1, 1), tell.place(2, 1), tell.place(3, 1)),
    );
    const refused = [1, 2, 3].map((order) =>
      tell.line(order, { ending: 'rejected', acknowledged: false }),
    );
    expect(story(execution, ...refused)).toEqual([
      'working.placing',
      'working.placing',
      'ended.failed',
    ]);
  });

  it('sends nothing while the book is blind, and sheds or keeps its orders as configured', () => {
    const shedding = begun({ whenStale: 'cancel' });
    expect(story(shedding, tell.book('book.stale'))).toEqual(['suspended.bare']);
    expect(heard(shedding)).toEqual(['x-1-1 splitOrder.cancel', 'x-1-2 splitOrder.cancel']);
    const keeping = begun({ whenStale: 'keep' });
    expect(
      story(
        keeping,
        tell.book('book.stale'),
        tell.decided(tell.reprice(1)),
        tell.book('book.live'),
      ),
    ).toEqual(['suspended.resting', 'suspended.resting', 'working.placing']);
    expect(heard(keeping)).toEqual([]);
  });

  it('puts its orders in doubt after a fault of our own, before it cancels them', () => {
    const execution = begun();
    expect(story(execution, tell.faulted)).toEqual(['closing']);
    expect(heard(execution)).toEqual([
      'x-1-1 splitOrder.doubt',
      'x-1-2 splitOrder.doubt',
      'x-1-1 splitOrder.cancel',
      'x-1-2 splitOrder.cancel',
    ]);
  });

  it('passes reports on to its own orders, also when it has ended', () => {
    const execution = begun();
    story(execution, tell.reported(1, say.accepted()), tell.reported(9, say.accepted()));
    expect(heard(execution)).toEqual(['x-1-1 order.accepted']);
  });

  it('raises an alarm for a late fill, and its result stays', () => {
    const execution = begun();
    const states = story(
      execution,
      tell.cancelExecution(),
      tell.line(1, { ending: 'cancelled' }),
      tell.line(2, { ending: 'cancelled' }),
      tell.line(1, { filled: 2, ending: 'cancelled' }),
    );
    expect(states.slice(2)).toEqual(['ended.cancelled', 'ended.cancelled']);
    expect([count(execution, 'raiseLateFill'), count(execution, 'publishResult')]).toEqual([1, 1]);
    expect(execution.context().quantity).toMatchObject({ filled: 2, unreleased: 1 });
  });
});
