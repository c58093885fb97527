/**
 * Rebuilds an execution from its journal: the same inputs, in the same order, with effects switched
 * off. Decisions are applied as decided; no decider, clock or venue is asked.
 */
import type { ExecutionMessage } from '../../../machines/execution/execution.protocol.ts';
import type { ExecutionRequest } from '../../../machines/market/market.protocol.ts';
import { invariant } from '../../domain/errors.ts';
import type { JournalRecord } from '../../domain/records.ts';
import type { ExecutionActor } from '../execution/execution-record.ts';
import { executionIn, type MarketActor } from '../market/market-host.ts';

export const OPENING = 'execution.requested';

/** The first row of an execution's inputs: what it was asked, and what the book was then. */
export const openingOf = (row: JournalRecord): ExecutionRequest => {
  invariant(row.type === OPENING, 'a journal begins with the request', row.type);
  const opening = objectIn(row) as ExecutionRequest | null;
  const isSound = opening?.id === row.executionId && Number.isSafeInteger(opening.target);
  invariant(isSound && opening.target > 0, unreadable(row));
  return opening;
};

/**
 * A row was written by us, but a file may have been changed since. What the market itself reads of
 * a message is looked at here, since one bad row must not break it for all of its executions.
 */
export function messageIn(row: JournalRecord): ExecutionMessage {
  const message = objectIn(row) as ExecutionMessage | null;
  const isSound =
    typeof message?.type === 'string' &&
    (message.type !== 'execution.decided' || areDirectives(message.directives));
  invariant(isSound, unreadable(row));
  return message;
}

const areDirectives = (directives: unknown): boolean =>
  Array.isArray(directives) && directives.every((one) => typeof one === 'object' && one !== null);

const unreadable = ({ executionId, type, atMs }: JournalRecord): string =>
  `the journal of ${executionId} can be read at ${type} of ${atMs}`;

/** The object that its body spells; null where it spells none. */
function objectIn({ body }: JournalRecord): object | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** Told of each input before the actor is, as the host of a living execution is. */
export type Listener = (
  message: ExecutionMessage,
  row: JournalRecord,
  actor: ExecutionActor,
) => void;

/** Spawns the execution in `market` and gives it the inputs of its journal; poison is left out. */
export function foldInto(
  market: MarketActor,
  rows: readonly JournalRecord[],
  listen: Listener = () => undefined,
): ExecutionActor {
  const [first, ...rest] = rows.filter(({ kind }) => kind === 'input');
  invariant(first !== undefined, 'a journal to fold is not empty');
  market.send({ type: OPENING, input: openingOf(first) });
  const actor = executionIn(market, first.executionId);
  invariant(actor !== null, 'the request of a journal spawns its execution', first.executionId);
  for (const row of rest) {
    const message = messageIn(row);
    listen(message, row, actor);
    // Said through the market, which learns from a decision whose orders these are.
    if (message.type === 'execution.decided')
      market.send({ type: 'execution.told', executionId: row.executionId, message });
    else actor.send(message);
    // A throw inside an actor does not reach us: it shows in what became of the actor.
    const { status } = actor.getSnapshot();
    invariant(
      status === 'active',
      `the journal of ${row.executionId} folds at ${row.type}`,
      status,
    );
  }
  return actor;
}
