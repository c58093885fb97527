/** One paper session: signals arrive, the engine works them, every turn is checked. */
import {
  type Clock,
  createEngine,
  type Engine,
  type ExecutionHandle,
  type ExecutionResult,
  type ExecutionUpdate,
  engineOptions,
  InputError,
  type LatencyView,
  type Log,
  liveClock,
  VirtualClock,
} from '../index.ts';
import { ConservationCheck } from '../replay/conservation.ts';
import { paper } from '../venues/paper/venue.ts';
import { paperOptions } from './parts.ts';
import type { PlannedSignal, SessionPlan } from './plan.ts';
import type { OpenSink } from './sink.ts';

export interface SessionPorts {
  readonly log: Log;
  readonly sinks?: OpenSink;
  readonly onUpdate: (update: ExecutionUpdate) => void;
  /** Called once, when there is something to withdraw. */
  readonly onInterrupt: (withdraw: () => void) => void;
}

export interface SessionOutcome {
  /** In the order of the signals; those that never arrived are left out. */
  readonly results: readonly ExecutionResult[];
  readonly conservation: Pick<ConservationCheck, 'checked' | 'violations' | 'shown'>;
  readonly latency: readonly LatencyView[];
  readonly interrupted: boolean;
  /** Why no more was traded; null where nobody halted. */
  readonly halted: string | null;
}

interface Session {
  readonly plan: SessionPlan;
  readonly ports: SessionPorts;
  readonly clock: Clock;
  readonly engine: Engine;
  readonly check: ConservationCheck;
  /** What an interruption does to each signal. */
  readonly withdrawals: (() => void)[];
}

/** In real time a venue that nobody stops would keep the process alive. */
const stopping =
  (venue: { stop(): void }) =>
  (thrown: unknown): never => {
    venue.stop();
    throw thrown;
  };

export async function runSession(plan: SessionPlan, ports: SessionPorts): Promise<SessionOutcome> {
  const { config, data, markets, random } = plan;
  const check = new ConservationCheck();
  const source = check.noting(data.open(markets));
  const clock = config.run.realtime ? clockAt(source.startMs) : new VirtualClock(source.startMs);
  const venue = paper({ clock, random: random.fork('venue'), source, ...paperOptions(config) });
  check.compareWith(venue);
  const settle = <T>(promise: Promise<T>): Promise<T> =>
    clock instanceof VirtualClock ? clock.settle(promise) : promise;
  const engine: Engine = await createEngine({
    venues: [venue],
    clock,
    log: ports.log,
    onTurn: () => check.afterTurn(engine.quantities()),
    ...engineOptions(config),
    ...ports.sinks?.options,
  }).catch(stopping(venue));
  // From the first book on, so that every decision finds the trading before it.
  for (const market of markets) engine.watch(venue.name, market);
  const session: Session = { plan, ports, clock, engine, check, withdrawals: [] };
  let interrupted = false;
  ports.onInterrupt(() => {
    interrupted = true;
    for (const withdraw of session.withdrawals) withdraw();
  });
  try {
    checkFree(engine);
    checkNew(plan.signals, engine);
    const results = await settle(
      Promise.all(plan.signals.map((each, n) => work(session, each, n))),
    );
    check.auditVenue();
    const halted = engine.halts()[0]?.reason ?? null;
    const worked = results.filter((each) => each !== null);
    const latency = engine.latency();
    return { results: worked, conservation: check, latency, interrupted, halted };
  } finally {
    await settle(engine.stop());
    venue.stop();
  }
}

/** A store that was halted is not traded on before somebody resumes. */
function checkFree(engine: Engine): void {
  for (const { scope, reason, actor } of engine.halts())
    if (scope.market === undefined && scope.execution === undefined)
      throw new InputError(
        'the store is halted',
        `${reason} (${actor})`,
        'see "depthwalker resume"',
      );
}

/** A store remembers its signals: it is asked about all of them before the first one moves. */
function checkNew(signals: readonly PlannedSignal[], engine: Engine): void {
  for (const { named, signal } of signals) {
    const known = named ? engine.executionOf(signal.signalId) : null;
    if (known === null) continue;
    throw new InputError(
      `a signal is executed once, and the store has it as ${known}`,
      signal.signalId,
      'give it a new signalId, or leave that out',
    );
  }
}

/** Executes a signal when it is due; null where the session was interrupted before. */
function work(
  session: Session,
  planned: PlannedSignal,
  index: number,
): Promise<ExecutionResult | null> {
  const { plan, clock, withdrawals } = session;
  return new Promise((resolve, reject) => {
    let handle: ExecutionHandle | null = null;
    const arrive = (): void => {
      try {
        handle = execute(session, planned, index);
        handle.result.then(resolve, reject);
      } catch (thrown) {
        if (session.engine.halts().length > 0) return resolve(null);
        // All of it was read before: whatever is refused now is no fault of the input.
        reject(new Error(`${planned.signal.signalId} was refused`, { cause: thrown }));
      }
    };
    const delayMs = plan.startMs + planned.atMs - clock.wallMs();
    const timer = clock.setTimeout(arrive, delayMs);
    withdrawals.push(() => {
      clock.clearTimeout(timer);
      if (handle === null) resolve(null);
      else handle.cancel('interrupted').catch(reject);
    });
  });
}

function execute(
  { engine, check, ports }: Session,
  { named, signal }: PlannedSignal,
  index: number,
): ExecutionHandle {
  const signalId = named ? signal.signalId : `signal-${engine.epoch.toString(36)}-${index + 1}`;
  const instrument = engine.instruments().find(({ symbol }) => symbol === signal.market);
  const handle = engine.execute({ ...signal, signalId });
  const { id: executionId } = handle;
  const { action, limitPrice } = signal;
  if (instrument !== undefined) check.begin({ executionId, instrument, action, limitPrice });
  handle.updates$.subscribe((update) => {
    if (update.type === 'fill') check.filled(executionId, update.fill);
    if (update.type === 'ended') check.ended(executionId);
    ports.onUpdate(update);
  });
  return handle;
}

/** The machine's clock, set to the time of the market data: a recording keeps its own times. */
export function clockAt(startMs: number): Clock {
  const zeroMs = liveClock.monotonicMs();
  return { ...liveClock, wallMs: () => startMs + Math.floor(liveClock.monotonicMs() - zeroMs) };
}
