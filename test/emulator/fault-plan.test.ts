/** Faults over a whole session, by their shares. */
import { describe, expect, it } from 'vitest';
import { followPlan, usualShare } from '../../src/emulator/fault-plan.ts';
import { type FaultName, Faults } from '../../src/emulator/faults.ts';
import { seededRandom } from '../../src/env/seeded-random.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';

describe('a plan', () => {
  it('strikes a share of the calls', () => {
    const faults = new Faults(seededRandom('share'));
    faults.set('lost-response', 0.25);
    const struck = Array.from({ length: 1_000 }, () => faults.strikes('lost-response'));
    expect(struck.filter(Boolean).length).toBeGreaterThan(200);
    expect(struck.filter(Boolean).length).toBeLessThan(300);
    expect(faults.strikes('error-after')).toBe(false);
  });

  it('turns states on and off, and repeats events', async () => {
    const clock = new VirtualClock();
    const told: (readonly [number, string, number])[] = [];
    const plan = (['pause', 'socket-closed', 'lost-response'] as const).map((name) => ({
      name,
      share: usualShare(name),
    }));
    const set = (name: FaultName, share: number): void => {
      told.push([clock.wallMs() / 1_000, name, share]);
    };
    const end = followPlan({ clock, random: seededRandom('plan'), plan, set });
    await clock.run({ untilMs: 59_000 });
    end();
    await clock.run({ untilMs: 600_000 });
    expect(told).toEqual([
      [0, 'lost-response', 0.1],
      [24, 'pause', 1],
      [30, 'socket-closed', 1],
      [30, 'pause', 0],
      [54, 'pause', 1],
    ]);
  });
});
