/** On what the figures were measured: without it none of them means anything. */
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { resolve } from 'node:path';
import process from 'node:process';
import { liveClock } from '../../src/env/live-clock.ts';
import { loadDriver } from '../../src/store/driver.ts';

export interface Host {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  /** Processes that wanted to run in the last minute: far above 0 means company. */
  readonly load: number;
  readonly versions: Readonly<Record<string, string>>;
}

const PACKAGES = ['xstate', 'rxjs', 'decimal.js', 'zod', 'ccxt'];

const versionIn = (folder: string): string =>
  (JSON.parse(readFileSync(resolve(folder, 'package.json'), 'utf8')) as { version: string })
    .version;

export function describeHost(): Host {
  const [first] = cpus();
  const sqlite = new (loadDriver())(':memory:');
  const { version: sqliteVersion } = sqlite.prepare('select sqlite_version() as version').get() as {
    version: string;
  };
  sqlite.close();
  return {
    date: new Date(liveClock.wallMs()).toISOString(),
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    load: loadavg()[0] ?? Number.NaN,
    versions: {
      depthwalker: versionIn('.'),
      ...Object.fromEntries(PACKAGES.map((name) => [name, versionIn(`node_modules/${name}`)])),
      sqlite: sqliteVersion,
    },
  };
}
