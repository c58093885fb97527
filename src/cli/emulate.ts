/** `depthwalker emulate kalshi`: starts the emulator, says where it is, and waits for Ctrl-C. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PlannedFault, usualShare } from '../emulator/fault-plan.ts';
import { FAULT_NAMES } from '../emulator/faults.ts';
import {
  type KalshiEmulator,
  type KalshiEmulatorOptions,
  startKalshiEmulator,
} from '../emulator/start.ts';
import { InputError, seededRandom } from '../index.ts';
import { assumedFacts } from '../replay/series.ts';
import { marketsOf, tapeSource } from '../replay/tape-source.ts';
import { EXIT, type Io, lineTo } from './io.ts';
import { trusted } from './market-data.ts';

export interface EmulateOptions {
  readonly port?: string;
  readonly tape?: readonly string[];
  readonly simulate?: true;
  readonly speed?: string;
  readonly faults?: string;
  readonly seed?: string;
  readonly accounts?: string;
  readonly key?: 'rsa' | 'ed25519';
  readonly balance?: string;
  readonly log?: string;
}

/** Gives the exit code, once it has been told to end. */
export async function emulate(venue: string, options: EmulateOptions, io: Io): Promise<number> {
  if (venue !== 'kalshi')
    throw new InputError('a venue that can be emulated is needed', venue, 'write "kalshi"');
  const emulator = await startKalshiEmulator({
    random: seededRandom(options.seed ?? '1'),
    port: integer('--port', options.port ?? '0', 0, 65_535),
    accounts: integer('--accounts', options.accounts ?? '1', 1, 16),
    speed: factor(options.speed ?? '1'),
    faults: plannedFaults(options.faults ?? ''),
    ...(options.key === undefined ? {} : { keyKind: options.key }),
    ...(options.balance === undefined ? {} : { balance: options.balance }),
    ...recorded(options.tape ?? [], io),
    ...logged(options.log),
  });
  const folder = mkdtempSync(join(tmpdir(), 'depthwalker-emulator-'));
  const forget = (): void => rmSync(folder, { recursive: true, force: true });
  // Whatever ends the process: a key that nobody serves is of no use to anybody.
  process.once('exit', forget);
  lineTo(io.stdout, JSON.stringify(facts(emulator, folder)));
  await interrupted(io);
  await emulator.close();
  forget();
  process.off('exit', forget);
  return EXIT.ok;
}

function facts({ restUrl, wsUrl, keys }: KalshiEmulator, folder: string): object {
  const files = keys.map(({ keyId, privateKeyPem }) => {
    const privateKeyFile = join(folder, `${keyId}.pem`);
    writeFileSync(privateKeyFile, privateKeyPem, { mode: 0o600 });
    return { keyId, privateKeyFile };
  });
  const [first, ...others] = files;
  return { restUrl, wsUrl, ...first, ...(others.length === 0 ? {} : { others }) };
}

const interrupted = ({ onInterrupt }: Io): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      process.off('SIGTERM', end);
      resolve();
    };
    onInterrupt?.(end);
    process.once('SIGTERM', end);
  });

function recorded(files: readonly string[], io: Io): Partial<KalshiEmulatorOptions> {
  if (files.length === 0) return {};
  const tapes = files.map(trusted);
  const closeTimes = new Map<string, number>();
  for (const { markets } of tapes)
    for (const [symbol, { closeMs }] of markets)
      if (closeMs !== null) closeTimes.set(symbol, closeMs);
  const markets = marketsOf(tapes);
  const notes = new Set(markets.flatMap((market) => assumedFacts(market) ?? []));
  for (const note of notes) lineTo(io.stderr, `assumed: ${note}`);
  return { source: tapeSource(tapes, markets), closeTimes };
}

function logged(file: string | undefined): Partial<KalshiEmulatorOptions> {
  if (file === undefined) return {};
  writable(file);
  return { onLog: (entry) => appendFileSync(file, `${JSON.stringify(entry)}\n`) };
}

/** Emptied: a log is of one session. */
function writable(file: string): void {
  try {
    writeFileSync(file, '', { mode: 0o600 });
  } catch {
    throw new InputError('--log must name a file that can be written', file, 'choose another one');
  }
}

function plannedFaults(text: string): readonly PlannedFault[] {
  const parts = text.split(',').filter((part) => part !== '');
  return parts.map((part) => {
    const [given = '', share, ...more] = part.split('=');
    const name = FAULT_NAMES.find((known) => known === given);
    if (name === undefined || more.length > 0)
      throw new InputError('a fault must be known', given, `choose of ${FAULT_NAMES.join(', ')}`);
    return { name, share: share === undefined ? usualShare(name) : shareOf(share) };
  });
}

function shareOf(text: string): number {
  const share = /^(?:0?\.\d{1,6}|1(?:\.0+)?)$/.test(text) ? Number(text) : 0;
  if (share > 0) return share;
  throw new InputError('a share of --faults lies above 0, at most 1', text, 'write it like 0.1');
}

function integer(option: string, text: string, least: number, most: number): number {
  const read = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (read >= least && read <= most) return read;
  throw new InputError(`${option} lies between ${least} and ${most}`, text, 'choose one there');
}

function factor(text: string): number {
  const read = /^\d{1,4}(?:\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (read >= 0.01 && read <= 1_000) return read;
  throw new InputError('--speed lies between 0.01 and 1000', text, 'write it like 10');
}
