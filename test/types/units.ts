/** Read by the compiler alone: every line that is expected to fail must fail. */
import {
  addLots,
  type Lots,
  lots,
  minLots,
  subtractLots,
  type Ticks,
  ticks,
} from '../../src/domain/numbers.ts';

const price: Ticks = ticks(7_100);
const size: Lots = lots(100);

// @ts-expect-error: a price is not a quantity
export const wrongSize: Lots = price;
// @ts-expect-error: a quantity is not a price
export const wrongPrice: Ticks = size;
// @ts-expect-error: a number has no unit
export const wrongNumber: Ticks = 7_100;
// @ts-expect-error: a sum of two units has none
export const wrongSum: Lots = size + size;
// @ts-expect-error: lots are added to lots
addLots(size, price);
// @ts-expect-error: lots are taken from lots
subtractLots(price, size);
// @ts-expect-error: the lesser of two units is neither
minLots(size, price);

export const right: Lots = addLots(size, subtractLots(size, minLots(size, lots(1))));
