/** All that reads something from outside. */
import { config } from './config.target.ts';
import { frames } from './frames.target.ts';
import { engineSignals, options, plans, signals } from './signals.target.ts';
import { files, folds, records } from './store.target.ts';
import { packedTapes, prints, tapes } from './tapes.target.ts';
import type { Target } from './target.ts';

export const TARGETS: readonly Target[] = [
  frames,
  tapes,
  packedTapes,
  prints,
  config,
  signals,
  engineSignals,
  plans,
  options,
  records,
  folds,
  files,
];
