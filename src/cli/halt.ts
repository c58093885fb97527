/** `depthwalker halt` and `depthwalker resume`: a line in a file, and the engine's answer to it. */
import {
  answersIn,
  type HaltAnswer,
  type HaltEntry,
  type HaltReport,
  type HaltScope,
  haltFileOf,
  InputError,
  isRunning,
  isSameScope,
  liveClock,
  scopeName,
  storePath,
  storeStatus,
} from '../index.ts';
import { EXIT, type Io, lineTo } from './io.ts';
import { milliseconds } from './option-text.ts';
import { type StoreOptions, storeFileOf } from './settings.ts';
import { type Column, table } from './table.ts';
import { oneLine, seconds } from './text.ts';

export interface HaltCommandOptions extends StoreOptions, HaltScope {
  readonly reason: string;
  readonly actor?: string;
  readonly everything?: true;
  readonly wait?: string;
  readonly json?: true;
}

export interface ResumeCommandOptions extends HaltCommandOptions {
  readonly actor: string;
}

/** An engine reports within 30 s, and looks at the file every half second. */
const WAIT_MS = 35_000;

const LOOK_MS = 100;

/** Gives the exit code. The halt stands once this has begun to wait, whatever happens then. */
export async function halt(options: HaltCommandOptions, io: Io): Promise<number> {
  const { everything = false, json } = options;
  const scope = scopeOf(options);
  if (everything && (scope.market !== undefined || scope.execution !== undefined))
    throw new InputError('--everything is of a venue or of all', scopeName(scope), 'leave it out');
  const waitMs = waitOf(options);
  const file = storePath(storeFileOf(options, io));
  const actor = options.actor ?? io.env['USER'] ?? 'operator';
  const entry = write(file, { kind: 'halt', everything, ...deedOf(scope, actor, options.reason) });
  if (!json) lineTo(io.stdout, oneLine(`halted: ${scopeName(scope)}, by ${actor}`));
  const running = isRunning(file);
  const answer = running ? await answerTo(file, entry.id, waitMs) : null;
  const report = answer !== null && 'proven' in answer ? answer : null;
  const open = running ? null : openOrders(file);
  if (json) lineTo(io.stdout, JSON.stringify({ id: entry.id, running, report, open }));
  else
    for (const line of report === null ? silence(running, open) : told(report))
      lineTo(io.stdout, line);
  return open === 0 || report?.proven === true ? EXIT.ok : EXIT.unproven;
}

/** As far as the store knows; null where it cannot be read: the halt stands all the same. */
function openOrders(file: string): number | null {
  try {
    return storeStatus(file).account?.orders.length ?? null;
  } catch (thrown) {
    if (thrown instanceof Error) return null;
    throw thrown;
  }
}

/** Gives the exit code; throws an `InputError` where nothing of that scope is halted. */
export async function resume(options: ResumeCommandOptions, io: Io): Promise<number> {
  const { actor, reason, json } = options;
  const scope = scopeOf(options);
  const waitMs = waitOf(options);
  const file = storePath(storeFileOf(options, io));
  const { halts, running, account } = storeStatus(file);
  // Of a store that is locked the file alone was read: the engine will know.
  if (account !== null && !halts.some((each) => isSameScope(each.scope, scope))) {
    const names = halts.map((each) => scopeName(each.scope)).join('; ');
    const wayOut = names === '' ? 'nothing is halted' : `halted: ${names}`;
    throw new InputError('only what is halted is resumed', scopeName(scope), wayOut);
  }
  const { id } = write(file, { kind: 'resume', ...deedOf(scope, actor, reason) });
  const answer = running ? await answerTo(file, id, waitMs) : null;
  if (json) lineTo(io.stdout, JSON.stringify({ id, running, answer }));
  else lineTo(io.stdout, oneLine(resumed(scope, running, answer)));
  return running && answer === null ? EXIT.unproven : EXIT.ok;
}

const scopeOf = ({ venue, market, execution }: HaltScope): HaltScope => ({
  ...(venue === undefined ? {} : { venue }),
  ...(market === undefined ? {} : { market }),
  ...(execution === undefined ? {} : { execution }),
});

function deedOf(scope: HaltScope, actor: string, reason: string) {
  const texts = { ...scope, actor, reason };
  for (const [name, text] of Object.entries(texts))
    if (text.trim() === '') throw new InputError(`--${name} says something`, text, 'write it down');
  const atMs = liveClock.wallMs();
  return { id: `cli-${process.pid}-${atMs}`, scope, actor, reason, atMs };
}

const waitOf = ({ wait }: HaltCommandOptions): number =>
  wait === undefined ? WAIT_MS : milliseconds(wait, '--wait');

function write(file: string, entry: HaltEntry): HaltEntry {
  try {
    haltFileOf(file).append(entry);
    return entry;
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    const wayOut = 'end the process of the bot, and cancel its orders at the venue';
    throw new InputError(`nothing was done: ${file}.halt must be writable`, why, wayOut);
  }
}

/** Null where there is none in time. */
async function answerTo(file: string, id: string, waitMs: number): Promise<HaltAnswer | null> {
  const untilMs = liveClock.monotonicMs() + waitMs;
  for (;;) {
    const answer = answersIn(file).find((each) => each.id === id);
    if (answer !== undefined) return answer;
    if (liveClock.monotonicMs() >= untilMs) return null;
    await new Promise<void>((resolve) => liveClock.setTimeout(resolve, LOOK_MS));
  }
}

const RESIDUAL: readonly Column<HaltReport['residual'][number]>[] = [
  { title: 'venue', cell: ({ venue }) => venue },
  { title: 'market', cell: ({ market }) => oneLine(market) },
  { title: 'order', cell: ({ clientOrderId }) => oneLine(clientOrderId) },
  { title: 'quantity', align: 'right', cell: ({ quantity }) => quantity },
  { title: 'state', cell: ({ state }) => state },
];

const AT_THE_VENUE = 'look at the venue, and cancel there what rests';

function told({ cancelled, residual, proven, known, ...rest }: HaltReport): readonly string[] {
  if (!known) return ['the engine trades nothing of that name: is it mistyped? The halt stands'];
  const withdrawn = `${cancelled} orders withdrawn in ${seconds(rest.seconds * 1_000, 3)} s`;
  if (proven) return [`${withdrawn}; the venue lists none of ours any more`];
  const left = `${withdrawn}; not proven: ${residual.length} may still rest: ${AT_THE_VENUE}`;
  return residual.length === 0 ? [left] : [left, '', table(RESIDUAL, residual)];
}

function silence(running: boolean, open: number | null): readonly string[] {
  if (running)
    return [`an engine works on this store and has not answered: it may hang; ${AT_THE_VENUE}`];
  if (open === null)
    return [`no engine works on this store, and it cannot be read: ${AT_THE_VENUE}`];
  return open === 0
    ? ['no engine works on this store, and none of its orders is open']
    : [`no engine works on this store, and ${open} of its orders are open: ${AT_THE_VENUE}`];
}

function resumed(scope: HaltScope, running: boolean, answer: HaltAnswer | null): string {
  const name = scopeName(scope);
  if (!running) return `resumed: ${name}; no engine works on this store now`;
  return answer === null
    ? `resumed: ${name}; the engine has yet to hear of the venues: see "depthwalker status"`
    : `resumed: ${name}; the venues were asked, and the engine trades again`;
}
