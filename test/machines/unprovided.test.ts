/** A chart is not an engine: what it only names must be given to it. */
import { describe, expect, it } from 'vitest';
import { executionMachine, marketMachine, splitOrderMachine } from '../../machines/index.ts';
import { InvariantError } from '../../src/domain/errors.ts';
import { provideMarket } from '../../src/engine/turn/effects.ts';

const placeholders = (actions: object): readonly string[] =>
  Object.entries<unknown>({ ...actions }).flatMap(([name, action]) => {
    if (typeof action !== 'function' || !String(action).includes('InvariantError')) return [];
    const act = action as () => void;
    expect(act).toThrow(InvariantError);
    expect(act).toThrow(`the engine provides every effect, missing was ${name}`);
    return [name];
  });

describe('an effect that nobody provided', () => {
  it.each([
    ['market', marketMachine, 5],
    ['execution', executionMachine, 6],
    ['split order', splitOrderMachine, 4],
  ])('of the %s fails at its first use, by its own name', (_, machine, least) => {
    expect(placeholders(machine.implementations.actions).length).toBeGreaterThanOrEqual(least);
  });

  it('is none that the engine forgot', () => {
    const market = provideMarket(() => {
      throw new Error('nothing runs here');
    }, {});
    expect(placeholders(market.implementations.actions)).toEqual([]);
  });
});
