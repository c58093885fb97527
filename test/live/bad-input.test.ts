/**
 * What a live session is given wrongly, by a person, by the venue or by what stands between: it
 * says so in a line of its own, keeps all orders accounted for, and goes on or ends in order.
 */
import { describe, expect, it, type TestContext } from 'vitest';
import { type KalshiEmulator, type KalshiEmulatorOptions } from '../../src/testing.ts';
import { differences } from './agreement.ts';
import { type Ended, type LiveWorld, liveWorld } from './bot.ts';
import { CLOSING, closingMarket, OPEN } from './closing-market.ts';
import { type Strange, startMirror, type Told } from './mirror.ts';
import { eventsOf, isForPeople, lineOf, worked } from './said.ts';

/** Below the market: it rests until the session is interrupted, however busy the machine is. */
const wish = (signalId: string, market: string) => ({
  signalId,
  market,
  outcome: 'yes',
  action: 'buy',
  quantity: '30',
  limitPrice: '0.20',
  timeLimitMs: 300_000,
  algorithm: { name: 'simple_limit', price: 'join' },
});

async function world(test: TestContext, options: KalshiEmulatorOptions = {}): Promise<LiveWorld> {
  const both = await liveWorld(test, options);
  both.bot.wish([wish('wish', OPEN)]);
  return both;
}

/** Works until it has said all of this, is interrupted then, and withdraws in order. */
async function workedUntil(
  { bot }: LiveWorld,
  says: readonly RegExp[],
  onLine: (line: string) => void = () => undefined,
): Promise<Ended> {
  const unsaid = new Set(says);
  const ended = await bot.run(['--json'], (line) => {
    onLine(line);
    const heard = [...unsaid].filter((pattern) => pattern.test(line));
    for (const pattern of heard) unsaid.delete(pattern);
    // Once: the second one would end it at once.
    if (heard.length > 0 && unsaid.size === 0) bot.signal('SIGINT');
  });
  expect({ unsaid: [...unsaid], ...ended }).toMatchObject({ unsaid: [] });
  // What was all done by then has not been interrupted.
  expect([0, 130]).toContain(ended.code);
  isForPeople(ended);
  return ended;
}

/** By the interruption, or before by a machine that is too busy to follow the book. */
const WITHDRAWN = {
  outcome: expect.stringMatching(/^(?:cancelled|unfilled)$/) as string,
  filledQuantity: '0.00',
};

/** A session that could not begin: one line, nothing sent, the exit code of bad input. */
function isRefused({ emulator }: LiveWorld, ended: Ended, says: RegExp): void {
  expect(ended.stderr.trimEnd()).toMatch(says);
  expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
  isForPeople(ended);
  expect(ended.code).toBe(2);
  expect(emulator.log).toEqual([]);
}

