/** Index values, one each second: a walk that nothing here depends on. */
import { formatUnits } from '../domain/money.ts';
import type { Random } from '../domain/ports.ts';
import { normal } from '../env/draws.ts';
import type { News } from './news.ts';

/** In cents, to begin with. */
const INDICES: readonly (readonly [string, number])[] = [
  ['BRTI', 8_500_000],
  ['ETHUSD_RTI', 300_000],
];

export const INDEX_IDS: readonly string[] = INDICES.map(([id]) => id);

/** Of a value, each second. */
const DEVIATION = 0.00005;
const WINDOW = 60;

export class IndexValues {
  readonly #random: Random;
  readonly #recent = new Map<string, readonly number[]>(
    INDICES.map(([id, start]) => [id, [start]]),
  );

  constructor(random: Random) {
    this.#random = random;
  }

  at(nowMs: number): readonly News[] {
    return [...this.#recent].map(([indexId, recent]) => {
      const last = recent.at(-1) ?? 0;
      const next = Math.round(last * (1 + normal(this.#random, 0, DEVIATION)));
      const window = [...recent.slice(1 - WINDOW), next];
      this.#recent.set(indexId, window);
      const average = Math.round(window.reduce((sum, each) => sum + each, 0) / window.length);
      // The inner message is text, as the provider wrote it.
      const data = { type: 'value', time: nowMs, id: indexId, value: formatUnits(next, '0.01') };
      const msg = {
        index_id: indexId,
        received_at: nowMs,
        data: JSON.stringify(data),
        avg_60s_data: {
          value: formatUnits(average, '0.01'),
          window_size: window.length,
          window_start_ts_ms: nowMs - WINDOW * 1_000,
          window_end_ts_exclusive: nowMs,
        },
      };
      return { channel: 'cfbenchmarks_value', indexId, msg };
    });
  }
}
