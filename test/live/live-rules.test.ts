/** What a live session never does, and what it says where it cannot begin: each in one line. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it, type TestContext } from 'vitest';
import {
  type KalshiEmulator,
  type KalshiEmulatorOptions,
  type LogEntry,
} from '../../src/testing.ts';
import { differences } from './agreement.ts';
import { type LiveWorld, liveWorld } from './bot.ts';

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

async function world(test: TestContext, options: KalshiEmulatorOptions = {}): Promise<LiveWorld> {
  const both = await liveWorld(test, options);
  both.bot.wish([wish(1), wish(2)]);
  return both;
}

const otherKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** The secret itself, without the frame of a PEM file. */
const canaries = ({ privateKeyPem }: Pick<KalshiEmulator, 'privateKeyPem'>): readonly string[] =>
  privateKeyPem.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));

describe.concurrent('a live session that cannot begin', () => {
  const refusals: readonly (readonly [string, (both: LiveWorld) => readonly string[], RegExp])[] = [
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

/** The bucket of Basic, filled a hundred times slower: no machine is slow beside it. */
const SLOW = {
  name: 'basic',
  read: { refillPerSecond: 200, capacity: 400 },
  write: { refillPerSecond: 1, capacity: 100 },
};

/** What the venue charges for what it logs. */
const TOKENS: Readonly<Record<string, number>> = { created: 10, amended: 10, canceled: 2 };

const tokensOf = (entry: LogEntry): number =>
  entry.type === 'order' ? (TOKENS[entry.event] ?? 0) : 0;

/** Called for; an order that the venue itself ends has a reason. */
const isOf = (event: string, entry: LogEntry): boolean =>
  entry.type === 'order' && entry.event === event && entry.reason === null;

/** The rest of it is kept for cancels: a fifth. */
const PLACES_OF_A_BUCKET = 8;

/** Rests where nothing fills; the later ones ask again and again, whatever is too old to go. */
const farWish = (number: number) => ({
  ...wish(0),
  signalId: `wish-${number}`,
  outcome: 'yes',
  limitPrice: '0.05',
  timeLimitMs: 60_000,
  algorithm: number < 5 ? { name: 'simple_limit' } : { name: 'dynamic_depth_walker', minVolume: 0 },
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

  it('of ten that want more than a bucket holds cancels out of the same one', async (test) => {
    let placed = 0;
    const { bot, emulator } = await world(test, {
      tier: SLOW,
      onLog: (entry) => {
        if (!isOf('created', entry)) return;
        placed += 1;
        if (placed === PLACES_OF_A_BUCKET) bot.signal('SIGINT');
      },
    });
    bot.configure(emulator, { callLimits: { calls: 10_000 } });
    bot.wish(Array.from({ length: 10 }, (_, number) => farWish(number)));
    const { code, stdout, stderr } = await bot.run(['--json']);
    expect({ code, stderr }).toMatchObject({ code: 130 });
    // A simple order that a busy machine held up for too long is not tried again.
    expect(stdout.match(/"outcome":"(?:cancelled|unfilled)"/g)).toHaveLength(10);
    expect(bot.written).not.toContain('too many requests');
    expect(differences(emulator, bot.store)).toEqual([]);
    const { log } = emulator;
    expect(log.filter((entry) => isOf('canceled', entry))).toHaveLength(PLACES_OF_A_BUCKET);
    // One bucketful pays for all: had a cancel waited for the next one, more would be spent.
    const spent = log.reduce((sum, entry) => sum + tokensOf(entry), 0);
    expect(spent).toBeLessThanOrEqual(SLOW.write.capacity);
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
