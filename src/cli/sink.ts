/** What stands beside an engine, and takes what it says. */
import type { EngineOptions } from '../index.ts';

export interface OpenSink {
  /** For the engine. */
  readonly options: Pick<EngineOptions, 'onNotice' | 'mirror'>;
  /** Sends what was held back; says on the log what could not be sent. */
  stop(): Promise<void>;
}

export const NO_SINK: OpenSink = { options: {}, stop: async () => undefined };

/** Whatever comes of it: what it had to say is sent first. */
export async function told<T>(sinks: OpenSink, session: Promise<T>): Promise<T> {
  try {
    return await session;
  } finally {
    await sinks.stop();
  }
}
