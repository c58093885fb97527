/** One venue's runtime under limits, and what it says of what it refuses. */
import type { Instrument } from '../../src/domain/instrument.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { PAPER_LIMITS, type RiskLimits } from '../../src/risk/limits.ts';
import { resting } from './embedded.ts';
import { algorithm, placing, type Rig, START_MS, startRig } from './rig.ts';
import { ScriptedVenue } from './scripted-venue.ts';

export interface RiskWorld {
  readonly rig: Rig;
  readonly venue: ScriptedVenue;
  readonly clock: StallingClock;
  readonly halts: readonly (readonly [string, unknown])[];
  readonly run: (changes?: object) => string;
  /** Why an execution ended, or why its first order was not sent. */
  readonly refusal: (id: string) => string;
}

/** A process that was held up: timers fire late by it. */
export class StallingClock extends VirtualClock {
  stalledMs = 0;

  override monotonicMs(): number {
    return super.monotonicMs() + this.stalledMs;
  }
}

const SYMBOLS = ['M', 'N', 'O'];

export async function riskWorld(
  limits: Partial<RiskLimits>,
  facts: object = {},
): Promise<RiskWorld> {
  const clock = new StallingClock(START_MS);
  const venue = new ScriptedVenue({ clock, symbols: SYMBOLS });
  const instruments = (await venue.instruments()).map(
    (one): Instrument => ({ ...one, ...(facts as Record<string, object>)[one.symbol] }),
  );
  venue.instruments = () => Promise.resolve(instruments);
  const halts: (readonly [string, unknown])[] = [];
  const rig = await startRig({
    venue,
    clock,
    limits: { ...PAPER_LIMITS, ...limits },
    algorithms: [resting, at],
    halt: (reason, scope) => halts.push([reason, scope]),
  });
  for (const symbol of SYMBOLS) venue.snapshot(symbol);
  const run = (changes: object = {}): string =>
    rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 600_000, ...changes }).id;
  const refusal = (id: string): string => {
    const rows = rig.store.rows.filter(({ executionId }) => executionId === id);
    const unsent = rows.find(({ type }) => type === 'order.notSent')?.body ?? '';
    return rig.results.get(id)?.reason ?? unsent;
  };
  return { rig, venue, clock, halts, run, refusal };
}

/** Places its whole quantity at a price, and again what comes back. */
const at = algorithm(
  'at',
  ({ unreleased, state, parameters }) => ({
    directives: [placing((parameters as { price: number }).price, unreleased)],
    state,
  }),
  ({ unreleased, state, parameters }) => ({
    directives:
      unreleased > 0 ? [placing((parameters as { price: number }).price, unreleased)] : [],
    state,
  }),
);
export const atPrice = (price: number) => ({
  algorithm: { name: 'at', price },
  limitPrice: '0.99',
});
