import { expect, it } from 'vitest';
import type { UpdateLog } from '../../src/domain/updates.ts';
import { VirtualClock } from '../../src/index.ts';
import { Outlet } from '../../src/serve/outlet.ts';
import { Retention } from '../../src/serve/retention.ts';

/** As many updates as are wanted, and how many were read at once. */
class Endless implements UpdateLog {
  last = 0;
  first = 1;
  readonly reads: number[] = [];

  extent(): { readonly first: number; readonly last: number } {
    return { first: this.first, last: this.last };
  }

  after(sequence: number, rowsMax: number) {
    const count = Math.min(rowsMax, this.last - sequence);
    this.reads.push(count);
    return Array.from({ length: count }, (_, index) => ({
      sequence: sequence + index + 1,
      body: '{"type":"state"}',
      atMs: 0,
    }));
  }

  forget({ through }: { readonly through: number }, rowsMax: number): number {
    const count = Math.max(0, Math.min(rowsMax, through - this.first + 1, this.last - this.first));
    this.first += count;
    return count;
  }
}

/** A pipe that takes so many lines until it is read. */
class Pipe {
  readonly lines: string[] = [];
  room: number;
  drain = (): void => undefined;

  constructor(room: number) {
    this.room = room;
  }

  write(text: string): boolean {
    this.lines.push(text);
    this.room -= 1;
    return this.room > 0;
  }

  onDrain(callback: () => void): void {
    this.drain = callback;
  }
}

function world(room: number) {
  const [clock, updates, pipe] = [new VirtualClock(), new Endless(), new Pipe(room)];
  return { clock, updates, pipe, outlet: new Outlet({ clock, updates, output: pipe }) };
}

it('tells a long past in batches, each in a macrotask of its own', async () => {
  const { clock, updates, pipe, outlet } = world(Infinity);
  updates.last = 250;
  outlet.begin(10);
  expect(pipe.lines).toEqual([]);
  clock.step();
  expect(pipe.lines).toHaveLength(100);
  await clock.run();
  expect(pipe.lines[0]).toBe('{"sequence":11,"type":"state"}\n');
  expect(pipe.lines).toHaveLength(240);
  expect(updates.reads).toEqual([100, 100, 40]);
  expect(outlet.isDone).toBe(true);
});

it('reads no more from the store than is read of it, and goes on where it was', async () => {
  const { clock, updates, pipe, outlet } = world(5);
  updates.last = 20;
  outlet.begin(0);
  await clock.run();
  // Some answers may wait: a halt comes behind them.
  await outlet.room();
  outlet.say({ text: 'x'.repeat(2 ** 20) });
  let free = false;
  void outlet.room().then(() => (free = true));
  for (let times = 0; times < 10; times += 1) outlet.wake();
  await clock.run();
  expect([pipe.lines.length, updates.reads.length, free]).toEqual([6, 1, false]);
  expect(outlet.isDone).toBe(false);
  pipe.room = Infinity;
  pipe.drain();
  await clock.run();
  expect(free).toBe(true);
  expect(pipe.lines).toHaveLength(21);
  expect(pipe.lines.at(-1)).toBe('{"sequence":20,"type":"state"}\n');
});

it('is done, and lets everybody go on, when nobody reads any more', async () => {
  const { clock, updates, pipe, outlet } = world(1);
  updates.last = 20;
  outlet.begin(0);
  await clock.run();
  const room = outlet.room();
  outlet.close();
  await room;
  outlet.say({ type: 'stopped' });
  outlet.wake();
  await clock.run();
  expect(outlet.isDone).toBe(true);
  expect(pipe.lines).toHaveLength(1);
});

it('forgets what was acknowledged, some at a time, and keeps the newest', async () => {
  const [clock, updates] = [new VirtualClock(), new Endless()];
  updates.last = 2_500;
  const silent = (): void => undefined;
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const isTelling = (): boolean => false;
  const retention = new Retention({ updates, clock, stamps: null, isTelling, log });
  retention.acknowledge(2_500);
  clock.step();
  expect(updates.first).toBe(1_001);
  await clock.run({ untilMs: 1_000 });
  expect(updates.first).toBe(2_500);
  retention.stop();
  expect(clock.pending).toBe(0);
});
