import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Bot, served, text } from '../serve/memory.ts';
import { isDense, signal } from '../serve/serving.ts';
import { cli, fixtureTape, newFolder } from './cli.ts';

const SIMULATED = ['--simulate'];
const HELLO = { type: 'hello', after: 0 };

const like = (rule: RegExp): unknown => expect.stringMatching(rule);

const isEnd =
  (signalId: string) =>
  (line: Readonly<Record<string, unknown>>): boolean =>
    line['type'] === 'ended' && line['signalId'] === signalId;

/** A bot that says hello, sends these, and leaves when all of its signals have ended. */
async function worked(argv: readonly string[], signals: readonly string[], change: object = {}) {
  const bot = new Bot();
  async function* input(): AsyncGenerator<string> {
    yield text(HELLO);
    for (const id of signals) yield text(signal(id, change));
    for (const id of signals) await bot.until(isEnd(id));
  }
  return served(argv, input(), bot.see);
}

describe('a signal', () => {
  it('is answered, worked, and told of with dense numbers, fills before its end', async () => {
    const { code, updates, answers, lines } = await worked(SIMULATED, ['a', 'b']);
    expect(code).toBe(0);
    expect(answers.map(({ id, ok }) => [id, ok])).toEqual([
      [null, true],
      ['a', true],
      ['b', true],
    ]);
    const sequences = updates.map(({ sequence }) => Number(sequence));
    expect(isDense([0, ...sequences])).toBe(true);
    for (const id of ['a', 'b']) {
      const types = updates.filter(({ signalId }) => signalId === id).map(({ type }) => type);
      expect(types).toContain('order');
      expect(types).toContain('fill');
      expect(types.filter((type) => type === 'ended')).toHaveLength(1);
      expect(types.at(-1)).toBe('ended');
    }
    expect(updates.find(isEnd('a'))).toMatchObject({ result: { filledQuantity: '20.00' } });
    const last = sequences.at(-1);
    expect(lines.at(-1)).toEqual({ type: 'stopped', reason: 'end of input', last });
  });

  it('is worked on a recording, too', async () => {
    const argv = ['--paper', '--tape', fixtureTape('sixty-seconds.jsonl')];
    const bot = new Bot();
    async function* input(): AsyncGenerator<string> {
      yield text({ id: 1, type: 'capabilities' });
      const { result } = await bot.answer(1);
      const { instruments } = result as { instruments: readonly { symbol: string }[] };
      yield text(HELLO);
      yield text(signal('a', { market: instruments[0]?.symbol, timeLimitMs: 20_000 }));
      await bot.until(isEnd('a'));
    }
    const { code, updates, answers, err } = await served(argv, input(), bot.see);
    expect(code).toBe(0);
    expect(answers[0]).toMatchObject({ result: { venues: { paper: {} } } });
    expect(updates.find(isEnd('a'))).toMatchObject({ result: { filledQuantity: '20.00' } });
    expect(err).toMatch(/virtual time/);
  });

  it('is one execution, however often it comes, after a restart too', async () => {
    const argv = [...SIMULATED, '--db', join(newFolder(), 'bot.db')];
    const first = await worked(argv, ['a']);
    const [, { result } = {}] = first.answers;
    const again = signal('a');
    const other = signal('a', { quantity: '21' });
    const { answers, code } = await served(argv, [
      again,
      again,
      { ...again, id: 'another id' },
      { ...other, id: 2 },
      { ...signal('b'), id: 'a' },
    ]);
    expect(code).toBe(0);
    expect(answers.slice(0, 3).map((each) => each['result'])).toEqual([result, result, result]);
    expect(answers[3]).toMatchObject({
      ok: false,
      error: { rule: like(/executed once, and this one was dw-/), value: '"a"' },
    });
    expect(answers[4]).toMatchObject({ ok: false, error: { rule: 'an id names one request' } });
  });

  it('comes 10,000 times at once: each is answered once, and ends where it was taken', async () => {
    const count = 10_000;
    const all = Array.from({ length: count }, (_, index) =>
      signal(`s-${index}`, { limitPrice: '0.02', timeLimitMs: 2_000 }),
    );
    const input = [Buffer.from([HELLO, ...all].map(text).join(''))];
    const { code, answers, updates } = await served(SIMULATED, input);
    expect(code).toBe(0);
    expect(answers).toHaveLength(1 + count);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1 + count);
    const taken = answers.filter(({ ok }) => ok === true).length - 1;
    expect(taken).toBeGreaterThan(9_900);
    expect(updates.filter(({ type }) => type === 'ended')).toHaveLength(taken);
    expect(isDense(updates.map(({ sequence }) => Number(sequence)))).toBe(true);
  });
});

