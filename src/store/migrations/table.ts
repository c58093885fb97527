/**
 * The words migrations are written in. A migration that has shipped is never edited: add the next.
 */
import { type CreateTableBuilder, type Kysely, sql } from 'kysely';

/** The SQL of one step from one version of the schema to the next. */
export type Migration = (builder: Kysely<unknown>) => readonly string[];

interface Column {
  readonly type: 'text' | 'integer';
  readonly optional: boolean;
}

export const text: Column = { type: 'text', optional: false };
export const integer: Column = { type: 'integer', optional: false };
export const optionalText: Column = { type: 'text', optional: true };
export const optionalInteger: Column = { type: 'integer', optional: true };

/** A STRICT table: SQLite then holds every column to its type. */
export function createTable(
  builder: Kysely<unknown>,
  name: string,
  primaryKey: readonly string[],
  columns: Readonly<Record<string, Column>>,
): CreateTableBuilder<string, string> {
  let table: CreateTableBuilder<string, string> = builder.schema.createTable(name);
  for (const [column, { type, optional }] of Object.entries(columns))
    table = table.addColumn(column, type, (built) => (optional ? built : built.notNull()));
  return table.addPrimaryKeyConstraint(`${name}_key`, [...primaryKey]).modifyEnd(sql`strict`);
}

/** A column that names a row of another table by that table's primary key. */
export const references = (
  table: CreateTableBuilder<string, string>,
  column: string,
  other: string,
): CreateTableBuilder<string, string> =>
  table.addForeignKeyConstraint(`${column}_of_${other}`, [column], other, [column]);
