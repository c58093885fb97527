import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sequentialIds } from '../../src/env/ids.ts';

describe('sequentialIds', () => {
  it('counts executions and client orders on one counter, in base 36', () => {
    const ids = sequentialIds({ tag: 'dw', epoch: 45, nextSequence: 35 });
    expect(ids.executionId()).toBe('dw-19-z');
    expect(ids.clientOrderId()).toBe('dw-19-10');
    expect(ids.nextSequence).toBe(37);
  });

  it('never draws an id twice, in this life or the next', () => {
    const lives = fc.array(fc.array(fc.boolean(), { maxLength: 30 }), { maxLength: 5 });
    fc.assert(
      fc.property(lives, fc.nat(), (all, start) => {
        const drawn: string[] = [];
        let nextSequence = start;
        all.forEach((draws, epoch) => {
          const ids = sequentialIds({ tag: 'dw', epoch, nextSequence });
          for (const isOrder of draws)
            drawn.push(isOrder ? ids.clientOrderId() : ids.executionId());
          // Every other life ends before its counter was stored.
          if (epoch % 2 === 0) nextSequence = ids.nextSequence;
        });
        expect(new Set(drawn).size).toBe(drawn.length);
      }),
    );
  });

  it('fits 32 characters at its largest, and stops before the counter loses count', () => {
    const epoch = Number.MAX_SAFE_INTEGER;
    const ids = sequentialIds({ tag: 'abcdefgh', epoch, nextSequence: Number.MAX_SAFE_INTEGER });
    expect(ids.clientOrderId()).toHaveLength(32);
    expect(() => ids.clientOrderId()).toThrow('an id counter is a safe integer');
  });

  it.each(['', 'ninechars', 'a-b', 'ä'])('refuses the tag "%s"', (tag) => {
    expect(() => sequentialIds({ tag, epoch: 1, nextSequence: 1 })).toThrow(
      `an id tag must be 1 to 8 letters or digits, was "${tag}"; use one like "dw"`,
    );
  });
});
