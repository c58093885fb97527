/** Frames from nowhere, a folder that is new, and tapes as the lines that they hold. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import type { FrameSource, RawFrame } from '../../src/record/frame-source.ts';
import { type RecordOptions, record } from '../../src/record/recorder.ts';
import { type LogLine, logTo } from '../support/rig.ts';

export const START_MS = Date.UTC(2027, 0, 1);

export class ScriptedSource implements FrameSource {
  readonly venue = 'kalshi';
  offsetMs = 12;
  closed = false;
  #listener: (frame: RawFrame) => void = () => undefined;

  clockOffsetMs(): number {
    return this.offsetMs;
  }

  frames$(listener: (frame: RawFrame) => void): () => void {
    this.#listener = listener;
    return () => {
      this.closed = true;
    };
  }

  give(text: string, conn = 'c1'): void {
    this.#listener({ conn, text });
  }
}

export const delta = (seq: number): string =>
  JSON.stringify({
    type: 'orderbook_delta',
    sid: 1,
    seq,
    msg: {
      market_ticker: 'KXRAIN-1',
      price_dollars: '0.4200',
      delta_fp: '1.00',
      side: 'yes',
      ts_ms: START_MS + seq,
    },
  });

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'depthwalker-record-'));

export function recording(options: Partial<RecordOptions> = {}) {
  const clock = new VirtualClock(START_MS);
  const lines: LogLine[] = [];
  const source = new ScriptedSource();
  const folder = newFolder();
  const log = logTo(lines);
  const recorded = record({ source, folder, clock, log, ...options });
  const pass = (ms: number) => clock.run({ untilMs: clock.wallMs() + ms });
  return { recorded, source, clock, folder, lines, pass };
}

export const linesOf = (path: string): readonly Record<string, unknown>[] =>
  gunzipSync(readFileSync(path))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
