/**
 * What virtual time costs: run with `npx tsx test/bench/clock.bench.ts`. It asserts nothing; the
 * rate that counts is transitions per second of 10,000 timed actors, each its own system.
 */
import { bench, do_not_optimize, group, run } from 'mitata';
import { type Actor, createActor, setup } from 'xstate';
import { liveClock } from '../../src/env/live-clock.ts';
import { TimerWheel } from '../../src/env/timer-wheel.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';

const ACTORS = 10_000;
const STANDING = 1_000;

const ticker = setup({
  types: { context: {} as { everyMs: number }, input: {} as { everyMs: number } },
  delays: { round: ({ context }) => context.everyMs },
}).createMachine({
  context: ({ input }) => input,
  initial: 'ticking',
  states: { ticking: { after: { round: { target: 'ticking', reenter: true } } } },
});

function actorsPerSecond(): void {
  const clock = new VirtualClock();
  const actors: Actor<typeof ticker>[] = [];
  for (let index = 0; index < ACTORS; index += 1) {
    const actor = createActor(ticker, { clock, input: { everyMs: 1 + ((index * 7_919) % 5_000) } });
    actors.push(actor);
    actor.start();
  }
  let steps = 0;
  const startMs = liveClock.monotonicMs();
  while (liveClock.monotonicMs() - startMs < 3_000)
    for (let batch = 0; batch < 1_000; batch += 1) steps += clock.step() ? 1 : 0;
  const seconds = (liveClock.monotonicMs() - startMs) / 1_000;
  console.log(`${ACTORS} timed actors: ${Math.round(steps / seconds)} transitions/s`);
  for (const actor of actors) actor.stop();
}

const standing = (): VirtualClock => {
  const clock = new VirtualClock();
  for (let index = 0; index < STANDING; index += 1) {
    const again = (): void => void clock.setTimeout(again, 1 + index);
    again();
  }
  return clock;
};

actorsPerSecond();

group(`${STANDING} standing timers`, () => {
  const stepping = standing();
  bench('step and arm again', () => do_not_optimize(stepping.step()));
  const arming = standing();
  bench('arm and clear', () => arming.clearTimeout(arming.setTimeout(() => {}, 500)));
  const wheel = new TimerWheel(new VirtualClock());
  for (let index = 0; index < STANDING; index += 1) wheel.arm(`k${index}`, index, () => {});
  let turn = 0;
  bench('wheel: arm again', () => {
    turn += 1;
    wheel.arm(`k${turn % STANDING}`, 1_000 + turn, () => {});
  });
});

await run();

const awaited = standing();
let steps = 0;
const startMs = liveClock.monotonicMs();
await awaited.run({ while: () => (steps += 1) < 200_000 });
const elapsedMs = liveClock.monotonicMs() - startMs;
console.log(`run() with promises drained: ${Math.round(steps / (elapsedMs / 1_000))} steps/s`);
