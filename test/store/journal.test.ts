import { expect, it } from 'vitest';
import { loadDriver } from '../../src/store/driver.ts';
import { openStore } from '../../src/store/open-store.ts';
import { journalEntry, turn } from './given.ts';
import { storeFile } from './store-file.ts';

const Database = loadDriver();

it.each([
  ['a row in the middle', 'journal_id = 2'],
  ['its newest row', 'journal_id = 3'],
  ['every row', 'true'],
])('a store is refused that has lost of its journal %s', (_, lost) => {
  const file = storeFile();
  const store = openStore({ file });
  store.commit(turn({ journal: [1, 2, 3].map((atMs) => journalEntry({ atMs })) }));
  store.close();
  const database = new Database(file);
  database.exec(`drop trigger journal_refuses_delete; delete from journal where ${lost}`);
  database.close();
  const rule = /the journal of the store .* must hold every row that was written.*3 were written/s;
  expect(() => openStore({ file })).toThrow(rule);
});
