/** Tables of queue places, fills and commands at the exchange, in the notation of `notation.ts`. */
import { describe, expect, it } from 'vitest';
import type { QuadraticFees } from '../../../src/domain/fees.ts';
import { FILL_MODES, fillModel } from '../../../src/venues/paper/fill-model.ts';
import { CENTS, PLAIN, play, Scene } from './notation.ts';

const SCENES: Readonly<Record<string, string>> = {
  'a print serves what stands ahead, then us, each lot once': `
    book 48x100 | 52x40 =>
    A buy 20@48         => A accepted
    print sell 60@48    =>
    print sell 50@48    => A 10@48 maker by print 2
    print sell 3@48     => A 3@48 maker by print 3
    print sell 90@48    => A 7@48 maker by print 4
    print sell 90@48    =>`,
  'trade before delta counts the queue down once, not twice': `
    book 48x100 | 52x40 =>
    A buy 20@48         => A accepted
    print sell 60@48    =>
    bid 48 -60          =>
    print sell 39@48    =>
    print sell 2@48     => A 1@48 maker by print 3`,
  'cancels ahead help only where less is displayed than stood ahead': `
    book 48x100 | 52x40 =>
    A buy 20@48         => A accepted
    bid 48 +50          =>
    bid 48 -50          =>
    print sell 100@48   =>
    print sell 1@48     => A 1@48 maker by print 2`,
  'a level that leaves and comes back stands behind us': `
    book 48x100 | 52x40 =>
    A buy 20@48         => A accepted
    bid 48 =0           =>
    bid 48 =500         =>
    wait 2001           =>
    print sell 5@48     => A 5@48 maker by print 1`,
  'a print through our price finds nobody ahead; better own prices go first': `
    book 48x100 47x10 | 52x40 =>
    A buy 5@48          => A accepted
    B buy 5@49          => B accepted
    C buy 5@47          => C accepted
    print sell 7@47     => B 5@49 maker by print 1; A 2@48 maker by print 1
    print sell 2@48     => A 2@48 maker by print 2`,
  'own orders at one price stand in time behind the same market queue': `
    book 48x10 | 52x40  =>
    A buy 5@48          => A accepted
    bid 48 +10          =>
    B buy 5@48          => B accepted
    print sell 12@48    => A 2@48 maker by print 1
    print sell 8@48     => A 3@48 maker by print 2
    print sell 5@48     =>
    print sell 6@48     => B 5@48 maker by print 4
    book 48x10 | 52x40  =>
    C buy 5@48          => C accepted
    bid 48 +10          =>
    D buy 5@48          => D accepted
    print sell 28@48    => C 5@48 maker by print 5; D 3@48 maker by print 5`,
  'prints of the own side and short of the price fill nothing': `
    book 48x1 | 52x1    =>
    A buy 5@49          => A accepted
    print buy 50@52     =>
    print sell 50@50    =>
    B sell 5@51         => B accepted
    print buy 50@50     =>
    print buy 50@51     => B 5@51 maker by print 4`,
  'the book crossing us fills what it shows, once, at our price': `
    book 48x10 | 52x40  =>
    A buy 20@49         => A accepted
    ask 49 +5           => A 5@49 maker
    ask 49 +0           =>
    ask 48 +3           => A 3@49 maker
    ask 49 -5           =>
    ask 49 +6           => A 6@49 maker
    book 40x1 | 47x100  => A 6@49 maker`,
  'a take sweeps level by level up to its limit; a gtc rest joins the queue': `
    book 48x10 | 52x40 53x10 55x9 =>
    A buy 60@54         => A accepted; A 40@52 taker; A 10@53 taker
    print sell 4@54     => A 4@54 maker by print 1
    B buy 50@54 ioc     => B accepted; B cancelled at 0 (immediate or cancel)
    A cancel            => A cancelled at 54 (cancelled on request)
    A cancel            => rejected: order is not resting: cancelled`,
  'what we took stays taken until the level shrinks below it': `
    book 48x10 | 52x40  =>
    A buy 30@52 ioc     => A accepted; A 30@52 taker
    B buy 30@52 ioc     => B accepted; B 10@52 taker; B cancelled at 10 (immediate or cancel)
    ask 52 +5           =>
    C buy 30@52 ioc     => C accepted; C 5@52 taker; C cancelled at 5 (immediate or cancel)
    ask 52 =20          =>
    D buy 30@52 ioc     => D accepted; D cancelled at 0 (immediate or cancel)
    ask 52 =30          =>
    E buy 30@52 ioc     => E accepted; E 10@52 taker; E cancelled at 10 (immediate or cancel)`,
  'fill or kill is all or nothing, and a killed one has used its id': `
    book 48x10 | 52x40 53x10 =>
    A buy 51@53 fok     => rejected: fill or kill: insufficient resting volume
    A buy 50@53 fok     => exists
    B buy 50@53 fok     => B accepted; B 40@52 taker; B 10@53 taker`,
  'post only never takes': `
    book 48x10 | 52x40  =>
    A buy 5@52 post     => rejected: post only cross
    A buy 5@51 post     => A accepted
    A amend 5@52        => rejected: post only cross
    B sell 5@51 post    => rejected: post only cross
    C buy 5@50 post ioc => rejected: invalid order: post only needs to rest`,
  'an order that meets an own one loses its rest': `
    book 48x10 | 52x40 54x10 =>
    A sell 5@53         => A accepted
    B buy 60@54         => B accepted; B 40@52 taker; B cancelled at 40 (meets an own order)
    C sell 5@52         => C accepted
    D buy 10@54         => D accepted; D cancelled at 0 (meets an own order)
    print buy 45@52     => C 5@52 maker by print 1`,
  'fill or kill that meets an own order behaves like immediate or cancel': `
    book 48x10 | 52x40  =>
    A sell 5@53         => A accepted
    B buy 60@54 fok     => B accepted; B 40@52 taker; B cancelled at 40 (meets an own order)`,
  'a smaller total keeps the queue place; a larger one or a new price loses it': `
    book 48x10 47x5 | 52x40 =>
    A buy 20@48         => A accepted
    print sell 10@48    =>
    A amend 10@48       => A amended 10@48
    print sell 1@48     => A 1@48 maker by print 2
    A amend 12@48       => A amended 12@48
    print sell 10@48    =>
    print sell 2@48     => A 2@48 maker by print 4
    A amend 12@47       => A amended 12@47
    print sell 6@47     => A 1@47 maker by print 5
    A amend 3@47        => rejected: total must not be below what has filled
    A amend 4@47        => A cancelled at 4 (amended down to what has filled)`,
  'an amend through the other side takes': `
    book 48x10 | 52x40  =>
    A buy 50@48         => A accepted
    A amend 60@52       => A amended 60@52; A 40@52 taker
    print sell 5@52     => A 5@52 maker by print 1`,
  'buying NO at q is selling YES at 100 - q; fills speak NO prices': `
    book 48x10 | 52x40  =>
    A buy 10@48 no      => A accepted
    print buy 45@52     => A 5@48 maker by print 1
    B buy 4@52 no       => B accepted; B 4@52 taker
    C sell 2@48 no      => C accepted; C cancelled at 0 (meets an own order)`,
  'an own order at the touch is met only after what stands ahead of it': `
    book 48x10 | 52x40  =>
    A sell 5@52         => A accepted
    B buy 45@52         => B accepted; B 40@52 taker; B cancelled at 40 (meets an own order)`,
  'what the exchange refuses': `
    A buy 1@48          => rejected: market has no book yet
    book 48x10 | 52x40  =>
    A buy 1@0           => rejected: invalid price: 0 is not on the tick grid
    A buy 1@100         => rejected: invalid price: 100 is not on the tick grid
    A buy 0@48          => rejected: invalid quantity: 0 is below the minimum
    A buy 1@48          => A accepted
    A buy 1@48          => exists
    Z cancel            => rejected: order not found
    gap                 =>
    B buy 1@48          => rejected: market has no book yet
    ask 40 +5           =>
    book 47x5 | 52x40   =>
    print sell 1@48     => A 1@48 maker by print 1`,
  'a paused market takes cancels only, a closed one cancels all': `
    book 48x10 | 52x40  =>
    A buy 1@48          => A accepted
    B buy 1@48          => B accepted
    paused              =>
    C buy 1@48          => rejected: market is paused
    A amend 2@48        => rejected: market is paused
    A cancel            => A cancelled at 0 (cancelled on request)
    resumed             =>
    C buy 1@48          => C accepted
    closed              => B cancelled at 0 (market closed); C cancelled at 0 (market closed)
    D buy 1@48          => rejected: market is closed
    B cancel            => rejected: order is not resting: cancelled`,
  'after the end of the recording orders rest and cancels work': `
    book 48x10 | 52x40  =>
    A buy 1@48          => A accepted
    end                 =>
    B buy 1@48          => rejected: recording ended
    A amend 2@48        => rejected: recording ended
    A cancel            => A cancelled at 0 (cancelled on request)`,
  'one-sided and empty books': `
    book 48x10 |        =>
    A buy 5@99          => A accepted
    B sell 5@10 ioc     => B accepted; B cancelled at 0 (meets an own order)
    book |              =>
    print sell 9@98     => A 5@99 maker by print 1`,
};

