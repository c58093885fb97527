/** Division of whole things into shares without losing or inventing one. */
import { invariant } from '../domain/errors.ts';

/**
 * Parts in proportion to the weights that add up to exactly `total`, each a multiple of `unit` but
 * for the first, which takes what is no whole unit. Left-over units go to the largest fractions,
 * then the first.
 */
export function largestRemainder(
  total: number,
  weights: readonly number[],
  unit: number,
): readonly number[] {
  invariant(
    weights.length > 0 && weights.every((weight) => weight > 0),
    'weights are positive',
    weights,
  );
  const sum = weights.reduce((left, right) => left + right, 0);
  const units = Math.floor(total / unit);
  const parts = weights.map((weight, index) => {
    const exact = units * weight;
    return { index, units: Math.floor(exact / sum), rest: exact % sum };
  });
  const spare = units - parts.reduce((given, part) => given + part.units, 0);
  const favoured = new Set(
    parts
      .toSorted((left, right) => right.rest - left.rest || left.index - right.index)
      .slice(0, spare)
      .map(({ index }) => index),
  );
  const oddment = total - units * unit;
  return parts.map(
    ({ index, units: own }) =>
      (own + (favoured.has(index) ? 1 : 0)) * unit + (index === 0 ? oddment : 0),
  );
}
