/** The settings of a configuration file, and of the profile chosen in it. */
import { z } from 'zod';
import { messageOf } from '../domain/errors.ts';
import { type Findings, findingsIn, isObject, merged, problem, type SourceOf } from './findings.ts';
import { type Place, readJson } from './json-text.ts';
import { leaf } from './leaves.ts';
import { suggestion } from './nearest.ts';
import { configSchema } from './schema.ts';

export const CONFIG_FILE = 'depthwalker.config.json';

export interface ProfileChoice {
  readonly name: string;
  /** How it was chosen, for errors. */
  readonly source: string;
}

export interface FileRequest {
  /** Must exist; null for the usual file, where there is one. */
  readonly file: string | null;
  readonly profile: ProfileChoice | null;
  /** Null where there is no such file. */
  readonly readFile: (path: string) => string | null;
}

const schemaAddress = leaf(
  z.string(),
  undefined,
  'must be text',
  'Where an editor finds the schema of this file.',
);

export const profileName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/);

/** What the file says beside its settings. */
export const fileOnly = { $schema: schemaAddress };

export function fileFindings(request: FileRequest): Findings {
  const { profile } = request;
  const name = request.file ?? CONFIG_FILE;
  const text = textOf(request, name);
  if (typeof text !== 'string') return merged([text, noProfile(profile, name, [])]);
  const json = readJson(text.replace(/^\uFEFF/, ''));
  if (json.kind === 'refused') {
    const rule = `the file must be JSON: ${json.rule}`;
    return ofFile(at(name, json.place), rule, 'correct it there (JSON has no comments)');
  }
  const sourceOf: SourceOf = (path) => at(name, json.placeOf(path));
  if (!isObject(json.value)) return findingsIn(configSchema, json.value, sourceOf);
  const { $schema, profiles = {}, ...settings } = json.value;
  return merged([
    $schema === undefined
      ? merged([])
      : judgedOnly(findingsIn(schemaAddress, $schema, sourceOf, '$schema')),
    findingsIn(configSchema, settings, sourceOf),
    profileFindings(profiles, profile, name, sourceOf),
  ]);
}

const at = (name: string, { line, column }: Place): string => `${name}:${line}:${column}`;

/** The text, or why there is none. */
function textOf({ file, readFile }: FileRequest, name: string): string | Findings {
  try {
    const text = readFile(name);
    if (text !== null) return text;
  } catch (thrown) {
    return unreadable(name, thrown);
  }
  return file === null
    ? merged([])
    : ofFile(name, 'the file must exist', 'name another with --config');
}

export const unreadable = (source: string, thrown: unknown): Findings =>
  ofFile(source, 'the file must be readable', messageOf(thrown));

const ofFile = (source: string, rule: string, wayOut: string): Findings =>
  problem({ path: '', source, rule, value: null, wayOut });

/** All profiles are judged, the chosen one counts. */
function profileFindings(
  profiles: unknown,
  chosen: ProfileChoice | null,
  file: string,
  sourceOf: SourceOf,
): Findings {
  if (!isObject(profiles)) return findingsIn(PROFILES, profiles, sourceOf, 'profiles');
  const each = Object.entries(profiles).map(([name, settings]) => {
    const path = `profiles.${name}`;
    if (!profileName.safeParse(name).success) return problem(badName(path, sourceOf(path)));
    const found = findingsIn(
      configSchema,
      settings,
      (inner) => `${sourceOf(inner === '' ? path : `${path}.${inner}`)} (profile ${name})`,
    );
    return name === chosen?.name ? found : judgedOnly(found);
  });
  return merged([...each, noProfile(chosen, file, Object.keys(profiles))]);
}

const PROFILES = z.record(profileName, configSchema);

const judgedOnly = ({ problems }: Findings): Findings => ({ settings: [], problems });

const badName = (path: string, source: string) => ({
  path,
  source,
  rule: 'must be named with letters, digits, - and _',
  value: null,
  wayOut: 'rename it',
});

function noProfile(chosen: ProfileChoice | null, file: string, known: readonly string[]): Findings {
  if (chosen === null || known.includes(chosen.name)) return merged([]);
  return problem({
    path: '',
    source: chosen.source,
    rule: `the profile must be one of ${file}`,
    value: JSON.stringify(chosen.name),
    wayOut: suggestion(chosen.name, known),
  });
}
