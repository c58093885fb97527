/**
 * The bracket: for one order alone, what the modes say lies in the order of their optimism. And the
 * other end of it: a ghost in front of the queue gets what the prints held, and nothing else.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/env/seeded-random.ts';
import { VirtualClock } from '../../../src/env/virtual-clock.ts';
import {
  DEFAULT_FILL_MODEL,
  FILL_MODES,
  type FillModel,
  fillModel,
} from '../../../src/venues/paper/fill-model.ts';
import { simulatedExchange } from '../../../src/venues/paper/simulated-exchange.ts';
import { paper } from '../../../src/venues/paper/venue.ts';
import { modelOf, orderOf, Scene } from './notation.ts';

const price = fc.integer({ min: 46, max: 53 });
const size = fc.integer({ min: 1, max: 30 });
const event = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(size, price).map(([lots, at]) => `print sell ${lots}@${at}`),
  },
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.integer({ min: 46, max: 50 }), fc.integer({ min: -30, max: 30 }))
      .map(([at, by]) => `bid ${at} ${by < 0 ? '' : '+'}${by}`),
  },
  { weight: 1, arbitrary: fc.tuple(price, size).map(([at, to]) => `ask ${at} =${to}`) },
  { weight: 1, arbitrary: price.map((at) => `ask ${at} =0`) },
  { weight: 1, arbitrary: fc.constant('wait 1500') },
  { weight: 1, arbitrary: size.map((lots) => `book 48x${lots} 47x9 | 52x40`) },
);

const filledIn = (model: FillModel, lines: readonly string[]): readonly number[] => {
  const scene = new Scene(model);
  for (const line of ['book 48x20 47x30 | 52x40', 'A buy 60@48']) scene.line(line);
  return lines.map((line) => {
    scene.line(line);
    return scene.exchange.audit.order('A')?.cumulative ?? 0;
  });
};

describe('the bracket', () => {
  it('holds at every instant, for any market and any exponent', () => {
    let apart = 0;
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 5, maxLength: 40 }),
        fc.double({ min: 0.2, max: 6, noNaN: true }),
        (lines, exponent) => {
          const low = filledIn(modelOf('conservative'), lines);
          const cancelsAhead = { mode: 'probabilistic', exponent } as const;
          const middle = filledIn(
            { ...DEFAULT_FILL_MODEL, takeHaircut: null, cancelsAhead },
            lines,
          );
          const high = filledIn(modelOf('optimistic'), lines);
          for (const [index, most] of high.entries()) {
            const [least = 0, between = 0] = [low[index], middle[index]];
            expect([least <= between, between <= most]).toEqual([true, true]);
          }
          if ((low.at(-1) ?? 0) < (high.at(-1) ?? 0)) apart += 1;
        },
      ),
      { numRuns: 1_500, seed: 11 },
    );
    // It says something: the ends differ often.
    expect(apart).toBeGreaterThan(300);
  });

  it.each(['liquid', 'moderate', 'thin'] as const)(
    'holds on simulated %s markets',
    async (category) => {
      const totals = { conservative: 0, probabilistic: 0, optimistic: 0 };
      for (let seed = 1; seed <= 6; seed += 1) {
        const filled = await Promise.all(
          FILL_MODES.map(async (mode) => {
            const cumulative = await restingAtTouch(category, seed, fillModel(mode));
            totals[mode] += cumulative;
            return cumulative;
          }),
        );
        expect(filled).toEqual(filled.toSorted((left, right) => left - right));
      }
      expect(totals.optimistic).toBeGreaterThan(totals.conservative);
    },
  );
});

const HORIZON_MS = { liquid: 20_000, moderate: 600_000, thin: 3 * 3_600_000 };

/** What an order for much gets that joins the best bid and is left there. */
async function restingAtTouch(
  category: 'liquid' | 'moderate' | 'thin',
  seed: number,
  fill: FillModel,
): Promise<number> {
  const random = seededRandom(seed);
  const startMs = 1_700_000_000_000;
  const markets = [{ symbol: 'SIM', category }];
  const durationMs = HORIZON_MS[category];
  const source = simulatedExchange({ random, markets, startMs, durationMs });
  const clock = new VirtualClock(startMs);
  const venue = paper({ clock, random: random.fork('venue'), source, fill });
  const subscription = venue.book$('SIM').subscribe((heard) => {
    if (heard.type !== 'book.snapshot') return;
    const best = heard.bids[0];
    if (best === undefined) return;
    const wish = orderOf('A', 'buy', 1_000_000, best.price, { symbol: 'SIM', postOnly: true });
    void venue.submit(wish);
    subscription.unsubscribe();
  });
  await clock.run();
  expect(venue.auditViolations()).toEqual([]);
  return venue.audit.order('A')?.cumulative ?? 0;
}

describe('a ghost', () => {
  it('in front of the queue gets the contra prints at its price, and nothing else', () => {
    const print = fc.record({
      lots: size,
      at: fc.integer({ min: 48, max: 52 }),
      taker: fc.constantFrom('buy', 'sell'),
    });
    fc.assert(
      fc.property(fc.array(fc.oneof(print, fc.nat(200)), { maxLength: 60 }), (steps) => {
        const scene = new Scene(modelOf('optimistic'));
        scene.line('book 48x200 | 60x40');
        scene.line('A buy 100000@48');
        let contra = 0;
        for (const step of steps) {
          scene.line(typeof step === 'number' ? `bid 48 =${step}` : textOf(step));
          if (typeof step !== 'number' && step.taker === 'sell' && step.at === 48)
            contra += step.lots;
          expect(scene.exchange.audit.order('A')?.cumulative).toBe(contra);
        }
      }),
      { numRuns: 200, seed: 12 },
    );
  });

  it.each(FILL_MODES)('at an absurd price never fills: %s', (mode) => {
    const scene = new Scene(fillModel(mode));
    scene.line('book 48x10 | 52x40');
    scene.line('A buy 10@1');
    for (let at = 90; at > 1; at -= 1)
      for (const line of [`print sell 1000@${at}`, `ask ${at} =10`, `ask ${at} =0`])
        scene.line(line);
    expect(scene.exchange.audit.order('A')).toMatchObject({ cumulative: 0, status: 'resting' });
  });
});

const textOf = (step: { readonly lots: number; readonly at: number; readonly taker: string }) =>
  `print ${step.taker} ${step.lots}@${step.at}`;
