/**
 * What one turn wants done, written down by the actors while they move: journal rows, commands, and
 * questions to the host. It is emptied by the commit; nothing in it has happened yet.
 */
import type { Trigger } from '../../algorithms/algorithm.ts';
import type { OrderRef } from '../../domain/order.ts';
import type { FillRecord, JournalRecord, SignalRecord } from '../../domain/records.ts';
import type { OutboundCommand } from '../../gateway/command.ts';
import type { ExecutionUpdate } from '../execution/result.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A row of this turn: its state after, and whether it is poison, are known a little later. */
export type JournalRow = Mutable<JournalRecord>;

export type Question =
  | { readonly kind: 'admission'; readonly executionId: string }
  | { readonly kind: 'decision'; readonly executionId: string; readonly trigger: Trigger };

export interface Fault {
  readonly executionId: string;
  readonly error: unknown;
}

export class Outbox {
  journal: JournalRow[] = [];
  commands: OutboundCommand[] = [];
  resolutions: OrderRef[] = [];
  signals: SignalRecord[] = [];
  fills: FillRecord[] = [];
  updates: ExecutionUpdate[] = [];
  /** Executions whose rows changed in this turn. */
  readonly touched = new Set<string>();
  readonly ended = new Set<string>();
  faults: Fault[] = [];
  #questions: Question[] = [];

  /** A second question of the same kind about the same execution joins the first. */
  ask(question: Question): void {
    const same = this.#questions.some(
      ({ kind, executionId }) => kind === question.kind && executionId === question.executionId,
    );
    if (!same) this.#questions.push(question);
  }

  get hasQuestions(): boolean {
    return this.#questions.length > 0;
  }

  nextQuestion(): Question | null {
    return this.#questions.shift() ?? null;
  }

  dropQuestions(executionId: string): void {
    this.#questions = this.#questions.filter((question) => question.executionId !== executionId);
  }

  get isEmpty(): boolean {
    return (
      this.journal.length + this.signals.length + this.fills.length + this.commands.length === 0 &&
      this.resolutions.length === 0 &&
      this.touched.size === 0
    );
  }

  /** Takes back what a broken execution wanted sent in this turn; its cancels still go out. */
  dropCommands(executionId: string): readonly OutboundCommand[] {
    const isDropped = (command: OutboundCommand): boolean =>
      command.executionId === executionId && command.kind !== 'cancel';
    const dropped = this.commands.filter(isDropped);
    this.commands = this.commands.filter((command) => !isDropped(command));
    this.journal = this.journal.filter(
      ({ executionId: of, kind, type }) =>
        of !== executionId || kind !== 'command' || type === 'cancel',
    );
    this.updates = this.updates.filter(
      (update) =>
        update.executionId !== executionId ||
        update.type !== 'order' ||
        update.command === 'cancel',
    );
    return dropped;
  }

  /** What shall be sent and asked, taken out: it happens once, whatever becomes of the rest. */
  takeCommands(): Pick<Outbox, 'commands' | 'resolutions'> {
    const { commands, resolutions } = this;
    this.commands = [];
    this.resolutions = [];
    return { commands, resolutions };
  }

  /** Forgets what is durable; questions that were not answered yet belong to the next turn. */
  clear(): void {
    this.journal = [];
    this.signals = [];
    this.fills = [];
    this.updates = [];
    this.touched.clear();
  }
}
