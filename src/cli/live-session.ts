/**
 * One live session: what an earlier process left open is followed on, signals are worked as they
 * come, and at its end every order's end is proven. It never judges a signal: the engine does.
 */
import {
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
  type Signal,
} from '../index.ts';
import { closeKalshi, type LiveSettings, openKalshi } from './live-settings.ts';
import { objectIn, type SignalLine } from './signal-lines.ts';
import type { OpenSink } from './sink.ts';

export interface LivePorts {
  readonly log: Log;
  readonly sinks: OpenSink;
  readonly onUpdate: (update: ExecutionUpdate) => void;
  /** One line for people: what was refused, what is taken up again. */
  readonly say: (text: string) => void;
  readonly cycles: AsyncIterable<readonly SignalLine[]>;
  /** Called once: no more signals, and what is open is withdrawn. */
  readonly onInterrupt: (drain: () => void) => void;
}

export interface LiveOutcome {
  readonly results: readonly ExecutionResult[];
  readonly latency: readonly LatencyView[];
  /** Signals that were not worked. */
  readonly refused: number;
  readonly interrupted: boolean;
  readonly halted: string | null;
}

const VENUE = 'kalshi';

class Session {
  readonly #engine: Engine;
  readonly #ports: LivePorts;
  readonly #handles = new Map<string, ExecutionHandle>();
  #isWithdrawn = false;
  refused = 0;

  constructor(engine: Engine, ports: LivePorts) {
    this.#engine = engine;
    this.#ports = ports;
  }

  /** Executions that an earlier process left open. */
  takeUp(): void {
    for (const { id, signalId } of this.#engine.executions()) {
      const handle = this.#engine.handleOf(id);
      if (handle === null) continue;
      this.#ports.say(`takes up ${id} of signal ${signalId}`);
      this.#follow(handle);
    }
  }

  /** The engine starts the most urgent ones of a cycle first. */
  work(cycle: readonly SignalLine[]): void {
    for (const line of cycle) {
      try {
        this.#execute(line);
      } catch (thrown) {
        if (!(thrown instanceof InputError)) throw thrown;
        this.refused += 1;
        this.#ports.say(`refused, ${line.place}: ${thrown.message}`);
      }
    }
  }

  #execute(line: SignalLine): void {
    const signal = { venue: VENUE, ...objectIn(line) } as Partial<Signal>;
    const { signalId } = signal;
    // Whatever else it is, the engine refuses it.
    const known = typeof signalId === 'string' ? this.#engine.executionOf(signalId) : null;
    if (known !== null && this.#engine.handleOf(known) === null)
      return this.#ports.say(`${line.place}: signal ${signalId} was executed before, as ${known}`);
    this.#follow(this.#engine.execute(signal as Signal));
  }

  /** Null at the end; an input that breaks ends, too, and what is open is worked on. */
  async next(cycles: AsyncIterator<readonly SignalLine[]>): Promise<readonly SignalLine[] | null> {
    try {
      const next = await cycles.next();
      return next.done === true ? null : next.value;
    } catch (thrown) {
      // Once all is withdrawn, the pipe is closed by us.
      if (this.#isWithdrawn) return null;
      this.refused += 1;
      this.#ports.say(
        `no more signals: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      );
      return null;
    }
  }

  #follow(handle: ExecutionHandle): void {
    if (this.#handles.has(handle.id)) return;
    this.#handles.set(handle.id, handle);
    handle.updates$.subscribe(this.#ports.onUpdate);
  }

  withdraw(reason: string): void {
    this.#isWithdrawn = true;
    for (const handle of this.#handles.values()) void handle.cancel(reason);
  }

  results(): Promise<readonly ExecutionResult[]> {
    return Promise.all([...this.#handles.values()].map(({ result }) => result));
  }
}

/** Rejects with an `InputError` where the venue cannot be traded on; nothing was sent then. */
export async function runLive(settings: LiveSettings, ports: LivePorts): Promise<LiveOutcome> {
  const { config } = settings;
  const clock = liveClock;
  const venue = await openKalshi(settings, ports.log);
  try {
    const { log, sinks } = ports;
    const options = { ...engineOptions(config), ...sinks.options };
    const engine = await createEngine({ venues: [venue], clock, log, ...options });
    try {
      return await worked(engine, ports);
    } finally {
      await engine.stop();
    }
  } finally {
    await closeKalshi(venue, ports.log);
  }
}

async function worked(engine: Engine, ports: LivePorts): Promise<LiveOutcome> {
  const session = new Session(engine, ports);
  let interrupted = false;
  const interruption = new Promise<null>((resolve) =>
    ports.onInterrupt(() => {
      interrupted = true;
      resolve(null);
    }),
  );
  session.takeUp();
  const cycles = ports.cycles[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([session.next(cycles), interruption]);
    if (next === null) break;
    session.work(next);
  }
  const all = session.results();
  await Promise.race([all, interruption]);
  if (interrupted) session.withdraw('interrupted');
  const results = await all;
  const halted = engine.halts()[0]?.reason ?? null;
  const latency = engine.latency();
  return { results, latency, refused: session.refused, interrupted, halted };
}
