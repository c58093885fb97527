/** Every mode on recordings of real markets, where they are at hand; what fills is printed. */
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Ticks, ticks } from '../../../src/domain/numbers.ts';
import { seededRandom } from '../../../src/env/seeded-random.ts';
import { VirtualClock } from '../../../src/env/virtual-clock.ts';
import { openTape, type Tape } from '../../../src/replay/tape-reader.ts';
import { pickMarket, tapeSource } from '../../../src/replay/tape-source.ts';
import {
  type CancelsAheadMode,
  DEFAULT_FILL_STRESS,
  FILL_MODES,
  type FillModel,
  fillModel,
} from '../../../src/venues/paper/fill-model.ts';
import { type PaperVenue, paper } from '../../../src/venues/paper/venue.ts';
import { isShared, needsShared, sharedPath } from '../../support/shared.ts';
import { orderOf } from './notation.ts';

const FOLDER = 'tapes/kalshi-btc15m';
const NAMES = [
  '20260513T055209Z.jsonl.gz',
  'p_shadow_forward_20260511T053340Z-0dc86f34.jsonl.gz',
  '20260513T1640Z.jsonl.gz',
] as const;

const EVERY_MS = 5_000;

/** Joins both touches every few seconds, with what is left of the old orders still there. */
async function replay(tape: Tape, fill: FillModel): Promise<PaperVenue> {
  const symbol = pickMarket([tape]);
  const source = tapeSource([tape], [symbol]);
  const clock = new VirtualClock(source.startMs);
  const venue = paper({ clock, random: seededRandom(5), source, fill });
  const touch: { bid: Ticks | null; ask: Ticks | null } = { bid: null, ask: null };
  venue.trades$(symbol).subscribe(({ taker, price }) => {
    touch[taker === 'buy' ? 'ask' : 'bid'] = price;
  });
  let count = 0;
  const join = (): void => {
    const more = { symbol, postOnly: true };
    count += 1;
    if (touch.bid !== null) void venue.submit(orderOf(`B${count}`, 'buy', 2_000, touch.bid, more));
    if (touch.ask !== null) void venue.submit(orderOf(`S${count}`, 'sell', 2_000, touch.ask, more));
    const sweep = { symbol, timeInForce: 'ioc' } as const;
    const far = ticks(count % 2 === 0 ? 9_000 : 1_000);
    if (count % 6 === 0)
      void venue.submit(orderOf(`T${count}`, count % 4 === 0 ? 'buy' : 'sell', 5_000, far, sweep));
    const isOver = clock.wallMs() > (tape.events.at(-1)?.atMs ?? 0);
    if (!isOver) clock.setTimeout(join, EVERY_MS);
  };
  clock.setTimeout(join, EVERY_MS);
  await clock.run();
  return venue;
}

const makerLots = (venue: PaperVenue): number =>
  venue.audit
    .orders()
    .filter(({ clientOrderId }) => !clientOrderId.startsWith('T'))
    .reduce((sum, { cumulative }) => sum + cumulative, 0);

describe.skipIf(!isShared(FOLDER)).each(NAMES)(needsShared('%s', FOLDER), (name) => {
  it('conserves all in every mode and under stress, the same each time', async () => {
    const tape = openTape(sharedPath(`${FOLDER}/${name}`));
    const filled: Partial<Record<CancelsAheadMode, number>> = {};
    for (const mode of FILL_MODES) {
      const venue = await replay(tape, fillModel(mode));
      expect(venue.auditViolations()).toEqual([]);
      filled[mode] = makerLots(venue);
    }
    const stressed = { ...fillModel('probabilistic'), stress: DEFAULT_FILL_STRESS };
    const [first, second] = [await replay(tape, stressed), await replay(tape, stressed)];
    expect(first.auditViolations()).toEqual([]);
    expect(second.audit.log()).toBe(first.audit.log());
    expect(second.account.profits()).toEqual(first.account.profits());
    expect(makerLots(first)).toBeGreaterThan(0);
    console.log(`${basename(name)}: maker lots ${JSON.stringify(filled)}`);
  });
});
