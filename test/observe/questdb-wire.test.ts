/** QuestDB's own client, and a server on this machine that takes what it writes. */
import { expect, it } from 'vitest';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { questDb } from '../../src/observe/questdb.ts';
import { questDbSender } from '../../src/observe/questdb-client.ts';
import { live, signal, world } from '../support/embedded.ts';
import { questServer, textOf } from '../support/quest-server.ts';
import { type LogLine, logTo, START_MS } from '../support/rig.ts';

/** One execution that is filled and ends, mirrored by the client. */
async function mirrored(address: string, decimals: boolean) {
  const lines: LogLine[] = [];
  const clock = new VirtualClock(START_MS);
  const sender = await questDbSender(address);
  const mirror = questDb({ sender, clock, log: logTo(lines), decimals });
  const given = await live(await world({ mirror }));
  const { result } = given.engine.execute(signal());
  await given.pass(100);
  for (const { request } of given.venue.resting()) given.venue.fill(request.clientOrderId, 10);
  await given.pass(100);
  await result;
  return { unsent: () => mirror.close(), lines };
}

it('takes fills, metrics and books as lines, prices as exact text', async () => {
  const { written, address } = await questServer([1]);
  const { unsent, lines } = await mirrored(address, false);
  expect(await unsent()).toBe(0);
  const rows = textOf(written).trim().split('\n');
  const tables = rows.map((row) => row.split(',')[0]);
  expect(new Set(tables)).toEqual(
    new Set(['depthwalker_fills', 'depthwalker_metrics', 'depthwalker_books']),
  );
  const fill = rows.find((row) => row.startsWith('depthwalker_fills')) ?? '';
  expect(fill).toMatch(/^depthwalker_fills,venue=script,liquidity=maker /);
  expect(fill).toMatch(/price="0\.45",quantity="10"/);
  expect(written[0]?.path).toContain('/write');
  expect(lines).toEqual([]);
});

it('takes them as decimals where the server knows them', async () => {
  const { written, address } = await questServer([1, 2, 3]);
  const { unsent, lines } = await mirrored(address, true);
  expect(await unsent()).toBe(0);
  expect(textOf(written)).toContain('price=0.45d,quantity=10d');
  expect(lines).toEqual([]);
});

it('says how many rows a server refused, and is not stopped by it', async () => {
  const { written, state, address } = await questServer([1]);
  state.takes = false;
  const { unsent, lines } = await mirrored(address, false);
  expect(await unsent()).toBeGreaterThan(2);
  expect(written).toEqual([]);
  expect(lines.map(({ message }) => message)).toContain('QuestDB does not take rows');
});

it('begins without a server, too', async () => {
  const sender = await questDbSender('http::addr=127.0.0.1:9;');
  const mirror = questDb({ sender, clock: new VirtualClock(START_MS), log: logTo([]) });
  expect(await mirror.close()).toBe(0);
});
