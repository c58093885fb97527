/** The times of one execution, and what the meter makes of many. */
import { describe, expect, it } from 'vitest';
import { STAGES } from '../../src/domain/latency.ts';
import { LatencyMeter, StageTimes } from '../../src/observe/latency.ts';

const AT = { monotonicMs: 5_000, wallMs: 1_800_000_000_000 };

function lived(startMs: number): StageTimes {
  const times = new StageTimes(startMs);
  times.reach('started', startMs + 0.0625);
  times.reach('admitted', startMs + 0.125);
  times.reach('decided', startMs + 0.25);
  times.reach('committed', startMs + 2.25);
  times.reach('sent', startMs + 3);
  times.reach('filled', startMs + 40);
  times.reach('acked', startMs + 43);
  return times;
}

describe('the stages of one execution', () => {
  it('are milliseconds after its signal, and null where it never came', () => {
    const times = new StageTimes(1_000.1234);
    times.reach('decided', 1_000.124);
    expect(times.latencies).toEqual({
      startedMs: null,
      admittedMs: null,
      decidedMs: 0.001,
      committedMs: null,
      sentMs: null,
      ackedMs: null,
      filledMs: null,
    });
  });

  it('are of the first time: a walk moves none of them', () => {
    const times = lived(100);
    for (const stage of ['started', 'admitted', 'decided', 'sent', 'acked', 'filled'] as const) {
      expect(times.lacks(stage)).toBe(false);
      times.reach(stage, 9_999);
    }
    expect(times.latencies).toMatchObject({
      admittedMs: 0.125,
      decidedMs: 0.25,
      sentMs: 3,
      ackedMs: 43,
      filledMs: 40,
    });
  });

  it('are not told of one that began in an earlier process', () => {
    const times = new StageTimes(null);
    expect(times.lacks('filled')).toBe(false);
    times.reach('filled', 5);
    expect(Object.values(times.latencies)).toEqual(STAGES.map(() => null));
  });
});

describe('the meter of a venue', () => {
  it('counts each step from the one before it', () => {
    const meter = new LatencyMeter('paper');
    for (let run = 0; run < 10; run += 1) meter.note(lived(run));
    meter.note(new StageTimes(7));
    const { venue, executions, stages } = meter.view;
    expect([venue, executions]).toEqual(['paper', 11]);
    expect(
      stages.map(({ stage, since, count, p50Ms, maxMs }) => [stage, since, count, p50Ms, maxMs]),
    ).toEqual([
      ['started', 'signal', 10, 0.063, 0.063],
      ['admitted', 'started', 10, 0.063, 0.063],
      ['decided', 'admitted', 10, 0.125, 0.125],
      ['committed', 'decided', 10, 2, 2],
      ['sent', 'committed', 10, 0.75, 0.75],
      ['acked', 'sent', 10, 40, 40],
      ['filled', 'sent', 10, 37, 37],
    ]);
  });

  it('has a row for the store where something ended, at most one in a second', () => {
    const meter = new LatencyMeter('paper');
    expect(meter.rows(AT)).toEqual([]);
    meter.note(lived(1));
    const [row] = meter.rows(AT);
    expect(row).toMatchObject({ name: 'latency paper', atMs: AT.wallMs });
    expect(JSON.parse(row?.body ?? '')).toEqual(meter.view);
    expect(meter.rows({ ...AT, monotonicMs: 9_000 })).toEqual([]);
    meter.note(lived(2));
    expect(meter.rows({ ...AT, monotonicMs: 5_999 })).toEqual([]);
    expect(meter.rows({ ...AT, monotonicMs: 6_000 })).toHaveLength(1);
  });
});
