import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { InputError } from '../../src/domain/errors.ts';
import { createLog, type LogOptions } from '../../src/observe/log.ts';

const CANARY = 'sk/live+CANARY"7f3a=';
const KEY = [
  '-----BEGIN PRIVATE KEY-----',
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC',
  'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4',
  '-----END PRIVATE KEY-----',
].join('\n');

function logged(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const log = createLog({
    level: 'debug',
    clock: { wallMs: () => 1_760_000_000_000 },
    secrets: [CANARY, KEY],
    write: (line) => lines.push(line),
    ...options,
  });
  return { log, lines, first: (): unknown => JSON.parse(lines[0] ?? 'null') };
}

/** As HTTP clients throw them. */
const requestError = (): Error =>
  Object.assign(new Error('Request failed with status 401'), {
    code: 'ERR_BAD_REQUEST',
    config: { headers: { Authorization: 'Bearer a-token-nobody-told-of' } },
    request: { header: 'Authorization: a-token-nobody-told-of' },
    cause: new Error('a-token-nobody-told-of'),
  });

describe('a log line', () => {
  it('is JSON with the level, the time of the clock, the fields and the message', () => {
    const { log, first } = logged();
    log.warn({ executionId: 'dw-1', walks: 3 }, 'walked');
    expect(first()).toEqual({
      level: 'warn',
      time: 1_760_000_000_000,
      executionId: 'dw-1',
      walks: 3,
      msg: 'walked',
    });
  });

  it('is made from its level upwards', () => {
    const { log, lines } = logged({ level: 'warn' });
    log.debug({}, 'no');
    log.info({}, 'no');
    log.warn({}, 'yes');
    log.error({}, 'yes');
    expect(lines).toHaveLength(2);
    const silent = logged({ level: 'silent' });
    silent.log.error({}, 'no');
    expect(silent.lines).toEqual([]);
    expect(() => logged({ level: 'loud' as never })).toThrow(InputError);
  });

  it('says name, message and code of an error, wherever it hangs, and nothing else', () => {
    const said = {
      name: 'Error',
      message: 'Request failed with status 401',
      code: 'ERR_BAD_REQUEST',
    };
    const { log, lines, first } = logged();
    log.error({ err: requestError(), deep: [{ of: requestError() }] }, 'refused');
    expect(first()).toMatchObject({ err: said, deep: [{ of: said }], msg: 'refused' });
    log.error(requestError(), 'bare');
    log.error(
      { lookalike: { message: 'x', stack: 'at a-token', config: 'a-token' } },
      'other realm',
    );
    expect(lines.join('')).not.toContain('a-token');
    expect(lines.join('')).not.toContain('stack');
    expect(lines[1]).toContain('"err":{"name":"Error"');
  });

  it('survives a cycle', () => {
    const { log, first } = logged();
    const cycle: Record<string, unknown> = { name: 'loop' };
    cycle['self'] = cycle;
    log.info(cycle, 'round');
    expect(first()).toMatchObject({ name: 'loop', msg: 'round' });
  });
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('a secret', () => {
  const spellings = {
    plain: CANARY,
    url: encodeURIComponent(CANARY),
    hex: Buffer.from(CANARY).toString('hex'),
    HEX: Buffer.from(CANARY).toString('hex').toUpperCase(),
    base64: base64(CANARY),
    base64url: Buffer.from(CANARY).toString('base64url'),
    'base64 of a pair': base64(`user:${CANARY}`),
    'base64 of a longer pair': base64(`users:${CANARY}@`),
    'base64 of the longest pair': base64(`a user:${CANARY}`),
    'a key': KEY,
    'a line of a key': KEY.split('\n')[1] ?? '',
    'a key with other line ends': KEY.replaceAll('\n', '\r\n'),
  };

  it.each(Object.entries(spellings))('never appears: %s', (_, spelling) => {
    const { log, lines } = logged();
    const error = Object.assign(new Error(`refused ${spelling}`), { code: spelling });
    log.error({ err: error }, 'in an error');
    log.error(error, 'bare');
    log.info({ ctx: { deep: [{ deeper: spelling }], [spelling]: 1 } }, 'deep, and as a key');
    log.debug({}, `in the message: ${spelling}`);
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      expect(line).toContain('[SECRET]');
      expect(() => JSON.parse(line) as unknown).not.toThrow();
    }
    const all = lines.join('');
    for (const leak of [
      JSON.stringify(spelling).slice(1, -1),
      'CANARY',
      'Zm9vYmFyYmF6',
      'Q0FOQVJZ',
    ])
      expect(all).not.toContain(leak);
  });

  it('never appears, whatever it is made of', () => {
    const secret = fc.string({ minLength: 8, maxLength: 40 }).filter((text) => /\S{8}/.test(text));
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
        const { log, lines } = logged({ secrets: [value] });
        log.info({ [`k${before}`]: `${before}${value}${after}` }, value);
        const line = lines.join('');
        expect(line).not.toContain(JSON.stringify(value).slice(1, -1));
        expect(line).toContain('[SECRET]');
      }),
    );
  });

  it('is not left by halves where a long message is cut', () => {
    const { log, lines } = logged();
    log.error({ err: new Error(`${'.'.repeat(490)}${CANARY}`) }, 'long');
    expect(lines.join('')).not.toContain('sk/live');
    expect(() => logged({ secrets: ['half a pair \ud800'] })).not.toThrow();
  });

  it('must be long enough to be told from a word, and is not shown when it is not', () => {
    expect(() => logged({ secrets: ['hunter2'] })).toThrow(/at least 8 characters.*7 characters/);
    expect(() => logged({ secrets: [''] })).toThrow(InputError);
    expect(() => logged({ secrets: ['hunter2'] })).not.toThrow(/hunter2/);
  });
});

describe('where lines go', () => {
  it('is stderr, before the process dies', () => {
    const url = new URL('../../src/observe/log.ts', import.meta.url).href;
    const script = `import { createLog } from '${url}';
      createLog({ level: 'info', clock: { wallMs: () => 7 } }).error({}, 'last words');
      process.kill(process.pid, 'SIGKILL');`;
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', script],
      { encoding: 'utf8' },
    );
    expect(stdout).toBe('');
    expect(JSON.parse(stderr)).toEqual({ level: 'error', time: 7, msg: 'last words' });
  });

  it('is written by the time that the call returns, each line once', () => {
    const written = vi.spyOn(fs, 'writeSync').mockImplementation((_, text) => text.length);
    try {
      const log = createLog({ level: 'info', clock: { wallMs: () => 7 }, secrets: [CANARY] });
      log.info({ key: CANARY }, 'one');
      expect(written.mock.calls).toHaveLength(1);
      log.debug({}, 'not at this level');
      log.warn({}, 'two');
      const lines = written.mock.calls.map(([target, text]): readonly [number, unknown] => [
        target,
        JSON.parse(text),
      ]);
      expect(lines).toMatchObject([
        [2, { msg: 'one', level: 'info' }],
        [2, { msg: 'two', level: 'warn' }],
      ]);
      expect(JSON.stringify(lines)).not.toContain('CANARY');
    } finally {
      written.mockRestore();
    }
  });
});
