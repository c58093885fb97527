/** A bot hears why a command failed, and reads in the result why an order ended unfilled. */
import { describe, expect, it } from 'vitest';
import { signal } from '../support/embedded.ts';
import { place } from '../support/left-behind.ts';
import type { Rig } from '../support/rig.ts';
import { atPrice, riskWorld } from '../support/risk-world.ts';
import { HONEST } from '../support/scripted-venue.ts';

const refusals = ({ updates }: Rig) => updates.filter(({ type }) => type === 'refused');

describe('a command that failed', () => {
  it('at the gate is told with rule, value and limit', async () => {
    const { rig, venue, run } = await riskWorld({ maxSpread: '0.09' });
    const id = run();
    await rig.pass(50);
    expect(venue.calls).toEqual([]);
    expect(refusals(rig)).toMatchObject([
      {
        executionId: id,
        splitOrder: `${id}-1`,
        command: 'submit',
        reason: 'maxSpread: 0.1, allowed 0.09',
      },
    ]);
    rig.runtime.cancel(id, 'enough');
    await rig.pass(100);
    const [order] = rig.results.get(id)?.orders ?? [];
    expect(order).toMatchObject({ state: 'failed', endReason: 'maxSpread: 0.1, allowed 0.09' });
  });

  it('at the venue is told with the words of the venue', async () => {
    const { rig, venue, run } = await riskWorld({});
    venue.plan = (kind) => (kind === 'cancel' ? { ...HONEST, reply: 'reject' } : HONEST);
    const id = run();
    await rig.pass(50);
    rig.runtime.cancel(id, 'enough');
    await rig.pass(50);
    expect(refusals(rig)).toMatchObject([{ command: 'cancel', reason: 'refused by plan' }]);
    venue.plan = () => HONEST;
    await rig.pass(2_000);
    const [order] = rig.results.get(id)?.orders ?? [];
    expect([order?.state, order?.endReason]).toEqual(['cancelled', 'enough']);
  });

  it('leaves no reason where the order was filled in the end', async () => {
    const { rig, venue, run } = await riskWorld({});
    const id = run(atPrice(45));
    await rig.pass(50);
    venue.fill(venue.resting()[0]?.request.clientOrderId ?? '', 10);
    await rig.pass(2_000);
    const result = rig.results.get(id);
    expect([result?.outcome, result?.orders[0]?.endReason]).toEqual(['completed', null]);
    expect(refusals(rig)).toEqual([]);
  });

  it('is still known after a restart', async () => {
    const { world, venue } = place();
    venue.plan = (kind) => (kind === 'submit' ? { ...HONEST, reply: 'reject' } : HONEST);
    const first = await world.boot();
    const id = world.execute(first, signal());
    await world.pass(2_000);
    first.process.kill();
    await world.settle(await world.boot());
    const [result] = world.results.get(id) ?? [];
    expect(result?.orders[0]).toMatchObject({ state: 'rejected', endReason: 'refused by plan' });
  });
});
