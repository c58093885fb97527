/** What was recorded is what is replayed: of one tape or of several, the session is the same. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTape } from '../../src/replay/tape-reader.ts';
import { marketsOf, tapeSource } from '../../src/replay/tape-source.ts';
import type { TimedEvent } from '../../src/venues/paper/source.ts';
import { fixtureTape, ranSession } from '../cli/cli.ts';
import { newFolder, recording } from './given.ts';

/** Frames as a venue sends them: the notes of the one who recorded them are no frames. */
const lines = readFileSync(fixtureTape('sixty-seconds.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .filter((line) => !/"type":"(?:watch_|ws_)/.test(line));

const PARTS = 4;

async function recordedOn(tapes: number): Promise<readonly string[]> {
  const { recorded, source, pass } = recording(tapes === 1 ? {} : { rotateBytes: 1 });
  const size = Math.ceil(lines.length / tapes);
  for (const [index, line] of lines.entries()) {
    const { conn, ...frame } = JSON.parse(line) as { readonly conn: string };
    source.give(JSON.stringify(frame), conn);
    if ((index + 1) % size > 0) continue;
    await pass(1_000);
    await expect.poll(() => recorded.summary.frames).toBe(index + 1);
  }
  const summary = await recorded.stop();
  expect(summary).toMatchObject({ frames: lines.length, lost: 0 });
  expect(summary.tapes).toHaveLength(tapes);
  return summary.tapes;
}

function original(): string {
  const path = join(newFolder(), 'original.jsonl');
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

function eventsOf(paths: readonly string[]): readonly TimedEvent[] {
  const tapes = paths.map(openTape);
  expect(tapes.flatMap(({ gaps }) => gaps)).toEqual([]);
  const source = tapeSource(tapes, marketsOf(tapes));
  const events: TimedEvent[] = [];
  for (let next = source.next(); next !== null; next = source.next()) events.push(next);
  return events;
}

describe.each([1, PARTS])('on %d tapes', (tapes) => {
  it('holds the same events at the same times', async () => {
    expect(eventsOf(await recordedOn(tapes))).toEqual(eventsOf([original()]));
  });

  it('gives the same session, to the last figure', async () => {
    const options = ['--side', 'yes', '--at', '5', '--time-limit', '20'];
    const wanted = await ranSession('--tape', original(), ...options);
    const paths = await recordedOn(tapes);
    const { executions, conservation } = await ranSession('--tape', ...paths, ...options);
    expect(executions).toEqual(wanted.executions);
    expect(conservation.violations).toBe(0);
  });
});
