/**
 * What a disk may hold after the power fails: what was synced is there, and of what was written
 * since then any part, in any state. It knows files and bytes, and nothing of SQLite's formats.
 */
import type { Random } from '../../src/domain/ports.ts';
import { chance, integer, pick } from '../../src/env/draws.ts';

const SECTOR_BYTES = 512;

export const DAMAGES = ['cut', 'zeroed', 'flipped', 'torn'] as const;
export type Damage = (typeof DAMAGES)[number];

/** Where the two differ first; -1 where they are the same. */
export function firstDifference(synced: Buffer, written: Buffer): number {
  const shared = Math.min(synced.length, written.length);
  for (let at = 0; at < shared; at += 1) if (synced[at] !== written[at]) return at;
  return synced.length === written.length ? -1 : shared;
}

/** One state of the file that the disk may be left with; bytes that were synced are never hurt. */
export function afterPowerLoss(
  synced: Buffer,
  written: Buffer,
  random: Random,
  damage: Damage = pick(random, DAMAGES),
): Buffer {
  const from = firstDifference(synced, written);
  if (from === -1) return written;
  const cut = integer(random, from, written.length);
  switch (damage) {
    // The length of the file was lost with its end.
    case 'cut':
      return Buffer.concat([written.subarray(0, cut), synced.subarray(cut)]);
    // The length was kept, and the data never came.
    case 'zeroed':
      return rewritten(synced, written, (at, byte) => (at < cut ? byte : 0));
    case 'flipped': {
      const flips = new Map(
        Array.from({ length: integer(random, 1, 8) }, () => [
          integer(random, from, written.length - 1),
          1 << integer(random, 0, 7),
        ]),
      );
      return rewritten(synced, written, (at, byte) => byte ^ (flips.get(at) ?? 0));
    }
    // A disk writes sectors in the order that it likes.
    case 'torn': {
      const isThere = Array.from({ length: Math.ceil(written.length / SECTOR_BYTES) }, () =>
        chance(random, 0.7),
      );
      return rewritten(synced, written, (at, byte) =>
        isThere[Math.floor(at / SECTOR_BYTES)] === true ? byte : (synced[at] ?? 0),
      );
    }
  }
}

/** Changes bytes that were written since the last sync, and no others. */
function rewritten(
  synced: Buffer,
  written: Buffer,
  change: (at: number, byte: number) => number,
): Buffer {
  const result = Buffer.from(written);
  for (const [at, byte] of written.entries())
    if (byte !== synced[at]) result[at] = change(at, byte);
  return result;
}
