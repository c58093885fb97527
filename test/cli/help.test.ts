import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { cli } from './cli.ts';

it('explains a session, its exit codes and the file of signals', async () => {
  const { code, out, err } = await cli('run', '--help');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  for (const option of ['--tape', '--at', '--side', '--action', '--limit', '--fair-value'])
    expect(out).toContain(`  ${option} <`);
  for (const option of ['--signals', '--seed', '--db', '--realtime', '--json', '--count'])
    expect(out).toContain(option);
  expect(out).toMatch(/Exit codes:\n {2}0 .*\n {2}1 .*\n {2}2 .*\n {2}3 .*\n {2}5 .*\n {2}130 /);
  expect(out).toContain('simple_limit, dynamic_depth_walker');
});

it.each([
  ['run', 'its', ['--config <file>', '--profile <name>', '--fill-model <mode>']],
  ['bracket', 'its', ['--tape <file...>', '--algorithm <name[:k=v,...]>', 'not identified']],
  ['halt', 'its', ['--store <file>', '--reason <text>', '--everything', '--wait <seconds>']],
  ['resume', 'its', ['--store <file>', '--actor <name>', 'exactly this scope']],
  ['status', 'its', ['--store <file>', '--json', 'only reads']],
  ['config', 'its', ['--schema', '--check', 'DEPTHWALKER__SECTION__KEY', 'privateKeyFile']],
])('%s tells %s options, examples and exit codes', async (name, _, parts) => {
  const { code, out } = await cli(name, '--help');
  expect(code).toBe(0);
  for (const part of parts) expect(out).toContain(part);
  expect(out).toMatch(new RegExp(`Examples:\\n {2}depthwalker ${name}`));
  expect(out).toMatch(/Exit codes:\n {2}0 /);
});

it('points at the help of the command that was misused', async () => {
  for (const name of ['run', 'bracket', 'config', 'halt', 'resume', 'status'])
    expect((await cli(name, '--frobnicate')).err).toContain(`see "depthwalker ${name} --help"`);
  expect((await cli('frobnicate')).err).toContain('see "depthwalker run --help"');
});

it('names every command', async () => {
  const { code, out } = await cli('--help');
  expect(code).toBe(0);
  for (const name of [
    'run',
    'bracket',
    'config',
    'serve',
    'benchmark',
    'explain',
    'doctor',
    'halt',
    'resume',
    'status',
  ])
    expect(out).toMatch(new RegExp(`^ {2}${name} `, 'm'));
});

it('shows the help where no command is given', async () => {
  const { code, err } = await cli();
  expect(code).toBe(2);
  expect(err).toContain('Usage: depthwalker');
});

it('tells the version of the package', async () => {
  const path = resolve(import.meta.dirname, '../../package.json');
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
  expect(await cli('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
});
