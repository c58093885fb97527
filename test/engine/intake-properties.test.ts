/** Whatever is asked of the intake in whatever order, every signal gets one result. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExecutionHandle, ExecutionResult } from '../../src/index.ts';
import { InputError } from '../../src/index.ts';
import { live, signal, world } from '../support/embedded.ts';

const deed = fc.oneof(
  { weight: 4, arbitrary: fc.record({ what: fc.constant('execute' as const), terms: terms() }) },
  fc.record({ what: fc.constant('cancel' as const), which: fc.nat(30) }),
  fc.record({ what: fc.constant('fill' as const), which: fc.nat(30) }),
  fc.record({ what: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 700 }) }),
);

function terms() {
  return fc.record(
    {
      priority: fc.integer({ min: -1, max: 1 }),
      market: fc.constantFrom('M', 'N'),
      timeLimitMs: fc.integer({ min: 1, max: 3_000 }),
      validForMs: fc.integer({ min: -5, max: 2_000 }),
    },
    { requiredKeys: ['timeLimitMs'] },
  );
}

describe('the intake', () => {
  it('gives every signal that it took one result, and works no more than it may', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { maxLength: 40 }), async (deeds) => {
        const given = await live(await world({ maxLiveExecutions: 2, maxQueuedSignals: 6 }));
        const { engine, venue, pass, clock } = given;
        const handles: ExecutionHandle[] = [];
        const results: ExecutionResult[] = [];
        let refused = 0;
        let waiting = 0;
        for (const one of deeds) {
          if (one.what === 'pass') await pass(one.ms);
          if (one.what === 'fill') {
            const order = venue.resting()[one.which];
            if (order !== undefined) venue.fill(order.request.clientOrderId, 10);
          }
          if (one.what === 'cancel') handles[one.which]?.cancel('a test wants it').catch(() => 0);
          if (one.what !== 'execute') continue;
          const { validForMs, ...rest } = one.terms;
          const validUntilMs =
            validForMs === undefined ? {} : { validUntilMs: clock.wallMs() + validForMs };
          try {
            const wish = signal({ signalId: `s${handles.length}`, ...rest, ...validUntilMs });
            const handle = engine.execute(wish);
            handles.push(handle);
            waiting += 1;
            handle.result.then(
              (result) => {
                results.push(result);
                waiting -= 1;
              },
              () => undefined,
            );
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(InputError);
            // The queue may be full only while as many are open as fit into it.
            expect(waiting).toBeGreaterThanOrEqual(6);
            refused += 1;
          }
          const living = engine.quantities().filter(({ quantity }) => quantity.working > 0);
          expect(living.length).toBeLessThanOrEqual(2);
        }
        await pass(10_000);
        expect(results).toHaveLength(handles.length);
        expect(new Set(results.map(({ id }) => id)).size).toBe(handles.length);
        expect(handles.length + refused).toBe(
          deeds.filter(({ what }) => what === 'execute').length,
        );
        for (const result of results)
          if (result.outcome === 'refused') expect(result.reason).toMatch(/valid until|time limit/);
        expect(venue.resting()).toEqual([]);
        await Promise.all([engine.stop(), pass(1_000)]);
      }),
      { numRuns: 40 },
    );
  });
});
