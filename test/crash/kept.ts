/**
 * What a dead engine left on disk, read from a copy: opening the file itself would tidy up what the
 * next engine is to find.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { OrderReport, OrderRequest } from '../../src/domain/order.ts';
import { connectSqlite } from '../../src/store/sqlite.ts';

export interface KeptIntent {
  readonly executionId: string;
  readonly request: OrderRequest;
}

export interface KeptFill {
  readonly clientOrderId: string;
  readonly executionId: string;
  readonly price: string;
  readonly quantity: string;
}

export interface KeptExecution {
  readonly executionId: string;
  readonly signalId: string;
  readonly target: number;
  readonly filled: number;
  readonly state: string;
  readonly outcome: string | null;
  readonly isOpen: boolean;
}

export interface Kept {
  readonly integrity: string;
  /** Executions that were taken up after a restart. */
  readonly resumed: ReadonlySet<string>;
  readonly executions: ReadonlyMap<string, KeptExecution>;
  /** Each row of a submission, in order. */
  readonly intents: readonly KeptIntent[];
  /** Client order ids of the cancels and amends that were wanted. */
  readonly cancels: ReadonlySet<string>;
  readonly amends: ReadonlySet<string>;
  /** Types of the reports that were journaled, by client order id. */
  readonly reports: ReadonlyMap<string, ReadonlySet<OrderReport['type']>>;
  readonly fills: ReadonlyMap<string, KeptFill>;
}

type Row = Readonly<Record<string, string | number | null>>;

/** Null where there is no store yet, or none that has come to its tables. */
export function readKept(file: string): Kept | null {
  if (!existsSync(file)) return null;
  const folder = mkdtempSync(`${file}-copy-`);
  const copy = join(folder, 'bot.db');
  copyFileSync(file, copy);
  if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`);
  const database = connectSqlite(copy, 0);
  try {
    const rows = (sql: string): Row[] => database.prepare<[], Row>(sql).all();
    if (rows("select 1 from sqlite_schema where name = 'journal'").length === 0) return null;
    const [health] = rows('pragma integrity_check');
    const integrity = String(health?.['integrity_check']);
    const restarts = rows("select execution_id from journal where type = 'execution.restarted'");
    const resumed = new Set(restarts.map((row) => String(row['execution_id'])));
    return { integrity, resumed, ...commandsIn(rows), ...projectionsIn(rows) };
  } finally {
    database.close();
    rmSync(folder, { recursive: true });
  }
}

type Read = (sql: string) => Row[];

function commandsIn(rows: Read): Pick<Kept, 'intents' | 'cancels' | 'amends' | 'reports'> {
  const intents: KeptIntent[] = [];
  const [cancels, amends] = [new Set<string>(), new Set<string>()];
  const reports = new Map<string, Set<OrderReport['type']>>();
  for (const { execution_id: id, kind, type, body } of rows(
    'select execution_id, kind, type, body from journal order by journal_id',
  )) {
    const { request, ref, report } = JSON.parse(String(body)) as {
      readonly request?: OrderRequest;
      readonly ref?: { readonly clientOrderId: string };
      readonly report?: OrderReport;
    };
    if (kind === 'command' && type === 'submit' && request !== undefined)
      intents.push({ executionId: String(id), request });
    if (kind === 'command' && type === 'amend' && request !== undefined)
      amends.add(request.clientOrderId);
    if (kind === 'command' && type === 'cancel' && ref !== undefined)
      cancels.add(ref.clientOrderId);
    if (kind !== 'input' || report === undefined) continue;
    const known = reports.get(report.clientOrderId) ?? new Set();
    reports.set(report.clientOrderId, known.add(report.type));
  }
  return { intents, cancels, amends, reports };
}

function projectionsIn(rows: Read): Pick<Kept, 'executions' | 'fills'> {
  const executions = rows('select * from execution_state').map((row): [string, KeptExecution] => [
    String(row['execution_id']),
    {
      executionId: String(row['execution_id']),
      signalId: String(row['signal_id']),
      target: Number(row['target_lots']),
      filled: Number(row['filled_lots']),
      state: String(row['state']),
      outcome: row['outcome'] === null ? null : String(row['outcome']),
      isOpen: row['ended_at_ms'] === null,
    },
  ]);
  const fills = rows('select * from fills').map((row): [string, KeptFill] => [
    String(row['fill_id']),
    {
      clientOrderId: String(row['client_order_id']),
      executionId: String(row['execution_id']),
      price: String(row['price']),
      quantity: String(row['quantity']),
    },
  ]);
  return { executions: new Map(executions), fills: new Map(fills) };
}
