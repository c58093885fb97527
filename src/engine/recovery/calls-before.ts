/**
 * What an earlier process called a venue for, as the journal's intents tell: the venue's windows go
 * on over a restart. One that was not sent after all is counted all the same; questions are not.
 */
import { INTENT_AGE_MS_MAX } from '../../domain/limits.ts';
import type { PastCall } from '../../gateway/gateway.ts';
import type { RuntimeOptions } from '../runtime-options.ts';

export function callsBefore(
  { store, clock, venue }: Pick<RuntimeOptions, 'store' | 'clock' | 'venue'>,
  windowMs: number,
): readonly PastCall[] {
  if (!venue.capabilities.outlivesEngine) return [];
  const nowMs = clock.wallMs();
  return store
    .intentsSince(venue.name, nowMs - windowMs - INTENT_AGE_MS_MAX)
    .map(({ kind, atMs }) => ({
      kind: kind === 'submit' ? 'place' : kind,
      // As late as it may have left; what a clock that was ahead wrote down has just left.
      agoMs: Math.max(0, nowMs - atMs - INTENT_AGE_MS_MAX),
    }));
}
