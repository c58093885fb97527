/** Who may import whom: the table of ARCHITECTURE.md as data, and the rule that reads it. */
import { posix } from 'node:path';
import { type Import, importsOf, type SourceFile } from './source-text.ts';

interface Room {
  /** Rooms or single files below the root; `venues/` with a slash at the end means all of them. */
  readonly imports: readonly string[];
  /** Imported for their types alone. */
  readonly types?: readonly string[];
  /** Packages; one that ends in `*` is a prefix. */
  readonly packages: readonly string[];
}

const DOMAIN = 'src/domain/';
const ENV = 'src/env/';
const BOOK = 'src/book/';
const FILES = [
  'node:fs',
  'node:fs/promises',
  'node:path',
  'node:readline',
  'node:url',
  'node:zlib',
];
const VENUE: Room = {
  imports: [DOMAIN, 'src/streams/', ENV, BOOK],
  packages: ['rxjs', 'ws', 'node:*'],
};
const INNER = ['domain', 'env', 'book', 'algorithms', 'ledger', 'risk', 'gateway', 'streams'];
const OUTER = ['store', 'quality', 'replay', 'observe', 'engine'];
const all = (names: readonly string[]): readonly string[] => names.map((name) => `src/${name}/`);

/** The first that a path starts with is its room. */
const ROOMS: readonly (readonly [string, Room])[] = [
  [`${DOMAIN}money.ts`, { imports: [DOMAIN], packages: ['decimal.js'] }],
  [DOMAIN, { imports: [DOMAIN], packages: [] }],
  [ENV, { imports: [DOMAIN], packages: [] }],
  [BOOK, { imports: [DOMAIN], types: [ENV], packages: [] }],
  ['src/algorithms/', { imports: [DOMAIN, BOOK], types: [ENV], packages: [] }],
  ['src/quality/', { imports: [DOMAIN, BOOK], types: [ENV], packages: [] }],
  ['machines/', { imports: [DOMAIN, 'src/ledger/quantity.ts'], packages: ['xstate'] }],
  ['src/ledger/quantity.ts', { imports: [DOMAIN], packages: [] }],
  ['src/ledger/', { imports: [DOMAIN], packages: ['@xstate/store'] }],
  ['src/risk/', { imports: [DOMAIN], packages: [] }],
  ['src/streams/', { imports: [DOMAIN, BOOK, ENV], packages: ['rxjs'] }],
  ['src/gateway/', { imports: [DOMAIN, ENV, 'src/ledger/', 'src/risk/'], packages: ['rxjs'] }],
  ['src/venues/polymarket/', { ...VENUE, packages: [...VENUE.packages, '@noble/*'] }],
  ['src/venues/ccxt/', { ...VENUE, packages: [...VENUE.packages, 'ccxt'] }],
  ['src/venues/', VENUE],
  ['src/store/', { imports: [DOMAIN], packages: ['kysely', 'better-sqlite3', 'node:*'] }],
  [
    'src/replay/',
    {
      imports: [DOMAIN, ENV, BOOK, 'src/quality/', 'src/venues/paper/'],
      packages: ['zod', ...FILES],
    },
  ],
  [
    'src/emulator/',
    { imports: [DOMAIN, ENV, BOOK, 'src/venues/paper/'], packages: ['ws', 'node:*'] },
  ],
  ['src/record/', { imports: [DOMAIN], packages: [...FILES, 'node:util'] }],
  ['src/observe/', { imports: [DOMAIN], types: ['xstate'], packages: ['pino', 'ws', 'node:*'] }],
  [
    'src/engine/',
    {
      imports: [...all(INNER), ...all(OUTER), 'machines/'],
      types: ['src/config/'],
      packages: ['xstate', 'rxjs', 'zod', 'node:*'],
    },
  ],
  ['src/config/', { imports: [DOMAIN], packages: ['zod', 'node:util'] }],
  [
    'src/serve/',
    {
      imports: [DOMAIN, 'src/store/', 'src/index.ts'],
      types: ['rxjs'],
      packages: ['zod', 'node:*'],
    },
  ],
  [
    'src/cli/',
    {
      imports: ['src/index.ts', 'src/config/', 'src/replay/', 'src/emulator/', 'src/serve/'],
      packages: ['commander', 'zod', 'node:*'],
    },
  ],
  [
    'src/index.ts',
    {
      imports: [
        ...all(INNER),
        ...all(OUTER),
        'src/config/',
        'src/record/',
        'src/venues/',
        'machines/',
      ],
      packages: [],
    },
  ],
  ['src/conformance/', { imports: [DOMAIN, BOOK, 'src/gateway/lookup.ts'], packages: [] }],
  [
    'src/testing.ts',
    {
      imports: [
        ...all(INNER),
        ...all(OUTER),
        'src/conformance/',
        'src/emulator/',
        'src/venues/',
        'machines/',
      ],
      packages: [],
    },
  ],
  [
    'visualizations/',
    {
      imports: ['machines/'],
      types: ['xstate'],
      packages: ['elkjs*', '@resvg/resvg-js', 'node:*'],
    },
  ],
];

/** The part of the tree whose files may import each other: one venue is not another. */
const homeOf = (path: string): string =>
  path.match(/^src\/venues\/[^/]+\/|^src\/[^/]+\/|^[^/]+\//)?.[0] ?? path;

const fits = (allowed: readonly string[], target: string): boolean =>
  allowed.some((entry) =>
    entry.endsWith('*') ? target.startsWith(entry.slice(0, -1)) : target === entry,
  );

const isBelow = (allowed: readonly string[], target: string): boolean =>
  allowed.some((entry) => (entry.endsWith('/') ? target.startsWith(entry) : target === entry));

/** What the table cannot say with rooms: single files that are open to some. */
const isOpenDoor = (path: string, target: string): boolean =>
  // A connection is run by the venue that holds its socket, and drawn by the chart that runs.
  (/^src\/venues\/[^/]+\/session\.ts$/.test(path) &&
    (target === 'xstate' || target.startsWith('machines/venue-session/'))) ||
  (path.startsWith('src/replay/') && /^src\/venues\/[^/]+\/(?:wire|translate)\.ts$/.test(target)) ||
  (path.startsWith('src/cli/') && /^src\/venues\/[^/]+\/venue\.ts$/.test(target)) ||
  (/^src\/venues\/[^/]+\/(?:rest-)?wire\.ts$/.test(path) && target === 'zod');

function mayImport(path: string, room: Room, { specifier, typeOnly }: Import): boolean {
  const isRelative = specifier.startsWith('.');
  const target = isRelative ? posix.join(posix.dirname(path), specifier) : specifier;
  if (isOpenDoor(path, target)) return true;
  const types = typeOnly ? (room.types ?? []) : [];
  if (!isRelative) return fits([...room.packages, ...types], target);
  return homeOf(target) === homeOf(path) || isBelow([...room.imports, ...types], target);
}

/** One line for each import that the table does not allow. Tests may import anything. */
export function forbiddenImports(file: SourceFile): readonly string[] {
  if (!/^(?:src|machines|visualizations)\//.test(file.path)) return [];
  const room = ROOMS.find(([prefix]) => file.path.startsWith(prefix))?.[1];
  if (room === undefined) return [`${file.path}: no such room in the import table`];
  return importsOf(file)
    .filter((found) => !mayImport(file.path, room, found))
    .map(({ specifier, line }) => `${file.path}:${line} may not import ${specifier}`);
}
