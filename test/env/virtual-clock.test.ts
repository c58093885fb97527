import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign, createActor, setup } from 'xstate';
import { VirtualClock } from '../../src/env/virtual-clock.ts';

describe('VirtualClock', () => {
  it('fires in (due, armed) order, each at its exact time', () => {
    const delays = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 200 });
    fc.assert(
      fc.property(delays, (all) => {
        const clock = new VirtualClock(1_000);
        const fired: [number, number][] = [];
        all.forEach((delayMs, index) => {
          clock.setTimeout(() => fired.push([clock.wallMs() - 1_000, index]), delayMs);
        });
        clock.runUntil(2_000);
        const expected = all
          .map((delayMs, index): [number, number] => [delayMs, index])
          .toSorted(([left], [right]) => left - right);
        expect(fired).toEqual(expected);
        expect(clock.wallMs()).toBe(2_000);
        expect(clock.pending).toBe(0);
      }),
    );
  });

  it('keeps chained timers exact through one long run', () => {
    const clock = new VirtualClock(500);
    const times: number[] = [];
    const tick = (): void => {
      times.push(clock.wallMs());
      clock.setTimeout(tick, 1_000);
    };
    clock.setTimeout(tick, 1_000);
    clock.runUntil(10_500);
    expect(times).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((second) => 500 + second * 1_000));
  });

  it('jumps to the next timer and says when none is left', () => {
    const clock = new VirtualClock();
    const cleared = clock.setTimeout(() => expect.unreachable(), 5);
    clock.setTimeout(() => {}, 86_400_000);
    clock.clearTimeout(cleared);
    expect(clock.step()).toBe(true);
    expect(clock.monotonicMs()).toBe(86_400_000);
    expect(clock.step()).toBe(false);
  });

  it('rounds a fraction up and takes a negative delay for none', () => {
    const clock = new VirtualClock();
    const times: number[] = [];
    for (const delayMs of [1.2, -5, 0.1])
      clock.setTimeout(() => times.push(clock.wallMs()), delayMs);
    clock.runUntil(10);
    expect(times).toEqual([0, 1, 2]);
    expect(() => clock.setTimeout(() => {}, Number.NaN)).toThrow('a delay must be finite, was NaN');
  });

  it('moves the wall without moving a timer', () => {
    const clock = new VirtualClock(1_000_000);
    let firedAtMs = -1;
    clock.setTimeout(() => (firedAtMs = clock.monotonicMs()), 100);
    clock.shiftWall(-3_600_000);
    expect(clock.wallMs()).toBe(1_000_000 - 3_600_000);
    clock.runUntil(clock.wallMs() + 100);
    expect(firedAtMs).toBe(100);
    clock.setTimeout(() => clock.shiftWall(-3_600_000), 1);
    clock.runUntil(clock.wallMs() + 10);
    expect(clock.monotonicMs()).toBe(110);
  });

  it('goes on after a callback that throws', () => {
    const clock = new VirtualClock();
    let fired = 0;
    clock.setTimeout(() => {
      throw new Error('broken');
    }, 1);
    clock.setTimeout(() => (fired += 1), 1);
    expect(() => clock.runUntil(5)).toThrow('broken');
    clock.runUntil(5);
    expect(fired).toBe(1);
  });

  it('calls a chain of timers without delay a defect', () => {
    const clock = new VirtualClock(7);
    const again = (): void => void clock.setTimeout(again, 0);
    again();
    expect(() => clock.runUntil(8)).toThrow('time must move on, was 7');
  });
});

const sleep = (clock: VirtualClock, delayMs: number): Promise<void> =>
  new Promise((resolve) => void clock.setTimeout(resolve, delayMs));

describe('VirtualClock.run', () => {
  it('lets promises run to their end before time moves', async () => {
    const clock = new VirtualClock();
    const heard: string[] = [];
    const walk = async (name: string, delayMs: number): Promise<void> => {
      for (let turn = 0; turn < 3; turn += 1) {
        await sleep(clock, delayMs);
        await Promise.resolve();
        await Promise.resolve();
        heard.push(`${name}@${clock.wallMs()}`);
      }
    };
    void walk('a', 10);
    void walk('b', 15);
    await clock.run();
    expect(heard).toEqual(['a@10', 'b@15', 'a@20', 'b@30', 'a@30', 'b@45']);
  });

  it('ends at untilMs, or when it is told to', async () => {
    const clock = new VirtualClock();
    const tick = (): void => void clock.setTimeout(tick, 10);
    tick();
    await clock.run({ untilMs: 35 });
    expect(clock.wallMs()).toBe(35);
    await clock.run({ while: () => clock.wallMs() < 60 });
    expect(clock.wallMs()).toBe(60);
  });
});

/** Every actor works four rounds of its own length; each round ends by the clock. */
const worker = setup({
  types: { context: {} as { everyMs: number; rounds: number }, input: {} as { everyMs: number } },
  delays: { round: ({ context }) => context.everyMs },
  guards: { isDone: ({ context }) => context.rounds === 4 },
}).createMachine({
  context: ({ input }) => ({ everyMs: input.everyMs, rounds: 0 }),
  initial: 'working',
  states: {
    working: {
      always: { guard: 'isDone', target: 'done' },
      after: {
        round: {
          target: 'working',
          reenter: true,
          actions: assign({ rounds: ({ context }) => context.rounds + 1 }),
        },
      },
    },
    done: { type: 'final' },
  },
});

it('carries 10,000 timed actors, each to its exact end', () => {
  const clock = new VirtualClock();
  const wrong: number[] = [];
  let ended = 0;
  for (let index = 0; index < 10_000; index += 1) {
    const everyMs = 1 + ((index * 7_919) % 5_000);
    const actor = createActor(worker, { clock, input: { everyMs } });
    actor.subscribe({
      complete: () => {
        ended += 1;
        if (clock.wallMs() !== 4 * everyMs) wrong.push(index);
      },
    });
    actor.start();
  }
  clock.runUntil(20_000);
  expect(ended).toBe(10_000);
  expect(wrong).toEqual([]);
  expect(clock.pending).toBe(0);
});

describe('settling a promise', () => {
  it('runs until a promise settles, and no further', async () => {
    const clock = new VirtualClock();
    const value = new Promise<string>((resolve) => {
      clock.setTimeout(() => resolve('done'), 50);
    });
    clock.setTimeout(() => undefined, 90);
    expect(await clock.settle(value)).toBe('done');
    expect([clock.monotonicMs(), clock.pending]).toEqual([50, 1]);
  });

  it('says when nothing can settle a promise', async () => {
    const never = new Promise<void>(() => undefined);
    await expect(new VirtualClock().settle(never)).rejects.toThrow('settled by some timer');
  });
});