describe('updates', () => {
  it('come again until they are acknowledged, and never with a gap', async () => {
    const argv = [...SIMULATED, '--db', join(newFolder(), 'bot.db')];
    const first = await worked(argv, ['a']);
    const told = first.updates.length;
    const again = await served(argv, [{ type: 'hello' }]);
    expect(again.updates.slice(0, told)).toEqual(first.updates);
    const cut = await served(argv, [{ type: 'hello', after: told - 1 }]);
    expect(cut.updates[0]).toEqual(first.updates.at(-1));
    const all = cut.updates.map(({ sequence }) => Number(sequence));
    expect(isDense([told - 1, ...all])).toBe(true);
  });

  it('are forgotten when they were acknowledged, and a cursor before that is refused', async () => {
    const argv = [...SIMULATED, '--db', join(newFolder(), 'bot.db')];
    const { updates } = await worked(argv, ['a']);
    const last = updates.length;
    const bot = new Bot();
    async function* input(): AsyncGenerator<string> {
      yield text({ id: 1, type: 'hello', after: last });
      // Forgotten a moment later, in a macrotask of its own.
      await new Promise((resolve) => setTimeout(resolve, 200));
      yield text({ id: 2, type: 'hello', after: 1 });
      yield text({ id: 3, type: 'hello', after: 1_000 });
      yield text({ id: 4, type: 'ack', through: 1_000 });
    }
    const { answers } = await served(argv, input(), bot.see);
    const [, before, beyond, ack] = answers;
    expect(before).toMatchObject({
      ok: false,
      error: { rule: like(/^updates before \d+ are forgotten/), value: '1' },
    });
    expect(beyond).toMatchObject({ error: { rule: like(/newest update is/) } });
    expect(ack).toMatchObject({ ok: false, error: { wayOut: 'acknowledge what was told' } });
  });

  it('are not told before a hello', async () => {
    const { updates, lines } = await served(SIMULATED, [signal('a')]);
    expect(updates).toEqual([]);
    expect(lines.map(({ type }) => type)).toEqual(['answer', 'stopped']);
  });
});

it('halts, says what is left, refuses signals, and goes on after a resumption', async () => {
  const bot = new Bot();
  const by = { actor: 'ada', reason: 'a test' };
  async function* input(): AsyncGenerator<string> {
    yield text(HELLO);
    yield text(signal('a', { limitPrice: '0.02' }));
    await bot.until(({ type }) => type === 'order');
    yield text({ id: 1, type: 'halt', reason: 'a test', actor: 'ada' });
    yield text({ id: 2, type: 'status' });
    yield text(signal('b'));
    await bot.answer(1);
    yield text({ id: 3, type: 'resume', ...by });
    await bot.answer(3);
    yield text({ ...signal('b'), id: 'b, again' });
    await bot.until(isEnd('b'));
    yield text({ id: 4, type: 'resume', ...by });
  }
  const { code, answers, updates } = await served(SIMULATED, input(), bot.see);
  expect(code).toBe(0);
  const answer = (id: unknown) => answers.find((each) => each['id'] === id);
  expect(answer(1)).toMatchObject({
    result: { scope: 'global', cancelled: 1, residual: [], proven: true },
  });
  expect(answer(2)).toMatchObject({ result: { halts: [{ actor: 'ada' }], doubts: [] } });
  expect(answer('b')).toMatchObject({ error: { rule: like(/halted/) } });
  expect(answer(3)).toMatchObject({ ok: true });
  expect(answer(4)).toMatchObject({ ok: false });
  expect(updates.find(isEnd('b'))).toMatchObject({ result: { outcome: 'completed' } });
  const deeds = updates.filter(({ type }) => type === 'operation').map(({ deed }) => deed);
  expect(deeds).toEqual(['boot', 'halt', 'resume', 'stop']);
});

