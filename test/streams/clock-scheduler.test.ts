import {
  auditTime,
  bufferTime,
  debounceTime,
  interval,
  type Observable,
  type OperatorFunction,
  of,
  repeat,
  retry,
  type SchedulerLike,
  Subject,
  type Subscription,
  throttleTime,
  throwError,
  timeout,
  timer,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { clockScheduler } from '../../src/streams/clock-scheduler.ts';

const setUp = () => {
  const clock = new VirtualClock(1_000_000);
  const heard: string[] = [];
  const listen = (stream: Observable<unknown>): Subscription =>
    stream.subscribe({
      next: (value) => heard.push(`${clock.monotonicMs()}:${String(value)}`),
      error: () => heard.push(`${clock.monotonicMs()}:error`),
      complete: () => heard.push(`${clock.monotonicMs()}:end`),
    });
  const runTo = (elapsedMs: number): void =>
    clock.runUntil(clock.wallMs() - clock.monotonicMs() + elapsedMs);
  /** Says 'a' at 10, 'b' at 12, 'c' at 40. */
  const source = new Subject<string>();
  for (const [text, atMs] of [
    ['a', 10],
    ['b', 12],
    ['c', 40],
  ] as const)
    clock.setTimeout(() => source.next(text), atMs);
  return { clock, scheduler: clockScheduler(clock), heard, listen, runTo, source };
};

type Case = [
  name: string,
  operator: (scheduler: SchedulerLike) => OperatorFunction<string, unknown>,
  expected: readonly string[],
];

describe('clockScheduler', () => {
  it('drives timers and intervals to the millisecond, and stops with the subscription', () => {
    const { clock, scheduler, heard, listen, runTo } = setUp();
    listen(timer(5, scheduler));
    const ticks = listen(interval(7, scheduler));
    runTo(22);
    ticks.unsubscribe();
    runTo(100);
    expect(heard).toEqual(['5:0', '5:end', '7:0', '14:1', '21:2']);
    expect(clock.pending).toBe(0);
  });

  it.each<Case>([
    ['debounceTime', (scheduler) => debounceTime(5, scheduler), ['17:b', '45:c']],
    ['throttleTime', (scheduler) => throttleTime(5, scheduler), ['10:a', '40:c']],
    ['auditTime', (scheduler) => auditTime(5, scheduler), ['15:b', '45:c']],
    ['timeout', (scheduler) => timeout({ each: 20, scheduler }), ['10:a', '12:b', '32:error']],
    ['bufferTime', (scheduler) => bufferTime(20, scheduler), ['20:a,b', '40:c', '60:']],
  ])('%s works in virtual time', (_name, operator, expected) => {
    const { scheduler, heard, listen, runTo, source } = setUp();
    listen(source.pipe(operator(scheduler)));
    runTo(60);
    expect(heard).toEqual(expected);
  });

  it('paces retries and repeats', () => {
    const { scheduler, heard, listen, runTo } = setUp();
    const wait = (): Observable<unknown> => timer(30, scheduler);
    listen(throwError(() => 'no').pipe(retry({ count: 2, delay: wait })));
    listen(of('x').pipe(repeat({ count: 2, delay: wait })));
    runTo(100);
    expect(heard).toEqual(['0:x', '30:x', '30:end', '60:error']);
  });

  it('does not hear a step of the wall clock', () => {
    const { clock, scheduler, heard, listen, runTo, source } = setUp();
    listen(source.pipe(debounceTime(5, scheduler)));
    clock.setTimeout(() => clock.shiftWall(-3_600_000), 13);
    runTo(13);
    runTo(20);
    expect(heard).toEqual(['17:b']);
  });

  it('ends an action whose work throws', () => {
    const { clock, scheduler, runTo } = setUp();
    const action = scheduler.schedule(() => {
      throw new Error('broken');
    }, 1);
    expect(() => runTo(2)).toThrow('broken');
    expect(action.closed).toBe(true);
    expect(clock.pending).toBe(3);
  });
});
