/** One account of a scripted venue on one file, over which engines live one after the other. */
import type { HaltEntry } from '../../src/domain/halts.ts';
import { createEngine, type Engine } from '../../src/engine/create-engine.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { haltFileOf } from '../../src/store/halt-file.ts';
import { openStore } from '../../src/store/open-store.ts';
import { resting, signal } from './embedded.ts';
import { type LogLine, logTo, START_MS } from './rig.ts';
import { ScriptedVenue } from './scripted-venue.ts';

export class HaltAccount {
  readonly clock = new VirtualClock(START_MS);
  readonly log: LogLine[] = [];
  readonly venue = new ScriptedVenue({
    clock: this.clock,
    symbols: ['M', 'N'],
    capabilities: { outlivesEngine: true },
  });
  readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  async start(): Promise<Engine> {
    const { clock, venue, file } = this;
    const common = { clock, log: logTo(this.log), algorithms: [resting] };
    const engine = await createEngine({ venues: [venue], ...common, store: { file } });
    engine.watch('script', 'M');
    await this.pass(100);
    venue.snapshot('M');
    await this.pass(2_000);
    return engine;
  }

  pass(ms: number): Promise<void> {
    return this.clock.run({ untilMs: this.clock.wallMs() + ms });
  }

  async stop(engine: Engine): Promise<void> {
    await this.clock.settle(engine.stop());
  }

  /** What a person's command writes. */
  write(entry: Partial<HaltEntry> & Pick<HaltEntry, 'kind' | 'id'>): void {
    const common = { scope: {}, actor: 'ada', reason: 'from outside', atMs: this.clock.wallMs() };
    const rest = entry.kind === 'halt' ? { everything: false } : {};
    haltFileOf(this.file).append({ ...common, ...rest, ...entry } as HaltEntry);
  }

  operations(): readonly string[] {
    const store = openStore({ file: this.file });
    const both = [...store.operations('halt', 0), ...store.operations('resume', 0)];
    store.close();
    return both.map(({ kind, scope, actor, reason }) => `${kind} ${scope} ${actor}: ${reason}`);
  }

  tries(engine: Engine, signalId: string): string {
    try {
      engine.execute(signal({ signalId }));
      return 'taken';
    } catch (thrown) {
      return String(thrown);
    }
  }
}
