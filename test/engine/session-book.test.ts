/** Losses of a session: by hand, over midnight, over restarts, and until a person resumes. */
import { describe, expect, it } from 'vitest';
import { ticks } from '../../src/domain/numbers.ts';
import type { SettlementRecord, StoredFill } from '../../src/domain/records.ts';
import { SessionBook } from '../../src/engine/risk/session-book.ts';
import { centsInstrument } from '../support/cents.ts';

const DAY_MS = 86_400_000;
/** Midnight UTC. */
const MIDNIGHT = 20_000 * DAY_MS;
const MARKETS = ['M', 'N', ...Array.from({ length: 12 }, (_, index) => `B${index}`)];

/** A store of its own, which a second book can be opened on. */
function account() {
  const fills: StoredFill[] = [];
  const settlements: SettlementRecord[] = [];
  const kept = new Map<string, string>();
  let nowMs = MIDNIGHT + 1_000;
  const open = (listed = MARKETS): SessionBook =>
    new SessionBook({
      venue: 'script',
      sessionTime: '00:00',
      sessionZone: 'UTC',
      instruments: new Map(listed.map((symbol) => [symbol, centsInstrument('script', symbol)])),
      store: {
        fills: () => fills,
        settlements: () => settlements,
        riskState: (name) => kept.get(name) ?? null,
      },
      keep: (name, body) => kept.set(name, body),
      nowMs: () => nowMs,
    });
  const book = open();
  const trade = (action: 'buy' | 'sell', quantity: number, cents: number, changes = {}): void => {
    const fill: StoredFill = {
      fillId: `f${fills.length}`,
      executionId: `e${fills.length}`,
      market: 'M',
      outcomeSide: 'yes',
      action,
      price: `0.${String(cents).padStart(2, '0')}`,
      quantity: String(quantity),
      fee: '0.1',
      timeMs: nowMs,
      ...changes,
    };
    fills.push(fill);
    book.take(fill);
  };
  const settle = (market: string, value: 0 | 100): void => {
    settlements.push({ venue: 'script', market, value: value === 0 ? '0' : '1', atMs: nowMs });
    book.settle(market, ticks(value), nowMs);
  };
  const pass = (ms: number): void => {
    nowMs += ms;
    book.roll();
  };
  return { book, open, trade, settle, pass };
}

/** All that can be asked of a book. */
const factsOf = (book: SessionBook) => ({
  loss: book.loss.toString(),
  volume: book.volume.toString(),
  traded: book.traded.size,
  lossesInARow: book.lossesInARow,
  score: book.score,
  isTripped: book.trippedAtMs !== null,
});

