/** Scenes of each rule of the fill model, worked out by hand, in the notation of `notation.ts`. */
import { describe, expect, it } from 'vitest';
import {
  checkedFillModel,
  DEFAULT_FILL_MODEL,
  DEFAULT_FILL_STRESS,
  type FillModel,
  fillModel,
} from '../../../src/venues/paper/fill-model.ts';
import { leavingAhead } from '../../../src/venues/paper/level-queue.ts';
import { modelOf, PLAIN, play, Scene } from './notation.ts';

const scenes = (model: FillModel, texts: Readonly<Record<string, string>>): void => {
  it.each(Object.entries(texts))('%s', (_, text) => {
    const { real, told } = play(text, model);
    expect(real).toBe(told);
  });
};

// True whatever is thought of cancels: a trade is told twice and counts once, in either order.
const TRADES = {
  'a change before its print is done again as the trade it was': `
    book 48x100 | 52x40 =>
    A buy 20@48         => A accepted
    bid 48 -60          =>
    print sell 60@48    =>
    print sell 39@48    =>
    print sell 2@48     => A 1@48 maker by print 3`,
  'a print before its change is credited to it': `
    book 48x100 | 52x40 =>
    A buy 20@48         => A accepted
    print sell 60@48    =>
    bid 48 -60          =>
    print sell 41@48    => A 1@48 maker by print 2
    bid 48 -40          =>
    print sell 2@48     => A 2@48 maker by print 3`,
  'many prints explain one change, one print many': `
    book 48x100 | 52x40 =>
    A buy 20@48         => A accepted
    bid 48 -30          =>
    bid 48 -30          =>
    print sell 60@48    =>
    print sell 10@48    =>
    print sell 20@48    =>
    bid 48 -30          =>
    print sell 11@48    => A 1@48 maker by print 4`,
  'better own prices are served first, and the level still loses the whole print': `
    book 48x100 | 52x40 =>
    A buy 20@48         => A accepted
    B buy 50@49         => B accepted
    bid 48 -60          =>
    print sell 60@48    => B 50@49 maker by print 1
    print sell 41@48    => A 1@48 maker by print 2`,
  'who has been reached stays in front, whatever is learnt later': `
    book 48x10 | 52x40  =>
    A buy 50@48         => A accepted
    bid 48 -5           =>
    print sell 12@48    => A 2@48 maker by print 1
    bid 48 +100         =>
    bid 48 -50          =>
    print sell 30@48    => A 30@48 maker by print 2`,
  'a book with a gap fills nobody until it is whole': `
    book 48x10 | 52x40  =>
    A buy 5@49          => A accepted
    gap                 =>
    ask 49 +5           =>
    paused              =>
    resumed             =>
    book 48x10 | 49x3   => A 3@49 maker`,
  'block trades, and prints while nobody could trade here, pass nobody': `
    book 48x10 | 52x40  =>
    A buy 5@48          => A accepted
    print sell 50@48 block =>
    paused              =>
    print sell 50@48    =>
    ask 47 +3           =>
    resumed             => A 3@48 maker
    print sell 11@48    => A 1@48 maker by print 3`,
  'a book that crosses us leaves those who stand before us where they are': `
    book 48x60 | 52x40  =>
    A buy 200@48        => A accepted
    ask 48 +40          => A 40@48 maker
    print sell 60@48    =>
    bid 48 -60          =>
    print sell 5@48     => A 5@48 maker by print 2`,
};

describe.each(['conservative', 'probabilistic'] as const)('%s', (mode) => {
  scenes(modelOf(mode), TRADES);
});

describe('conservative', () => {
  scenes(PLAIN, {
    'a change whose print never came is a cancel; who stood there is not known': `
      book 48x100 | 52x40 =>
      A buy 20@48         => A accepted
      bid 48 +100         =>
      bid 48 -60          =>
      wait 2001           =>
      print sell 100@48   =>
      print sell 1@48     => A 1@48 maker by print 2`,
    'a print explains no change that is longer ago than the credit lasts': `
      book 48x100 | 52x40 =>
      A buy 20@48         => A accepted
      bid 48 -60          =>
      wait 2001           =>
      print sell 50@48    => A 10@48 maker by print 1`,
  });
});

