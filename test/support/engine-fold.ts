/** Folds a journal in a fresh, muted market and says where it differs from what was alive. */

import type { JournalRecord } from '../../src/domain/records.ts';
import { MarketPorts, startMarket } from '../../src/engine/market/market-host.ts';
import { foldInto } from '../../src/engine/recovery/fold.ts';
import { provideMarket } from '../../src/engine/turn/effects.ts';
import { mutedSink } from '../../src/engine/turn/muted-sink.ts';
import type { Rig } from './rig.ts';

const ports = new MarketPorts();
const machine = provideMarket((system) => ports.of(system).sink, ports.feeds());

export function folded(rows: readonly JournalRecord[]): string {
  const terms = { venue: 'a fold', symbol: 'a fold', tag: 'dw' };
  const market = startMarket({ machine, ports, sink: mutedSink, ...terms });
  const text = JSON.stringify(foldInto(market, rows).getPersistedSnapshot());
  market.stop();
  return text;
}

/** Prefixes of a long journal: the first ones, the last one, and every so many between. */
function lengths(total: number, most: number): readonly number[] {
  const every = Math.max(1, Math.ceil(total / most));
  return Array.from({ length: total }, (_, index) => index + 1).filter(
    (length) => length <= 5 || length === total || length % every === 0,
  );
}

export interface FoldCount {
  readonly compared: number;
  readonly differences: readonly string[];
}

export function compareFolds({ store, snapshots }: Rig, most = 40): FoldCount {
  let compared = 0;
  const differences: string[] = [];
  for (const [executionId, known] of snapshots) {
    const rows = store.inputsOf(executionId);
    for (const length of lengths(rows.length, most)) {
      const alive = known.get(length);
      if (alive === undefined) continue;
      compared += 1;
      const again = folded(rows.slice(0, length));
      if (again !== alive)
        differences.push(`${executionId} after ${rows[length - 1]?.type}: ${alive} / ${again}`);
    }
  }
  return { compared, differences };
}
