/** What all parts of one simulated world stand on. */
import type { Random } from '../../src/domain/ports.ts';
import type { VirtualClock } from '../../src/env/virtual-clock.ts';
import type { Faults } from './faults.ts';
import type { Plant } from './plants.ts';
import type { Sometimes } from './sometimes.ts';
import type { Trace } from './trace.ts';

export interface Violation {
  /** The invariant: "I-1b no overfill at the venue". */
  readonly rule: string;
  readonly what: string;
  readonly atMs: number;
}

/** Where violations go: XState reports a throw in an action too late to be of use. */
export class Sink {
  readonly violations: Violation[] = [];
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  get first(): Violation | null {
    return this.violations[0] ?? null;
  }

  tell(rule: string, what: string): void {
    this.violations.push({ rule, what, atMs: this.#clock.wallMs() });
  }
}

/** What breaks in the world inside of a call: the engine would take it for the venue's fault. */
export function guarded<T>({ sink }: Pick<Ground, 'sink'>, run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    sink.tell(
      'the world itself is whole',
      thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
    );
    throw thrown;
  }
}

export interface Ground {
  /** The world's own time: venue and network live by it. */
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly faults: Faults;
  readonly trace: Trace;
  readonly sink: Sink;
  readonly sometimes: Sometimes;
  readonly plant: Plant | null;
}
