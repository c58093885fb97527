/** Signs of life: a ping with a body every ten seconds of the venue's clock. */
import { expect, it, vi } from 'vitest';
import { startKalshiEmulator } from '../../src/emulator/start.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { Caller } from './loopback.ts';
import { stillMarkets } from './still-market.ts';

it('pings every ten seconds', async () => {
  const clock = new VirtualClock(Date.now());
  const emulator = await startKalshiEmulator({
    clock,
    source: stillMarkets(),
    keyKind: 'ed25519',
    timestampToleranceMs: 60_000,
  });
  const connection = await new Caller(emulator).connect();
  for (const [untilMs, count] of [
    [9_999, 0],
    [10_000, 1],
    [19_999, 1],
    [30_000, 3],
  ] as const) {
    clock.runUntil(clock.wallMs() - clock.monotonicMs() + untilMs);
    await vi.waitFor(() => expect(connection.pings).toHaveLength(count));
  }
  expect(new Set(connection.pings)).toEqual(new Set(['heartbeat']));
  connection.close();
  await emulator.close();
});
