/** Material that the repository does not hold: tests that need it are skipped without it. */
import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';

const SHARED = resolve(import.meta.dirname, '../../../shared');

export const sharedPath = (path: string): string => resolve(SHARED, path);

export const isShared = (path: string): boolean => existsSync(sharedPath(path));

/** The title of a block that needs shared material, with the reason where it is skipped. */
export const needsShared = (title: string, path: string): string =>
  isShared(path) ? title : `${title} (skipped: ../shared/${path} is absent)`;

/** The recordings of a folder; none where it is absent. */
export const sharedTapes = (folder: string): readonly string[] =>
  isShared(folder)
    ? readdirSync(sharedPath(folder))
        .filter((name) => name.endsWith('.jsonl.gz'))
        .map((name) => sharedPath(`${folder}/${name}`))
    : [];
