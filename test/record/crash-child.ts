/** Records a frame each millisecond and tells of each, until it is killed. */
import { writeSync } from 'node:fs';
import { liveClock } from '../../src/env/live-clock.ts';
import { record } from '../../src/record/recorder.ts';
import { delta, ScriptedSource } from './given.ts';

const [, , folder = '', flushMs = ''] = process.argv;
const nothing = (): void => undefined;
const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
const source = new ScriptedSource();
record({ source, folder, clock: liveClock, log, flushMs: Number(flushMs), rotateMs: 300 });

/** Far longer than the parent waits, so that an orphan ends too. */
const FRAMES_MAX = 60_000;
let seq = 0;
const timer = setInterval(() => {
  seq += 1;
  source.give(delta(seq));
  writeSync(1, `${seq} ${Math.round(performance.now())}\n`);
  if (seq === FRAMES_MAX) clearInterval(timer);
}, 1);
