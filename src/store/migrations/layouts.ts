/** The two kinds of file, each with its mark and its history. Nothing is looked up on disk. */
import { first } from './0001-first.ts';
import { account } from './0002-account.ts';
import { updates } from './0003-updates.ts';
import { marketFirst } from './market-0001-first.ts';
import { marketHourly } from './market-0002-hourly.ts';
import type { Migration } from './table.ts';

export interface Layout {
  /**
   * SQLite's `application_id`: tells our files from those of other programs, and from each other.
   */
  readonly applicationId: number;
  /** In order; a file's `user_version` counts those it has seen. */
  readonly migrations: readonly Migration[];
  /** Read through for damage at each opening, a second for each 800 MB. */
  readonly examined: boolean;
}

/** "dwst" and "dwmk" in ASCII. */
export const accountLayout: Layout = {
  applicationId: 0x64777374,
  migrations: [first, account, updates],
  examined: true,
};
export const marketLayout: Layout = {
  applicationId: 0x64776d6b,
  migrations: [marketFirst, marketHourly],
  examined: false,
};
