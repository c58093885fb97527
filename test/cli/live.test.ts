/** A live session in this process, where its streams do what a test says. */
import { expect, it, type TestContext } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { startKalshiEmulator } from '../../src/testing.ts';
import { differences } from '../live/agreement.ts';
import { LiveBot } from '../live/bot.ts';

const wish = (signalId: unknown, change: object = {}): string =>
  `${JSON.stringify({
    signalId,
    market: 'KXSIM-26-LIQUID',
    outcome: 'yes',
    action: 'buy',
    quantity: '30',
    limitPrice: '0.95',
    timeLimitMs: 5_000,
    algorithm: { name: 'dynamic_depth_walker' },
    ...change,
  })}\n`;

/** Rests where nobody sells. */
const resting = wish('rest', {
  limitPrice: '0.02',
  timeLimitMs: 60_000,
  algorithm: { name: 'simple_limit' },
});

async function session({ onTestFinished }: TestContext, stdin: AsyncIterable<string>) {
  const emulator = await startKalshiEmulator({ keyKind: 'ed25519' });
  const bot = new LiveBot(emulator);
  onTestFinished(async () => {
    bot.clear();
    await emulator.close();
  });
  const written = { out: '', err: '' };
  const told: ((text: string) => void)[] = [];
  const said = (part: string): Promise<void> =>
    new Promise((resolve) => told.push((text) => text.includes(part) && resolve()));
  let leave: () => void = () => undefined;
  const argv = ['run', '--live', 'kalshi', '--db', bot.store, '--signals', '-', '--json'];
  const ended = runCli(argv, {
    env: {},
    folder: bot.folder,
    stdin,
    stdout: { write: (text) => (written.out += text) },
    stderr: {
      write: (text) => {
        written.err += text;
        for (const hear of told) hear(text);
      },
    },
    onReaderGone: (callback) => {
      leave = callback;
    },
  });
  return { bot, emulator, ended, written, said, leave: () => leave() };
}

const endsOf = ({ out }: { readonly out: string }): readonly string[] => {
  const { executions } = JSON.parse(out) as {
    readonly executions: readonly { readonly signalId: string; readonly outcome: string }[];
  };
  return executions.map(({ signalId, outcome }) => `${signalId} ${outcome}`);
};

it('withdraws what is open when nobody reads it any more', async (test) => {
  const open = new Promise<never>(() => undefined);
  async function* stdin(): AsyncGenerator<string> {
    yield resting;
    await open;
  }
  const { bot, emulator, ended, said, leave } = await session(test, stdin());
  await said('submit #1');
  leave();
  expect(await ended).toBe(130);
  expect(differences(emulator, bot.store)).toEqual([]);
});

it('outlives every line that is no signal, and reports what was worked', async (test) => {
  async function* stdin(): AsyncGenerator<string> {
    yield wish('first');
    for (const bad of [{}, [], null, 7, true]) yield wish(bad);
    yield '{}\n';
    yield 'x'.repeat(70_000);
    yield 'x'.repeat(70_000);
    yield 'x\n';
    yield wish('last');
  }
  const { ended, written } = await session(test, stdin());
  expect(await ended).toBe(2);
  expect(endsOf(written)).toEqual([
    expect.stringMatching(/^first /),
    expect.stringMatching(/^last /),
  ]);
  expect(JSON.parse(written.out)).toMatchObject({ refused: 7 });
  expect(written.err).toMatch(/refused, line 8 of stdin: .*a signal is one line/);
});

it('ends what it works, and reports it, when its input breaks', async (test) => {
  async function* stdin(): AsyncGenerator<string> {
    yield wish('first');
    throw new Error('the cable was pulled');
  }
  const { ended, written } = await session(test, stdin());
  expect(await ended).toBe(2);
  expect(endsOf(written)).toEqual([expect.stringMatching(/^first /)]);
  expect(written.err).toMatch(/the cable was pulled/);
});
