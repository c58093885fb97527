/**
 * End to end on recordings: the emulator plays a tape, by its command and in this process; a bot
 * trades there, is killed in the middle, and goes on where it was.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import {
  type KalshiEmulator,
  type LogEntry,
  openTape,
  startKalshiEmulator,
  tapeSource,
} from '../../src/testing.ts';
import { fixtureTape, newFolder } from '../cli/cli.ts';
import { PROGRAM } from '../support/program.ts';
import { isShared, needsShared, sharedPath } from '../support/shared.ts';
import { differences, unbalanced } from './agreement.ts';
import { type Address, LiveBot } from './bot.ts';

/** Half as fast as recorded: a busy machine, too, is done before the market closes. */
const SPEED = 0.5;

const SYNTHETIC = 'KXBTC15M-27JAN010001-01';

/**
 * The first crosses in the end, while the others rest: nothing is on its way to the venue then. An
 * order that was never sent would be in doubt for a minute. The last one is too far to be met.
 */
const wishes = (market: string): readonly object[] =>
  [
    { outcome: 'yes', quantity: '200', limitPrice: '0.95', timeLimitMs: 5_000 },
    { outcome: 'yes', quantity: '60', limitPrice: '0.95', timeLimitMs: 10_000 },
    { outcome: 'no', quantity: '60', limitPrice: '0.05', timeLimitMs: 12_000 },
  ].map((wish, index) => ({
    ...wish,
    signalId: `wish-${index + 1}`,
    market,
    action: 'buy',
    algorithm: { name: 'dynamic_depth_walker', residual: 'cross', walkIntervalMs: 1_000 },
  }));

function botAt(venue: Address, market: string, { onTestFinished }: TestContext): LiveBot {
  const bot = new LiveBot(venue, { markets: [market] });
  onTestFinished(() => bot.clear());
  bot.wish(wishes(market));
  return bot;
}

/** Killed when the first of them has ended, amid the others; then run again, to the end. */
async function killedAndRestarted(bot: LiveBot): Promise<void> {
  const killed = await bot.run([], (line) => {
    if (line.endsWith('(1)')) bot.signal('SIGKILL');
  });
  expect(killed.code).toBeNull();
  const open = unbalanced(bot.store);
  expect(open).not.toEqual([]);
  const { code, stdout, stderr } = await bot.run(['--json']);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const { executions } = JSON.parse(stdout) as {
    readonly executions: readonly { readonly id: string }[];
  };
  expect(executions.map(({ id }) => id)).toEqual(expect.arrayContaining([...open]));
  for (const id of open) expect(stderr).toContain(`takes up ${id} of signal wish-`);
}

const problems = (log: readonly LogEntry[], { store }: LiveBot): readonly string[] => [
  ...(log.some(({ type }) => type === 'fill') ? [] : ['nothing was filled']),
  ...differences({ log }, store),
  ...unbalanced(store).map((id) => `${id} does not add up`),
];

/** The venue as its users start it, and what it has written down since. */
async function emulated(tape: string, { onTestFinished }: TestContext) {
  const logFile = join(newFolder(), 'venue.jsonl');
  const [node, main] = PROGRAM;
  const argv = ['--tape', tape, '--port', '0', '--speed', `${SPEED}`, '--log', logFile];
  const child = spawn(node, [main, 'emulate', 'kalshi', ...argv]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const ready = JSON.parse(line.toString()) as Omit<Address, 'privateKeyPem'> & {
    readonly privateKeyFile: string;
  };
  const ended = async (): Promise<readonly LogEntry[]> => {
    const exit = once(child, 'exit');
    child.kill('SIGINT');
    expect(await exit).toEqual([0, null]);
    const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n');
    return lines.map((text) => JSON.parse(text) as LogEntry);
  };
  const privateKeyPem = readFileSync(ready.privateKeyFile, 'utf8');
  return { address: { ...ready, privateKeyPem }, ended };
}

async function played(file: string, test: TestContext) {
  const tape = openTape(file);
  const market = tape.events[0]?.event.symbol ?? '';
  const closeMs = tape.markets.get(market)?.closeMs ?? 0;
  const emulator: KalshiEmulator = await startKalshiEmulator({
    keyKind: 'ed25519',
    source: tapeSource([tape], [market]),
    closeTimes: new Map([[market, closeMs]]),
    speed: SPEED,
  });
  test.onTestFinished(() => emulator.close());
  return { emulator, market };
}

describe.concurrent('a bot at a recording', () => {
  it('played by the command is killed, goes on, and agrees fill by fill', async (test) => {
    const { address, ended } = await emulated(fixtureTape('sixty-seconds.jsonl'), test);
    const bot = botAt(address, SYNTHETIC, test);
    await killedAndRestarted(bot);
    expect(problems(await ended(), bot)).toEqual([]);
  });

  it('played in this process, its prints beside it: nothing fills twice', async (test) => {
    const { emulator, market } = await played(fixtureTape('sixty-seconds-quiet.jsonl'), test);
    const bot = botAt(emulator, market, test);
    await killedAndRestarted(bot);
    expect(problems(emulator.log, bot)).toEqual([]);
    expect(emulator.violations()).toEqual([]);
  });
});

const REAL = 'tapes/kalshi-btc15m/20260513T055209Z.jsonl.gz';

const REAL_TITLE = needsShared('a bot at a recording of Kalshi itself', REAL);

describe.skipIf(!isShared(REAL))(REAL_TITLE, { concurrent: true }, () => {
  it('is killed, goes on, and agrees fill by fill', async (test) => {
    const { emulator, market } = await played(sharedPath(REAL), test);
    const bot = botAt(emulator, market, test);
    await killedAndRestarted(bot);
    expect(problems(emulator.log, bot)).toEqual([]);
    expect(emulator.violations()).toEqual([]);
  });
});
