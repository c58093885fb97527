/**
 * One process's private stream: reports may be late, doubled, lost, or kept back altogether, as a
 * venue never replays them. Fills of strangers on our account come by here too.
 */
import type { OrderReport } from '../../src/domain/order.ts';
import type { Stream, VenueReport } from '../../src/domain/ports.ts';
import { integer } from '../../src/env/draws.ts';
import type { ClockDoor } from './clock-door.ts';
import type { Ground } from './ground.ts';

export class ReportDoor {
  isDown = false;
  readonly #ground: Ground;
  readonly #door: ClockDoor;
  readonly #delayMs: () => number;
  readonly #told: (report: OrderReport) => void;
  readonly #listeners = new Set<(report: VenueReport) => void>();

  /** `told` hears of each report at the moment it reaches the process. */
  constructor(
    ground: Ground,
    door: ClockDoor,
    delayMs: () => number,
    told: (report: OrderReport) => void,
  ) {
    this.#ground = ground;
    this.#door = door;
    this.#delayMs = delayMs;
    this.#told = told;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  readonly reports$: Stream<VenueReport> = {
    subscribe: (next) => {
      this.#listeners.add(next);
      return { unsubscribe: () => this.#listeners.delete(next) };
    },
  };

  send(report: VenueReport): void {
    const { faults } = this.#ground;
    if (this.isDown || faults.strikes('reportLost')) return;
    const late = faults.strikes('reportLate') ? integer(faults.random('reportLate'), 50, 5_000) : 0;
    const waitMs = this.#delayMs() + late;
    this.#tell(report, waitMs);
    if (faults.strikes('reportTwice')) this.#tell(report, waitMs + this.#delayMs());
    if (faults.strikes('reportAgain'))
      this.#tell(report, integer(faults.random('reportAgain'), 10_000, 2_400_000));
  }

  /** Surely and at once. */
  sendSurely(report: VenueReport): void {
    this.#tell(report, 1);
  }

  #tell(report: VenueReport, waitMs: number): void {
    const arrive = (): void => {
      this.#told(report.report);
      for (const next of this.#listeners) next(report);
    };
    this.#ground.clock.setTimeout(() => this.#door.arrive(arrive), waitMs);
  }
}
