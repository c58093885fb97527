/**
 * Brings a file to the newest version of its layout, in one transaction and without a promise:
 * Kysely builds the SQL, better-sqlite3 runs it. A file of another program or of a newer version
 * stays as it is.
 */
import { InputError } from '../domain/errors.ts';
import type { Layout } from './migrations/layouts.ts';
import { migrationBuilder } from './schema.ts';
import { pragma, type Sqlite } from './sqlite.ts';

const isEmpty = (database: Sqlite): boolean =>
  database.prepare('select 1 from sqlite_schema limit 1').get() === undefined;

/**
 * Throws an `InputError` for a file that is not ours, is newer than this program, or is damaged.
 */
export function recognise(database: Sqlite, { applicationId, migrations, examined }: Layout): void {
  if (isEmpty(database)) return;
  const file = database.name;
  if (pragma(database, 'application_id') !== applicationId)
    throw new InputError('the store must be a file of depthwalker', file, 'choose another file');
  const version = Number(pragma(database, 'user_version'));
  if (version > migrations.length)
    throw new InputError(
      `the schema of the store ${file} must be at most version ${migrations.length}`,
      version,
      'update depthwalker, or choose another file',
    );
  const health = examined ? pragma(database, 'quick_check(1)') : 'ok';
  if (health !== 'ok')
    throw new InputError(`the store ${file} must be whole`, health, 'restore it from a backup');
}

export function migrate(database: Sqlite, { applicationId, migrations }: Layout): void {
  database
    .transaction(() => {
      const seen = Number(pragma(database, 'user_version'));
      if (seen === migrations.length) return;
      for (const migration of migrations.slice(seen))
        for (const step of migration(migrationBuilder)) database.exec(step);
      database.pragma(`user_version = ${migrations.length}`);
      database.pragma(`application_id = ${applicationId}`);
    })
    .immediate();
}