describe.concurrent('a market that is closed', () => {
  const CLOSED = /^warning: a market is closed at Kalshi: nothing is placed there \(symbol: /;

  it('before the session is named, and refuses its signals alone', async (test) => {
    const { source, close } = closingMarket();
    const both = await world(test, { source });
    const { bot, emulator } = both;
    close();
    bot.wish([wish('closed', CLOSING), wish('open', OPEN)]);
    const ended = await workedUntil(both, [/submit #1/]);
    expect(lineOf(ended, CLOSED)).toContain(CLOSING);
    expect(worked(ended)['closed']).toMatchObject({ outcome: 'refused', filledQuantity: '0.00' });
    expect(worked(ended)['closed']?.reason).toContain(
      'the market is shut: the venue has closed it',
    );
    expect(worked(ended)['open']).toMatchObject(WITHDRAWN);
    expect(eventsOf(emulator)).toEqual(['created', 'canceled']);
    expect(differences(emulator, bot.store)).toEqual([]);
  });

  it('while an order rests there ends that order, and nothing new is placed', async (test) => {
    const { source, close } = closingMarket();
    const { bot, emulator } = await world(test, { source });
    const running = bot.runOnPipe((line) => {
      if (line.includes('submit #1')) close();
      if (line.endsWith('(1)')) bot.tell(wish('later', CLOSING));
      if (line.endsWith('(2)')) bot.hangUp();
    });
    bot.tell(wish('closes', CLOSING));
    const ended = await running;
    expect(lineOf(ended, CLOSED)).toContain(CLOSING);
    expect(worked(ended)['closes']).toMatchObject(WITHDRAWN);
    expect(worked(ended)['later']).toMatchObject({ filledQuantity: '0.00' });
    isForPeople(ended);
    expect(eventsOf(emulator)).toEqual(['created', 'canceled']);
    expect(differences(emulator, bot.store)).toEqual([]);
  });
});

describe.concurrent('HTML instead of JSON', () => {
  it.for([
    ['html-page', 'status 200 with a body that is no JSON'],
    ['html-on-read', "status 502 with a body that is not the venue's"],
  ] as const)('at the start, %s: nothing was sent', async ([fault, reason], test) => {
    const both = await world(test);
    both.emulator.setFault(fault, true);
    const { restUrl } = both.emulator;
    const says = `the venue must answer (Kalshi, /portfolio/balance: ${reason}), was "${restUrl}"`;
    const ended = await both.bot.run();
    expect(ended.stderr).toContain(says);
    isRefused(both, ended, /; nothing was sent; look at the address .* or try it later$/);
  });

  it('once the key is known already: nothing was sent', async (test) => {
    const both = await world(test);
    const { bot, emulator } = both;
    const page = { status: 200, body: '<html>soon</html>' };
    const { restUrl, close } = await startMirror(emulator.restUrl, ({ place }) =>
      place.startsWith('/account/limits') ? page : null,
    );
    test.onTestFinished(close);
    bot.configure(emulator, { kalshi: { restUrl } });
    const ended = await bot.run();
    isRefused(both, ended, /must answer .*\/account\/limits: .*; nothing was sent; try/);
    expect(ended.stderr).toContain('status 200 with a body that is no JSON');
  });

  it.for([
    ['html-page', ['html-page'], /a 2xx answer that is no JSON/],
    ['html-body', ['html-body', 'html-on-read'], /status 502 with a body that is not the venue's/],
  ] as const)('in the middle, %s: in doubt until Kalshi has said', async ([, on, why], test) => {
    const both = await world(test);
    const { bot, emulator } = both;
    const set = (isOn: boolean): void => {
      for (const fault of on) emulator.setFault(fault, isOn);
    };
    const { restUrl, close } = await startMirror(emulator.restUrl, ({ method }) => {
      if (method === 'POST') set(true);
      return null;
    });
    test.onTestFinished(close);
    bot.configure(emulator, { kalshi: { restUrl } });
    const unanswered = /no answer about an order in doubt/;
    const ended = await workedUntil(both, [unanswered], (line) => {
      // From then on it can be found out.
      if (unanswered.test(line)) set(false);
    });
    const doubt = lineOf(ended, /whether a new order was taken: Kalshi is asked until it is known/);
    expect(doubt).toMatch(why);
    lineOf(ended, /^alarm: the outcome of order \S+ is in doubt/);
    lineOf(ended, unanswered);
    expect(worked(ended)['wish']).toMatchObject(WITHDRAWN);
    expect(eventsOf(emulator)).toEqual(['created', 'canceled']);
    expect(differences(emulator, bot.store)).toEqual([]);
  });
});

describe.concurrent('a 2xx without an order', () => {
  it('leaves it in doubt, in a line, and the fills come out right', async (test) => {
    const both = await world(test);
    const { bot, emulator } = both;
    emulator.setFault('empty-body', true);
    const algorithm = { name: 'dynamic_depth_walker' };
    bot.wish([{ ...wish('near', OPEN), limitPrice: '0.95', quantity: '400', algorithm }]);
    const doubt =
      /whether a new order was taken: Kalshi is asked until it is known \(order: (\S+);/;
    const ended = await workedUntil(both, [doubt, / fill #\d /]);
    const doubts = ended.stderr.split('\n').filter((line) => doubt.test(line));
    const orders = new Set(doubts.map((line) => doubt.exec(line)?.[1]));
    expect(orders.size).toBe(doubts.length);
    for (const line of doubts)
      expect(line).toContain('reason: a 2xx answer without the order (order_id: ');
    const fills = emulator.log.filter((entry) => entry.type === 'fill');
    const filled = fills.reduce((sum, { count }) => sum + Math.round(Number(count) * 100), 0);
    expect(Number(worked(ended)['near']?.filledQuantity) * 100).toBeCloseTo(filled, 6);
    expect(differences(emulator, bot.store)).toEqual([]);
  });
});

describe.concurrent('a frame', () => {
  it.for([
    ['huge-frame', 'over 4 MiB', /a frame has at most 4194304 bytes, this one had more/],
    ['broken-utf8', 'that is no UTF-8', /a frame is UTF-8, this one was not/],
  ] as const)('%s, %s, costs the connection, and the session goes on', async (row, test) => {
    const [fault, , why] = row;
    const both = await world(test);
    const { bot, emulator } = both;
    bot.wish([{ ...wish('wish', OPEN), algorithm: { name: 'dynamic_depth_walker' } }]);
    // A book came by the next connection: it was subscribed to again.
    const ended = await workedUntil(both, [/submit #2/], (line) => {
      if (line.includes('submit #1')) emulator.setFault(fault, true);
    });
    const lost = lineOf(
      ended,
      /^warning: no connection to Kalshi: nothing is placed before it is /,
    );
    expect(lost).toMatch(why);
    expect(lost).toMatch(/waitMs: \d+\)$/);
    expect(worked(ended)['wish']).toMatchObject(WITHDRAWN);
    expect(eventsOf(emulator).slice(0, 2)).toEqual(['created', 'canceled']);
    expect(differences(emulator, bot.store)).toEqual([]);
  });
});

describe.concurrent('what a person got wrong', () => {
  it('a port in use: the emulator says which one, and what to do', async (test) => {
    const { bot, emulator } = await world(test);
    const { port } = new URL(emulator.restUrl);
    const { code, stdout, stderr } = await bot.start(['emulate', 'kalshi', '--port', port], '');
    const says = `the port must be free, was ${port}; choose another one, or 0 for any`;
    expect([code, stdout, stderr]).toEqual([2, '', `depthwalker: ${says}\n`]);
  });

  it('a key of demo at prod: it says so, and sends nothing', async (test) => {
    const both = await world(test);
    const { bot, emulator } = both;
    bot.configure(emulator, { kalshi: { environment: 'prod', keyId: 'a-key-of-demo' } });
    const ended = await bot.run(['--confirm', 'CONFIRM']);
    isRefused(both, ended, /Kalshi must know the key .*nothing was sent; it may be a key of the /);
    expect(ended.stderr).toContain('other environment: demo and prod have keys of their own');
    expect(ended.stdout).toContain('kalshi prod (REAL MONEY)');
  });
});

/** The secret itself, without the frame of a PEM file. */
const linesOf = ({ privateKeyPem }: KalshiEmulator): readonly string[] =>
  privateKeyPem.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));

const echo = ({ keyId, signature }: Told): string => `you are ${keyId} and signed ${signature}`;

const page = (told: Told): string => `<html><body>${echo(told)}</body></html>`;

describe.concurrent('a venue that repeats what it was told', () => {
  const canaries: readonly (readonly [string, (told: Told) => Strange | null])[] = [
    [
      'in its word on the key',
      (told) => ({ status: 401, body: { error: { code: echo(told), message: echo(told) } } }),
    ],
    [
      'in what it refuses, and in pages',
      (told) => {
        if (told.place.endsWith('/orderbook')) return { status: 502, body: page(told) };
        if (told.method !== 'POST') return null;
        return { status: 400, body: { error: { code: 'no', message: echo(told) } } };
      },
    ],
  ];

  it.for(canaries)('%s: neither key nor signature is shown', async ([, answer], test) => {
    const { bot, emulator } = await world(test);
    const { restUrl, signatures, close } = await startMirror(emulator.restUrl, answer);
    test.onTestFinished(close);
    bot.configure(emulator, { level: 'debug', kalshi: { restUrl } });
    const ran = await bot.run();
    // All that was told is told again.
    const hello = '{"type":"hello","after":0}\n{"id":1,"type":"status"}\n';
    const served = await bot.start(['serve', '--live', 'kalshi', '--db', 'bot.db'], hello);
    const said = [ran.stdout, ran.stderr, served.stdout, served.stderr, bot.written].join('\n');
    // It was repeated to us, and came as far as these lines.
    expect(said.includes('you are [SECRET] and signed [SECRET]')).toBe(true);
    expect(signatures.size).toBeGreaterThan(1);
    const secrets = [emulator.keyId, ...linesOf(emulator), ...signatures];
    expect(secrets.filter((secret) => said.includes(secret.slice(0, 30)))).toEqual([]);
    expect(emulator.log).toEqual([]);
  });
});
