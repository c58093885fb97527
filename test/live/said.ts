/** What a session has said, and what the venue saw of it, as tests of people's lines read it. */
import { expect } from 'vitest';
import type { KalshiEmulator } from '../../src/testing.ts';
import type { Ended } from './bot.ts';

/** The only line of it that says this. */
export function lineOf({ stderr }: Ended, says: RegExp): string {
  const lines = stderr.split('\n').filter((line) => says.test(line));
  expect({ lines: lines.length, stderr }).toMatchObject({ lines: 1 });
  return lines[0] ?? '';
}

/** Neither a stack, nor somebody's page, nor an object as a program sees it. */
export function isForPeople({ stderr }: Ended): void {
  expect(stderr).not.toMatch(/\n\s+at |<html|[{}]|unexpected failure/);
}

export interface Worked {
  readonly outcome: string;
  readonly filledQuantity: string;
  readonly reason: string;
}

export const worked = ({ stdout }: Ended): Readonly<Record<string, Worked>> => {
  const { executions } = JSON.parse(stdout) as {
    readonly executions: readonly (Worked & { readonly signalId: string })[];
  };
  return Object.fromEntries(executions.map((each) => [each.signalId, each]));
};

export const eventsOf = ({ log }: KalshiEmulator): readonly string[] =>
  log.flatMap((entry) => (entry.type === 'order' ? [entry.event] : []));
