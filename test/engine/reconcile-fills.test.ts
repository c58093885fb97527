/** What the venue says has filled and is held, against what we have booked. */
import { describe, expect, it } from 'vitest';
import { FILLS_OVERLAP_MS } from '../../src/domain/limits.ts';
import { lots } from '../../src/domain/numbers.ts';
import { begin, PERIOD_MS, reconciled, stray, wish } from '../support/reconciled.ts';
import { START_MS } from '../support/rig.ts';
import type { ScriptedVenue } from '../support/scripted-venue.ts';

describe('fills', () => {
  it('that no stream told are booked within a period, once', async () => {
    const made = await reconciled();
    made.venue.told = ({ type }) => (type === 'order.filled' ? [] : [5]);
    await begin(made);
    const { id } = made.rig.execute(wish);
    await made.rig.pass(100);
    made.venue.fill(made.orderId(), 4);
    await made.rig.pass(PERIOD_MS + 100);
    expect(made.stateOf(id)).toMatchObject({ quantity: { filled: 4, working: 6 } });
    await made.rig.pass(3 * PERIOD_MS);
    expect(made.rig.store.fillsOf(id)).toHaveLength(1);
    expect(made.rig.halted()).toBeNull();
  });

  it('of an execution that is forgotten are booked late', async () => {
    const made = await reconciled();
    await begin(made);
    const { id } = made.rig.execute({ ...wish, timeLimitMs: 2_000 });
    await made.rig.settle();
    await made.rig.pass(120_000);
    const own = made.venue.orders.get(made.orderId());
    if (own === undefined) throw new Error('it was placed');
    const fill = made.venue.madeFill(own, lots(3), 'late-1');
    made.venue.fills.push({ ...fill, clientOrderId: made.orderId(), symbol: 'M' });
    await made.rig.pass(3 * PERIOD_MS);
    expect(made.rig.store.fillsOf(id).map(({ fillId }) => fillId)).toEqual(['late-1']);
    expect(made.rig.runtime.portfolio.positions.get('M')?.held).toBe(3);
    expect(made.rig.halted()).toBeNull();
  });

  it('of an order with our tag that nobody sent halt', async () => {
    const made = await reconciled();
    await begin(made);
    const fill = made.venue.madeFill(stray('dw-9-9'), lots(3), 'f-9');
    made.venue.fills.push({ ...fill, clientOrderId: 'dw-9-9', symbol: 'M' });
    await made.rig.pass(PERIOD_MS);
    expect(made.rig.halted()).toContain('dw-9-9');
  });

  it.each(['before', 'since'])(
    'that the journal forgot count in the limits, once, of orders filled %s it was new',
    async (when) => {
      const capabilities = { outlivesEngine: true };
      const first = await reconciled({ capabilities });
      const { venue, clock, rig } = first;
      const fill = venue.madeFill(stray('dw-9-9'), lots(7), 'f-9');
      const side = { outcome: 'no', action: 'buy' } as const;
      const listed = { ...fill, timeMs: START_MS, clientOrderId: 'dw-9-9', symbol: 'M', ...side };
      venue.positions = async () => [{ symbol: 'M', quantity: venue.fills.length === 0 ? 0 : -7 }];
      if (when === 'before') venue.fills.push(listed);
      await begin(first);
      if (when === 'since') venue.fills.push(listed);
      await rig.pass(4 * PERIOD_MS);
      expect(rig.log.filter(({ message }) => message.includes('another than ours'))).toEqual([]);
      const heldBy = ({ runtime }: typeof rig) => runtime.ledger.totals('M', -1).positionLots;
      rig.runtime.stop();
      const { store } = rig;
      const again = await reconciled({}, { venue, clock, store });
      await begin(again);
      await again.rig.pass(4 * PERIOD_MS);
      expect([heldBy(rig), heldBy(again.rig)]).toEqual([7, 7]);
      expect(again.rig.runtime.portfolio.positions.get('M')?.held ?? 0).toBe(0);
    },
  );
});

describe('a journal that is new to the account', () => {
  it.each([
    [3_600_000, null],
    [60_000, 'dw-9-9'],
  ])('is asked about fills under our tag that are %s ms old: %s', async (ageMs, halted) => {
    const made = await reconciled();
    const fill = made.venue.madeFill(stray('dw-9-9'), lots(3), 'f-9');
    const timeMs = START_MS - ageMs;
    made.venue.fills.push({ ...fill, timeMs, clientOrderId: 'dw-9-9', symbol: 'M' });
    made.venue.positions = async () => [{ symbol: 'M', quantity: 3 }];
    await begin(made);
    await made.rig.pass(3 * PERIOD_MS);
    if (halted === null) expect(made.rig.halted()).toBeNull();
    else expect(made.rig.halted()).toContain(halted);
  });
});

