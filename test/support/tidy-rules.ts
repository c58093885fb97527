/**
 * The style guide as pure functions: each takes one file and names its offences. They see text, not
 * types; what needs types is left to the compiler and the linter.
 */
import { forbiddenImports } from './rooms.ts';
import { importsOf, lineAt, type SourceFile, split } from './source-text.ts';

export interface Rule {
  readonly name: string;
  offences(file: SourceFile): readonly string[];
}

interface Ban {
  readonly name: string;
  readonly pattern: RegExp;
  readonly within: 'code' | 'comments';
  readonly applies: (path: string) => boolean;
}

const ban = ({ name, pattern, within, applies }: Ban): Rule => ({
  name,
  offences(file) {
    if (!applies(file.path)) return [];
    return [...split(file.text)[within].matchAll(pattern)].map(
      (found) => `${file.path}:${lineAt(file.text, found.index)} ${found[0].trim()}`,
    );
  },
});

const everywhere = (): boolean => true;
const isShipped = (path: string): boolean => /^(?:src|machines)\//.test(path);
const isOurs = (path: string): boolean => /^(?:src|machines|visualizations)\//.test(path);

const LINES_MAX = 300;
const COLUMNS_MAX = 100;

const TIMERS = 'setTimeout|setInterval|setImmediate|queueMicrotask';

export const RULES: readonly Rule[] = [
  { name: 'a room imports only what the table allows', offences: forbiddenImports },
  {
    name: 'relative imports end in .ts',
    offences: (file) =>
      importsOf(file)
        .filter(({ specifier }) => specifier.startsWith('.') && !/\.(?:ts|json)$/.test(specifier))
        .map(({ specifier, line }) => `${file.path}:${line} ${specifier}`),
  },
  {
    name: `a file has at most ${LINES_MAX} lines`,
    offences({ path, text }) {
      const lines = text.trimEnd().split('\n').length;
      return lines > LINES_MAX ? [`${path} has ${lines}`] : [];
    },
  },
  {
    name: `a line has at most ${COLUMNS_MAX} columns`,
    offences: ({ path, text }) =>
      text
        .split('\n')
        .flatMap(({ length }, index) =>
          length > COLUMNS_MAX ? [`${path}:${index + 1} has ${length}`] : [],
        ),
  },
  {
    name: 'files are named in kebab-case',
    offences: ({ path }) => (/(?:^|\/)[a-z0-9]+(?:[-.][a-z0-9]+)*\.tsx?$/.test(path) ? [] : [path]),
  },
  ban({
    name: 'time, randomness and ids come through src/env',
    pattern: new RegExp(
      [
        // A date made of a given time is fine, one made of nothing reads the clock.
        String.raw`\bDate\.now\b|\bnew Date\b(?!\s*\(\s*[^)\s])|\bMath\.random\b|\brandomUUID\b`,
        String.raw`\bperformance\.(?:now|timeOrigin)\b|\bprocess\.(?:hrtime|nextTick)\b`,
        String.raw`\b(?:globalThis|global|window)\.(?:${TIMERS})\b`,
        // Not `clock.setTimeout(...)`, a key `setTimeout:`, a signature `setTimeout(name: ...)`.
        String.raw`(?<![.\w$#])(?:${TIMERS})\b(?!\s*(?:[?:]|\(\s*\w+\??\s*:))`,
      ].join('|'),
      'g',
    ),
    within: 'code',
    applies: (path) => isOurs(path) && !path.startsWith('src/env/'),
  }),
  ban({
    name: 'decimals are read and written in src/domain/money.ts alone',
    pattern: /\bparseFloat\b|\.toFixed\b/g,
    within: 'code',
    applies: (path) => isShipped(path) && path !== 'src/domain/money.ts',
  }),
  ban({
    name: 'only the command line writes to the console',
    pattern: /\bconsole\b(?!\s*:)/g,
    within: 'code',
    applies: (path) => isShipped(path) && !path.startsWith('src/cli/'),
  }),
  ban({
    name: 'order machines keep no after, no invoked promise, no sendParent',
    pattern: /\bafter\s*:|\bfromPromise\b|\bsendParent\b/g,
    within: 'code',
    applies: (path) => /^machines\/(?:split-order|execution)\//.test(path),
  }),
  ban({
    name: 'nothing is any',
    pattern: /(?:[:<,|&(=]\s*|\b(?:as|extends)\s+)any\b(?!\s*(?:[:(.']|=>))/g,
    within: 'code',
    applies: everywhere,
  }),
  ban({
    name: 'the compiler is never silenced, except by a type test',
    pattern: /@ts-(?:ignore|nocheck|expect-error)/g,
    within: 'comments',
    applies: (path) => !path.startsWith('test/types/'),
  }),
  ban({
    name: 'the linter is silenced only with a reason (-- why)',
    pattern: /\b(?:oxlint|eslint)-disable(?!.*? -- \S)[^\n]*/g,
    within: 'comments',
    applies: everywhere,
  }),
  ban({
    name: 'exports have names',
    pattern: /\bexport\s+default\b|\bas\s+default\b/g,
    within: 'code',
    applies: (path) => !path.endsWith('.config.ts'),
  }),
  ban({
    name: 'no error is swallowed',
    pattern: new RegExp(
      [
        String.raw`\bcatch\s*(?:\([^)]*\)\s*)?\{\s*\}`,
        String.raw`\.catch\(\s*\(\s*\w*\s*\)\s*=>\s*(?:\{\s*\}|undefined|null)\s*\)`,
      ].join('|'),
      'g',
    ),
    within: 'code',
    applies: everywhere,
  }),
  ban({
    name: 'nothing is left to do',
    pattern: /\b(?:TODO|FIXME|XXX|HACK)\b/g,
    within: 'comments',
    applies: everywhere,
  }),
];
