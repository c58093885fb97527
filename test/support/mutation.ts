/** How a seeded bug is made: an implementation is exchanged, or the chart is built anew. */
import { type AnyStateMachine, createMachine } from 'xstate';
import { invariant } from '../../src/domain/errors.ts';

/** A chart as plain data; what hangs in it (guards by name, functions) is left as it is. */
export interface Chart {
  on?: Record<string, unknown>;
  entry?: unknown;
  exit?: unknown;
  always?: unknown;
  states?: Record<string, Chart>;
}

export interface Mutant<Machine> {
  readonly name: string;
  readonly machine: Machine;
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

const copyOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copyOf(part)]));
};

/** 'walking.amending' of a chart; '' is its root. */
export function at(chart: Chart, path: string): Chart & { on: Record<string, unknown> } {
  const names = path === '' ? [] : path.split('.');
  const node = names.reduce<Chart | undefined>((parent, name) => parent?.states?.[name], chart);
  invariant(node !== undefined, 'a mutant changes a state that is there', path);
  node.on ??= {};
  return node as Chart & { on: Record<string, unknown> };
}

/** The same machine with another chart. */
export function rebuilt<Machine extends AnyStateMachine>(
  machine: Machine,
  change: (chart: Chart) => void,
): Machine {
  const chart = copyOf(machine.config) as Chart;
  change(chart);
  return createMachine(chart as never, machine.implementations as never) as unknown as Machine;
}