describe('probabilistic', () => {
  scenes(modelOf('probabilistic'), {
    'cancels leave before and behind us, by the square of what stands there': `
      book 48x100 | 52x40 =>
      A buy 20@48         => A accepted
      bid 48 +100         =>
      bid 48 -50          =>
      bid 48 -50          =>
      wait 2001           =>
      print sell 60@48    => A 10@48 maker by print 1`,
    'behind a newcomer stands nobody: all that leaves stood before it': `
      book 48x100 | 52x40 =>
      A buy 20@48         => A accepted
      bid 48 -30          =>
      bid 48 +500         =>
      wait 2001           =>
      print sell 71@48    => A 1@48 maker by print 1`,
    'what a print and a cancel took together is told apart': `
      book 48x100 | 52x40 =>
      A buy 20@48         => A accepted
      bid 48 +100         =>
      bid 48 -100         =>
      print sell 50@48    =>
      wait 2001           =>
      print sell 48@48    => A 8@48 maker by print 2`,
  });
});

describe('optimistic', () => {
  scenes(modelOf('optimistic'), {
    'nobody stands before us but our own orders': `
      book 48x100 | 52x40 =>
      A buy 20@48         => A accepted
      B buy 20@48         => B accepted
      print sell 30@48    => A 20@48 maker by print 1; B 10@48 maker by print 1
      bid 48 +500         =>
      print sell 30@48    => B 10@48 maker by print 2`,
  });
});

describe('the haircut on young levels', () => {
  scenes(fillModel('conservative'), {
    'a part of a young level is there, and the rest never was': `
      book 48x10 | 52x40  =>
      ask 51 +10          =>
      A buy 20@51 ioc     => A accepted; A 8@51 taker; A cancelled at 8 (immediate or cancel)
      B buy 20@51 ioc     => B accepted; B cancelled at 0 (immediate or cancel)
      wait 501            =>
      C buy 20@51 ioc     => C accepted; C cancelled at 0 (immediate or cancel)
      ask 51 =4           =>
      ask 51 =10          =>
      D buy 20@51 ioc     => D accepted; D 6@51 taker; D cancelled at 6 (immediate or cancel)`,
    'an old level, or one that a snapshot brought, is there as it is': `
      book 48x10 | 52x40  =>
      A buy 40@52 ioc     => A accepted; A 40@52 taker
      ask 53 +10          =>
      wait 500            =>
      B buy 10@53 ioc     => B accepted; B 10@53 taker`,
    'what was not there does not come to us as a maker either': `
      book 48x10 | 52x40  =>
      ask 51 +10          =>
      A buy 20@51         => A accepted; A 8@51 taker
      ask 51 +0           =>
      ask 51 +4           => A 4@51 maker`,
    'a level of one lot is not there at all while it is young, and post only still sees it': `
      book 48x10 | 52x40  =>
      ask 51 +1           =>
      A buy 1@51 post     => rejected: post only cross
      B buy 1@51 ioc      => B accepted; B cancelled at 0 (immediate or cancel)`,
  });
});

