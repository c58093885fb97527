/** A bot in a process of its own: `run --live kalshi` against an emulator in this one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { KalshiEmulator } from '../../src/testing.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Every limit that a live session wants, wide enough for the signals of these tests. */
const LIMITS = {
  maxOrderQuantity: '500',
  maxOrderNotional: '400',
  maxOpenNotional: '2000',
  maxPosition: '1000',
  maxOpenOrders: 50,
  budget: '3000',
  maxEventRisk: '2000',
  bankroll: '10000',
  maxCategoryShare: '0.9',
  minOrderGapMs: 0,
  collarSteps: 30,
  collarPercent: 30,
  maxSpread: '0.50',
  maxBookMove: '0.50',
  maxRepeats: 1_000,
  maxSameRejects: 50,
  maxDailyTrades: 1_000,
  maxDailyVolume: '100000',
  maxDailyLoss: '5000',
  maxLossesInARow: 50,
  maxLossScore: 20,
  sessionTime: '00:00',
  sessionZone: 'UTC',
  maxReconcileAgeMs: 120_000,
  maxClockSkewMs: 5_000,
  maxLagMs: 60_000,
};

interface Changes {
  readonly markets?: readonly string[];
  readonly kalshi?: object;
  readonly level?: string;
}

export class LiveBot {
  readonly folder = mkdtempSync(join(tmpdir(), 'depthwalker-live-'));
  readonly store = join(this.folder, 'bot.db');
  #child: ChildProcess | null = null;

  constructor(emulator: KalshiEmulator) {
    this.configure(emulator);
    this.#write('key.pem', emulator.privateKeyPem);
  }

  configure({ restUrl, wsUrl, keyId }: KalshiEmulator, changes: Changes = {}): void {
    const markets = changes.markets ?? ['KXSIM-26-LIQUID', 'KXSIM-26-MODERATE'];
    const own = { environment: 'demo', keyId, privateKeyFile: 'key.pem', restUrl, wsUrl };
    const venues = { kalshi: { ...own, ...changes.kalshi } };
    const log = { level: changes.level ?? 'warn' };
    const config = { venues, limits: { ...LIMITS, markets }, log };
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

  /** Until it ends by itself. `onLine` hears its progress. */
  run(args: readonly string[] = [], onLine: (line: string) => void = () => undefined) {
    const own = ['run', '--live', 'kalshi', '--db', 'bot.db', '--signals', 'signals.jsonl'];
    return this.start([...own, ...args], '', onLine);
  }

  /** Any command of it; `input` is all of its stdin. */
  start(args: readonly string[], input: string, onLine: (line: string) => void = () => undefined) {
    const argv = [join(process.cwd(), 'dist/src/cli/main.js'), ...args];
    const child = spawn(process.execPath, argv, { cwd: this.folder, env: {} });
    child.stdin.end(input);
    this.#child = child;
    const ended = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      ended.stdout += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      ended.stderr += String(chunk);
      for (const line of String(chunk).split('\n')) if (line !== '') onLine(line);
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
