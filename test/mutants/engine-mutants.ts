/** What the engine keeps, takes up again and lets out, broken on purpose. */
import { type Mutant, mutant, plant, seedsFrom, trial } from './mutant.ts';

const COMMIT = 'src/engine/turn/commit.ts';
const GATE = 'src/gateway/gate.ts';
const HALT_DESK = 'src/engine/halt/halt-desk.ts';
const RECOVER = 'src/engine/recovery/recover.ts';
const STORE = 'src/store/open-store.ts';
const LEASE = 'src/store/lease.ts';

/** What is durable when, and what a restart makes of it. */
const DURABLE: readonly Mutant[] = [
  mutant(
    'orders are sent before they are durable',
    seedsFrom(1),
    plant(
      COMMIT,
      `const failure = write(this.#runtime, touched);
       const { commands, resolutions } = outbox.takeCommands();
       for (const command of commands)`,
      `const { commands, resolutions } = outbox.takeCommands();
       for (const command of commands) gateway.dispatch(command);
       const failure = write(this.#runtime, touched);
       for (const command of [])`,
    ),
  ),
  mutant(
    'orders are sent although their commit failed',
    seedsFrom(1),
    plant(COMMIT, "if (failure === null || command.kind === 'cancel')", 'if (true)'),
  ),
  mutant(
    'a result is told before it is durable',
    seedsFrom(1),
    plant(
      COMMIT,
      'const failure = write(this.#runtime, touched);',
      `for (const record of touched) {
        const given = record.finished;
        record.finished ??= record.conclusion?.result ?? null;
        record.publish();
        record.finished = given;
      }
      const failure = write(this.#runtime, touched);`,
    ),
  ),
  mutant(
    'orders of an execution that is taken up are not doubted',
    seedsFrom(4),
    plant(
      'machines/execution/execution.machine.ts',
      "target: '.open.recovering', actions: ['noteBook', 'doubtOrders']",
      "target: '.open.recovering', actions: ['noteBook']",
    ),
    plant(RECOVER, 'askAgain(runtime, host, executionId);', ''),
  ),
  mutant(
    'what is folded is done once more',
    seedsFrom(4),
    plant(
      RECOVER,
      'const actor = host.muted(() => foldInto(host.actor, rows, listen), sink);',
      'const actor = foldInto(host.actor, rows, listen);',
    ),
  ),
  mutant(
    'deadlines are not armed again',
    trial('a deadline outlives the process'),
    plant(RECOVER, "sink.arm(executionId, 'close', admission?.closeAtMs ?? deadlineMs);", ''),
  ),
  mutant(
    'exposure is not reserved again',
    trial('what is taken up holds its exposure'),
    plant(RECOVER, 'reserve(runtime, record, claim());', ''),
  ),
  mutant(
    'a commit is not synced',
    trial('a power cut loses nothing that was acknowledged'),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of the source.
    plant('src/store/sqlite.ts', '`synchronous = ${synchronous}`,', "'synchronous = normal',"),
    plant(STORE, "invariant(synchronous === 2, 'synchronous must be FULL (2)', synchronous);", ''),
  ),
  mutant(
    'an opening repeats the epoch of the last one',
    trial('no id is drawn twice'),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of the source.
    plant(LEASE, '`max(epoch + 1, ${0})`', '`max(epoch, ${0})`'),
  ),
  mutant(
    'the count of ids is not committed',
    trial('no id is drawn twice'),
    plant(
      LEASE,
      'advance.run(nextSequence, journalRows, epoch, nextSequence);',
      'advance.run(0, journalRows, epoch, nextSequence);',
    ),
  ),
  mutant(
    'a second engine is let in',
    trial('a second engine is refused'),
    plant('src/store/lock.ts', "lock.exec('begin exclusive');", ''),
  ),
  mutant(
    'whoever lost the lease goes on',
    trial('whoever lost the lease commits nothing'),
    plant(LEASE, 'changes === 1,', 'true,'),
  ),
];

/** What must not be sent. */
const GATES: readonly Mutant[] = [
  mutant(
    'the gate does not look at the halt',
    trial('the gate refuses while halted, and on a stale book'),
    plant(
      GATE,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of the source.
      'if (state.haltReason !== null) return `the engine is halted: ${state.haltReason}`;',
      '',
    ),
  ),
  mutant(
    'a halt is forgotten with the process',
    trial('a halt outlives the process'),
    plant(HALT_DESK, 'isNews && this.#file !== null && this.#append(halt)', 'false'),
    plant(HALT_DESK, 'if (isNews && !isInFile) this.#note(halt);', ''),
  ),
  mutant(
    'the gate lets orders out on a book that is stale',
    trial('the gate refuses while halted, and on a stale book'),
    plant(GATE, "if (!state.bookFresh) return 'the book is not fresh';", ''),
  ),
  mutant(
    'a gap in the book is not noticed',
    seedsFrom(16),
    plant('src/book/order-book.ts', "this.#health = 'gapped'; return 'gapped';", 'return null;'),
  ),
  mutant(
    'a price may leave the cap',
    trial('no price leaves the cap'),
    plant(
      'src/risk/price-gate.ts',
      'floorToGrid(ranges, Math.min(wanted, cap, collar))',
      'floorToGrid(ranges, wanted)',
    ),
  ),
  mutant(
    'the cap is the limit, whatever it is worth',
    trial('the cap leaves the edge'),
    plant('src/risk/cap.ts', "['fair value', edge],", ''),
  ),
  mutant(
    'cancels share the room of orders',
    trial('cancels have room when orders have none'),
    plant('src/risk/rate-limiter.ts', "if (kind === 'cancel') return bucket.capacity;", ''),
  ),
  mutant(
    'a halt is answered only once its end is proven',
    trial('a halt is answered, however silent the venue'),
    plant(
      'src/engine/halt/withdrawal.ts',
      'this.#alarm = clock.setTimeout(() => this.#raiseAlarm(), HALT_REPORT_MS);',
      '',
    ),
  ),
  mutant(
    'calls are not counted',
    trial('no more calls are made than there are'),
    plant('src/risk/rate-limiter.ts', 'if (this.left(nowMs, call) === 0) return false;', ''),
  ),
  mutant(
    'exposure is never released',
    trial('what has ended holds no exposure'),
    plant('src/engine/turn/ending.ts', 'ledger.release(executionId);', ''),
  ),
  mutant(
    'exposure is judged, not reserved',
    trial('two wishes hold no more than one may'),
    plant('src/engine/execution/admission.ts', 'ledger.reserve(record.id, claim);', ''),
  ),
];

export const ENGINE_MUTANTS: readonly Mutant[] = [...DURABLE, ...GATES];
