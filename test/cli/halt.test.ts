/** Stopping a bot from outside, lifting it again, and looking at it meanwhile. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { createEngine, type Engine, liveClock } from '../../src/index.ts';
import { openStore } from '../../src/store/open-store.ts';
import { connectSqlite } from '../../src/store/sqlite.ts';
import { resting, signal } from '../support/embedded.ts';
import { PROGRAM } from '../support/program.ts';
import { ScriptedVenue } from '../support/scripted-venue.ts';
import { cli, cliIn, newFolder } from './cli.ts';

const newStore = (): string => join(newFolder(), 'bot.db');

const emptyStore = (): string => {
  const file = newStore();
  openStore({ file }).close();
  return file;
};

interface Bot {
  readonly engine: Engine;
  readonly venue: ScriptedVenue;
  readonly file: string;
}

/** An engine that works on a file, in real time, with an order that rests. */
async function bot(file = newStore()): Promise<Bot> {
  const venue = new ScriptedVenue({ clock: liveClock, capabilities: { outlivesEngine: true } });
  const engine = await createEngine({ venues: [venue], algorithms: [resting], store: { file } });
  onTestFinished(() => engine.stop());
  engine.watch('script', 'M');
  await expect.poll(() => venue.book$('M').observed).toBe(true);
  venue.snapshot();
  return { engine, venue, file };
}

async function restingBot(): Promise<Bot> {
  const given = await bot();
  await expect.poll(() => tries(given.engine, 'rests'), { timeout: 10_000 }).toBe('taken');
  await expect.poll(() => given.venue.resting().length, { timeout: 10_000 }).toBe(1);
  return given;
}

function tries(engine: Engine, signalId: string): string {
  try {
    engine.execute(signal({ signalId, timeLimitMs: 300_000 }));
    return 'taken';
  } catch (thrown) {
    return String(thrown);
  }
}

const halt = (file: string, ...more: readonly string[]) =>
  cli('halt', '--store', file, '--reason', 'odd', '--actor', 'ada', ...more);

const resume = (file: string, ...more: readonly string[]) =>
  cli('resume', '--store', file, '--actor', 'bob', '--reason', 'looked', ...more);

const statusSchema = z.strictObject({
  file: z.string(),
  running: z.boolean(),
  halts: z.array(z.looseObject({ scope: z.looseObject({}), reason: z.string() })),
  account: z
    .strictObject({
      epoch: z.int().positive(),
      executions: z.array(z.looseObject({ signalId: z.string(), working: z.string() })),
      orders: z.array(z.looseObject({ clientOrderId: z.string(), state: z.string() })),
      latency: z.array(z.looseObject({ venue: z.string(), executions: z.int() })),
      newest: z.looseObject({ atMs: z.int() }).nullable(),
    })
    .nullable(),
});

const statusOf = async (file: string) => {
  const { code, out } = await cli('status', '--store', file, '--json');
  return { code, ...statusSchema.parse(JSON.parse(out)) };
};

