/** Makes a part of the state of risk durable. What fails stands in memory, and is said. */
import type { RuntimeOptions } from '../runtime-options.ts';

export function keepRisk(
  { store, clock, log }: Pick<RuntimeOptions, 'store' | 'clock' | 'log'>,
  name: string,
  body: string,
): void {
  try {
    store.keep({ risk: [{ name, body, atMs: clock.wallMs() }] });
  } catch (thrown) {
    log.error({ name, thrown }, 'the state of risk could not be kept: it stands in memory');
  }
}
