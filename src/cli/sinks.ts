/** All that the configuration wants beside an engine: alerts, and a mirror. */
import type { Config } from '../config/schema.ts';
import type { Log } from '../index.ts';
import { openAlerts } from './alerts.ts';
import type { Io } from './io.ts';
import { openMirror } from './mirror.ts';
import type { OpenSink } from './sink.ts';

/** Rejects with an `InputError` where one cannot be used: nothing is started then. */
export async function openSinks(
  config: Pick<Config, 'alerts' | 'mirror'>,
  io: Pick<Io, 'folder'>,
  log: Log,
): Promise<OpenSink> {
  const alerts = await openAlerts(config, io, log);
  const mirror = await openMirror(config, io, log);
  return {
    options: { ...alerts.options, ...mirror.options },
    stop: async () => void (await Promise.all([alerts.stop(), mirror.stop()])),
  };
}
