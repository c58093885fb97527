/** What a machine did to others, in order, kept by actor system: machines are wired only once. */
import { type EventObject, fromCallback } from 'xstate';

export interface Effect {
  /** A named effect, 'spawned' or 'told'. */
  readonly kind: string;
  /** The child that was spawned or told. */
  readonly child?: string;
  readonly event?: EventObject;
  readonly input?: unknown;
}

const logs = new WeakMap<object, Effect[]>();

export const effectsOf = (system: object): Effect[] => {
  const log = logs.get(system) ?? [];
  logs.set(system, log);
  return log;
};

interface Acting {
  readonly event: EventObject;
  readonly system: object;
}

/** Recorders in place of the engine's effects. */
export const recorders = <Name extends string>(
  names: readonly Name[],
): Record<Name, (acting: Acting) => void> =>
  Object.fromEntries(
    names.map((kind) => [
      kind,
      ({ event, system }: Acting) => {
        effectsOf(system).push({ kind, event });
      },
    ]),
  ) as Record<Name, (acting: Acting) => void>;

/** A child that only listens: its answers are inputs of the exploration. */
export const listener = fromCallback<EventObject, unknown>(({ input, receive, self, system }) => {
  const log = effectsOf(system);
  log.push({ kind: 'spawned', child: self.id, input });
  receive((event) => log.push({ kind: 'told', child: self.id, event }));
});
