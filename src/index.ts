/** The public door: what a bot needs to embed the engine. */
export type {
  AlgorithmDefinition,
  Decision,
  Directive,
  ExecutionView,
  MarketView,
  OwnOrder,
  Trigger,
} from './algorithms/algorithm.ts';
export { BUILT_IN_ALGORITHMS } from './algorithms/registry.ts';
export type { BookView, FlowView, Sweep } from './book/book-view.ts';
export { ConfigError, type ConfigProblem } from './config/config-error.ts';
export { type ConfigRequest, type LoadedConfig, loadConfig } from './config/load-config.ts';
export type { Config } from './config/schema.ts';
export { InputError, InvariantError } from './domain/errors.ts';
export type { FeeSchedule } from './domain/fees.ts';
export {
  type Halt,
  type HaltAnswer,
  type HaltEntry,
  type HaltReport,
  type HaltScope,
  isSameScope,
  type ResidualOrder,
  type Resumed,
  scopeName,
} from './domain/halts.ts';
export type { Action, Instrument, OutcomeSide, TickRange } from './domain/instrument.ts';
export type { LatencyView, Stage, StageLatencies, StageQuantiles } from './domain/latency.ts';
export type { BookEvent, Level, Print } from './domain/market-data.ts';
export { decimal, formatMoney, type Money } from './domain/money.ts';
export { NOTICE_KINDS, type Notice, type NoticeKind } from './domain/notice.ts';
export { type Lots, lots, type Ticks, ticks } from './domain/numbers.ts';
export type { Fill, OrderReport, OrderRequest } from './domain/order.ts';
export type { Clock, Log, Random, Stream, Venue, VenueCapabilities } from './domain/ports.ts';
export type { Signal } from './domain/signal.ts';
export type { AlgorithmCapabilities, EngineCapabilities } from './engine/capabilities.ts';
export { engineOptions } from './engine/config-options.ts';
export { createEngine, type Engine } from './engine/create-engine.ts';
export { checkSignal } from './engine/execution/check-signal.ts';
export type { ConfirmationTimes } from './engine/execution/confirmation.ts';
export type { ExecutionHandle } from './engine/execution/execution-handle.ts';
export type { OpenExecution } from './engine/execution/executions.ts';
export {
  type ExecutionPlan,
  PlanError,
  type PlanFault,
  type PlanHandle,
  type PlanLeg,
  type PlanLegResult,
  type PlanResult,
  type PlanTarget,
} from './engine/execution/plan.ts';
export type {
  ExecutionFill,
  ExecutionOrder,
  ExecutionResult,
  ExecutionUpdate,
} from './engine/execution/result.ts';
export type { HaltOptions, ResumeOptions } from './engine/halt/halts.ts';
export type { Retention } from './engine/market/housekeeping.ts';
export type { BookLevel, MarketBook, OutcomeBook } from './engine/market/market-book.ts';
export type { EngineOptions } from './engine/options.ts';
export type {
  DoubtfulOrder,
  DoubtVerdict,
  ListedOrder,
} from './engine/reconciliation/account-desk.ts';
export type { Approver, BreakerView } from './engine/risk/breaker-desk.ts';
export type { OrderView } from './engine/views/order-views.ts';
export type { Holding, Pending, PositionView } from './engine/views/position-views.ts';
export type { ExecutionQuantity } from './engine/views/quantities.ts';
export { liveClock } from './env/live-clock.ts';
export { seededRandom } from './env/seeded-random.ts';
export { VirtualClock } from './env/virtual-clock.ts';
export {
  type Alert,
  type AlertOptions,
  type Alerts,
  type Delivery,
  sendAlerts,
} from './observe/alerts.ts';
export { createLog } from './observe/log.ts';
export { type MailOptions, type MailTransport, mail, smtpTransport } from './observe/mail.ts';
export type { Mirror } from './observe/mirror.ts';
export { type QuestDbMirror, type QuestDbOptions, questDb } from './observe/questdb.ts';
export { type QuestDbSender, questDbSender } from './observe/questdb-client.ts';
export { secretLines } from './observe/secret-file.ts';
export { WEBHOOK_FORMATS, type WebhookFormat, webhook } from './observe/webhook.ts';
export { type QualitySummary, summarize } from './quality/summary.ts';
export type { FrameSource, RawFrame } from './record/frame-source.ts';
export {
  type Recording,
  type RecordOptions,
  type RecordSummary,
  record,
} from './record/recorder.ts';
export type { BreakerSettings } from './risk/breaker-settings.ts';
export {
  describeLimits,
  type LiveLimits,
  PAPER_LIMITS,
  type RiskLimits,
  requireLiveLimits,
} from './risk/limits.ts';
export { answersIn, haltFileOf } from './store/halt-file.ts';
export {
  type AccountStatus,
  type ExecutionStatus,
  isRunning,
  type LatencyStatus,
  type OrderStatus,
  type StoreStatus,
  storePath,
  storeStatus,
} from './store/status.ts';
export {
  type SimulatedMarketOptions,
  simulatedExchange,
} from './venues/paper/simulated-exchange.ts';
export type { MarketDataSource, TimedEvent } from './venues/paper/source.ts';
