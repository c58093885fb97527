/** The kit itself: what it says of what it cannot try, and that it needs no runner of its own. */
import * as node from 'node:test';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/domain/errors.ts';
import { lots } from '../../src/domain/numbers.ts';
import { describeVenue, type TestRunner, venueCards } from '../../src/testing.ts';
import { PAPER, paperWorld } from './paper-world.ts';
import { WIRE, wireWorld } from './wire-world.ts';

const played = (name: string, contract = WIRE) =>
  venueCards(contract).find((card) => card.name === name);

/** A runner that only writes down what it is given. */
function listing() {
  const tests: string[] = [];
  const skipped: string[] = [];
  const register = (name: string) => tests.push(name);
  const runner: TestRunner = {
    describe: (name, body) => {
      tests.push(name);
      body();
    },
    it: Object.assign(register, { skip: (name: string) => skipped.push(name) }),
  };
  return { runner, tests, skipped };
}

describe('cards', () => {
  it('have names of their own, and promises that are sentences', () => {
    const cards = venueCards(WIRE);
    expect(cards.length).toBeGreaterThan(55);
    expect(new Set(cards.map(({ name }) => name)).size).toBe(cards.length);
    for (const { name, promise } of cards) {
      expect(name).toMatch(/^[a-z]+(?:-[a-z]+)+$/);
      expect(promise).toMatch(/^[A-Za-z].+\.$/);
    }
  });

  it('run in a plain loop, without any runner', async () => {
    const verdicts: string[] = [];
    for (const card of venueCards(PAPER)) {
      if (card.notApplicable === null) await card.run();
      verdicts.push(card.notApplicable === null ? 'kept' : 'not applicable');
    }
    expect(verdicts.filter((verdict) => verdict === 'kept').length).toBeGreaterThan(45);
    expect(verdicts).toContain('not applicable');
  });

  it('that cannot be tried are skipped by name, and never pass', async () => {
    const { runner, tests, skipped } = listing();
    describeVenue(PAPER, runner);
    const reason = PAPER.cannot?.stall;
    expect(tests[0]).toBe('the paper venue keeps the promises of a venue');
    expect(skipped).toContain(`book-stall (not applicable: ${reason})`);
    expect(tests.length - 1 + skipped.length).toBe(venueCards(PAPER).length);
    const card = played('book-stall', PAPER);
    expect(card?.notApplicable).toBe(reason);
    await expect(card?.run()).rejects.toThrow(`book-stall is not applicable: ${reason}`);
  });

  it('are named with the reason where a runner cannot skip', () => {
    const { runner, tests } = listing();
    const plain: TestRunner['it'] = (name, body) => runner.it(name, body);
    describeVenue(PAPER, { describe: runner.describe, it: plain });
    expect(tests).toContain(`book-stall (not applicable: ${PAPER.cannot?.stall})`);
  });

  it('fail for a lever that is neither there nor said to be impossible', async () => {
    const open = async () => ({ ...wireWorld(), levers: {} });
    const run = played('submit-answer-lost', { ...WIRE, open })?.run();
    await expect(run).rejects.toBeInstanceOf(InputError);
    await expect(run).rejects.toThrow('add levers.loseAnswer to the world, or cannot.loseAnswer');
  });

  it('want a reason for what cannot be done', () => {
    const cannot = { stall: ' ' };
    expect(() => venueCards({ ...WIRE, cannot })).toThrow('say why: cannot.stall');
  });

  it('refuse an order too small to be filled in parts', async () => {
    const open = async () => {
      const world = wireWorld();
      return { ...world, market: { ...world.market, quantity: lots(3) } };
    };
    const run = played('cancel-partial', { ...WIRE, open })?.run();
    await expect(run).rejects.toThrow('raise market.quantity');
  });

  it('close their world, kept or broken', async () => {
    let closed = 0;
    const counting = (world: ReturnType<typeof paperWorld>) => ({
      ...world,
      close: async () => void (closed += 1),
    });
    const opens = { ...PAPER, open: async () => counting(paperWorld()) };
    await played('submit-rests', opens)?.run();
    expect(closed).toBe(1);
    const facts = { ...paperWorld().market, takingPrice: paperWorld().market.restingPrice };
    const wrong = { ...PAPER, open: async () => ({ ...counting(paperWorld()), market: facts }) };
    await expect(played('submit-takes', wrong)?.run()).rejects.toThrow('submit-takes');
    expect(closed).toBe(2);
  });

  it('fits the runners that there are', () => {
    const runners: readonly TestRunner[] = [{ describe, it }, node];
    expect(runners.every((runner) => typeof runner.it.skip === 'function')).toBe(true);
  });
});
