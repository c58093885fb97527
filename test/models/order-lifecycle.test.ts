/** Lifecycles of one order, told as data: after each word, what is filled and what is left. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { speak, standingOf, type Word } from '../support/lifecycle.ts';
import { startSplitOrder } from '../support/split-order-rig.ts';

interface Lifecycle {
  readonly name: string;
  readonly lots: number;
  /** What is said, and "filled left" with 'pending' or 'ended' where it is so. */
  readonly words: readonly (readonly [Word, string])[];
}

const FILE = new URL('../fixtures/order-lifecycle.json', import.meta.url);
const lifecycles = JSON.parse(readFileSync(FILE, 'utf8')) as readonly Lifecycle[];

describe('an order', () => {
  it.each(lifecycles)('$name', ({ lots, words }) => {
    const order = startSplitOrder({ quantity: lots });
    const stood = words.map(([word]) => {
      speak(order, word);
      const { filled, left, pending, ended } = standingOf(order);
      return [filled, left, pending && 'pending', ended && 'ended'].filter(
        (part) => part !== false,
      );
    });
    expect(stood.map((parts) => parts.join(' '))).toEqual(words.map(([, standing]) => standing));
  });
});
