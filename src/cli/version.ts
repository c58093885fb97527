/** The version in package.json, from the sources and from the build alike. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BUILT_IN_ALGORITHMS } from '../index.ts';

export const NAME = 'depthwalker';

export function version(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (!existsSync(path)) continue;
    const read = JSON.parse(readFileSync(path, 'utf8')) as { name?: unknown; version?: unknown };
    if (read.name === NAME) return String(read.version);
  }
  return 'unknown';
}

/** What made a result: names and versions, nothing of the machine. */
export const engineFacts = () => ({
  name: NAME,
  version: version(),
  algorithms: Object.fromEntries(BUILT_IN_ALGORITHMS.map((each) => [each.name, each.version])),
});
