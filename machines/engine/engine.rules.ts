import type { EngineContext, EngineEvent, EngineInput } from './engine.protocol.ts';

interface Told {
  readonly context: EngineContext;
  readonly event: EngineEvent;
}

export const openingContext = ({ input }: { readonly input: EngineInput }): EngineContext => ({
  ...input,
  haltReason: null,
});

export const noteHalt = ({ event }: Told): Partial<EngineContext> =>
  event.type === 'engine.halt' ? { haltReason: event.reason } : {};
