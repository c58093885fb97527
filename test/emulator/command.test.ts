/** `depthwalker emulate kalshi` as a process: what it says, what it leaves behind, how it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { FAULT_NAMES } from '../../src/emulator/faults.ts';
import { startKalshiEmulator } from '../../src/emulator/start.ts';
import { cli, fixtureTape, newFolder } from '../cli/cli.ts';
import { PROGRAM } from '../support/program.ts';
import { sdkFor } from './sdk.ts';
import { stillMarkets } from './still-market.ts';

interface Ready {
  readonly restUrl: string;
  readonly wsUrl: string;
  readonly keyId: string;
  readonly privateKeyFile: string;
  readonly others?: readonly Pick<Ready, 'keyId' | 'privateKeyFile'>[];
}

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function emulate(...argv: readonly string[]) {
  const [node, main] = PROGRAM;
  const child = spawn(node, [main, 'emulate', 'kalshi', ...argv]);
  children.push(child);
  let complaint = '';
  child.stderr.on('data', (part: Buffer) => (complaint += part.toString()));
  const ended = once(child, 'exit').then(() => {
    throw new Error(complaint);
  });
  const [chunk] = (await Promise.race([once(child.stdout, 'data'), ended])) as [Buffer];
  ended.catch((thrown: unknown) => thrown);
  const ready = JSON.parse(chunk.toString()) as Ready;
  const key = { ...ready, privateKeyPem: readFileSync(ready.privateKeyFile, 'utf8') };
  return { child, ready, sdk: sdkFor(ready, key) };
}

describe('a session', () => {
  it('says where it is, lets the key in, keeps a log, and leaves nothing at Ctrl-C', async () => {
    const log = join(newFolder(), 'venue.jsonl');
    const { child, ready, sdk } = await emulate('--log', log, '--seed', '7');
    expect(ready.restUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/trade-api\/v2$/);
    expect(ready.wsUrl).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/trade-api\/ws\/v2$/);
    expect(statSync(ready.privateKeyFile).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(ready.privateKeyFile)).mode & 0o777).toBe(0o700);
    const { data } = await sdk.orders.createOrderV2({
      ticker: 'KXSIM-26-LIQUID',
      side: 'bid',
      count: '1.00',
      price: '0.0100',
      time_in_force: 'good_till_canceled',
      self_trade_prevention_type: 'taker_at_cross',
    });
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(existsSync(dirname(ready.privateKeyFile))).toBe(false);
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { type: 'order', event: 'created', orderId: data.order_id, status: 'resting' },
    ]);
  });

  it('plays a recording, for several accounts', async () => {
    const tape = fixtureTape('sixty-seconds.jsonl');
    const { child, ready, sdk } = await emulate('--tape', tape, '--speed', '20', '--accounts', '2');
    expect(ready.others).toHaveLength(1);
    const { markets } = (await sdk.markets.getMarkets()).data;
    expect(markets).toHaveLength(1);
    expect(markets[0]).toMatchObject({ price_level_structure: 'tapered_deci_cent' });
    const closesInMs = Date.parse(markets[0]?.close_time ?? '') - Date.now();
    expect(Math.abs(closesInMs)).toBeLessThan(6_000);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(existsSync(ready.privateKeyFile)).toBe(false);
  });
});

describe('bad input is one line', () => {
  it('a port in use', async () => {
    const emulator = await startKalshiEmulator({ source: stillMarkets(), keyKind: 'ed25519' });
    const { port } = new URL(emulator.restUrl);
    const { code, out, err } = await cli('emulate', 'kalshi', '--port', port);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toBe(
      `depthwalker: the port must be free, was ${port}; choose another one, or 0 for any\n`,
    );
    await emulator.close();
  });

  it.each([
    [['polymarket'], 'a venue that can be emulated is needed, was "polymarket"; write "kalshi"'],
    [['kalshi', '--port', '70000'], '--port lies between 0 and 65535, was "70000"'],
    [['kalshi', '--speed', '0'], '--speed lies between 0.01 and 1000, was "0"'],
    [['kalshi', '--accounts', '0'], '--accounts lies between 1 and 16, was "0"'],
    [['kalshi', '--faults', 'gremlins'], 'a fault must be known, was "gremlins"'],
    [['kalshi', '--faults', 'pause=2'], 'a share of --faults lies above 0, at most 1, was "2"'],
    [['kalshi', '--balance', '1e3'], 'balance must be a plain decimal, was "1e3"'],
    [['kalshi', '--log', '/nowhere/x'], '--log must name a file that can be written'],
    [['kalshi', '--tape', 'nothing.jsonl'], 'nothing.jsonl'],
    [['kalshi', '--simulate', '--tape', 'x.jsonl'], 'cannot be used with option'],
  ])('%o', async (argv, text) => {
    const { code, out, err } = await cli('emulate', ...argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(text);
    expect(err.trimEnd()).not.toContain('\n');
  });
});

it('explains every fault', async () => {
  const { code, out } = await cli('emulate', '--help');
  expect(code).toBe(0);
  for (const name of FAULT_NAMES)
    expect(out).toMatch(new RegExp(`^ {2}${name} +(?:call|state|event) `, 'm'));
});
