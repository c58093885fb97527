/** Runs the command line in this process, and keeps what it writes. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { runCli } from '../../src/cli/program.ts';
import { configSchema } from '../../src/config/schema.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'depthwalker-cli-'));

const EMPTY_FOLDER = newFolder();

/** In an empty folder with no variables: what a machine is set to changes no test. */
export const cli = (...argv: readonly string[]): Promise<Ran> => cliIn({}, ...argv);

/** Where a command runs. */
export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly folder?: string;
}

export async function cliIn(
  { env = {}, folder = EMPTY_FOLDER }: Surroundings,
  ...argv: readonly string[]
): Promise<Ran> {
  const written = { out: '', err: '' };
  const code = await runCli(argv, {
    env,
    folder,
    stdout: { write: (text) => (written.out += text) },
    stderr: { write: (text) => (written.err += text) },
  });
  return { code, ...written };
}

export const fixtureTape = (name: string): string =>
  resolve(import.meta.dirname, '../fixtures/tapes', name);

const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);
const time = z.int().positive();
const count = z.int().nonnegative();

const stage = z.number().nonnegative().nullable();

const fill = z.strictObject({
  id: z.string(),
  splitOrder: z.string(),
  timeMs: time,
  price: decimal,
  quantity: decimal,
  fee: decimal,
  liquidity: z.enum(['maker', 'taker']),
  bookVersion: count,
  touch: z.strictObject({ bid: decimal.nullable(), ask: decimal.nullable() }),
  printSeq: count.nullable(),
});

const execution = z.object({
  id: z.string(),
  signalId: z.string(),
  market: z.string(),
  outcomeSide: z.enum(['yes', 'no']),
  action: z.enum(['buy', 'sell']),
  algorithm: z.string(),
  outcome: z.enum(['completed', 'partial', 'unfilled', 'cancelled', 'failed', 'refused']),
  targetQuantity: decimal,
  filledQuantity: decimal,
  averagePrice: decimal.nullable(),
  limitPrice: decimal,
  arrivalMid: decimal.nullable(),
  allInCentsPerContract: decimal.nullable(),
  fees: decimal,
  walks: count,
  splits: count,
  calls: count,
  startedAtMs: time,
  endedAtMs: time,
  latency: z.strictObject({
    startedMs: stage,
    admittedMs: stage,
    decidedMs: stage,
    committedMs: stage,
    sentMs: stage,
    ackedMs: stage,
    filledMs: stage,
  }),
  orders: z.array(z.looseObject({ splitOrder: z.string() })),
  fills: z.array(fill),
});

const session = z.strictObject({
  seed: z.string(),
  config: configSchema,
  source: z.looseObject({ kind: z.enum(['simulated', 'tape']) }),
  executions: z.array(execution),
  summary: z.array(z.looseObject({ algorithm: z.string(), liquidityCategory: z.string() })),
  conservation: z.strictObject({ checked: z.int().positive(), violations: z.literal(0) }),
  latency: z.array(z.looseObject({ venue: z.literal('paper'), stages: z.array(z.unknown()) })),
  engine: z.strictObject({
    name: z.literal('depthwalker'),
    version: z.string(),
    algorithms: z.record(z.string(), z.int()),
  }),
});

export type RanSession = z.infer<typeof session>;
export type RanExecution = RanSession['executions'][number];

/** The object of `--json`, every part of it checked; throws where it is not what is promised. */
export const sessionOf = ({ out }: Ran): RanSession => session.parse(JSON.parse(out));

/** A command that must succeed with `--json`. */
export async function ranSession(...argv: readonly string[]): Promise<RanSession> {
  const ran = await cli('run', '--json', '--quiet', ...argv);
  if (ran.code !== 0) throw new Error(`exit code ${ran.code}: ${ran.err}`);
  return sessionOf(ran);
}

/** Decimal text of at most 4 places as a whole number of ten-thousandths. */
export const units = (text: string): number => {
  const [whole = '', rest = ''] = text.split('.');
  return Number(`${whole}${rest.padEnd(4, '0').slice(0, 4)}`);
};
