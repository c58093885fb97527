/** All that is said to the root of an engine. */

export interface EngineInput {
  readonly epoch: number;
}

export interface EngineContext extends EngineInput {
  readonly haltReason: string | null;
}

export type EngineEvent =
  | { readonly type: 'engine.recovered' }
  | { readonly type: 'engine.reconciled' }
  | { readonly type: 'engine.stop' }
  | { readonly type: 'engine.drained' }
  | { readonly type: 'engine.halt'; readonly reason: string }
  | { readonly type: 'engine.resume' };
