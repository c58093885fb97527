import { describe, expect, it } from 'vitest';
import { loadDriver } from '../../src/store/driver.ts';
import { tables } from '../../src/store/schema.ts';

/** A Node.js with these modules installed, and what was asked of it. */
function host(version: string, ...installed: readonly string[]) {
  const asked: string[] = [];
  const load = (name: string): unknown => {
    asked.push(name);
    if (installed.includes(name)) return name;
    throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' });
  };
  return { asked, driver: () => loadDriver({ version, load }) };
}

const BOTH = ['better-sqlite3', 'better-sqlite3-13'];

describe('the driver', () => {
  it.each(['20.19.0', '20.20.2', '21.7.3'])(
    'of Node %s is the older one, and the one that crashes there is never touched',
    (version) => {
      const { asked, driver } = host(version, ...BOTH);
      expect([driver(), asked]).toEqual(['better-sqlite3', ['better-sqlite3']]);
    },
  );

  it.each(['22.0.0', '24.11.1', '100.0.0'])('of Node %s is the newer one', (version) => {
    const { asked, driver } = host(version, ...BOTH);
    expect([driver(), asked]).toEqual(['better-sqlite3-13', ['better-sqlite3-13']]);
  });

  it('is the older one where the newer one was not installed', () => {
    const { asked, driver } = host('24.11.1', 'better-sqlite3');
    expect([driver(), asked]).toEqual(['better-sqlite3', ['better-sqlite3-13', 'better-sqlite3']]);
  });

  it.each(['20.20.2', '24.11.1'])('is none on Node %s without any', (version) => {
    expect(host(version).driver).toThrow("Cannot find module 'better-sqlite3'");
  });

  it('of this Node.js opens a database', () => {
    const Database = loadDriver();
    const database = new Database(':memory:');
    expect(database.prepare('select 6 * 7').pluck().get()).toBe(42);
    database.close();
  });
});

describe('the query builder', () => {
  it('has no database behind it: it only compiles', async () => {
    expect(await tables.selectFrom('journal').selectAll().execute()).toEqual([]);
    expect(await tables.introspection.getTables()).toEqual([]);
    expect(tables.selectFrom('lease').select('epoch').compile().sql).toBe(
      'select "epoch" from "lease"',
    );
  });
});
