/**
 * What a simulated contract is worth, in grid steps: known to no maker, and a move ahead to the
 * informed.
 */

import type { Random } from '../../domain/ports.ts';
import { chance, exponential, normal } from '../../env/draws.ts';
import type { LiquidityProfile } from './profiles.ts';

/** Values wander this far around where they began, so that a market never ends at 0 or 1. */
const STATIONARY_DEVIATION = 12;
/** A run of moves: how many more on average, and how much faster they follow each other. */
const BURST_MOVES = 3;
const BURST_SPEED = 5;

export class LatentValue {
  readonly #random: Random;
  readonly #profile: LiquidityProfile;
  readonly #anchor: number;
  readonly #pull: number;
  #value: number;
  #burst = { direction: 0, moves: 0 };
  #next = { atMs: 0, move: 0 };

  constructor(profile: LiquidityProfile, random: Random, value: number, startMs: number) {
    this.#random = random;
    this.#profile = profile;
    this.#anchor = value;
    this.#value = value;
    this.#pull = profile.moveDeviation ** 2 / (2 * STATIONARY_DEVIATION ** 2);
    this.#draw(startMs);
  }

  get value(): number {
    return this.#value;
  }

  /** What the informed know. */
  get next(): { readonly atMs: number; readonly move: number } {
    return this.#next;
  }

  /** 1 or -1 while moves run in one direction, else 0. */
  get direction(): number {
    return this.#burst.direction;
  }

  move(): void {
    this.#value += this.#next.move;
    this.#draw(this.#next.atMs);
  }

  #draw(fromMs: number): void {
    const { movesPerSecond, moveDeviation, burstShare } = this.#profile;
    this.#burst = this.#nextBurst(burstShare);
    const { direction } = this.#burst;
    const drawn = normal(this.#random, 0, moveDeviation);
    const move = direction === 0 ? drawn : direction * Math.abs(drawn);
    const meanMs = 1_000 / movesPerSecond / (direction === 0 ? 1 : BURST_SPEED);
    this.#next = {
      atMs: fromMs + exponential(this.#random, meanMs),
      move: move - this.#pull * (this.#value - this.#anchor),
    };
  }

  #nextBurst(share: number): { readonly direction: number; readonly moves: number } {
    const { direction, moves } = this.#burst;
    if (moves > 0) return { direction, moves: moves - 1 };
    if (!chance(this.#random, share)) return { direction: 0, moves: 0 };
    return {
      direction: chance(this.#random, 0.5) ? 1 : -1,
      moves: Math.round(exponential(this.#random, BURST_MOVES)),
    };
  }
}
