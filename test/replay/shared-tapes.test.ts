/** Recordings of real markets, where they are at hand. What they measure is printed. */
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTape } from '../../src/replay/tape-reader.ts';
import { verifyTape } from '../../src/replay/verify-tape.ts';
import { countChecksums } from '../support/kraken-frames.ts';
import { isShared, needsShared, sharedPath, sharedTapes } from '../support/shared.ts';
import { touchAgreement } from '../support/touch-agreement.ts';

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)} %`;

describe.each(['tapes/kalshi-btc15m', 'tapes/kalshi-wire'])('%s', (folder) => {
  const tapes = sharedTapes(folder).map((path) => ({ name: basename(path), path }));
  let [markets, deltas, prints, crossed] = [0, 0, 0, 0];

  it.skipIf(tapes.length === 0)(needsShared('is there', folder), () => {
    expect(tapes.length).toBeGreaterThan(2);
  });

  it.each(tapes)('$name folds with no gap and no level below zero', ({ path }) => {
    for (const check of verifyTape(openTape(path))) {
      expect([check.negativeLevels, check.dropped]).toEqual([0, 0]);
      markets += 1;
      deltas += check.deltas;
      prints += check.prints;
      crossed += check.crossed;
    }
  });

  it.skipIf(tapes.length === 0)('is not quite empty', () => {
    console.log(
      `${folder}: ${tapes.length} recordings, ${markets} markets, ${deltas} deltas,`,
      `${prints} prints, crossed after ${crossed} deltas`,
    );
    expect(deltas).toBeGreaterThan(3_000);
  });
});

const BITCOIN = 'tapes/kalshi-btc15m';

describe.skipIf(!isShared(BITCOIN))(needsShared('the ticker of the venue', BITCOIN), () => {
  it('shows the touch of the book within a second', () => {
    let [tickers, atOnce, within] = [0, 0, 0];
    // Every third recording: reading all of them a second time would only take longer.
    for (const path of sharedTapes(BITCOIN).filter((_, index) => index % 3 === 0)) {
      const agreement = touchAgreement(path);
      tickers += agreement.tickers;
      atOnce += agreement.atOnce;
      within += agreement.within;
    }
    console.log(
      `${tickers} tickers: touch of the book at once in ${percent(atOnce, tickers)},`,
      `within a second in ${percent(within, tickers)}`,
    );
    expect(tickers).toBeGreaterThan(3_000);
    expect(within / tickers).toBeGreaterThan(0.99);
  });
});

const KRAKEN = 'tapes/crypto-raw/KRAKEN.ws.50.0.gz';

describe.skipIf(!isShared(KRAKEN))(needsShared('the checksums of Kraken', KRAKEN), () => {
  it('are right after every message', () => {
    const { right, wrong, pairs } = countChecksums(sharedPath(KRAKEN));
    console.log(`Kraken, ${pairs} pairs: ${right} checksums right, ${wrong} wrong`);
    expect(wrong).toBe(0);
    expect(right).toBeGreaterThan(4_000);
    expect(pairs).toBe(10);
  });
});
