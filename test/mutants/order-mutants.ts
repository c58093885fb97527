/** What is believed of orders and fills, broken on purpose. */
import { type Mutant, mutant, plant, seedsFrom, trial } from './mutant.ts';

const OUTCOME = 'src/gateway/outcome.ts';
const RESOLVER = 'src/gateway/resolver.ts';
const RULES = 'machines/split-order/split-order.rules.ts';
const CLAIMS = 'machines/split-order/split-order.claims.ts';
const ORDERS = 'src/engine/reconciliation/reconcile-orders.ts';
const PROOF = 'if (!this.#isPast(search, asOfMs))';

/** Unknown outcomes. */
const DOUBT: readonly Mutant[] = [
  mutant(
    'the first "not found" proves that an order was never taken',
    seedsFrom(6),
    plant(
      RESOLVER,
      'return (ownWord(ref).quietMs ?? doubtedMs) >= ACCEPTANCE_WINDOW_MS;',
      'return true;',
    ),
    plant(RESOLVER, PROOF, 'if (false)'),
  ),
  mutant(
    'the as-of time of the venue is ignored: our own clock proves',
    trial('what a venue does not list is not proven while its data lag'),
    plant(RESOLVER, PROOF, 'if (false)'),
  ),
  mutant(
    'an unanswered order counts as rejected',
    seedsFrom(10),
    plant(
      OUTCOME,
      'doubted(clientOrderId, command, { reason: messageOf(thrown) });',
      "command === 'submit' ? { type: 'order.rejected', clientOrderId, reason: '' } : " +
        'doubted(clientOrderId, command, { reason: messageOf(thrown) });',
    ),
  ),
  mutant(
    'a 5xx counts as a rejection',
    trial('an ambiguous answer is no rejection'),
    plant(
      OUTCOME,
      "return doubted(clientOrderId, 'submit', outcome);",
      "return { type: 'order.rejected', clientOrderId, reason: '' };",
    ),
  ),
  mutant(
    'a duplicate id counts as a rejection',
    trial('a duplicate id is no rejection'),
    plant(
      OUTCOME,
      "return doubted(clientOrderId, 'submit', TAKEN);",
      "return { type: 'order.rejected', clientOrderId, reason: '' };",
    ),
  ),
  mutant(
    'a refused cancel counts as done',
    seedsFrom(9),
    plant(
      OUTCOME,
      "return { type: 'order.cancelRejected', clientOrderId, ...termsOf(outcome) };",
      "return { type: 'order.cancelled', clientOrderId, cumulative: 0, reason };",
    ),
  ),
  mutant(
    'a doubted cancel counts as done',
    trial('an ambiguous cancel is no end'),
    plant(
      OUTCOME,
      "return doubted(clientOrderId, 'cancel', outcome);",
      "return { type: 'order.cancelled', clientOrderId, cumulative: 0, reason };",
    ),
  ),
  mutant(
    'an unanswered order is sent again under a new id',
    seedsFrom(13),
    plant(
      'src/gateway/gateway.ts',
      'const answered = this.#expectAnswer(doubt);',
      `const answered = this.#expectAnswer((thrown) => {
        doubt(thrown);
        if (command.kind !== 'submit') return;
        const clientOrderId = command.clientOrderId + 'x';
        void this.#options.venue.submit({ ...command.request, clientOrderId });
      });`,
    ),
  ),
  mutant(
    'an order in doubt frees its quantity',
    seedsFrom(13),
    plant(RULES, 'inDoubt: doubted ? left : NO_LOTS,', 'inDoubt: NO_LOTS,'),
  ),
  mutant(
    'the questions about an order in doubt end with the first error',
    seedsFrom(1),
    plant(
      RESOLVER,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of the source.
      'if (!isStale()) this.#again(search, `no answer: ${messageOf(thrown)}`);',
      'if (!isStale()) this.#disarm(search);',
    ),
  ),
];

/** Fills and ends. */
const FILLS: readonly Mutant[] = [
  mutant(
    'a cancel is the end, whatever has filled by then',
    trial('a cancel ends an order once its fills are known'),
    plant(
      CLAIMS,
      'context.venueEnd !== null && attemptFilled(context) >= context.venueEnd.cumulative;',
      'context.venueEnd !== null;',
    ),
  ),
  mutant(
    'a fill that comes twice is booked twice',
    seedsFrom(12),
    plant(
      'src/engine/execution/execution-record.ts',
      'if (this.#fillIds.has(fillId)) return false;',
      '',
    ),
  ),
  mutant(
    'a fill of an execution that is gone is dropped',
    trial('a fill counts although its execution is gone'),
    plant(
      'src/engine/turn/late-report.ts',
      "if (report.type !== 'order.filled') return;",
      'return;',
    ),
  ),
  mutant(
    'a fill that was taken back stays counted',
    trial('a fill that was taken back counts no more'),
    plant(CLAIMS, "event.type === 'order.fillReverted' && !isReverted", 'false && !isReverted'),
  ),
  mutant(
    'the place in the list of fills jumps ahead of what is durable',
    trial('no place in a list is kept before what it passed'),
    plant(
      'src/engine/reconciliation/missed-fills.ts',
      'if (!this.isSettled) return;',
      'marks.splice(0, marks.length - 1);',
    ),
  ),
  mutant(
    'a withdrawn order is sent again with its whole quantity',
    seedsFrom(12),
    plant(
      RULES,
      'attempt: newAttempt(clientOrderId, leavesOf(context)),',
      'attempt: newAttempt(clientOrderId, context.quantity),',
    ),
  ),
];

/** What others know. */
const RECONCILED: readonly Mutant[] = [
  mutant(
    'an order that a listing does not show has ended',
    seedsFrom(21),
    plant(
      ORDERS,
      'if (isHeld && this.#isYounger(asOfMs, own.ref)) this.#parts.confirmation.suspect(own);',
      `const { symbol, clientOrderId } = own.ref;
       const ended = { type: 'order.cancelled', clientOrderId, cumulative: 0, reason: 'gone' };
       if (isHeld) this.#runtime.enqueue(this.#runtime.hostOf(symbol), ended);`,
    ),
  ),
  {
    name: 'a reading is believed that is older than what was sent',
    killer: null,
    survivesBecause: 'a listing ends nothing: what is believed too early costs a question',
    plants: [
      plant(
        ORDERS,
        'return lastMs === null || asOfMs > lastMs + CLOCK_SKEW_MS_MAX;',
        'return true;',
      ),
    ],
  },
  mutant(
    'an order of ours that nobody knows is not spoken of',
    trial('an order with our tag that nobody knows halts'),
    plant(ORDERS, 'this.#noteOrphans(orphans);', ''),
  ),
  mutant(
    "another program's order is taken for ours",
    trial("another program's order is left alone"),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of the source.
    plant(ORDERS, 'if (!id.startsWith(`${tag}-`))', 'if (false)'),
  ),
];

export const ORDER_MUTANTS: readonly Mutant[] = [...DOUBT, ...FILLS, ...RECONCILED];
