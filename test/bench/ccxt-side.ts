/** The order-book side of ccxt, a trading library that nearly every JavaScript bot knows. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Rows are [price, size], best first. */
export interface CcxtSide extends ArrayLike<readonly [number, number]> {
  /** A size of 0 removes the level. */
  store(price: number, size: number): void;
}

export interface CcxtSides {
  readonly Bids: new () => CcxtSide;
  readonly Asks: new () => CcxtSide;
}

/** Its package exports the whole library only, which takes a third of a second to load. */
const PATH = 'node_modules/ccxt/js/src/base/ws/OrderBookSide.js';

export const loadCcxtSides = async (): Promise<CcxtSides> =>
  (await import(pathToFileURL(resolve(PATH)).href)) as CcxtSides;
