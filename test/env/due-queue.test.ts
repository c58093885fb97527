import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DueQueue } from '../../src/env/due-queue.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const heapUsed = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

const drain = (queue: DueQueue<number>): void => {
  for (let callback = queue.take(); callback !== null; callback = queue.take()) callback();
};

describe('DueQueue', () => {
  it('gives back what a sorted list would, whatever was armed again or deleted', () => {
    const operation = fc.record({
      key: fc.integer({ min: 0, max: 40 }),
      dueMs: fc.integer({ min: 0, max: 30 }),
      kind: fc.constantFrom('set', 'set', 'set', 'delete', 'take'),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 600 }), (operations) => {
        const queue = new DueQueue<number>();
        let model: { readonly key: number; readonly dueMs: number }[] = [];
        const taken: number[] = [];
        const expected: number[] = [];
        const deletions: [boolean, boolean][] = [];
        for (const { key, dueMs, kind } of operations) {
          if (kind === 'take') {
            const [first, ...rest] = model.toSorted((left, right) => left.dueMs - right.dueMs);
            if (first !== undefined) expected.push(first.key);
            model = model.filter((entry) => rest.includes(entry));
            queue.take()?.();
            continue;
          }
          const wasThere = model.some((entry) => entry.key === key);
          model = model.filter((entry) => entry.key !== key);
          if (kind === 'delete') deletions.push([queue.delete(key), wasThere]);
          else {
            model.push({ key, dueMs });
            queue.set(key, dueMs, () => taken.push(key));
          }
          expect(queue.size).toBe(model.length);
        }
        expect(deletions.every(([said, wasThere]) => said === wasThere)).toBe(true);
        model.sort((left, right) => left.dueMs - right.dueMs);
        drain(queue);
        expect(taken).toEqual([...expected, ...model.map(({ key }) => key)]);
        expect(queue.peek()).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  it('lets go of what was armed again, callbacks and places', () => {
    const queue = new DueQueue<string>();
    queue.set('standing', 1, () => {});
    const before = heapUsed();
    for (let round = 0; round < 100_000; round += 1) {
      const ballast = Array.from({ length: 20 }, () => round);
      queue.set('deadline', 1_000 + round, () => ballast.length);
    }
    expect(queue.size).toBe(2);
    // Kept arrays would be 20 MB, kept places 5 MB.
    expect(heapUsed() - before).toBeLessThan(1_000_000);
  });
});
