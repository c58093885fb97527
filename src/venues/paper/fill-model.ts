/**
 * How the paper exchange decides what a resting or arriving order would have got. A model never
 * adds volume: whatever it says, no print and no displayed lot is used twice.
 */
import { InputError } from '../../domain/errors.ts';

/**
 * Of the quantity that leaves a level without trading, how much stood before our order?
 *
 * conservative: only what cannot have stood behind us. probabilistic: a share of
 * `front^exponent / (front^exponent + back^exponent)`. optimistic: nobody ever stands before us.
 */
export type CancelsAhead =
  | { readonly mode: 'conservative' }
  | { readonly mode: 'probabilistic'; readonly exponent: number }
  | { readonly mode: 'optimistic' };

export type CancelsAheadMode = CancelsAhead['mode'];

export interface TakeHaircut {
  /** What of a young level can be taken: above 0, at most 1. */
  readonly share: number;
  readonly youngerThanMs: number;
}

/** What our own trading might do to the others; a recording cannot tell. */
export interface FillStress {
  /** After our take what refills the level is not there for us for so long. */
  readonly refillHoldMs: number;
  /** How likely the other makers of that side then stand a tick further away, as long. */
  readonly shiftProbability: number;
  /**
   * An order that improves the touch is overbid once, after a time drawn evenly from this range:
   * the touch as it is then goes before it. null for never.
   */
  readonly penniedAfterMs: { readonly from: number; readonly to: number } | null;
}

export interface FillModel {
  readonly cancelsAhead: CancelsAhead;
  /** null: all of any level can be taken. */
  readonly takeHaircut: TakeHaircut | null;
  /** So much later than its neighbours an event may come and still be put in its place. */
  readonly reorderMs: number;
  /** So far apart the print and the delta of one trade may lie. */
  readonly creditTtlMs: number;
  readonly stress: FillStress | null;
}

export const DEFAULT_FILL_MODEL: FillModel = {
  cancelsAhead: { mode: 'probabilistic', exponent: 2 },
  takeHaircut: { share: 0.8, youngerThanMs: 500 },
  reorderMs: 250,
  creditTtlMs: 2_000,
  stress: null,
};

/** A stress that is worth a report beside the headline. */
export const DEFAULT_FILL_STRESS: FillStress = {
  refillHoldMs: 5_000,
  shiftProbability: 0.3,
  penniedAfterMs: { from: 500, to: 5_000 },
};

/** The bracket, from the least to the most that can be hoped for. */
export const FILL_MODES: readonly CancelsAheadMode[] = [
  'conservative',
  'probabilistic',
  'optimistic',
];

/** The default model in one of the modes, which differ in nothing but the cancels ahead. */
export function fillModel(mode: CancelsAheadMode): FillModel {
  switch (mode) {
    case 'probabilistic':
      return DEFAULT_FILL_MODEL;
    case 'conservative':
    case 'optimistic':
      return { ...DEFAULT_FILL_MODEL, cancelsAhead: { mode } };
  }
}

const DURATION_MAX_MS = 3_600_000;

/** The same model; throws an `InputError` for one that makes no sense. */
export function checkedFillModel(model: FillModel): FillModel {
  const { cancelsAhead, takeHaircut, stress } = model;
  if (!FILL_MODES.includes(cancelsAhead.mode))
    throw new InputError('the fill model must be known', cancelsAhead.mode, FILL_MODES.join(', '));
  if (cancelsAhead.mode === 'probabilistic')
    within('the exponent of the fill model', cancelsAhead.exponent, 0.01, 100);
  if (takeHaircut !== null) {
    within('takeHaircut.share', takeHaircut.share, 0.01, 1);
    within('takeHaircut.youngerThanMs', takeHaircut.youngerThanMs, 0, DURATION_MAX_MS);
  }
  within('reorderMs', model.reorderMs, 0, DURATION_MAX_MS);
  within('creditTtlMs', model.creditTtlMs, 0, DURATION_MAX_MS);
  if (stress !== null) checkStress(stress);
  return model;
}

function checkStress({ refillHoldMs, shiftProbability, penniedAfterMs }: FillStress): void {
  within('stress.refillHoldMs', refillHoldMs, 0, DURATION_MAX_MS);
  within('stress.shiftProbability', shiftProbability, 0, 1);
  if (penniedAfterMs === null) return;
  within('stress.penniedAfterMs.from', penniedAfterMs.from, 0, DURATION_MAX_MS);
  within('stress.penniedAfterMs.to', penniedAfterMs.to, penniedAfterMs.from, DURATION_MAX_MS);
}

function within(name: string, value: number, least: number, most: number): void {
  if (!(value >= least && value <= most))
    throw new InputError(`${name} must lie between ${least} and ${most}`, value, 'change it');
}