describe('the place in the list of fills', () => {
  const NAME = 'fills-cursor:script';
  const listing = (venue: ScriptedVenue, asked: (string | null)[]) => {
    venue.fillsSince = async (cursor) => {
      asked.push(cursor);
      const from = cursor === null ? 0 : Number(cursor);
      return { fills: venue.fills.slice(from), cursor: String(venue.fills.length) };
    };
  };

  it('is kept once what was listed is durable and old enough, and never before', async () => {
    const asked: (string | null)[] = [];
    const capabilities = { outlivesEngine: true };
    const made = await reconciled({ capabilities }, {}, (venue) => listing(venue, asked));
    made.venue.told = ({ type }) => (type === 'order.filled' ? [] : [5]);
    await begin(made);
    const kept = () => made.rig.store.riskState(NAME);
    expect([asked[0], kept()]).toEqual([null, '{"cursor":"0"}']);
    made.rig.execute(wish);
    await made.rig.pass(100);
    made.rig.store.fails = 'disk full';
    made.venue.fill(made.orderId(), 4);
    await made.rig.pass(3 * FILLS_OVERLAP_MS);
    expect(kept()).toBe('{"cursor":"0"}');
    made.rig.store.fails = null;
    await made.rig.pass(3 * FILLS_OVERLAP_MS);
    expect(kept()).toBe('{"cursor":"1"}');
    expect(asked.at(-1)).toBe('1');
  });

  it('is not believed of a venue that forgets with its process', async () => {
    const asked: (string | null)[] = [];
    const made = await reconciled({}, {}, (venue) => listing(venue, asked));
    await begin(made);
    await made.rig.pass(3 * FILLS_OVERLAP_MS);
    expect(made.rig.store.riskState(NAME)).toBeNull();
  });
});

describe('positions', () => {
  const WITH_OTHERS = async () => [{ symbol: 'M', quantity: -30 }];

  it('count from what was there before', async () => {
    const made = await reconciled();
    const { positions } = made.venue;
    made.venue.positions = async () => {
      const own = (await positions()).find(({ symbol }) => symbol === 'M')?.quantity ?? 0;
      return [{ symbol: 'M', quantity: own - 30 }];
    };
    await begin(made);
    made.rig.execute(wish);
    await made.rig.pass(100);
    made.venue.fill(made.orderId(), 4);
    await made.rig.pass(4 * PERIOD_MS);
    expect(made.rig.halted()).toBeNull();
  });

  it('that stay away from ours for two rounds halt the market', async () => {
    const made = await reconciled();
    await begin(made);
    made.venue.positions = WITH_OTHERS;
    await made.rig.pass(PERIOD_MS);
    expect(made.rig.halted()).toBeNull();
    await made.rig.pass(PERIOD_MS);
    expect(made.rig.halted()).toContain('-30 lots away');
    const said = made.rig.log.filter(({ message }) => message.includes('another than ours'));
    expect(said).toHaveLength(1);
    await made.rig.pass(3 * PERIOD_MS);
    expect(made.rig.log.filter(({ message }) => message.includes('another than ours'))).toEqual(
      said,
    );
  });

  it('that come right again halt nothing', async () => {
    const made = await reconciled();
    await begin(made);
    const { positions } = made.venue;
    let round = 0;
    made.venue.positions = async () => {
      round += 1;
      return round % 2 === 0 ? positions() : WITH_OTHERS();
    };
    await made.rig.pass(6 * PERIOD_MS);
    expect([round > 4, made.rig.halted()]).toEqual([true, null]);
  });

  it.each([true, false])(
    'move with fills of others, be their side told (%s) or not',
    async (told) => {
      const made = await reconciled();
      await begin(made);
      const { positions } = made.venue;
      const fill = made.venue.madeFill(stray('hand-1'), lots(5), 'h-1');
      const side = told ? ({ outcome: 'no', action: 'buy' } as const) : {};
      made.venue.fills.push({ ...fill, clientOrderId: 'hand-1', symbol: 'M', ...side });
      made.venue.positions = async () => {
        const own = (await positions()).filter(({ symbol }) => symbol !== 'M');
        return [...own, { symbol: 'M', quantity: -5 }];
      };
      await made.rig.pass(4 * PERIOD_MS);
      expect(made.rig.halted()).toBeNull();
    },
  );
});
