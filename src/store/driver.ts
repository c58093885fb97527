/**
 * The SQLite driver that this Node.js can bear. better-sqlite3 13 needs Node 22 and crashes on 20;
 * 12 aborts newer ones when a statement is collected (`RemoveEnvironmentCleanupHook`). So both are
 * optional dependencies, and the newer one, which brings its binaries along, is taken where it was
 * installed.
 */
import { createRequire } from 'node:module';
import process from 'node:process';
import type BetterSqlite3 from 'better-sqlite3';

export type DatabaseClass = typeof BetterSqlite3;

const LEAST_NODE_OF_13 = 22;

export interface NodeHost {
  readonly version: string;
  readonly load: (name: string) => unknown;
}

const thisNode = (): NodeHost => ({
  version: process.versions.node,
  load: createRequire(import.meta.url),
});

/** Throws what `require` throws where no native module was installed. */
export function loadDriver({ version, load }: NodeHost = thisNode()): DatabaseClass {
  const major = Number(version.split('.')[0]);
  if (major < LEAST_NODE_OF_13) return load('better-sqlite3') as DatabaseClass;
  try {
    return load('better-sqlite3-13') as DatabaseClass;
  } catch {
    return load('better-sqlite3') as DatabaseClass;
  }
}
