/** Which engine dies where: every crash point again and again, and between them any instant. */
import type { Random } from '../../src/domain/ports.ts';
import { chance, integer } from '../../src/env/draws.ts';
import type { CrashPoint } from './crash-points.ts';

/** Where a process dies by itself, and the how manyth time that it comes there. */
export interface Doom {
  readonly point: CrashPoint;
  readonly pass: number;
}

export interface Circumstances {
  readonly random: Random;
  /** The venue amends. */
  readonly amends: boolean;
  /** How the process before is to die. */
  readonly previous: Doom | null;
}

/** Far more tries than any point takes. */
const EACH_MET = 1_000;

export class Plans {
  readonly hits: Map<string, number>;
  readonly #points: readonly CrashPoint[];
  readonly #tries = new Map<string, number>();

  constructor(points: readonly CrashPoint[]) {
    this.#points = points;
    this.hits = new Map(points.map(({ name }) => [name, 0]));
  }

  get missed(): readonly string[] {
    return [...this.hits].flatMap(([name, count]) => (count === 0 ? [name] : []));
  }

  /** Null: an instant of no meaning. */
  next({ random, amends, previous }: Circumstances): Doom | null {
    const possible = this.#points.filter((point) => amends || point.amends !== true);
    const next = possible.find(
      ({ follows }) => follows !== undefined && follows === previous?.point.name,
    );
    if (next !== undefined) return { point: next, pass: 1 };
    const [point] = possible
      .filter(({ follows }) => follows === undefined)
      .toSorted((left, right) => this.#turn(left) - this.#turn(right));
    const isNew = point !== undefined && this.hits.get(point.name) === 0;
    if (point === undefined || !chance(random, isNew ? 0.8 : 0.5)) return null;
    this.#tries.set(point.name, this.#triesOf(point) + 1);
    return { point, pass: isNew || point.isSingle === true ? 1 : integer(random, 1, 4) };
  }

  hit(name: string): void {
    this.hits.set(name, (this.hits.get(name) ?? 0) + 1);
  }

  #triesOf({ name }: CrashPoint): number {
    return this.#tries.get(name) ?? 0;
  }

  /** Points that were never met go first, and those that were tried least often. */
  #turn(point: CrashPoint): number {
    return this.#triesOf(point) + (this.hits.get(point.name) === 0 ? 0 : EACH_MET);
  }
}
