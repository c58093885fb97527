/**
 * Faults over a whole session: single calls by chance, states for a part of each half minute,
 * events once in each.
 */
import type { Clock, Random } from '../domain/ports.ts';
import { chance } from '../env/draws.ts';
import { FAULTS, type FaultName } from './faults.ts';

export interface PlannedFault {
  readonly name: FaultName;
  /** Of the calls, of the time, or of the half minutes; 1 is always. */
  readonly share: number;
}

export const CYCLE_MS = 30_000;

/** Where nobody says how much of it there should be. */
export function usualShare(name: FaultName): number {
  if (name === 'weekly-pause') return 1;
  return { call: 0.1, state: 0.2, event: 1 }[FAULTS[name].kind];
}

export interface FaultPlanOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly plan: readonly PlannedFault[];
  readonly set: (name: FaultName, share: number) => void;
}

/** Begins with a whole part of a cycle without states and events. Gives what ends it. */
export function followPlan({ clock, random, plan, set }: FaultPlanOptions): () => void {
  const timers = new Set<number>();
  const later = (delayMs: number, action: () => void): void => {
    const timer = clock.setTimeout(() => {
      timers.delete(timer);
      action();
    }, delayMs);
    timers.add(timer);
  };
  const cycle = ({ name, share }: PlannedFault): void => {
    const isEvent = FAULTS[name].kind === 'event';
    const offMs = isEvent ? CYCLE_MS : CYCLE_MS * (1 - share);
    later(offMs, () => {
      if (!isEvent || chance(random, share)) set(name, 1);
      if (isEvent) return cycle({ name, share });
      later(CYCLE_MS - offMs, () => {
        set(name, 0);
        cycle({ name, share });
      });
    });
  };
  for (const planned of plan) {
    const { name, share } = planned;
    const isPeriodic =
      FAULTS[name].kind === 'event' || (FAULTS[name].kind === 'state' && share < 1);
    if (isPeriodic) cycle(planned);
    else set(name, share);
  }
  return () => {
    for (const timer of timers) clock.clearTimeout(timer);
    timers.clear();
  };
}
