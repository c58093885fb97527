/** Whatever comes on stdin: one line back for each, the rule in it, and nothing else happens. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { served } from '../serve/memory.ts';
import { signal } from '../serve/serving.ts';

const STATUS = { id: 'after', type: 'status' };
const whole = signal('a');
const DEEP = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;

const GARBAGE: readonly (readonly [line: object | string | Buffer, rule: RegExp])[] = [
  ['nonsense', /a line is one JSON object/],
  ['[]', /a line is one JSON object/],
  ['null', /a line is one JSON object/],
  ['{"id":1', /a line is one JSON object/],
  [Buffer.from([0xff, 0xfe, 0x7b, 10]), /a line is UTF-8/],
  [Buffer.from(`"${'x'.repeat(1_100_000)}"\n`), /a line has at most 1048576 bytes/],
  [{}, /a request has a type that is known/],
  [{ id: 1, type: 'toString' }, /a request has a type that is known/],
  [{ id: 1, type: 'buy' }, /a request has a type that is known/],
  [{ type: 'status' }, /status: id is given/],
  [{ id: 1.5, type: 'status' }, /status\.id/],
  [{ id: '', type: 'status' }, /status\.id/],
  [{ id: 1, type: 'status', all: true }, /a status has no such field/],
  [{ id: 1, type: 'hello', after: -1 }, /hello\.after/],
  [{ id: 1, type: 'hello', after: '7' }, /hello\.after/],
  [{ id: 1, type: 'halt' }, /halt: reason is given/],
  [{ id: 1, type: 'halt', reason: 'x', market: 'NOWHERE' }, /what is halted is traded here/],
  [{ id: 1, type: 'resume', actor: 'a', reason: 'b', market: 'M' }, /only what is halted/],
  [{ id: 1, type: 'book', market: 'SIM-THIN-1', levels: 0 }, /book\.levels/],
  [{ id: 1, type: 'book', market: 'SIM-THIN-1', venue: 'kalshi' }, /no such venue/],
  [{ id: 1, type: 'cancel', signalId: 'x', executionId: 'y' }, /a cancel names one execution/],
  [{ id: 1, type: 'signal', signal: 'buy' }, /signal\.signal/],
  [{ id: 1, type: 'signal', signal: {} }, /signal\.signalId must be given/],
  [signal('a', { quantity: 20 }), /signal\.quantity must be text/],
  [signal('a', { limitPrice: '0.90555' }), /limitPrice/],
  [signal('a', { market: 'NOWHERE' }), /no such market/],
  [signal('a', { venue: 'kalshi' }), /no such venue/],
  [signal('a', { urgent: true }), /signal has no such field/],
  [signal('a', { algorithm: { name: 'magic' } }), /algorithm/],
  [signal('a', { timeLimitMs: -1 }), /deadline must lie in the future/],
  [`{"id":1,"type":"signal","signal":${DEEP}}`, /signal\.signal/],
  [`{"id":1,"type":"signal","signal":{"signalId":"b","modelId":${DEEP}}}`, /too deep/],
  ['{"id":1,"type":"status","__proto__":{"polluted":1}}', /no such field/],
];

it('is answered by one error line with rule, value and way out, and nothing happens', async () => {
  const { code, answers, updates } = await served(
    ['--simulate'],
    [{ type: 'hello' }, ...GARBAGE.map(([line]) => line), STATUS],
  );
  expect(code).toBe(0);
  // A resumption is judged a moment later, all else at once.
  const errors = answers.flatMap(({ error }) => (error as { rule: string } | undefined) ?? []);
  expect(errors).toHaveLength(GARBAGE.length);
  for (const each of errors) expect(Object.keys(each)).toEqual(['rule', 'value', 'wayOut']);
  for (const [, rule] of GARBAGE) expect(errors.some((each) => rule.test(each.rule))).toBe(true);
  const status = answers.find(({ id }) => id === 'after');
  expect(status).toMatchObject({ ok: true, result: { executions: [], halts: [] } });
  expect(updates.map(({ deed }) => deed)).toEqual(['boot', 'stop']);
});

it('may be any bytes, in any chunks', async () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(`${text}\n`)),
    fc
      .nat(JSON.stringify(whole).length)
      .map((at) => Buffer.from(`${JSON.stringify(whole).slice(0, at)}\n`)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
      const lines = Buffer.concat([...pieces, Buffer.from('\n')])
        .toString('latin1')
        .split('\n')
        .filter((line) => line.length > 0);
      const { code, answers } = await served(
        ['--simulate'],
        [...pieces, Buffer.from('\n'), STATUS],
      );
      expect(code).toBe(0);
      expect(answers.length).toBeLessThanOrEqual(lines.length + 1);
      expect(answers.at(-1)).toMatchObject({ id: 'after', ok: true });
      expect(answers.slice(0, -1).every(({ ok }) => ok === false || ok === true)).toBe(true);
    }),
    { numRuns: 25 },
  );
});
