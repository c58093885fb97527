/**
 * A local server that speaks like Kalshi, on loopback alone: REST and WebSocket over one port, the
 * paper exchange inside. It never knows a real key, and never calls anybody.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InputError, messageOf } from '../domain/errors.ts';
import type { Clock, Random } from '../domain/ports.ts';
import { liveClock } from '../env/live-clock.ts';
import { seededRandom } from '../env/seeded-random.ts';
import { simulatedExchange } from '../venues/paper/simulated-exchange.ts';
import type { MarketDataSource } from '../venues/paper/source.ts';
import { type KeyKind, newKeyPair } from './auth.ts';
import { BASIC, type Tier } from './buckets.ts';
import { followPlan, type PlannedFault } from './fault-plan.ts';
import { FAULT_NAMES, FAULTS, type FaultName } from './faults.ts';
import type { LogEntry } from './log-entry.ts';
import { RestDoor } from './rest-door.ts';
import { REST_PREFIX, Router } from './router.ts';
import { SOCKET_PATH, SocketDoor } from './socket-door.ts';
import { atSpeed, bent } from './speed.ts';
import { World, type WorldOptions } from './world.ts';

export interface KalshiEmulatorOptions {
  /** The machine's own unless given. */
  readonly clock?: Clock;
  /** Decides ids, simulated markets and where faults strike; never keys. */
  readonly random?: Random;
  /** Three simulated markets unless given. */
  readonly source?: MarketDataSource;
  /** When markets close, by ticker, on the clock of the source. */
  readonly closeTimes?: ReadonlyMap<string, number>;
  /** 0, or nothing, for any that is free. */
  readonly port?: number;
  /** How many keys there are, each with an account of its own; 1 unless given. */
  readonly accounts?: number;
  readonly keyKind?: KeyKind;
  /** Dollars of each account, a plain decimal. */
  readonly balance?: string;
  readonly tier?: Tier;
  /** How far the stamp of a call may lie from the venue's clock. */
  readonly timestampToleranceMs?: number;
  /** How fast the markets move; 1 unless given. */
  readonly speed?: number;
  /** What goes wrong, and how much of it. */
  readonly faults?: readonly PlannedFault[];
  /** Told of each order event and fill, the moment it happens. */
  readonly onLog?: (entry: LogEntry) => void;
}

export interface EmulatedKey {
  readonly keyId: string;
  readonly privateKeyPem: string;
}

export interface KalshiEmulator extends EmulatedKey {
  /** With the `/trade-api/v2` that calls go below. */
  readonly restUrl: string;
  readonly wsUrl: string;
  /** All keys, the first one first. */
  readonly keys: readonly EmulatedKey[];
  /** Every order event and fill so far. */
  readonly log: readonly LogEntry[];
  /** Broken conservation rules of the exchange inside; empty when all is well. */
  violations(): readonly string[];
  /** A share of calls between 0 and 1 instead of a flag: that part of them, by chance. */
  setFault(name: FaultName, on: boolean | number): void;
  close(): Promise<void>;
}

const SIMULATED = [
  { symbol: 'KXSIM-26-LIQUID', category: 'liquid' },
  { symbol: 'KXSIM-26-MODERATE', category: 'moderate' },
  { symbol: 'KXSIM-26-THIN', category: 'thin' },
] as const;

/** The venue does not say what it allows; a machine that is busy needs some. */
const TOLERANCE_MS = 10_000;

/** Throws an `InputError` for a port in use. */
export async function startKalshiEmulator(
  options: KalshiEmulatorOptions = {},
): Promise<KalshiEmulator> {
  const emulator = new Emulator(options);
  const port = await emulator.listen(options.port ?? 0);
  const { keys, log } = emulator;
  const [{ keyId, privateKeyPem } = NO_KEY] = keys;
  return {
    restUrl: `http://127.0.0.1:${port}${REST_PREFIX}`,
    wsUrl: `ws://127.0.0.1:${port}${SOCKET_PATH}`,
    keyId,
    privateKeyPem,
    keys,
    log,
    violations: () => emulator.violations(),
    setFault: (name, on) => emulator.setFault(name, on),
    close: () => emulator.close(),
  };
}

