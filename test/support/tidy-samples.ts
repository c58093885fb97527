/** For each rule of `tidy-rules.ts`: texts that break it, and texts near them that do not. */

type Sample = readonly [path: string, text: string];

interface Samples {
  readonly offends: readonly Sample[];
  readonly passes: readonly Sample[];
}

const imports = (path: string, specifier: string): Sample => [
  path,
  `import { a } from '${specifier}';`,
];
const importsType = (path: string, specifier: string): Sample => [
  path,
  `import type { A } from '${specifier}';`,
];

export const SAMPLES: Readonly<Record<string, Samples>> = {
  'a room imports only what the table allows': {
    offends: [
      imports('src/domain/a.ts', '../env/ids.ts'),
      imports('src/domain/a.ts', 'decimal.js'),
      imports('src/book/a.ts', '../env/ids.ts'),
      imports('src/algorithms/a.ts', 'node:fs'),
      imports('src/gateway/a.ts', '../venues/kalshi/venue.ts'),
      imports('src/venues/kalshi/a.ts', '../paper/venue.ts'),
      imports('src/venues/kalshi/rest.ts', 'zod'),
      imports('src/venues/kalshi/session.ts', '../../../machines/market/market.machine.ts'),
      imports('src/venues/kalshi/books.ts', 'xstate'),
      imports('src/store/a.ts', '../../machines/index.ts'),
      imports('src/replay/a.ts', '../venues/kalshi/socket.ts'),
      imports('src/engine/a.ts', '../venues/kalshi/venue.ts'),
      imports('src/engine/a.ts', '../cli/main.ts'),
      imports('src/config/a.ts', '../engine/options.ts'),
      imports('src/cli/a.ts', '../store/journal.ts'),
      imports('machines/market/a.ts', '../../src/ledger/exposure.ts'),
      imports('machines/market/a.ts', 'rxjs'),
      imports('visualizations/a.ts', '../src/domain/errors.ts'),
      imports('src/elsewhere/a.ts', './b.ts'),
      ['src/risk/a.ts', "export {\n  b,\n} from '../ledger/b.ts';"],
      ['src/book/a.ts', "const fs = await import('node:fs');"],
      ['src/book/a.ts', "import 'rxjs';"],
      ['src/streams/a.ts', 'import { b } from "ws";'],
    ],
    passes: [
      imports('src/domain/money.ts', 'decimal.js'),
      importsType('src/book/a.ts', '../env/virtual-clock.ts'),
      imports('src/venues/kalshi/a.ts', './wire.ts'),
      imports('src/venues/kalshi/wire.ts', 'zod'),
      imports('src/venues/kalshi/rest-wire.ts', 'zod'),
      imports('src/venues/kalshi/session.ts', 'xstate'),
      imports('src/venues/kalshi/session.ts', '../../../machines/venue-session/a.ts'),
      imports('src/venues/polymarket/sign.ts', '@noble/curves/secp256k1.js'),
      imports('src/replay/a.ts', '../venues/kalshi/wire.ts'),
      imports('src/cli/a.ts', '../venues/kalshi/venue.ts'),
      imports('src/config/a.ts', 'zod'),
      imports('machines/market/a.ts', '../execution/execution.machine.ts'),
      imports('machines/market/a.ts', '../../src/ledger/quantity.ts'),
      importsType('src/observe/a.ts', 'xstate'),
      imports('src/index.ts', './engine/create-engine.ts'),
      imports('test/book/a.test.ts', '../../src/store/journal.ts'),
      ['src/book/a.ts', "// import { a } from 'rxjs';\nconst text = `import 'ws'`;"],
    ],
  },
  'relative imports end in .ts': {
    offends: [imports('src/book/a.ts', './b'), imports('src/book/a.ts', './b.js')],
    passes: [imports('src/book/a.ts', './b.ts'), imports('src/book/a.ts', 'decimal.js')],
  },
  'a file has at most 300 lines': {
    offends: [['src/a.ts', 'a;\n'.repeat(301)]],
    passes: [['src/a.ts', 'a;\n'.repeat(300)]],
  },
  'a line has at most 100 columns': {
    offends: [['src/a.ts', `a;\n// ${'-'.repeat(98)}`]],
    passes: [['src/a.ts', `// ${'-'.repeat(97)}`]],
  },
  'files are named in kebab-case': {
    offends: [
      ['src/bookView.ts', ''],
      ['src/Book.ts', ''],
      ['src/book_view.ts', ''],
    ],
    passes: [
      ['src/book-view.ts', ''],
      ['machines/a/split-order.machine.ts', ''],
    ],
  },
  'time, randomness and ids come through src/env': {
    offends: [
      ['src/book/a.ts', 'const now = Date.now();'],
      ['src/book/a.ts', 'const now = new Date( );'],
      ['src/book/a.ts', 'const now = performance.now();'],
      ['src/book/a.ts', 'const now = process.hrtime.bigint();'],
      ['machines/a.ts', 'const draw = Math.random();'],
      ['src/engine/a.ts', 'setTimeout(() => wake(now), 5);'],
      ['src/engine/a.ts', 'globalThis.setInterval(wake, 5);'],
      ['src/engine/a.ts', 'const later = { wait: setImmediate };'],
      ['src/engine/a.ts', 'queueMicrotask(wake);'],
      ['visualizations/a.ts', "import { randomUUID } from 'node:crypto';"],
      ['src/engine/a.ts', 'const text = `${Date.now()}`;'],
    ],
    passes: [
      ['src/env/live-clock.ts', 'const now = Date.now();'],
      ['src/book/a.ts', "const text = 'Date.now()'; // Math.random()"],
      ['src/book/a.ts', 'const text = `Date.now() {} ${clock.wallMs()}`;'],
      ['src/book/a.ts', 'const isTimer = /setTimeout|"/.test(name);'],
      ['src/engine/a.ts', 'clock.setTimeout(wake, 5);'],
      [
        'src/domain/a.ts',
        'interface A { setTimeout(callback: () => void, delayMs: number): void }',
      ],
      ['src/engine/a.ts', 'const text = new Date(timeMs).toISOString();'],
      ['test/a.ts', 'setTimeout(done, 5);'],
    ],
  },
  'decimals are read and written in src/domain/money.ts alone': {
    offends: [
      ['src/quality/a.ts', 'const price = Number.parseFloat(text);'],
      ['machines/a.ts', 'const text = price.toFixed(2);'],
    ],
    passes: [
      ['src/domain/money.ts', 'const text = price.toFixed(2);'],
      ['visualizations/a.ts', 'const x = left.toFixed(1);'],
    ],
  },
  'only the command line writes to the console': {
    offends: [['src/engine/a.ts', "console.log('hello');"]],
    passes: [
      ['src/cli/main.ts', "console.log('hello');"],
      ['src/engine/a.ts', "// console.log('hello');"],
    ],
  },
  'order machines keep no after, no invoked promise, no sendParent': {
    offends: [
      ['machines/split-order/a.ts', 'const state = { after: { 500: "expired" } };'],
      ['machines/execution/a.ts', "import { fromPromise } from 'xstate';"],
      ['machines/execution/a.ts', 'const tell = sendParent({ type });'],
    ],
    passes: [
      ['machines/venue-session/a.ts', 'const state = { after: { 500: "expired" } };'],
      ['machines/execution/a.ts', 'const stateAfter = { before: 1 }; // after: the fill'],
    ],
  },
  'nothing is any': {
    offends: [
      ['src/a.ts', 'const a: any = 1;'],
      ['src/a.ts', 'const a = b as any;'],
      ['src/a.ts', 'const a = new Map<string, any>();'],
      ['test/a.ts', 'type A<T extends any> = T | any[];'],
    ],
    passes: [
      ['src/a.ts', "const a: unknown = 'as any'; // as any other"],
      ['src/a.ts', 'await Promise.any(all); const many: Company = a;'],
    ],
  },
  'the compiler is never silenced, except by a type test': {
    offends: [
      ['src/a.ts', '// @ts-ignore\na;'],
      ['test/a.ts', '/* @ts-expect-error */\na;'],
    ],
    passes: [
      ['test/types/a.ts', '// @ts-expect-error: ticks are not lots\na;'],
      ['test/a.ts', "const text = '// @ts-ignore';"],
    ],
  },
  'the linter is silenced only with a reason (-- why)': {
    offends: [['src/a.ts', '// oxlint-disable-next-line no-console\na;']],
    passes: [
      ['src/a.ts', '// oxlint-disable-next-line no-console -- the screen is the output\na;'],
    ],
  },
  'exports have names': {
    offends: [
      ['src/a.ts', 'export default function run() {}'],
      ['src/a.ts', 'export { run as default };'],
    ],
    passes: [
      ['vitest.config.ts', 'export default {};'],
      ['src/a.ts', 'export const fallback = 1; // export default'],
    ],
  },
  'no error is swallowed': {
    offends: [
      ['src/a.ts', 'try { run(); } catch {}'],
      ['src/a.ts', 'try { run(); } catch (error) {\n  // it is ok\n}'],
      ['src/a.ts', 'run().catch(() => {});'],
      ['src/a.ts', 'run().catch((_error) => undefined);'],
    ],
    passes: [
      ['src/a.ts', 'try { run(); } catch (error) { report(error); }'],
      ['src/a.ts', 'run().catch((error) => report(error));'],
    ],
  },
  'nothing is left to do': {
    offends: [
      ['src/a.ts', '// TODO: later'],
      ['test/a.ts', '/* FIXME */'],
    ],
    passes: [['src/a.ts', "const text = '// TODO'; // nothing to do"]],
  },
};
