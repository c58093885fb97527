/** Damaged rows of the state of risk: the start is refused, and the file stays as it is. */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/domain/errors.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { connectSqlite } from '../../src/store/sqlite.ts';
import { storeFile } from '../store/store-file.ts';
import { resting, signal } from '../support/embedded.ts';
import { START_MS } from '../support/rig.ts';
import { ScriptedVenue } from '../support/scripted-venue.ts';

const HALT = { kind: 'halt', id: 'e1-1', actor: 'ada', reason: 'x', atMs: 1, everything: false };
const SESSION = { startMs: 1, baseline: '0', forgivenAtMs: 0, trippedAtMs: null };
const halts = (changes: object) =>
  JSON.stringify({ lines: 0, standing: [{ ...HALT, scope: {}, ...changes }] });

const DAMAGED: readonly (readonly [name: string, body: string, where: string])[] = [
  ['breaker:script', '{"reason":null,', 'it is damaged'],
  ['breaker:script', '{"reason":"x","coolUntilMs":"soon"}', 'coolUntilMs is damaged'],
  ['session:script', JSON.stringify({ ...SESSION, baseline: 'NaN' }), 'baseline is damaged'],
  ['session:script', JSON.stringify({ ...SESSION, startMs: null }), 'startMs is damaged'],
  ['session:script', JSON.stringify({ startMs: 1, baseline: '0' }), 'forgivenAtMs is damaged'],
  ['fills-cursor:script', '{"cursor":5}', 'cursor is damaged'],
  ['fills-cursor:script', '', 'it is damaged'],
  ['positions-of-others:script', '{"others":{"M":"7"},"counted":[]}', 'others.M is damaged'],
  ['positions-of-others:script', '{"others":{"M":0.5},"counted":[]}', 'others.M is damaged'],
  ['halts', '[]', 'it is damaged'],
  ['halts', halts({ scope: { venues: 'script' } }), 'standing.0.scope is damaged'],
  ['halts', halts({ everything: 'yes' }), 'standing.0.everything is damaged'],
];

/** A store that an engine has traded on and left, with an order of it at the venue. */
async function account() {
  const clock = new VirtualClock(START_MS);
  const capabilities = { outlivesEngine: true };
  const venue = new ScriptedVenue({ clock, symbols: ['M'], capabilities });
  const file = storeFile();
  const limits = { maxDailyLoss: '100' };
  const start = () =>
    createEngine({ venues: [venue], clock, algorithms: [resting], limits, store: { file } });
  const engine = await start();
  engine.watch('script', 'M');
  await clock.run({ untilMs: clock.wallMs() + 100 });
  venue.snapshot('M');
  await clock.run({ untilMs: clock.wallMs() + 1_000 });
  engine.execute(signal());
  await clock.run({ untilMs: clock.wallMs() + 100 });
  await clock.settle(engine.stop());
  expect(venue.calls.map(({ kind }) => kind)).toEqual(['submit', 'cancel']);
  venue.calls.length = 0;
  return { venue, clock, file, start };
}

/** All that a store holds, but whose turn at it it is. */
function contents(file: string): readonly unknown[] {
  const database = connectSqlite(file, 0);
  const tables = database
    .prepare("select name from sqlite_master where type = 'table' and name not in ('lease')")
    .pluck()
    .all();
  const rows = tables.map((name) => [
    name,
    database.prepare(`select * from ${String(name)}`).all(),
  ]);
  database.close();
  return rows;
}

describe('a damaged row of the state of risk', () => {
  it.each(DAMAGED)('%s: %s', async (name, body, where) => {
    const { venue, clock, file, start } = await account();
    const database = connectSqlite(file, 0);
    database
      .prepare('insert or replace into risk_state (name, body, at_ms) values (?, ?, 1)')
      .run(name, body);
    database.close();
    const before = contents(file);
    const timers = clock.pending;
    const failure: unknown = await start().catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(InputError);
    const { message } = failure as InputError;
    expect(message).toContain(`the row "${name}" of risk_state in the store must be whole`);
    expect(message).toContain(where);
    expect(message).toContain('restore the store from a backup');
    expect(message).not.toContain('\n');
    await clock.run({ untilMs: clock.wallMs() + 60_000 });
    expect([venue.calls, clock.pending]).toEqual([[], timers]);
    expect(contents(file)).toEqual(before);
  });

  it('is told from a whole one: the next engine takes all of them up', async () => {
    const { file, clock, start } = await account();
    const names = JSON.stringify(contents(file));
    for (const [name] of DAMAGED)
      if (!name.startsWith('breaker') && name !== 'halts') expect(names).toContain(name);
    const engine = await start();
    expect(engine.halts()).toEqual([]);
    await clock.settle(engine.stop());
  });
});
