/** `depthwalker config`: the settings that count, with the source of each. */
import { configJsonSchema } from '../config/json-schema.ts';
import { EXIT, type Io, lineTo } from './io.ts';
import { type ConfigOptions, settingsOf } from './settings.ts';
import { type Column, table } from './table.ts';

export interface EchoOptions extends ConfigOptions {
  readonly json?: true;
  readonly schema?: true;
  readonly check?: true;
}

/** Gives the exit code; throws a `ConfigError` with all that is wrong. */
export function echoConfig(options: EchoOptions, io: Io): number {
  const { stdout } = io;
  if (options.schema) {
    lineTo(stdout, JSON.stringify(configJsonSchema(), null, 2));
    return EXIT.ok;
  }
  const { config, sources } = settingsOf(options, io);
  const rows = Object.entries(sources).map(([path, source]) => ({
    path,
    value: JSON.stringify(at(config, path)),
    source,
  }));
  const given = rows.filter(({ source }) => source !== 'default').length;
  if (options.check) lineTo(stdout, `good: ${given} of ${rows.length} settings were given`);
  else if (options.json) lineTo(stdout, JSON.stringify({ config, sources }));
  else lineTo(stdout, table(COLUMNS, rows));
  return EXIT.ok;
}

interface Row {
  readonly path: string;
  readonly value: string;
  readonly source: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'setting', cell: ({ path }) => path },
  { title: 'value', cell: ({ value }) => value },
  { title: 'source', cell: ({ source }) => source },
];

const at = (config: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((inner, key) => (inner as Readonly<Record<string, unknown>>)[key], config);