const NO_KEY: EmulatedKey = { keyId: '', privateKeyPem: '' };

class Emulator {
  readonly keys: readonly EmulatedKey[];
  readonly log: LogEntry[] = [];
  readonly #world: World;
  readonly #sockets: SocketDoor;
  readonly #server: Server;
  readonly #followPlan: () => () => void;
  #endFaults = (): void => undefined;

  constructor(options: KalshiEmulatorOptions) {
    const { clock = liveClock, random = seededRandom('1'), keyKind = 'rsa' } = options;
    const callers = Array.from({ length: options.accounts ?? 1 }, (_, index) => ({
      ...newKeyPair(keyKind),
      keyId: keyIdOf(random, index),
    }));
    this.keys = callers.map(({ keyId, privateKeyPem }) => ({ keyId, privateKeyPem }));
    this.#world = new World({
      clock,
      random,
      callers,
      ...marketsOf(options, random, Math.floor(clock.wallMs())),
      balance: options.balance ?? '10000',
      tier: options.tier ?? BASIC,
      log: (entry) => {
        this.log.push(entry);
        options.onLog?.(entry);
      },
    });
    const toleranceMs = options.timestampToleranceMs ?? TOLERANCE_MS;
    const router = new Router(this.#world, toleranceMs);
    const rest = new RestDoor(this.#world, router, random.fork('answers'));
    this.#sockets = new SocketDoor(this.#world, toleranceMs);
    this.#server = createServer(rest.handle).on('upgrade', this.#sockets.upgrade);
    const plan = options.faults ?? [];
    const set = (name: FaultName, share: number): void => this.setFault(name, share);
    this.#followPlan = () => followPlan({ clock, random: random.fork('plan'), plan, set });
  }

  /** The port that it is, for 0 a free one. */
  async listen(wanted: number): Promise<number> {
    try {
      const port = await listening(this.#server, wanted);
      this.#endFaults = this.#followPlan();
      return port;
    } catch (thrown) {
      this.#world.stop();
      throw thrown;
    }
  }

  violations(): readonly string[] {
    return [...this.#world.accounts.values()].flatMap(({ exchange }) =>
      exchange.audit.violations(),
    );
  }

  setFault(name: FaultName, on: boolean | number): void {
    if (!Object.hasOwn(FAULTS, name))
      throw new InputError('a fault must be known', name, `choose of ${FAULT_NAMES.join(', ')}`);
    this.#world.setFault(name, Number(on));
    if (FAULTS[name].kind === 'event' && Number(on) > 0) this.#sockets.strike(name);
  }

  async close(): Promise<void> {
    this.#endFaults();
    this.#world.stop();
    this.#sockets.close();
    await closed(this.#server);
  }
}

function marketsOf(
  options: KalshiEmulatorOptions,
  random: Random,
  startMs: number,
): Pick<WorldOptions, 'source' | 'closeTimes'> {
  const { speed = 1, closeTimes = new Map<string, number>() } = options;
  const source =
    options.source ??
    simulatedExchange({ random: random.fork('markets'), markets: SIMULATED, startMs });
  const bentTime = (timeMs: number): number => bent(timeMs, source.startMs, speed);
  return {
    source: atSpeed(source, speed),
    closeTimes: new Map([...closeTimes].map(([ticker, timeMs]) => [ticker, bentTime(timeMs)])),
  };
}

const keyIdOf = (random: Random, index: number): string => {
  const draw = random.fork(`key ${index}`);
  const part = (): string =>
    Math.floor(draw.next() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return `emulated-${part()}-${part()}`;
};

const listening = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new InputError('the port must be free', port, 'choose another one, or 0 for any')
          : new InputError('the port must be usable', port, messageOf(error)),
      ),
    );
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
