/**
 * Whether an execution was too large for its market to be measured on a recording, where nobody
 * reacts to it. Such executions are reported apart: their costs are a lower bound.
 */
import type { Lots } from '../domain/numbers.ts';

export type ImpactStratum = 'headline' | 'impact-suspect';

export interface ImpactQuestion {
  /** What was ordered. */
  readonly quantity: Lots;
  /** What was displayed within the limit when work began. */
  readonly displayed: Lots;
  /** What others traded while it was worked. */
  readonly windowVolume: Lots;
}

/** Up to a quarter of the trading, or all that was displayed, is taken for unnoticed. */
const UNNOTICED_SHARE = 0.25;

export const impactStratum = (question: ImpactQuestion): ImpactStratum => {
  const { quantity, displayed, windowVolume } = question;
  const unnoticed = Math.max(displayed, UNNOTICED_SHARE * windowVolume);
  return quantity <= unnoticed ? 'headline' : 'impact-suspect';
};