describe('paper exchange, scene by scene', () => {
  it.each(Object.entries(SCENES))('%s', (_, text) => {
    const { real, told } = play(text);
    expect(real).toBe(told);
  });
});

describe('placebos', () => {
  it.each(FILL_MODES)('a one-lot cross costs the touch and the fee, exactly: %s', (mode) => {
    const scene = new Scene(fillModel(mode));
    scene.line('book 48x10 | 52x40');
    scene.line('A buy 1@99 ioc');
    const [fill] = scene.exchange.account.fillsSince(null).fills;
    // 0.07 * 0.52 * 0.48 = 0.017472, rounded up to a hundredth of a cent.
    expect(fill).toMatchObject({ price: 52, quantity: 1, fee: '0.0175', liquidity: 'taker' });
    expect(scene.exchange.account.balance()).toBe('999.4625');
  });

  it('buying NO puts up its own price; closing a YES gives cash back', () => {
    const scene = new Scene();
    scene.line('book 48x10 | 52x40');
    scene.line('A buy 10@52 ioc no');
    expect(scene.exchange.account.positions()).toEqual([{ symbol: 'M', quantity: -10 }]);
    // 10 * 0.52 and 0.07 * 0.52 * 0.48 * 10 = 0.17472, rounded up.
    expect(scene.exchange.account.balance()).toBe('994.6252');
    scene.line('B buy 10@52 ioc');
    expect(scene.exchange.account.positions()).toEqual([]);
    expect(scene.exchange.account.balance()).toBe('999.2504');
  });

  it('one order pays its rounding once: what many fills lose to it comes back', () => {
    const fees: QuadraticFees = {
      kind: 'quadratic',
      takerRate: '0.07',
      makerRate: '0.0175',
      multiplier: '1',
      tradeFeeStep: '0.0001',
      // Kalshi keeps the balance of most members in whole cents.
      balanceStep: '0.01',
    };
    const scene = new Scene(PLAIN, { ...CENTS, fees });
    scene.line('book 48x10 |');
    scene.line('A buy 50@49');
    for (let count = 0; count < 50; count += 1) scene.line('print sell 1@49');
    const { fills } = scene.exchange.account.fillsSince(null);
    expect(fills[0]?.fee).toBe('0.01');
    const paid = fills.reduce((sum, { fee }) => sum + Math.round(Number(fee) * 10_000), 0);
    // 50 trade fees of 0.0044, and at most one cent of rounding still held back.
    expect(paid).toBeGreaterThanOrEqual(50 * 44);
    expect(paid).toBeLessThanOrEqual(50 * 44 + 100);
  });

  it('an absurd price never fills', () => {
    const scene = new Scene();
    scene.line('book 48x10 | 52x40');
    scene.line('A buy 10@1');
    for (let price = 90; price > 1; price -= 1) {
      scene.line(`print sell 1000@${price}`);
      scene.line(`book 1x5 | ${price}x10`);
    }
    expect(scene.exchange.audit.orders()).toMatchObject([{ cumulative: 0, status: 'resting' }]);
  });

  it('a ghost at the front of its queue gets all contra prints, and nothing else', () => {
    const scene = new Scene();
    scene.line('book 40x10 | 60x40');
    scene.line('A buy 1000@50');
    let contra = 0;
    for (let size = 1; size < 30; size += 1) {
      const taker = size % 3 === 0 ? 'buy' : 'sell';
      scene.line(`bid 50 =${size * 7}`);
      scene.line(`print ${taker} ${size}@50`);
      if (taker === 'sell') contra += size;
      expect(scene.exchange.audit.orders()[0]?.cumulative).toBe(contra);
    }
  });
});
