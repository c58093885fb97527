import { readFileSync, truncateSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { storeFile } from './store-file.ts';

it('is named where it is damaged, and the account stays as it was', () => {
  const file = storeFile();
  openStore({ file }).close();
  const before = readFileSync(file);
  truncateSync(`${file}.market`, 3_000);
  expect(() => openStore({ file })).toThrow(`the store must be whole, was "${file}.market"`);
  expect(readFileSync(file).equals(before)).toBe(true);
});
