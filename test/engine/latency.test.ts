/** From a signal to its fill on the virtual clock: each stage at its time, and in the store. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { storeStatus } from '../../src/store/status.ts';
import { live, signal, type World, world } from '../support/embedded.ts';

const newFile = (): string => join(mkdtempSync(join(tmpdir(), 'depthwalker-latency-')), 'bot.db');

/** Rests, is filled 100 ms later, and ends by it. */
async function filledOne({ engine, venue, pass }: World, signalId = 'edge-1') {
  const { result } = engine.execute(signal({ signalId }));
  await pass(100);
  for (const { request } of venue.resting()) venue.fill(request.clientOrderId, 10);
  await pass(100);
  return result;
}

const stagesOf = ({ engine }: World) =>
  engine.latency().map(({ venue, executions, stages }) => ({
    venue,
    executions,
    ms: Object.fromEntries(stages.map(({ stage, count, maxMs }) => [stage, [count, maxMs]])),
  }));

describe('the latency of an execution', () => {
  it('is in its result: the venue answers after 10 ms, the fill is told 105 ms later', async () => {
    const given = await live(await world());
    const { latency } = await filledOne(given);
    expect(latency).toEqual({
      startedMs: 0,
      admittedMs: 0,
      decidedMs: 0,
      committedMs: 0,
      sentMs: 0,
      ackedMs: 10,
      filledMs: 105,
    });
  });

  it('counts the wait for a start, and for a book', async () => {
    const given = await world();
    const { result } = given.engine.execute(signal({ timeLimitMs: 1_000 }));
    await given.pass(300);
    given.venue.snapshot();
    await given.pass(2_000);
    expect((await result).latency).toMatchObject({
      startedMs: 0,
      admittedMs: 300,
      decidedMs: 300,
      sentMs: 300,
      filledMs: null,
    });
  });

  it('is of the first fill', async () => {
    const given = await live(await world());
    const { result } = given.engine.execute(signal());
    for (const quantity of [4, 6]) {
      await given.pass(100);
      for (const { request } of given.venue.resting())
        given.venue.fill(request.clientOrderId, quantity);
    }
    await given.pass(100);
    expect((await result).latency).toMatchObject({ ackedMs: 10, filledMs: 105 });
  });
});

describe('the latency of a venue', () => {
  it('is told of all that ended', async () => {
    const given = await live(await world());
    for (const id of ['a', 'b', 'c']) await filledOne(given, id);
    expect(stagesOf(given)).toEqual([
      {
        venue: 'script',
        // With the one that opened the market, and never had a book.
        executions: 4,
        ms: {
          started: [4, 0],
          admitted: [3, 0],
          decided: [3, 0],
          committed: [3, 0],
          sent: [3, 0],
          acked: [3, 10],
          filled: [3, 105],
        },
      },
    ]);
  });

  it('is in the store: with a turn, and what is left with the end', async () => {
    const file = newFile();
    const given = await live(await world({ store: { file } }));
    await given.pass(2_000);
    const first = storeStatus(file).account?.latency ?? [];
    expect(first).toMatchObject([{ venue: 'script', executions: 1 }]);
    await filledOne(given, 'a');
    await filledOne(given, 'b');
    const stopped = given.engine.stop();
    await given.pass(1_000);
    await stopped;
    const [last] = storeStatus(file).account?.latency ?? [];
    expect(last).toEqual({ ...given.engine.latency()[0], atMs: last?.atMs });
    expect(last).toMatchObject({ executions: 3 });
  });
});
