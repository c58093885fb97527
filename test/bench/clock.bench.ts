/** What virtual time and the timer wheel cost, beside the timers of Node itself. */
import { TimerWheel } from '../../src/env/timer-wheel.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { type Bench, type BenchOptions, type BenchResult, paceOf, scaled } from './bench.ts';
import { beside, type Contestant, cost, interleaved, type Measured } from './measure.ts';

const STANDING = 1_000;
const OPERATIONS = 100_000;
const ROUNDS = 7;

const noop = (): undefined => undefined;

function standing(): VirtualClock {
  const clock = new VirtualClock();
  for (let index = 0; index < STANDING; index += 1) {
    const again = (): void => void clock.setTimeout(again, 1 + index);
    again();
  }
  return clock;
}

function wheelOf(clock: VirtualClock): TimerWheel {
  const wheel = new TimerWheel(clock);
  for (let index = 0; index < STANDING; index += 1) wheel.arm(`${index}`, 1_000 + index, noop);
  return wheel;
}

function contestants(operations: number): readonly [Contestant, ...Contestant[]] {
  const times = (name: string, work: (index: number) => void): Contestant => ({
    name,
    work: () => {
      for (let index = 0; index < operations; index += 1) work(index);
      return operations;
    },
  });
  const [stepping, arming] = [standing(), standing()];
  const wheel = wheelOf(new VirtualClock());
  return [
    times('setTimeout and clearTimeout of Node', () => clearTimeout(setTimeout(noop, 500))),
    times('a step of the virtual clock', () => void stepping.step()),
    times('arm and clear on the virtual clock', () =>
      arming.clearTimeout(arming.setTimeout(noop, 500)),
    ),
    times('arm anew on the timer wheel', (index) =>
      wheel.arm(`${index % STANDING}`, 2_000 + index, noop),
    ),
  ];
}

async function run({ scale, progress }: BenchOptions): Promise<BenchResult> {
  progress('timers');
  const measured = await interleaved(
    contestants(scaled(OPERATIONS, scale, 100)),
    paceOf(ROUNDS, scale),
  );
  const [node, ...ours] = measured;
  const figure = (one: Measured) => ({
    name: one.name,
    value: cost(one),
    unit: 'us',
    beside: beside(one, node),
  });
  return { figures: ours.map(figure), notes: [`${STANDING} timers stand all the while`] };
}

export const clock: Bench = { name: 'clock', title: 'virtual time and deadlines', run };
