/** What a live session never does, and what it says where it cannot begin: each in one line. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it, type TestContext } from 'vitest';
import { type KalshiEmulator, startKalshiEmulator } from '../../src/testing.ts';
import { differences } from './agreement.ts';
import { LiveBot } from './bot.ts';

const wish = (number: number) => ({
  signalId: `wish-${number}`,
  market: number % 2 === 0 ? 'KXSIM-26-LIQUID' : 'KXSIM-26-MODERATE',
  outcome: number % 3 === 0 ? 'no' : 'yes',
  action: 'buy',
  quantity: '30',
  limitPrice: '0.95',
  timeLimitMs: 10_000,
  algorithm: { name: 'dynamic_depth_walker' },
});

async function world({ onTestFinished }: TestContext) {
  const emulator = await startKalshiEmulator({ keyKind: 'ed25519' });
  const bot = new LiveBot(emulator);
  bot.wish([wish(1), wish(2)]);
  onTestFinished(async () => {
    bot.clear();
    await emulator.close();
  });
  return { emulator, bot };
}

const otherKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** The secret itself, without the frame of a PEM file. */
const canaries = ({ privateKeyPem }: Pick<KalshiEmulator, 'privateKeyPem'>): readonly string[] =>
  privateKeyPem.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));

type Both = Awaited<ReturnType<typeof world>>;

describe.concurrent('a live session that cannot begin', () => {
  const refusals: readonly (readonly [string, (both: Both) => readonly string[], RegExp])[] = [
    [
      'with the key of somebody else',
      ({ bot }) => {
        bot.replaceKey(otherKey());
        return [];
      },
      /key/i,
    ],
    [
      'with a key file that others can read',
      ({ bot, emulator }) => {
        bot.replaceKey(emulator.privateKeyPem, 0o644);
        return [];
      },
      /mode 600.*was "mode 644".*chmod 600/,
    ],
    [
      'with a market that is not there',
      ({ bot, emulator }) => {
        bot.configure(emulator, { markets: ['KXNONE-1'] });
        return [];
      },
      /a market must be one of Kalshi, was "KXNONE-1"/,
    ],
    [
      'where nobody listens',
      ({ bot, emulator }) => {
        bot.configure(emulator, { kalshi: { restUrl: 'http://127.0.0.1:1/trade-api/v2' } });
        return [];
      },
      /ECONNREFUSED|refused/,
    ],
    ['for real money without the word', () => ['--env', 'prod'], /after the word CONFIRM/],
    ['with another word', () => ['--env', 'prod', '--confirm', 'yes'], /was "yes"/],
  ];

  it.for(refusals)('%s says so in one line, and sends nothing', async ([, spoil, says], test) => {
    const both = await world(test);
    const { stdout, stderr, code } = await both.bot.run(spoil(both));
    const lines = stderr.split('\n').filter((line) => line !== '');
    expect(lines.at(-1)).toMatch(says);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(code).not.toBe(0);
    expect(both.emulator.log).toEqual([]);
    for (const canary of canaries(both.emulator))
      expect(stdout + stderr + both.bot.written).not.toContain(canary);
  });
});

describe.concurrent('a live session', () => {
  it('shows its key nowhere, whatever it says and writes', async (test) => {
    const { bot, emulator } = await world(test);
    bot.configure(emulator, { level: 'debug' });
    emulator.setFault('error-on-read', 0.2);
    emulator.setFault('garbled-body', 0.2);
    const { stdout, stderr } = await bot.run();
    const served = await bot.start(
      ['serve', '--live', 'kalshi', '--db', 'bot.db'],
      '{"type":"hello"}\n{"id":1,"type":"status"}\n{"id":2,"type":"capabilities"}\n',
    );
    const said = stdout + stderr + served.stdout + served.stderr + bot.written;
    expect(said.length).toBeGreaterThan(10_000);
    const [secret = ''] = canaries(emulator);
    expect(secret.length).toBeGreaterThan(40);
    expect(said).not.toContain(secret);
    expect(said).not.toContain(emulator.keyId);
    expect(said).not.toMatch(/KALSHI-ACCESS-SIGNATURE/i);
  });

  it('of ten executions keeps to Basic limits: no call is refused', async (test) => {
    const { bot, emulator } = await world(test);
    bot.wish(Array.from({ length: 10 }, (_, number) => wish(number)));
    const { code } = await bot.run();
    expect(code).toBe(0);
    expect(bot.written).not.toContain('too many requests');
    expect(emulator.log.length).toBeGreaterThan(20);
    expect(differences(emulator, bot.store)).toEqual([]);
  });

  it('is a side process, too: serve works a signal, and withdraws at the end', async (test) => {
    const { bot, emulator } = await world(test);
    const request = { id: 1, type: 'signal', signal: wish(2) };
    const { stdout, code } = await bot.start(
      ['serve', '--live', 'kalshi', '--db', 'bot.db'],
      `{"type":"hello"}\n${JSON.stringify(request)}\n`,
    );
    expect(code).toBe(0);
    expect(stdout).toContain('"ok":true');
    expect(stdout).toContain('"type":"ended"');
    expect(differences(emulator, bot.store)).toEqual([]);
  });
});
