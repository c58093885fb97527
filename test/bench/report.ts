/** The figures as a person reads them: one line each, its ratio and its aim beside it. */
import type { Bench, BenchResult, Figure } from './bench.ts';
import type { Host } from './host.ts';

const NAME_COLUMNS = 36;
const VALUE_COLUMNS = 12;
const UNIT_COLUMNS = 13;
const DIGITS = 3;

const padded = (text: string, columns: number): string => text.padEnd(columns);

/** Three digits that count, thousands apart. */
export function numberText(value: number): string {
  const whole = Math.abs(value) >= 10 ** (DIGITS - 1);
  return whole
    ? Math.round(value).toLocaleString('en-US')
    : value.toLocaleString('en-US', { maximumSignificantDigits: DIGITS });
}

export function hostText({
  date,
  cpu,
  cores,
  memoryGb,
  system,
  node,
  load,
  versions,
}: Host): string {
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${date}  ${cpu}, ${cores} cores, ${memoryGb} GB, ${system}, Node ${node}`,
    `load ${numberText(load)}: a ratio stands on a busy machine, an absolute figure does not`,
    packages.join(', '),
  ].join('\n');
}

function figureText({ name, value, unit, beside, aim }: Figure): string {
  const figure =
    padded(`  ${name}`, NAME_COLUMNS) +
    numberText(value).padStart(VALUE_COLUMNS) +
    ` ${padded(unit, UNIT_COLUMNS)}`;
  const ratio = beside === undefined ? '' : `${numberText(beside.ratio)}x ${beside.name}`;
  const verdict = aim === undefined ? '' : `  ${aim.met ? 'met' : 'missed'}: ${aim.text}`;
  return `${figure} ${ratio}${verdict}`.trimEnd();
}

export const resultText = ({ name, title }: Bench, { figures, notes }: BenchResult): string =>
  [`\n${name}: ${title}`, ...figures.map(figureText), ...notes.map((note) => `  (${note})`)].join(
    '\n',
  );
