/**
 * Order groups: who matches more within 15 s than a group allows loses its resting orders, and can
 * place no more in it until it is reset.
 */
import { type Lots, NO_LOTS } from '../domain/numbers.ts';
import { contracts } from './notation.ts';

export const GROUP_WINDOW_MS = 15_000;
/** In lots: 1 and 1,000,000 contracts. */
export const GROUP_LIMIT = { least: 100, most: 100_000_000 } as const;

export class OrderGroup {
  readonly id: string;
  readonly subaccount: number;
  readonly orderIds = new Set<string>();
  limit: Lots;
  triggered = false;
  #matches: readonly { readonly atMs: number; readonly quantity: Lots }[] = [];

  constructor(id: string, limit: Lots, subaccount: number) {
    this.id = id;
    this.limit = limit;
    this.subaccount = subaccount;
  }

  matched(atMs: number, quantity: Lots): void {
    this.#matches = [...this.#matches, { atMs, quantity }];
  }

  /** Whether it has had enough and does not know it yet. */
  isDue(nowMs: number): boolean {
    this.#matches = this.#matches.filter(({ atMs }) => atMs > nowMs - GROUP_WINDOW_MS);
    const sum = this.#matches.reduce((total, { quantity }) => total + quantity, 0);
    return !this.triggered && sum >= this.limit;
  }

  reset(): void {
    this.triggered = false;
    this.#matches = [];
  }

  get facts(): object {
    return {
      is_auto_cancel_enabled: this.triggered,
      contracts_limit_fp: contracts(this.limit === 0 ? NO_LOTS : this.limit),
      exchange_index: 0,
    };
  }
}
