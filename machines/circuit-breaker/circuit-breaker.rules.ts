/** The arithmetic of a circuit breaker: its cool-down, its probes, and how it is rebuilt. */
import type { BreakerContext, BreakerEvent, BreakerInput } from './circuit-breaker.protocol.ts';

type Context = BreakerContext;
type Change = Partial<Context>;

interface Told {
  readonly context: Context;
  readonly event: BreakerEvent;
}

export const openingContext = ({ input }: { readonly input: BreakerInput }): Context => ({
  ...input,
  reason: null,
  coolUntilMs: null,
  probes: [],
  served: [],
  haltReason: null,
});

/** The execution that the event is about, where it probes and was not served yet. */
const pendingProbe = ({ context, event }: Told): string | null => {
  if (!('executionId' in event)) return null;
  const { executionId: id } = event;
  return context.probes.includes(id) && !context.served.includes(id) ? id : null;
};

export const guards = {
  /** A timer of an earlier trip does not end the cool-down of a later one. */
  isCooled: ({ context, event }: Told) =>
    event.type === 'cooldown.due' && event.atMs >= (context.coolUntilMs ?? 0),
  hasRoom: ({ context, event }: Told) =>
    'executionId' in event &&
    !context.probes.includes(event.executionId) &&
    context.probes.length < context.probesWanted,
  isPending: (told: Told) => pendingProbe(told) !== null,
  isLastProof: (told: Told) =>
    pendingProbe(told) !== null && told.context.served.length + 1 >= told.context.probesWanted,
};

/** A cool-down is never shortened by another trip. */
export function noteTrip({ context, event }: Told): Change {
  if (event.type !== 'breaker.tripped') return {};
  const coolUntilMs = Math.max(event.coolUntilMs, context.coolUntilMs ?? 0);
  return { reason: event.reason, coolUntilMs, probes: [], served: [] };
}

export const enrolProbe = ({ context, event }: Told): Change =>
  'executionId' in event ? { probes: [...context.probes, event.executionId] } : {};

export function noteServed(told: Told): Change {
  const probe = pendingProbe(told);
  return probe === null ? {} : { served: [...told.context.served, probe] };
}

export function releaseProbe(told: Told): Change {
  const gone = pendingProbe(told);
  return { probes: told.context.probes.filter((id) => id !== gone) };
}

export const noteClosed = (): Change => ({
  reason: null,
  coolUntilMs: null,
  probes: [],
  served: [],
});

/** The first reason stays: what came after it may be its consequence. */
export const noteHalt = ({ event }: Told): Change =>
  event.type === 'breaker.halted' ? { haltReason: event.reason } : {};

export const clearHalt = (): Change => ({ haltReason: null });

/** What a breaker was when the process ended, as its events tell it to a new one. */
export type BreakerMemory = Pick<Context, 'reason' | 'coolUntilMs' | 'haltReason'>;

/** A breaker that was half-open is open, its cool-down over: its probes are gone. */
export function eventsOf({ reason, coolUntilMs, haltReason }: BreakerMemory): BreakerEvent[] {
  return [
    ...(reason === null
      ? []
      : [{ type: 'breaker.tripped', reason, coolUntilMs: coolUntilMs ?? 0 } as const]),
    ...(haltReason === null ? [] : [{ type: 'breaker.halted', reason: haltReason } as const]),
  ];
}
