/**
 * A venue changes the price ranges of a market: what rests stays, what is sent is on the new ones.
 */
import { describe, expect, it } from 'vitest';
import { AlgorithmRegistry, BUILT_IN_ALGORITHMS } from '../../src/algorithms/registry.ts';
import { InputError } from '../../src/domain/errors.ts';
import { ticks } from '../../src/domain/numbers.ts';
import { wishOf } from '../../src/engine/recovery/recover-record.ts';
import { centsInstrument } from '../support/cents.ts';
import { live, signal, world } from '../support/embedded.ts';
import { algorithm, placing } from '../support/rig.ts';

/** Places at 0.43, and at 0.48 as soon as the touch moves. */
const twice = algorithm(
  'twice',
  ({ state }) => ({ directives: [placing(43, 2)], state }),
  ({ orders, state }) => ({ directives: orders.length === 1 ? [placing(48, 2)] : [], state }),
  { touch: true, trade: false },
);

const FIVES = [{ from: ticks(5), to: ticks(95), step: ticks(5) }];

const changed = (ranges = FIVES) => ({ type: 'market.ticksChanged', symbol: 'M', ranges }) as const;

describe('new price ranges of a market', () => {
  it('hold for the next order of an execution that lives, and leave alone what rests', async () => {
    const given = await live(await world({ algorithms: [twice] }));
    const { engine, venue, pass } = given;
    engine.execute(signal({ algorithm: { name: 'twice' } }));
    await pass(100);
    venue.book$('M').next(changed());
    await pass(100);
    expect(venue.calls.map(({ price }) => price)).toEqual([43]);
    venue.snapshot('M', [[46, 500]]);
    await pass(100);
    expect(venue.calls.map(({ price }) => price)).toEqual([43, 45]);
    expect(venue.resting()).toHaveLength(2);
    expect(given.log).toContainEqual({
      level: 'warn',
      message: 'the venue changed the price ranges of a market',
      fields: { symbol: 'M', ranges: FIVES },
    });
  });

  it('are those that the next signal is read by, on NO too', async () => {
    const { engine, venue, pass } = await live(await world());
    venue.book$('M').next(changed([{ from: ticks(10), to: ticks(95), step: ticks(5) }]));
    expect(() => engine.execute(signal({ limitPrice: '0.47' }))).toThrow(InputError);
    const no = { outcome: 'no', limitPrice: '0.95' };
    expect(() => engine.execute(signal(no))).toThrow('between 0.05 and 0.9');
    engine.execute(signal({ ...no, limitPrice: '0.90', signalId: 'fits' }));
    await pass(10);
    expect(venue.calls.length).toBeGreaterThan(0);
  });

  it('do not keep an execution from being taken up that was wished for another price', () => {
    const instrument = { ...centsInstrument('script', 'M'), tickRanges: FIVES };
    const stored = {
      state: { lotSize: '1' },
      signal: { body: JSON.stringify(signal({ limitPrice: '0.47', outcome: 'no' })) },
    } as Parameters<typeof wishOf>[0];
    const { wish } = wishOf(stored, instrument, new AlgorithmRegistry(BUILT_IN_ALGORITHMS));
    expect(wish.limit).toBe(47);
    expect(wish.ranges).toEqual(FIVES);
    expect(wish.instrument).toBe(instrument);
  });
});