describe('a bot that runs', () => {
  it('is halted, answers with its proof, and is resumed', { timeout: 60_000 }, async () => {
    const { engine, venue, file } = await restingBot();
    expect(await statusOf(file)).toMatchObject({
      code: 0,
      running: true,
      halts: [],
      account: {
        executions: [{ signalId: 'rests', target: '10', working: '10', inDoubt: '0' }],
        orders: [{ market: 'M', price: '0.45', quantity: '10', state: 'working.placed' }],
      },
    });
    const halted = await halt(file);
    expect(halted).toMatchObject({ code: 0, err: '' });
    expect(halted.out).toMatch(/^halted: global, by ada\n1 orders withdrawn in [\d.]+ s; .*none/);
    expect(venue.resting()).toEqual([]);
    expect(tries(engine, 'later')).toContain('odd');
    const text = (await cli('status', '--store', file)).out;
    expect(text).toMatch(/engine {6}running\nhalted {6}global, by ada at 20.*Z: odd\n/);
    expect(text).toMatch(/orders {6}0 not ended, 0 in doubt/);
    const back = await resume(file);
    expect(back).toEqual({
      code: 0,
      out: 'resumed: global; the venues were asked, and the engine trades again\n',
      err: '',
    });
    expect(tries(engine, 'later')).toBe('taken');
  });

  it('is halted in one market, and says so as JSON', { timeout: 60_000 }, async () => {
    const { engine, file } = await restingBot();
    const { code, out } = await halt(file, '--market', 'M', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      running: true,
      report: { scope: 'market M', cancelled: 1, residual: [], proven: true },
    });
    expect(engine.halts()).toHaveLength(1);
    expect((await resume(file)).err).toMatch(/only what is halted is resumed.*halted: market M/);
  });

  it('is told of a name that it does not know', { timeout: 60_000 }, async () => {
    const { venue, file } = await restingBot();
    const { code, out } = await halt(file, '--market', 'K');
    expect(code).toBe(4);
    expect(out).toContain('is it mistyped? The halt stands');
    expect(venue.resting()).toHaveLength(1);
  });

  it('that does not answer is said to hang', async () => {
    const file = newStore();
    // It keeps the lock, and does nothing else.
    const store = openStore({ file });
    onTestFinished(() => store.close());
    const { code, out } = await halt(file, '--wait', '0.3');
    expect(code).toBe(4);
    expect(out).toContain('has not answered: it may hang; look at the venue');
  });

  it('keeps a second one away, in one clear line', { timeout: 60_000 }, async () => {
    const { file } = await bot();
    const second = await cli('run', '--count', '1', '--db', file);
    expect(second.code).toBe(2);
    expect(second.err).toMatch(
      /^depthwalker: a store belongs to one engine at a time, was ".*"; stop the other .*\n$/,
    );
  });
});

describe('a store that no engine works on', () => {
  it('is halted for the next one, which is refused until it is resumed', async () => {
    const file = emptyStore();
    const silence = 'no engine works on this store, and none of its orders is open';
    const out = `halted: global, by ada\n${silence}\n`;
    expect(await halt(file)).toEqual({ code: 0, out, err: '' });
    const refused = await cli('run', '--count', '1', '--db', file);
    expect(refused).toMatchObject({ code: 2, out: expect.any(String) as string });
    expect(refused.err).toMatch(/depthwalker: the store is halted, was "odd \(ada\)"; see/);
    expect(await resume(file)).toMatchObject({ code: 0, err: '' });
    expect((await cli('run', '--count', '1', '--db', file, '--quiet')).code).toBe(0);
  });

  it('with open orders is not said to be safe', { timeout: 60_000 }, async () => {
    const file = newStore();
    const crashed = connectSqlite(await copyOfRestingBot(file), 0);
    crashed.close();
    const { code, out } = await halt(file);
    expect(code).toBe(4);
    expect(out).toContain('1 of its orders are open: look at the venue');
    expect(await statusOf(file)).toMatchObject({ running: false, account: { orders: [{}] } });
  });

  it('says nothing of what is locked, and is halted all the same', async () => {
    const file = emptyStore();
    const other = connectSqlite(file, 0);
    other.pragma('locking_mode = exclusive');
    other.exec('begin exclusive; create table t (x); commit');
    try {
      const { code, out } = await halt(file);
      expect(code).toBe(4);
      expect(out).toContain('it cannot be read');
      expect(await statusOf(file)).toMatchObject({
        code: 4,
        running: false,
        account: null,
        halts: [{ reason: 'odd' }],
      });
      expect((await cli('status', '--store', file)).out).toContain('locked by another program');
    } finally {
      other.close();
    }
  });
});

/** The files as a process leaves them that was killed: copied from under a running engine. */
async function copyOfRestingBot(file: string): Promise<string> {
  const { file: from, venue } = await restingBot();
  await expect
    .poll(async () => (await statusOf(from)).account?.orders.length, { timeout: 10_000 })
    .toBe(1);
  for (const end of ['', '-wal']) writeFileSync(`${file}${end}`, readFileSync(`${from}${end}`));
  expect(venue.resting()).toHaveLength(1);
  return file;
}

