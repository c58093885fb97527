/** A day at the emulator: its market stands still, and nothing is short of tokens. */
import { lots, ticks } from '../../../src/domain/numbers.ts';
import type { OrderRef, OrderRequest } from '../../../src/domain/order.ts';
import {
  type EmulatedKey,
  type KalshiEmulator,
  startKalshiEmulator,
} from '../../../src/emulator/start.ts';
import { liveClock } from '../../../src/env/live-clock.ts';
import { KalshiRest } from '../../../src/venues/kalshi/rest.ts';
import { Secret, signerOf } from '../../../src/venues/kalshi/sign.ts';
import { stillMarkets, TICKER } from '../../emulator/still-market.ts';
import { type LogLine, logTo } from '../../support/rig.ts';

const LARGE = { refillPerSecond: 10_000, capacity: 10_000 };

export class EmulatedDay {
  readonly emulator: KalshiEmulator;
  readonly rest: KalshiRest;
  readonly lines: LogLine[] = [];
  #count = 0;

  constructor(emulator: KalshiEmulator) {
    this.emulator = emulator;
    this.rest = this.restFor();
  }

  static async start(): Promise<EmulatedDay> {
    const tier = { name: 'prime', read: LARGE, write: LARGE };
    const source = stillMarkets();
    return new EmulatedDay(await startKalshiEmulator({ source, accounts: 2, tier }));
  }

  /** Another process at the account, or at another one. */
  restFor({ keyId, privateKeyPem }: EmulatedKey = this.emulator): KalshiRest {
    return new KalshiRest({
      environment: this.emulator,
      signer: signerOf({ keyId, privateKey: new Secret(privateKeyPem) }),
      clock: liveClock,
      log: logTo(this.lines),
      markets: { tickers: [TICKER], events: ['KXTEST-26NOV21'] },
    });
  }

  request(change: Partial<OrderRequest> = {}): OrderRequest {
    this.#count += 1;
    return {
      clientOrderId: `dw-1-${this.#count}`,
      symbol: TICKER,
      outcome: 'yes',
      action: 'buy',
      price: ticks(4_100),
      quantity: lots(1_000),
      timeInForce: 'gtc',
      postOnly: false,
      expiresAtMs: null,
      ...change,
    };
  }

  close(): Promise<void> {
    this.rest.close();
    return this.emulator.close();
  }
}

export const refOf = (
  { clientOrderId, symbol }: OrderRequest,
  venueOrderId: string | null = null,
): OrderRef => ({ clientOrderId, symbol, venueOrderId });
