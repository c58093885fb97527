/** Whatever comes back: an outcome of the right class, or one rejection; never a secret. */

import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ticks } from '../../../src/domain/numbers.ts';
import { STATUSES } from '../../../src/venues/kalshi/outcome-table.ts';
import type { KalshiRest } from '../../../src/venues/kalshi/rest.ts';
import type { LogLine } from '../../support/rig.ts';
import { CREATED, order, REF, REQUEST } from './rest-fixtures.ts';
import { type Asked, KEY_ID, type Reply, RestServer, restOf } from './rest-server.ts';

let server: RestServer;
let rest: KalshiRest;
let lines: LogLine[];

beforeAll(async () => {
  server = new RestServer();
  await server.listen();
  ({ rest, lines } = restOf(server));
});

afterAll(async () => {
  rest.close();
  await server.close();
});

const NAMES = [
  'order_id',
  'client_order_id',
  'error',
  'code',
  'message',
  'orders',
  'order',
  'cursor',
];

/** Stands for the signature of the very call that is answered. */
const ECHO = 'echo of a signature';

const signatureOf = ({ headers }: Asked): string => String(headers['kalshi-access-signature']);

const echoing =
  (given: Reply) =>
  (asked: Asked): Reply => {
    if (Buffer.isBuffer(given.body)) return given;
    const filled = (JSON.stringify(given.body) ?? 'null').replaceAll(ECHO, signatureOf(asked));
    return { ...given, body: JSON.parse(filled) as unknown };
  };

/** No run of a secret that could be used. */
function expectHidden(told: unknown): void {
  const shown = inspect(told, { depth: 9, maxStringLength: null });
  expect(shown).not.toContain(KEY_ID);
  for (const asked of server.asked.splice(0)) {
    const signature = signatureOf(asked);
    for (let at = 0; at + 16 <= signature.length; at += 1)
      expect(shown).not.toContain(signature.slice(at, at + 16));
  }
}

/** JSON with the venue's own field names, a damaged answer of the venue, text, and bytes. */
const body: fc.Arbitrary<unknown> = fc.oneof(
  fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, 0, -1, 1.5, '', 'x', KEY_ID, ECHO, '1e9', 'constructor'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...NAMES, '__proto__'), tie('value'), { maxKeys: 4 }),
    ),
  })).value,
  fc.json().map((text) => text.slice(0, -1)),
  fc.constantFrom(`<html>${ECHO}`, ECHO, `{"error":"${ECHO}`, `{"error":"signed ${ECHO}"}`),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom<object>({ ...CREATED, order_id: 7 }, { order: order({ status: KEY_ID }) }),
);

const reply: fc.Arbitrary<Reply> = fc.record({
  status: fc.constantFrom(200, 201, 202, 204, 301, 418, 520, ...Object.keys(STATUSES).map(Number)),
  body,
});

const hasOrder = (given: unknown): boolean =>
  typeof given === 'object' && given !== null && typeof Reflect.get(given, 'order_id') === 'string';

it('a write has an outcome of its class', async () => {
  await fc.assert(
    fc.asyncProperty(reply, async (given) => {
      server.answer(echoing(given));
      const outcome = await rest.submit(REQUEST);
      const status = given.status ?? 0;
      if (status < 300)
        expect(['ambiguous', ...(hasOrder(given.body) ? ['accepted'] : [])]).toContain(
          outcome.kind,
        );
      else if ((STATUSES[status] ?? 'ambiguous') === 'ambiguous')
        expect(outcome.kind).toBe('ambiguous');
      else expect(['rejected', 'ambiguous']).toContain(outcome.kind);
      const fresh = { ...REF, clientOrderId: 'dw-9-9', venueOrderId: 'v-9' };
      const changes = [
        await rest.cancel(fresh),
        await rest.amend({ ...fresh, price: ticks(100), quantity: REQUEST.quantity }),
      ];
      for (const { kind } of changes) expect(['ambiguous', 'rejected']).toContain(kind);
      // What the venue takes for the id of an order is no secret.
      const told = outcome.kind === 'accepted' ? changes : [outcome, ...changes];
      expectHidden([told, lines.splice(0)]);
    }),
    { numRuns: 150 },
  );
});

it('a question has an answer of its shape, or rejects', async () => {
  const questions: readonly (() => Promise<unknown>)[] = [
    () => rest.openOrders(),
    () => rest.closedOrders(0),
    () => rest.fillsSince(null),
    () => rest.order({ ...REF, venueOrderId: 'v-9' }),
    () => rest.positions(),
    () => rest.balance(),
    () => rest.asOf(),
    () => rest.instruments(),
    () => rest.exchangeStatus(),
    () => rest.tradingHours(),
    () => rest.accountLimits(),
    () => rest.orderGroups.list(),
  ];
  await fc.assert(
    fc.asyncProperty(reply, fc.constantFrom(...questions), async (given, ask) => {
      server.answer(echoing(given));
      const told = await ask().catch((thrown: unknown) => {
        expect(thrown).toBeInstanceOf(Error);
        expect((thrown as Error).name).toMatch(/^(?:KalshiError|InputError)$/);
        return thrown;
      });
      expectHidden([told, lines.splice(0)]);
    }),
    { numRuns: 300 },
  );
});
