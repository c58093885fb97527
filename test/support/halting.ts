/** A world to halt: its venue outlives the engine, as a real one does, and orders rest in it. */
import { expect } from 'vitest';
import type { EngineOptions, HaltReport } from '../../src/index.ts';
import { live, signal, type World, world } from './embedded.ts';

export async function haltWorld(options: Partial<EngineOptions> = {}): Promise<World> {
  const given = await world(options);
  Object.assign(given.venue.capabilities, { outlivesEngine: true });
  return live(given);
}

export async function restingIn(given: World, signalId: string, changes: object = {}) {
  const handle = given.engine.execute(signal({ signalId, timeLimitMs: 300_000, ...changes }));
  await given.pass(100);
  expect(given.venue.resting()).not.toEqual([]);
  return handle;
}

/** What a halt has reported by then; null where it has not. */
export async function reported(
  given: Pick<World, 'pass'>,
  report: Promise<HaltReport>,
  ms = 31_000,
): Promise<HaltReport | null> {
  const told: HaltReport[] = [];
  void report.then((it) => told.push(it));
  await given.pass(ms);
  return told[0] ?? null;
}
