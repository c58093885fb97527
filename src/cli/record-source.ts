/** The frames of a Kalshi connection for a recorder. It listens to markets, and sends no orders. */
import {
  type Clock,
  type FrameSource,
  InputError,
  type Log,
  type RawFrame,
  seededRandom,
} from '../index.ts';
import { type KalshiOptions, type KalshiVenue, kalshiVenue } from '../venues/kalshi/venue.ts';

export interface KalshiFramesOptions extends Pick<KalshiOptions, 'environment' | 'credentials'> {
  readonly markets: readonly string[];
  /** Fills, own orders and positions, too. */
  readonly isPrivate: boolean;
  readonly clock: Clock;
  readonly log: Log;
}

const PRIVATE = ['fill', 'user_order', 'market_position', 'order_group_updates'];

/** Looked for before it is parsed: nearly all frames are deltas. */
function isPrivate(text: string): boolean {
  if (!PRIVATE.some((name) => text.includes(`"${name}"`))) return false;
  try {
    const { type } = JSON.parse(text) as { readonly type?: unknown };
    return PRIVATE.some((name) => name === type);
  } catch {
    return false;
  }
}

export class KalshiFrames implements FrameSource {
  readonly venue: string;
  readonly #kalshi: KalshiVenue;
  readonly #markets: readonly string[];
  #listener: (frame: RawFrame) => void = () => undefined;

  /** Throws an `InputError` for options that cannot be used. */
  constructor({ markets, isPrivate: withPrivate, ...options }: KalshiFramesOptions) {
    this.#markets = markets;
    this.#kalshi = kalshiVenue({
      ...options,
      markets: { tickers: markets },
      random: seededRandom(`${options.clock.wallMs()}`),
      onText: (text, connection) => {
        if (withPrivate || !isPrivate(text)) this.#listener({ conn: `c${connection}`, text });
      },
    });
    this.venue = this.#kalshi.name;
  }

  /** Asks for the markets: rejects with an `InputError` for a key or a market that is not known. */
  async check(): Promise<void> {
    const known = (await this.#kalshi.instruments()).map(({ symbol }) => symbol);
    for (const market of this.#markets)
      if (!known.includes(market))
        throw new InputError('a market that is recorded is open', market, 'look at its name');
  }

  clockOffsetMs(): number {
    return this.#kalshi.rest.clockOffsetMs;
  }

  frames$(listener: (frame: RawFrame) => void): () => void {
    this.#listener = listener;
    const nothing = (): void => undefined;
    const subscriptions = this.#markets.flatMap((market) => [
      this.#kalshi.book$(market).subscribe(nothing),
      this.#kalshi.trades$(market).subscribe(nothing),
    ]);
    return () => {
      this.#listener = nothing;
      for (const subscription of subscriptions) subscription.unsubscribe();
    };
  }

  close(): Promise<void> {
    return this.#kalshi.close();
  }
}
