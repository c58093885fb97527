/** A whole engine as its user embeds it, over one scripted venue and a virtual clock. */
import type { OpenStore } from '../../src/engine/create-engine.ts';
import {
  createEngine,
  type Engine,
  type EngineOptions,
  type Signal,
  VirtualClock,
} from '../../src/index.ts';
import { algorithm, type LogLine, logTo, placing, START_MS } from './rig.ts';
import { ScriptedVenue } from './scripted-venue.ts';

export const resting = algorithm('resting', ({ unreleased, state }) => ({
  directives: [placing(45, unreleased)],
  state,
}));

export const signal = (changes: object = {}): Signal => ({
  signalId: 'edge-1',
  venue: 'script',
  market: 'M',
  outcome: 'yes',
  action: 'buy',
  quantity: '10',
  limitPrice: '0.50',
  timeLimitMs: 3e4,
  algorithm: { name: 'resting' },
  ...changes,
});

export interface World {
  readonly engine: Engine;
  readonly venue: ScriptedVenue;
  readonly clock: VirtualClock;
  readonly log: readonly LogLine[];
  readonly pass: (ms: number) => Promise<void>;
}

export async function world(
  options: Partial<EngineOptions> = {},
  open?: OpenStore,
): Promise<World> {
  const clock = new VirtualClock(START_MS);
  const venue = new ScriptedVenue({ clock, symbols: ['M', 'N'] });
  const log: LogLine[] = [];
  const common = { clock, log: logTo(log), algorithms: [resting] };
  const engine = await createEngine({ venues: [venue], ...common, ...options }, open);
  const pass = (ms: number) => clock.run({ untilMs: clock.wallMs() + ms });
  return { engine, venue, clock, log, pass };
}

/** Opens the market: a venue tells of a book only once somebody follows it. */
export async function live(given: World): Promise<World> {
  given.engine.execute(
    signal({ signalId: 'opens', algorithm: { name: 'simple_limit' }, timeLimitMs: 1 }),
  );
  await given.pass(5);
  given.venue.snapshot();
  await given.pass(200);
  given.venue.calls.length = 0;
  return given;
}
