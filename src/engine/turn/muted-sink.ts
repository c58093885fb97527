/** Where effects go while a journal is folded: nowhere. The fold itself sees what broke. */
import type { EffectSink } from './effects.ts';

const silent = (): void => undefined;

export const mutedSink: EffectSink = {
  submit: silent,
  amend: silent,
  cancel: silent,
  resolve: silent,
  askAdmission: silent,
  askDecision: silent,
  arm: silent,
  ended: silent,
  lateFill: silent,
  lateReport: silent,
  opened: silent,
  journal: silent,
  refused: silent,
  faulted: silent,
  feedFailed: silent,
};
