/** The door for tests of bots: time and chance that repeat, markets to trade on, and a judge. */
export { BrokenPromise } from './conformance/broken-promise.ts';
export type {
  Feature,
  Levers,
  MarketFacts,
  Need,
  VenueContract,
  VenueWorld,
} from './conformance/contract.ts';
export {
  type Card,
  describeVenue,
  type TestRunner,
  venueCards,
} from './conformance/describe-venue.ts';
export type { BookEvent, Level, Print } from './domain/market-data.ts';
export type { Clock, Random, Venue } from './domain/ports.ts';
export type { Tier } from './emulator/buckets.ts';
export type { PlannedFault } from './emulator/fault-plan.ts';
export { FAULT_NAMES, FAULTS, type FaultFacts, type FaultName } from './emulator/faults.ts';
export type { FillEntry, LogEntry, OrderEntry } from './emulator/log-entry.ts';
export {
  type EmulatedKey,
  type KalshiEmulator,
  type KalshiEmulatorOptions,
  startKalshiEmulator,
} from './emulator/start.ts';
export { seededRandom } from './env/seeded-random.ts';
export { VirtualClock } from './env/virtual-clock.ts';
export { type Arrival, limitsNear } from './replay/arrival-limits.ts';
export {
  ConservationCheck,
  type ToldFill,
  type ToldQuantity,
  type WatchedExecution,
} from './replay/conservation.ts';
export { openTape, type Tape, type TapeMarket } from './replay/tape-reader.ts';
export { marketsOf, pickMarket, tapeSource } from './replay/tape-source.ts';
export { type MarketCheck, verifyTape } from './replay/verify-tape.ts';
export type { Audit, OrderAudit, PrintAudit } from './venues/paper/audit.ts';
export type { PaperLatency } from './venues/paper/latency.ts';
export type { LiquidityCategory } from './venues/paper/profiles.ts';
export {
  type SimulatedExchangeOptions,
  type SimulatedMarketOptions,
  simulatedExchange,
} from './venues/paper/simulated-exchange.ts';
export type { MarketDataEvent, MarketDataSource, TimedEvent } from './venues/paper/source.ts';
export { type PaperOptions, type PaperVenue, paper } from './venues/paper/venue.ts';