describe('stress', () => {
  const base = { refillHoldMs: 100, shiftProbability: 0, penniedAfterMs: null };
  const stressed = (stress: FillModel['stress']): FillModel => ({ ...PLAIN, stress });

  describe('holds refills', () => {
    scenes(stressed(base), {
      'what comes back after our take is there for us only later': `
        book 48x10 | 52x40  =>
        A buy 40@52 ioc     => A accepted; A 40@52 taker
        ask 52 -40          =>
        ask 52 +30          =>
        B buy 30@52 ioc     => B accepted; B cancelled at 0 (immediate or cancel)
        wait 100            =>
        C buy 30@52 ioc     => C accepted; C 30@52 taker`,
    });
  });

  describe('shifts the makers', () => {
    scenes(stressed({ ...base, shiftProbability: 1 }), {
      'after our take they stand a tick away for a while': `
        book 48x10 | 52x40  =>
        A buy 10@52 ioc     => A accepted; A 10@52 taker
        B buy 10@52 ioc     => B accepted; B cancelled at 0 (immediate or cancel)
        C buy 10@53 ioc     => C accepted; C 10@53 taker
        D sell 5@48 ioc     => D accepted; D 5@48 taker
        wait 100            =>
        E buy 10@52 ioc     => E accepted; E 10@52 taker`,
    });
  });

  describe('pennies', () => {
    scenes(stressed({ ...base, penniedAfterMs: { from: 5, to: 5 } }), {
      'an order that improves the touch is overbid by its size, once': `
        book 48x100 | 52x40 =>
        A buy 10@49         => A accepted
        wait 5              =>
        print sell 60@49    =>
        print sell 45@49    => A 5@49 maker by print 2`,
      'one that joins it is not, nor one that is filled before': `
        book 48x1 | 52x40   =>
        A buy 10@49         => A accepted
        print sell 4@49     => A 4@49 maker by print 1
        B buy 10@48         => B accepted
        wait 5              =>
        print sell 20@48    => A 6@49 maker by print 2; B 10@48 maker by print 2`,
    });
  });

  it('is drawn from the seed alone', () => {
    const model = stressed({ ...DEFAULT_FILL_STRESS, shiftProbability: 0.5 });
    const log = (seed: number): string => {
      const scene = new Scene(model, undefined, seed);
      scene.line('book 48x10 | 52x40');
      for (let index = 0; index < 40; index += 1) {
        scene.line(`T${index} buy 1@53 ioc`);
        scene.line('wait 1000');
      }
      expect(scene.exchange.audit.violations()).toEqual([]);
      return scene.exchange.audit.log();
    };
    expect(log(1)).toBe(log(1));
    expect(log(2)).not.toBe(log(1));
  });
});

describe('the model', () => {
  it.each([
    // A cancel of 50: with as many before as behind, half; rounded down, and never more than is.
    [2, 100, 100, 50, 25],
    [2, 100, 100, 51, 25],
    [2, 300, 100, 40, 36],
    [1, 300, 100, 40, 30],
    [2, 100, 0, 30, 30],
    [2, 0, 100, 30, 0],
    [2, 10, 90, 100, 10],
    [2, 90, 10, 95, 90],
    [2, 50, 50, 80, 40],
    [100, 1, 1_000_000, 999_999, 0],
    [100, 1_000_000, 1, 999_999, 999_999],
  ])('n = %d, %d before, %d behind, %d leave: %d of them before', (exponent, ...rest) => {
    const [front, back, cancelled, leave] = rest;
    const mode = 'probabilistic';
    expect(leavingAhead({ mode, exponent }, front, back, cancelled)).toBe(leave);
  });

  it.each<[Partial<FillModel>, string]>([
    [{ cancelsAhead: { mode: 'probabilistic', exponent: 0 } }, 'must lie between 0.01 and 100'],
    [{ cancelsAhead: { mode: 'hopeful' as 'optimistic' } }, 'was "hopeful"; conservative'],
    [{ takeHaircut: { share: 1.1, youngerThanMs: 1 } }, 'takeHaircut.share must lie'],
    [{ takeHaircut: { share: 0.5, youngerThanMs: -1 } }, 'takeHaircut.youngerThanMs must lie'],
    [{ reorderMs: Number.NaN }, 'reorderMs must lie'],
    [{ creditTtlMs: -1 }, 'creditTtlMs must lie'],
    [{ stress: { ...DEFAULT_FILL_STRESS, shiftProbability: 2 } }, 'stress.shiftProbability must'],
    [
      { stress: { ...DEFAULT_FILL_STRESS, penniedAfterMs: { from: 9, to: 8 } } },
      'stress.penniedAfterMs.to must lie',
    ],
  ])('refuses %j', (change, text) => {
    expect(() => checkedFillModel({ ...DEFAULT_FILL_MODEL, ...change })).toThrow(text);
  });

  it('is the default in all but the cancels ahead, in each of its modes', () => {
    for (const mode of ['conservative', 'probabilistic', 'optimistic'] as const) {
      const { cancelsAhead, ...rest } = checkedFillModel(fillModel(mode));
      expect(cancelsAhead.mode).toBe(mode);
      expect({ ...rest, cancelsAhead: DEFAULT_FILL_MODEL.cancelsAhead }).toEqual(
        DEFAULT_FILL_MODEL,
      );
    }
  });
});