describe('a session', () => {
  it('loses what was realised, with fees, and what is held below its cost', () => {
    const { book, trade } = account();
    trade('buy', 10, 50);
    trade('sell', 4, 40);
    expect(factsOf(book)).toMatchObject({ loss: '0.6', volume: '6.6', traded: 2 });
    // Six are held at 50 cents, and would sell for 30.
    book.mark('M', ticks(30));
    expect(book.loss.toString()).toBe('1.8');
    book.mark('M', ticks(90));
    expect(book.loss.toString()).toBe('0');
  });

  it('marks NO at what giving it back would cost', () => {
    const { book, trade } = account();
    trade('buy', 10, 40, { outcomeSide: 'no' });
    // YES is offered at 70: NO is worth 30.
    book.mark('M', ticks(70));
    expect(book.loss.toString()).toBe('1.1');
  });

  it('begins anew at its time, whatever is held', () => {
    const { book, trade, pass } = account();
    trade('buy', 10, 50);
    book.mark('M', ticks(30));
    expect(book.loss.toString()).toBe('2.1');
    pass(DAY_MS);
    expect(factsOf(book)).toMatchObject({ loss: '0', volume: '0', traded: 0 });
    book.mark('M', ticks(25));
    expect(book.loss.toString()).toBe('0.5');
  });

  it('is the same after a restart: in the middle of it, and in the next one', () => {
    const { book, open, trade, settle, pass } = account();
    trade('buy', 10, 50);
    pass(DAY_MS);
    trade('sell', 5, 40);
    trade('buy', 3, 60, { market: 'N', outcomeSide: 'no' });
    settle('N', 100);
    const again = open();
    expect(factsOf(again)).toEqual(factsOf(book));
    expect(again.loss.toString()).toBe('2.5');
    pass(DAY_MS);
    expect(factsOf(open())).toEqual(factsOf(book));
  });

  it('counts losses in a row, and a gain ends the row', () => {
    const { book, trade } = account();
    for (const cents of [40, 45, 50]) {
      trade('buy', 1, cents);
      trade('sell', 1, cents);
    }
    // Bought and sold at the same price: the fees are lost.
    expect(book.lossesInARow).toBe(3);
    trade('buy', 1, 40);
    trade('sell', 1, 90);
    expect(book.lossesInARow).toBe(0);
  });

  it('scores what was settled against what was paid', () => {
    const { book, trade, settle } = account();
    for (let index = 0; index < 10; index += 1) {
      trade('buy', 10, 80, { market: `B${index}`, fee: '0' });
      settle(`B${index}`, 0);
    }
    // By hand: -80 / sqrt(10 * 100 * 0.16).
    expect(factsOf(book)).toMatchObject({ score: -6.32, lossesInARow: 10, loss: '80' });
  });

  it('stays tripped over midnight and a restart, until a person resumes', () => {
    const { book, open, trade, settle, pass } = account();
    trade('buy', 10, 50);
    settle('M', 0);
    book.trip();
    pass(DAY_MS);
    expect(factsOf(book).isTripped).toBe(true);
    expect(factsOf(open()).isTripped).toBe(true);
    book.forgive();
    expect(factsOf(book)).toMatchObject({ isTripped: false, lossesInARow: 0, loss: '0' });
    expect(factsOf(open())).toEqual(factsOf(book));
  });

  it('goes on with what was lost in markets that are listed no more', () => {
    const { book, open, trade, settle } = account();
    trade('buy', 10, 50, { outcomeSide: 'no' });
    settle('M', 100);
    trade('buy', 10, 40, { market: 'N' });
    expect(factsOf(book)).toMatchObject({ loss: '5.2', lossesInARow: 1 });
    const later = open(['B0']);
    expect(factsOf(later)).toEqual(factsOf(book));
    // Nobody can say what it would sell for.
    expect([book.held, later.held]).toEqual([['N'], []]);
  });

  it('is that of now where the clock was a day ahead for a moment', () => {
    const { book, trade, pass } = account();
    trade('buy', 10, 50);
    trade('sell', 10, 40);
    pass(DAY_MS);
    expect(book.loss.toString()).toBe('0');
    pass(-DAY_MS);
    expect(factsOf(book)).toMatchObject({ loss: '1.2', traded: 2, volume: '9' });
  });

  it('forgives for good: the clock may be set, too', () => {
    const { book, trade, pass } = account();
    trade('buy', 10, 50);
    trade('sell', 10, 40);
    book.trip();
    pass(1_000);
    book.forgive();
    trade('buy', 10, 50);
    pass(DAY_MS);
    pass(-DAY_MS);
    expect(book.loss.toString()).toBe('0.1');
  });

  it('knows what was forgiven in the middle of a session', () => {
    const { book, open, trade, settle, pass } = account();
    trade('buy', 10, 50);
    settle('M', 0);
    book.trip();
    pass(1_000);
    book.forgive();
    trade('buy', 10, 50, { market: 'N' });
    settle('N', 0);
    expect(factsOf(book)).toMatchObject({ loss: '5.1', lossesInARow: 1 });
    expect(factsOf(open())).toEqual(factsOf(book));
  });
});
