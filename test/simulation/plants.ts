/** Lies planted on purpose, to show that the judge sees them: never drawn by a seed. */
export const PLANTS = {
  skipIntent: 'the disk loses the intents of commands (I-2)',
  forgetFill: 'the disk loses fills (I-4)',
  overfill: 'the venue fills one lot more than was asked for (I-1b)',
  wrongFee: 'the venue tells another fee than it takes (I-6)',
  lateFill: 'the venue fills an order after it said that it was over (I-7)',
  lostReport: 'no halt is ever answered (I-31)',
} as const;

export type Plant = keyof typeof PLANTS;

export const PLANT_NAMES = Object.keys(PLANTS) as readonly Plant[];
