/** Commits one turn after the other and tells of each, until it is killed. */
import { writeSync } from 'node:fs';
import { openStore } from '../../src/store/open-store.ts';
import { journalEntry, turn } from './given.ts';

const store = openStore({ file: process.argv[2] ?? '' });

/** Far more than the parent waits for, so that an orphan ends too. */
const TURNS_MAX = 200_000;

for (let count = 1; count <= TURNS_MAX; count += 1) {
  store.commit(turn({ journal: [journalEntry({ atMs: count })], nextSequence: count }));
  writeSync(1, `${count}\n`);
}
