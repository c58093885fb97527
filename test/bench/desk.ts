/** Works wishes through an engine on virtual time, and forgets them when their window is over. */
import { LATE_FILL_WINDOW_MS } from '../../src/domain/limits.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { type BenchEngine, START_MS, startBenchEngine, symbolsOf, wish } from './bench-engine.ts';

export class Desk {
  readonly #clock: VirtualClock;
  readonly #bench: BenchEngine;
  readonly #markets: readonly string[];
  #wishes = 0;

  constructor(clock: VirtualClock, bench: BenchEngine, markets: readonly string[]) {
    this.#clock = clock;
    this.#bench = bench;
    this.#markets = markets;
  }

  static async open(markets: number): Promise<Desk> {
    const clock = new VirtualClock(START_MS);
    const symbols = symbolsOf(markets);
    const bench = await startBenchEngine({ clock, symbols, fills: 'atOnce' });
    return new Desk(clock, bench, symbols);
  }

  /** Works `count` wishes, `together` at once, each in `parts` orders, until all have ended. */
  async work(count: number, together: number, parts: number): Promise<void> {
    for (let done = 0; done < count; done += together) {
      const results = Array.from({ length: together }, () => this.#execute(parts).result);
      const [result] = await this.#clock.settle(Promise.all(results));
      if (result?.outcome !== 'completed') throw new Error(`a wish ended ${result?.outcome}`);
    }
  }

  /** Past the window of late fills, where ended executions are forgotten. */
  async forget(): Promise<void> {
    await this.#clock.run({ untilMs: this.#clock.wallMs() + LATE_FILL_WINDOW_MS + 1 });
  }

  async close(): Promise<void> {
    await this.#clock.settle(this.#bench.engine.stop());
  }

  #execute(parts: number) {
    this.#wishes += 1;
    const market = this.#markets[this.#wishes % this.#markets.length] ?? '';
    return this.#bench.engine.execute(wish(`wish-${this.#wishes}`, market, parts));
  }
}