it('cancels by the signal or the execution, shows the book, and knows what is open', async () => {
  const bot = new Bot();
  async function* input(): AsyncGenerator<string> {
    yield text(HELLO);
    yield text(signal('a', { limitPrice: '0.02' }));
    yield text(signal('b', { limitPrice: '0.02' }));
    await bot.until(({ type, signalId }) => type === 'order' && signalId === 'b');
    yield text({ id: 1, type: 'status' });
    yield text({ id: 2, type: 'book', market: 'SIM-LIQUID-1', levels: 2 });
    yield text({ id: 3, type: 'cancel', signalId: 'a', reason: 'edge gone' });
    const { result } = await bot.answer('b');
    const { executionId } = result as { executionId: string };
    yield text({ id: 4, type: 'cancel', executionId });
    for (const id of ['a', 'b']) await bot.until(isEnd(id));
    yield text({ id: 5, type: 'cancel', executionId });
    yield text({ id: 6, type: 'cancel', signalId: 'nobody' });
    yield text({ id: 7, type: 'cancel' });
    yield text({ id: 8, type: 'book', market: 'NOWHERE' });
    await bot.answer(2);
  }
  const { answers, updates } = await served(SIMULATED, input(), bot.see);
  const answer = (id: number) => answers.find((each) => each['id'] === id);
  expect(answer(1)).toMatchObject({
    result: { executions: [{ signalId: 'a' }, { signalId: 'b' }] },
  });
  const book = answer(2)?.['result'] as { yes: { bids: readonly unknown[] } } | undefined;
  expect(book?.yes.bids).toHaveLength(2);
  expect(updates.find(isEnd('a'))).toMatchObject({ result: { reason: 'edge gone' } });
  expect(updates.find(isEnd('b'))).toMatchObject({ result: { outcome: 'cancelled' } });
  expect(answer(5)).toMatchObject({ ok: true });
  for (const id of [6, 7, 8]) expect(answer(id)).toMatchObject({ ok: false });
});

it('lets a person settle, enable and clear away only what there is', async () => {
  const by = { actor: 'ada', reason: 'looked it up' };
  const { answers } = await served(SIMULATED, [
    { id: 1, type: 'settle', clientOrderId: 'x', verdict: 'never-accepted', ...by },
    { id: 2, type: 'enable', market: 'SIM-LIQUID-1', ...by },
    { id: 3, type: 'continue', executionId: 'x', actor: 'ada' },
    { id: 4, type: 'cancelOrphan', clientOrderId: 'x', actor: 'ada' },
  ]);
  expect(answers.map(({ error }) => (error as { rule: string }).rule)).toEqual([
    'only an order in doubt is settled so',
    'only what is halted is resumed',
    'only an execution that asks is resumed',
    'only an orphan is cancelled so',
  ]);
});

it.each([
  [['--simulate', '--paper'], /--simulate.*cannot be used with.*--paper/],
  [[], /serve is told where to trade, was "nothing"; give --simulate, --paper --tape FILE/],
  [['--paper'], /serve is told where to trade, was "--paper without --tape"/],
  [['--simulate', '--db', '/no/such/folder/bot.db'], /the folder of the store must exist/],
])('starts nothing with %s', async (argv, complaint) => {
  const { code, lines, err } = await served(argv, [signal('a')]);
  expect(code).toBe(2);
  expect(lines).toEqual([]);
  expect(err).toMatch(complaint);
});

it('explains every request', async () => {
  const { code, out } = await cli('serve', '--help');
  expect(code).toBe(0);
  for (const type of ['hello', 'ack', 'signal', 'cancel', 'halt', 'resume', 'enable', 'settle'])
    expect(out).toContain(`"type":"${type}"`);
  for (const type of ['continue', 'cancelOrphan', 'book', 'status', 'capabilities'])
    expect(out).toContain(`"type":"${type}"`);
  expect(out).toMatch(/Exit codes:\n {2}0 /);
});

it('withdraws what is open when its input breaks', async () => {
  const bot = new Bot();
  async function* input(): AsyncGenerator<string> {
    yield text(HELLO);
    yield text(signal('a', { limitPrice: '0.02' }));
    await bot.until(({ type }) => type === 'order');
    throw new Error('the cable was pulled');
  }
  const { code, updates, err, lines } = await served(SIMULATED, input(), bot.see);
  expect(code).toBe(0);
  expect(updates.find(isEnd('a'))).toMatchObject({ result: { outcome: 'cancelled' } });
  expect(lines.at(-1)).toMatchObject({ type: 'stopped', reason: 'end of input' });
  expect(err).toMatch(/the input broke/);
});

it('halts each time it is told to, even under an id that was used', async () => {
  const bot = new Bot();
  const halt = text({ id: 'halt', type: 'halt', reason: 'again' });
  async function* input(): AsyncGenerator<string> {
    yield text(HELLO);
    yield halt;
    await bot.answer('halt');
    yield text({ id: 1, type: 'resume', actor: 'ada', reason: 'a test' });
    await bot.answer(1);
    yield halt;
    yield text({ id: 2, type: 'status' });
  }
  const { answers } = await served(SIMULATED, input(), bot.see);
  const status = answers.find(({ id }) => id === 2);
  expect(status).toMatchObject({ result: { halts: [{ reason: 'again' }] } });
});
