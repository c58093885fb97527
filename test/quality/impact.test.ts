import { describe, expect, it } from 'vitest';
import { lots } from '../../src/domain/numbers.ts';
import { impactStratum } from '../../src/quality/impact.ts';

describe('impactStratum', () => {
  it.each([
    // Ordered, displayed, traded meanwhile.
    [100, 100, 0, 'headline'],
    [101, 100, 0, 'impact-suspect'],
    [101, 100, 404, 'headline'],
    [102, 100, 404, 'impact-suspect'],
    [1, 0, 3, 'impact-suspect'],
    [1, 0, 4, 'headline'],
  ])('%d of %d displayed and %d traded is %s', (quantity, displayed, windowVolume, stratum) => {
    expect(
      impactStratum({
        quantity: lots(quantity),
        displayed: lots(displayed),
        windowVolume: lots(windowVolume),
      }),
    ).toBe(stratum);
  });
});
