/**
 * The process that gets killed: a real engine on a real file, over a venue that lives elsewhere. It
 * tells its supervisor what the engine tells its host, and judges nothing.
 */
import { createConnection } from 'node:net';
import process from 'node:process';
import { messageOf } from '../../src/domain/errors.ts';
import { BOOTS_MAX } from '../../src/domain/limits.ts';
import type { Log } from '../../src/domain/ports.ts';
import type { Signal } from '../../src/domain/signal.ts';
import { createEngine, type Engine } from '../../src/engine/create-engine.ts';
import type { ExecutionUpdate } from '../../src/engine/execution/result.ts';
import { awaitDoom } from './doom.ts';
import { SYMBOLS, VENUE } from './exchange.ts';
import { fastClock } from './fast-clock.ts';
import { LOOP } from './judge.ts';
import { lineLink } from './line-link.ts';
import { pacing } from './pacing.ts';
import type { FromEngine, Order, ToEngine, Told } from './protocol.ts';
import { SocketVenue } from './socket-venue.ts';

const socket = createConnection(Number(process.argv[2]), '127.0.0.1');
const link = lineLink<FromEngine>(socket, take, () => process.exit(1));
let venue: SocketVenue | null = null;
let engine: Promise<Engine> | null = null;

const trouble = (text: string): void => link.send({ kind: 'trouble', text });
const tell = (told: Told): void => link.send({ kind: 'told', told });

function take(message: ToEngine): void {
  if (message.kind === 'go') engine ??= start(message.order);
  else if (message.kind === 'finish') void finish();
  else venue?.take(message);
}

function logTo(write: (text: string) => void): Log {
  const silent = (): void => undefined;
  const at = (fields: object, message: string): void => {
    const shown = JSON.stringify(fields, (_, value: unknown) =>
      value instanceof Error ? value.stack : value,
    );
    write(`${message} ${shown}`);
  };
  return { debug: silent, info: silent, warn: silent, error: at };
}

async function start({ file, pace, capabilities, errands, isGuarded }: Order): Promise<Engine> {
  globalThis.bootsMax = isGuarded ? BOOTS_MAX : Number.POSITIVE_INFINITY;
  const clock = fastClock(pace);
  venue = new SocketVenue(capabilities, (message) => link.send(message));
  const started = await createEngine({
    venues: [venue],
    algorithms: [pacing],
    store: { file },
    clock,
    log: logTo((text) => trouble(text)),
    callLimits: { windowMs: 60_000, calls: 3_000, cancelReserve: 300 },
  });
  if (started.halts().some(({ reason }) => reason.includes(LOOP)))
    await started.resume({ actor: 'supervisor', reason: 'killed on purpose' });
  for (const symbol of SYMBOLS) started.watch(VENUE, symbol);
  for (const { signal, afterMs } of errands)
    clock.setTimeout(() => execute(started, signal), afterMs);
  return started;
}

/** A host that was not told asks again; what an earlier process has begun is gone on with. */
function execute(started: Engine, signal: Signal): void {
  const isKnown = started.executionOf(signal.signalId) !== null;
  try {
    const { id, updates$, result } = started.execute(signal);
    updates$.subscribe((update) => tellOf(id, update));
    void result.then(({ outcome, filledQuantity }) =>
      tell({ what: 'result', executionId: id, outcome, filledQuantity }),
    );
  } catch (thrown) {
    // What has ended is refused: it is executed once.
    if (!isKnown) trouble(`${signal.signalId}: ${messageOf(thrown)}`);
  }
}

function tellOf(executionId: string, update: ExecutionUpdate): void {
  if (update.type === 'fill') tell({ what: 'fill', executionId, fillId: update.fill.id });
}

async function finish(): Promise<void> {
  await (await engine)?.stop();
  link.send({ kind: 'stopped' });
}

awaitDoom();
socket.once('connect', () => link.send({ kind: 'ready', pid: process.pid }));
