/**
 * An engine as a side process: requests in, answers and updates out. The end of the input is the
 * end of the bot: what is open is withdrawn then, and proven so.
 */
import type { Clock, Log } from '../domain/ports.ts';
import {
  createEngine,
  type EngineOptions,
  liveClock,
  type Signal,
  type VirtualClock,
} from '../index.ts';
import { Desk } from './desk.ts';
import { KeptStore } from './kept-store.ts';
import { Outlet, type Output } from './outlet.ts';
import { Pace } from './pace.ts';
import type { StoppedLine } from './protocol.ts';
import { Retention } from './retention.ts';
import { Session } from './session.ts';

export interface ServeOptions {
  readonly engine: EngineOptions & { readonly clock: Clock; readonly log: Log };
  /** The engine's clock, where it is a virtual one: it goes on while something is worked. */
  readonly virtual: VirtualClock | null;
  /** Followed from the start. */
  readonly watch: readonly { readonly venue: string; readonly market: string }[];
  readonly version: string;
  /** Adds the parts of a signal that it left out. */
  readonly complete: (signal: Partial<Signal>) => unknown;
  readonly input: AsyncIterable<Buffer | string>;
  readonly output: Output;
  /** Told, once it runs, how to end it in order. */
  readonly onStart: (stop: (reason: StoppedLine['reason']) => void) => void;
}

/**
 * Resolves with the reason when all is withdrawn, proven, told and closed. Throws what
 * `createEngine` throws.
 */
export async function serve(options: ServeOptions): Promise<StoppedLine['reason']> {
  const { virtual, output, input, version, complete } = options;
  const { clock, log } = options.engine;
  const kept = new KeptStore();
  try {
    const engine = await createEngine(options.engine, kept.open);
    const { updates } = kept;
    const outlet = new Outlet({ output, updates, clock: liveClock });
    kept.onUpdates = () => outlet.wake();
    const desk = new Desk({ engine, store: kept, clock, complete });
    const stamps = virtual === null ? clock : null;
    const isTelling = (): boolean => !outlet.isDone;
    const retention = new Retention({ updates, stamps, clock: liveClock, isTelling, log });
    const pace = new Pace(virtual, (thrown) => session.fail(thrown));
    const common = { engine, outlet, updates, log, version, input };
    const session: Session = new Session({ ...common, desk, pace, retention });
    for (const { venue, market } of options.watch) engine.watch(venue, market);
    options.onStart((reason) => session.stop(reason));
    return await session.run();
  } finally {
    kept.close();
  }
}
