import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { headOf, lineOf, stampsFrom } from '../../src/record/tape-line.ts';
import { delta, START_MS } from './given.ts';

const STAMP = '1798761600000123000';

describe('a line of a tape', () => {
  it('is the frame, with when and by which connection it came', () => {
    const line = lineOf({ conn: 'c1', text: delta(7) }, STAMP);
    expect(line.startsWith(`{"recv_ns":${STAMP},"conn":"c1","type":"orderbook_delta"`)).toBe(true);
    const { recv_ns: _, conn, ...frame } = JSON.parse(line) as Record<string, unknown>;
    expect(conn).toBe('c1');
    expect(frame).toEqual(JSON.parse(delta(7)));
  });

  it('is one line, whatever came, and loses no word of it', () => {
    const odd = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.json({ stringUnit: 'binary', maxDepth: 2 }),
    );
    fc.assert(
      fc.property(odd, (text) => {
        const line = lineOf({ conn: 'c1', text }, STAMP);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        const read = JSON.parse(line) as Record<string, unknown>;
        if (read['type'] === 'unreadable') expect(read['text']).toBe(text);
        else expect(read).toMatchObject(JSON.parse(text) as object);
      }),
    );
  });

  it.each(['', '{}', '[1]', 'null', '{"a":1', '<html>'])('keeps %j as text', (text) => {
    const line = JSON.parse(lineOf({ conn: '', text }, STAMP)) as object;
    expect(line).toMatchObject({ type: 'unreadable', text });
  });

  it('takes breaks between two tokens for spaces', () => {
    const line = lineOf({ conn: '', text: '\n{"type":\r\n"ok",\n"a":"x\\ny"}\n' }, STAMP);
    expect(JSON.parse(line)).toMatchObject({ type: 'ok', a: 'x\ny' });
  });
});

describe('the stamp', () => {
  it('is nanoseconds since the epoch, and does not jump with the wall clock', () => {
    const clock = new VirtualClock(START_MS);
    const stamp = stampsFrom(clock);
    expect(stamp()).toBe(`${START_MS}000000`);
    clock.runUntil(START_MS + 25);
    clock.shiftWall(3_600_000);
    expect(stamp()).toBe(`${START_MS + 25}000000`);
  });

  it('has microseconds where the clock has', () => {
    let monotonicMs = 17.5;
    const stamp = stampsFrom({ wallMs: () => START_MS, monotonicMs: () => monotonicMs });
    monotonicMs += 1.234;
    expect(stamp()).toBe(`${START_MS + 1}234000`);
  });
});

it('the first line says what the tape is', () => {
  const head = headOf(
    { venue: 'kalshi', session: 's', part: 2, clockOffsetMs: -146, after: null },
    STAMP,
  );
  expect(head.startsWith(`{"type":"tape","recv_ns":${STAMP},`)).toBe(true);
  expect(JSON.parse(head)).toMatchObject({
    venue: 'kalshi',
    part: 2,
    clock_offset_ms: -146,
    version: 1,
  });
});
