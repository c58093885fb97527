/** Distributions over any `Random`. Each takes a fixed number of draws, so streams stay in step. */
import { invariant } from '../domain/errors.ts';
import type { Random } from '../domain/ports.ts';

/** In [low, high). */
export const uniform = (random: Random, low: number, high: number): number =>
  low + random.next() * (high - low);

/** A whole number in [low, high], both included. */
export const integer = (random: Random, low: number, high: number): number =>
  low + Math.floor(random.next() * (high - low + 1));

export const chance = (random: Random, probability: number): boolean => random.next() < probability;

/** Waiting times of a Poisson process. */
export const exponential = (random: Random, mean: number): number =>
  -Math.log(1 - random.next()) * mean;

/** Box and Muller's; two draws, of which one result is thrown away to keep no state. */
export function normal(random: Random, mean = 0, deviation = 1): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return mean + deviation * radius * Math.cos(2 * Math.PI * random.next());
}

export function pick<T>(random: Random, choices: readonly T[]): T {
  invariant(choices.length > 0, 'there must be something to pick from');
  return choices[integer(random, 0, choices.length - 1)] as T;
}
