/** The charts: what may happen, and in which order. */
export { circuitBreakerMachine } from './circuit-breaker/circuit-breaker.machine.ts';
export type {
  BreakerContext,
  BreakerEvent,
  BreakerInput,
} from './circuit-breaker/circuit-breaker.protocol.ts';
export { engineMachine } from './engine/engine.machine.ts';
export type { EngineContext, EngineEvent, EngineInput } from './engine/engine.protocol.ts';
export { executionMachine } from './execution/execution.machine.ts';
export type {
  Admission,
  ExecutionContext,
  ExecutionEvent,
  ExecutionInput,
  ExecutionMessage,
  Outcome,
  StampedDirective,
} from './execution/execution.protocol.ts';
export { marketMachine } from './market/market.machine.ts';
export type {
  FeedEvent,
  MarketContext,
  MarketEvent,
  MarketInput,
} from './market/market.protocol.ts';
export { splitOrderMachine } from './split-order/split-order.machine.ts';
export type {
  Ending,
  SplitOrderContext,
  SplitOrderEvent,
  SplitOrderInput,
} from './split-order/split-order.protocol.ts';
export { venueSessionMachine } from './venue-session/venue-session.machine.ts';
export type {
  Loss,
  SessionContext,
  SessionEvent,
} from './venue-session/venue-session.protocol.ts';
