/** What a store keeps for a bot elsewhere is what the subscribers here are told, in their order. */
import { expect, it } from 'vitest';
import { INTENT_AGE_MS_MAX, LATE_FILL_WINDOW_MS } from '../../src/domain/limits.ts';
import { lots } from '../../src/domain/numbers.ts';
import type { Store } from '../../src/domain/records.ts';
import type { ExecutionUpdate } from '../../src/index.ts';
import { openStore } from '../../src/store/open-store.ts';
import { live, signal, world } from '../support/embedded.ts';

type Told = ExecutionUpdate & { readonly signalId: string | null };

async function kept() {
  let store: Store | null = null;
  const given = await world({}, (options) => {
    store = openStore({ ...options, onUpdates: () => undefined });
    return store;
  });
  await live(given);
  const updates = (signalId: string): readonly ExecutionUpdate[] =>
    (store?.updates?.after(0, 1_000) ?? [])
      .map(({ body }) => JSON.parse(body) as Told)
      .filter((update) => update.signalId === signalId)
      .map((update) => {
        const { signalId: _, ...rest } = update;
        return rest;
      });
  return { ...given, updates };
}

it('keeps every update of an execution with its turn', async () => {
  const { engine, venue, clock, pass, updates } = await kept();
  const handle = engine.execute(signal());
  const told: ExecutionUpdate[] = [];
  handle.updates$.subscribe((update) => told.push(update));
  await pass(100);
  const [order] = venue.resting();
  venue.fill(order?.request.clientOrderId ?? '', 300);
  await pass(100);
  await clock.settle(handle.cancel('enough'));
  expect(new Set(told.map(({ type }) => type))).toEqual(
    new Set(['state', 'order', 'fill', 'ended']),
  );
  // That it waits is not durable, and told to this process alone.
  expect(updates('edge-1')).toEqual(told.filter((each) => !isQueued(each)));
  await clock.settle(engine.stop());
});

it('tells of a fill that came when its execution was forgotten', async () => {
  const { engine, venue, clock, pass, updates } = await kept();
  const handle = engine.execute(signal());
  await pass(100);
  const [order] = venue.resting();
  if (order === undefined) throw new Error('it rests');
  await clock.settle(handle.cancel('enough'));
  await pass(LATE_FILL_WINDOW_MS + INTENT_AGE_MS_MAX);
  expect(engine.handleOf(handle.id)).toBeNull();
  const { clientOrderId, symbol } = order.request;
  const fill = venue.madeFill(order, lots(2), 'late');
  venue.reports$.next({ symbol, report: { type: 'order.filled', clientOrderId, fill } });
  await pass(100);
  expect(updates('edge-1').slice(-2)).toMatchObject([
    { type: 'fill', executionId: handle.id, fill: { id: 'late', quantity: '2' } },
    { type: 'alarm', reason: 'fill late came after the execution was closed' },
  ]);
  await clock.settle(engine.stop());
});

const isQueued = (update: ExecutionUpdate): boolean =>
  update.type === 'state' && update.state === 'queued';
