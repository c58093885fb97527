/** An execution that a process left behind: on a scripted venue, after two seconds of work. */
import type { ExecutionView } from '../../src/algorithms/algorithm.ts';
import { ticks } from '../../src/domain/numbers.ts';
import { VirtualClock } from '../../src/index.ts';
import { resting, signal } from './embedded.ts';
import { type Booted, Reboots } from './reboots.ts';
import { algorithm, placing, START_MS } from './rig.ts';
import { ScriptedVenue } from './scripted-venue.ts';

const wake = (timeMs: number) => ({ kind: 'waitUntil' as const, timeMs, reason: 'step' });

/** Walks a cent every 500 ms, four times, and remembers how often. */
const stepping = algorithm(
  'stepping',
  ({ unreleased, nowMs }) => {
    const nextMs = nowMs + 500;
    return { directives: [placing(40, unreleased), wake(nextMs)], state: { steps: 0, nextMs } };
  },
  ({ orders, nowMs, state }) => {
    const { steps, nextMs } = state as { readonly steps: number; readonly nextMs: number };
    const [order] = orders;
    if (order === undefined || steps === 4 || nowMs < nextMs) return { directives: [], state };
    const { splitOrderId, price } = order;
    const step = { kind: 'reprice' as const, splitOrderId, price: ticks(price + 1) };
    return {
      directives: [{ ...step, reason: 'step' }, wake(nextMs + 500)],
      state: { steps: steps + 1, nextMs: nextMs + 500 },
    };
  },
);

const inFiveSeconds = ({ startedAtMs, nowMs, unreleased, state }: ExecutionView) => {
  const timeMs = startedAtMs + 5_000;
  return { directives: [nowMs < timeMs ? wake(timeMs) : placing(45, unreleased)], state };
};

const waiting = algorithm('waiting', inFiveSeconds, inFiveSeconds);

export interface Place {
  readonly venue: ScriptedVenue;
  readonly world: Reboots;
  readonly clock: VirtualClock;
}

/** The book is there from `openAtMs` on. */
export function place(openAtMs = 10): Place {
  const clock = new VirtualClock(START_MS);
  const venue = new ScriptedVenue({ clock });
  const algorithms = [resting, stepping, waiting];
  const world = new Reboots(clock, venue, { algorithms, confirmation: null });
  const tick = (): void => {
    venue.snapshot();
    clock.setTimeout(tick, 100);
  };
  clock.setTimeout(tick, openAtMs);
  return { venue, world, clock };
}

/** One execution of ten lots that has worked for two seconds, and a process that is gone. */
export async function left(changes: object = {}): Promise<Place & { readonly id: string }> {
  const given = place();
  const first = await given.world.boot();
  const id = given.world.execute(first, signal(changes));
  await given.world.pass(2_000);
  first.process.kill();
  return { ...given, id };
}

export const statesOf = ({ engine }: Booted): readonly string[] =>
  engine.executions().map(({ state }) => state);