describe('bad input', () => {
  it.each([
    ['a store that is not there', ['halt', '--store', 'no.db', '--reason', 'x'], 'such a store'],
    ['no store', ['halt', '--reason', 'x'], 'a store is named'],
    ['no reason', ['halt', '--store', 'x.db'], "required option '--reason <text>'"],
    ['nobody', ['resume', '--store', 'x.db', '--reason', 'x'], "required option '--actor <name>'"],
    ['a status of nothing', ['status', '--store', 'no.db'], 'such a store'],
  ])('%s is refused', async (_, argv, text) => {
    const { code, out, err } = await cli(...argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(text);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it.each([
    ['a blank reason', ['--reason', ' '], '--reason says something'],
    ['a blank market', ['--reason', 'x', '--market', ''], '--market says something'],
    ['too much', ['--reason', 'x', '--market', 'M', '--everything'], '--everything is of a venue'],
    ['no time', ['--reason', 'x', '--wait', 'long'], '--wait must be a number'],
  ])('%s halts nothing', async (_, argv, text) => {
    const file = emptyStore();
    const { code, err } = await cli('halt', '--store', file, ...argv);
    expect(code).toBe(2);
    expect(err).toContain(text);
    expect(existsSync(`${file}.halt`)).toBe(false);
  });

  it('a resumption of what is not halted writes nothing', async () => {
    const file = emptyStore();
    expect(await resume(file)).toMatchObject({ code: 2, out: '' });
    expect(existsSync(`${file}.halt`)).toBe(false);
  });

  it('a halt that cannot be written says what to do', async () => {
    const file = emptyStore();
    mkdirSync(`${file}.halt`);
    const { code, err } = await halt(file);
    expect(code).toBe(2);
    expect(err).toContain('end the process of the bot');
    expect((await cli('status', '--store', file)).out).toContain('the halt file cannot be read');
  });

  it('a store that is damaged is halted all the same', async () => {
    const file = newStore();
    writeFileSync(file, 'no database at all\n'.repeat(100));
    const { code, out } = await halt(file);
    expect(code).toBe(4);
    expect(out).toContain('it cannot be read');
    expect(readFileSync(`${file}.halt`, 'utf8')).toContain('odd');
  });

  it('a file that is no store is left as it is', async () => {
    const file = newStore();
    writeFileSync(file, 'no database at all\n'.repeat(100));
    expect(await cli('status', '--store', file)).toMatchObject({ code: 2, out: '' });
    expect(readFileSync(file, 'utf8')).toBe('no database at all\n'.repeat(100));
  });
});

it('takes the store from the settings, and needs none of them where it is named', async () => {
  const folder = newFolder();
  const file = join(folder, 'bot.db');
  openStore({ file }).close();
  const settings = join(folder, 'depthwalker.config.json');
  writeFileSync(settings, JSON.stringify({ engine: { storeFile: 'bot.db' } }));
  const told = await cliIn({ folder, env: { USER: 'eve' } }, 'halt', '--reason', 'odd');
  expect(told).toMatchObject({ code: 0, out: expect.stringContaining('by eve') as string });
  writeFileSync(settings, 'broken');
  expect((await cliIn({ folder }, 'status')).code).toBe(2);
  expect((await cliIn({ folder }, 'status', '--store', 'bot.db')).out).toContain(', by eve at');
});

it('stops a session in another process', { timeout: 120_000 }, async () => {
  const file = newStore();
  const [node, main] = PROGRAM;
  const wish = ['--limit', '0.01', '--side', 'yes', '--action', 'buy', '--market', 'SIM-LIQUID-1'];
  const argv = ['run', '--realtime', '--at', '0.5', '--count', '1', '--db', file, ...wish];
  const child = spawn(node, [main, ...argv]);
  const said = { err: '' };
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  const ended = new Promise<number | null>((settle) => child.on('close', settle));
  await expect.poll(() => said.err, { timeout: 60_000 }).toMatch(/submit #1/);
  expect((await statusOf(file)).running).toBe(true);
  const { code, out } = await halt(file);
  expect({ code, out }).toMatchObject({
    code: 0,
    out: expect.stringContaining('1 orders') as string,
  });
  expect(await ended).toBe(5);
  expect(said.err).toContain('halted: odd');
  expect(await statusOf(file)).toMatchObject({ running: false, account: { orders: [] } });
});
