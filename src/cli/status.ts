/** `depthwalker status`: what a store says of its engine, without disturbing either. */
import {
  type AccountStatus,
  type ExecutionStatus,
  type Halt,
  liveClock,
  type OrderStatus,
  scopeName,
  storeStatus,
} from '../index.ts';
import { EXIT, type Io, lineTo } from './io.ts';
import { latencyTable } from './latency-table.ts';
import { type StoreOptions, storeFileOf } from './settings.ts';
import { type Column, table } from './table.ts';
import { oneLine, seconds } from './text.ts';

export interface StatusOptions extends StoreOptions {
  readonly json?: true;
}

/** Gives the exit code; throws an `InputError` for a file that is no store. */
export function status(options: StatusOptions, io: Io): number {
  const found = storeStatus(storeFileOf(options, io));
  const { file, running, halts, account } = found;
  const lines = [
    `store       ${file}`,
    `engine      ${running ? 'running' : 'not running'}`,
    ...haltLines(halts),
    ...(account === null ? [LOCKED] : accountLines(account)),
  ];
  if (options.json) lineTo(io.stdout, JSON.stringify(found));
  else for (const line of lines) lineTo(io.stdout, line);
  return account === null ? EXIT.unproven : EXIT.ok;
}

const LOCKED = 'database    locked by another program: executions and orders are not known now';

const dateOf = (atMs: number): string => new Date(atMs).toISOString();

const haltLines = (halts: readonly Halt[]): readonly string[] =>
  halts.length === 0
    ? ['halted      nothing']
    : halts.map(({ scope, actor, reason, atMs }) =>
        oneLine(`halted      ${scopeName(scope)}, by ${actor} at ${dateOf(atMs)}: ${reason}`),
      );

function accountLines({
  epoch,
  executions,
  orders,
  latency,
  newest,
}: AccountStatus): readonly string[] {
  const doubtful = orders.filter(({ state }) => state.includes('unknown')).length;
  const age = newest === null ? 0 : Math.max(0, liveClock.wallMs() - newest.atMs);
  return [
    `epoch       ${epoch}`,
    newest === null
      ? 'journal     empty'
      : `journal     newest row ${seconds(age, 1)} s ago: ${newest.type} of ${newest.executionId}`,
    `executions  ${executions.length} open`,
    `orders      ${orders.length} not ended, ${doubtful} in doubt`,
    ...(executions.length === 0 ? [] : ['', table(EXECUTIONS, executions)]),
    ...(orders.length === 0 ? [] : ['', table(ORDERS, orders)]),
    ...(latency.length === 0 ? [] : ['', latencyTable(latency)]),
  ];
}

const EXECUTIONS: readonly Column<ExecutionStatus>[] = [
  { title: 'execution', cell: ({ executionId }) => executionId },
  { title: 'venue', cell: ({ venue }) => venue },
  { title: 'market', cell: ({ market }) => oneLine(market) },
  { title: 'wish', cell: ({ action, outcomeSide }) => `${action} ${outcomeSide}` },
  { title: 'target', align: 'right', cell: ({ target }) => target },
  { title: 'filled', align: 'right', cell: ({ filled }) => filled },
  { title: 'working', align: 'right', cell: ({ working }) => working },
  { title: 'in doubt', align: 'right', cell: ({ inDoubt }) => inDoubt },
  { title: 'unreleased', align: 'right', cell: ({ unreleased }) => unreleased },
  { title: 'state', cell: ({ state }) => state },
];

const ORDERS: readonly Column<OrderStatus>[] = [
  { title: 'order', cell: ({ clientOrderId }) => clientOrderId },
  { title: 'venue', cell: ({ venue }) => venue },
  { title: 'market', cell: ({ market }) => oneLine(market) },
  { title: 'price', align: 'right', cell: ({ price }) => price },
  { title: 'quantity', align: 'right', cell: ({ quantity }) => quantity },
  { title: 'filled', align: 'right', cell: ({ filledQuantity }) => filledQuantity },
  { title: 'state', cell: ({ state }) => state },
];
