/** A bot in a process of its own: `run --live kalshi` against an emulator in this one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { TestContext } from 'vitest';
import {
  type KalshiEmulator,
  type KalshiEmulatorOptions,
  startKalshiEmulator,
} from '../../src/testing.ts';
import { liveLimits } from '../support/live-limits.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Changes {
  readonly markets?: readonly string[];
  readonly kalshi?: object;
  readonly callLimits?: object;
  readonly level?: string;
}

/** What a bot is told of a venue: an emulator in this process, or one in another. */
export type Address = Pick<KalshiEmulator, 'restUrl' | 'wsUrl' | 'keyId' | 'privateKeyPem'>;

export class LiveBot {
  readonly folder = mkdtempSync(join(tmpdir(), 'depthwalker-live-'));
  readonly store = join(this.folder, 'bot.db');
  #child: ChildProcess | null = null;

  constructor(venue: Address, changes: Changes = {}) {
    this.configure(venue, changes);
    this.#write('key.pem', venue.privateKeyPem);
  }

  configure({ restUrl, wsUrl, keyId }: Address, changes: Changes = {}): void {
    const markets = changes.markets ?? ['KXSIM-26-LIQUID', 'KXSIM-26-MODERATE'];
    const own = { environment: 'demo', keyId, privateKeyFile: 'key.pem', restUrl, wsUrl };
    const venues = { kalshi: { ...own, ...changes.kalshi } };
    const log = { level: changes.level ?? 'warn' };
    const { callLimits = {} } = changes;
    const config = { venues, limits: liveLimits(markets), callLimits, log };
    this.#write('depthwalker.config.json', JSON.stringify(config));
  }

  replaceKey(privateKeyPem: string, mode = 0o600): void {
    this.#write('key.pem', privateKeyPem);
    chmodSync(join(this.folder, 'key.pem'), mode);
  }

  /** All that it wrote, in all files, but those that were given to it. */
  get written(): string {
    const own = readdirSync(this.folder).filter((name) => !/key\.pem|config|signals/.test(name));
    return own.map((name) => readFileSync(join(this.folder, name), 'latin1')).join('\n');
  }

  /** One signal a line. */
  wish(signals: readonly object[]): void {
    this.#write('signals.jsonl', signals.map((signal) => JSON.stringify(signal)).join('\n'));
  }

  /** Its signals come by a pipe, which stays open until `hangUp`. */
  runOnPipe(onLine: (line: string) => void) {
    const argv = ['run', '--live', 'kalshi', '--db', 'bot.db', '--signals', '-', '--json'];
    return this.start(argv, null, onLine);
  }

  /** A line for its stdin. */
  tell(message: object): void {
    this.#child?.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  hangUp(): void {
    this.#child?.stdin?.end();
  }

  /** Until it ends by itself. `onLine` hears its progress. */
  run(args: readonly string[] = [], onLine: (line: string) => void = () => undefined) {
    const own = ['run', '--live', 'kalshi', '--db', 'bot.db', '--signals', 'signals.jsonl'];
    return this.start([...own, ...args], '', onLine);
  }

  /** Any command of it; `input` is all of its stdin, or null for a pipe that stays open. */
  start(
    args: readonly string[],
    input: string | null,
    onLine: (line: string) => void = () => undefined,
  ) {
    const argv = [join(process.cwd(), 'dist/src/cli/main.js'), ...args];
    const child = spawn(process.execPath, argv, { cwd: this.folder, env: {} });
    if (input !== null) child.stdin.end(input);
    this.#child = child;
    const ended = { stdout: '', stderr: '' };
    let rest = '';
    child.stdout.on('data', (chunk) => {
      ended.stdout += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      ended.stderr += String(chunk);
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') onLine(line);
    });
    return new Promise<Ended>((resolve) => {
      child.on('close', (code) => resolve({ code, ...ended }));
    });
  }

  signal(name: 'SIGKILL' | 'SIGINT'): void {
    this.#child?.kill(name);
  }

  clear(): void {
    this.signal('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  #write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text, { mode: 0o600 });
  }
}

export interface LiveWorld {
  readonly emulator: KalshiEmulator;
  readonly bot: LiveBot;
}

/** An emulator in this process, and a bot that knows its address; gone with the test. */
export async function liveWorld(
  { onTestFinished }: TestContext,
  options: KalshiEmulatorOptions = {},
): Promise<LiveWorld> {
  const emulator = await startKalshiEmulator({ keyKind: 'ed25519', ...options });
  const bot = new LiveBot(emulator);
  onTestFinished(async () => {
    bot.clear();
    await emulator.close();
  });
  return { emulator, bot };
}
