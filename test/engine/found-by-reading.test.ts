import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { live, resting, signal, world } from '../support/embedded.ts';
import { algorithm, placing, START_MS, startRig } from '../support/rig.ts';
import { ScriptedVenue } from '../support/scripted-venue.ts';

/** Defects that were found by reading: each was seen to happen before it was mended. */

function watching(seen: string[]) {
  return algorithm(
    'watching',
    ({ market, unreleased, state }) => {
      seen.push(`plan ${market.book.bid?.price}`);
      return { directives: [placing(40, unreleased)], state };
    },
    ({ market, state }, trigger) => {
      seen.push(`${trigger} ${market.book.bid?.price}`);
      return { directives: [], state };
    },
    { touch: true, trade: false },
  );
}

async function rigged(seen: string[] = []) {
  const clock = new VirtualClock(START_MS);
  const venue = new ScriptedVenue({ clock });
  const rig = await startRig({ venue, clock, algorithms: [watching(seen), resting] });
  return { rig, venue };
}

const lastSubmitted = (venue: ScriptedVenue): string =>
  venue.calls.findLast(({ kind }) => kind === 'submit')?.clientOrderId ?? '';

describe('a decider', () => {
  it('is woken when the touch goes back to one that others were woken for', async () => {
    const seen: string[] = [];
    const { rig, venue } = await rigged(seen);
    const wish = { algorithm: { name: 'watching' }, timeLimitMs: 100_000 };
    venue.snapshot('M', [[46, 500]]);
    const first = rig.execute(wish);
    await rig.pass(100);
    venue.snapshot('M', [[45, 500]]);
    await rig.pass(100);
    rig.runtime.cancel(first.id, 'enough');
    await rig.pass(100);
    venue.snapshot('M', [[47, 500]]);
    await rig.pass(100);
    seen.length = 0;
    rig.execute(wish);
    await rig.pass(100);
    venue.snapshot('M', [[45, 500]]);
    await rig.pass(100);
    expect(seen).toEqual(['plan 47', 'touch 45']);
  });
});

describe('a bust that comes when its execution is gone', () => {
  it('leaves the risk ledger and the positions, once', async () => {
    const { rig, venue } = await rigged();
    venue.snapshot();
    rig.execute({ algorithm: { name: 'resting' }, timeLimitMs: 5_000 });
    await rig.pass(100);
    const clientOrderId = lastSubmitted(venue);
    const fillId = venue.fill(clientOrderId, 10) ?? '';
    await rig.pass(70_000);
    const held = () => [
      rig.runtime.ledger.totals('M', 1).positionLots,
      rig.runtime.portfolio.positions.get('M')?.held,
    ];
    expect([rig.runtime.records.size, ...held()]).toEqual([0, 10, 10]);
    for (const _ of [1, 2, 3])
      venue.report('M', { type: 'order.fillReverted', clientOrderId, fillId });
    await rig.pass(2_000);
    venue.report('M', { type: 'order.fillReverted', clientOrderId, fillId });
    await rig.pass(2_000);
    expect(held()).toEqual([0, 0]);
  });

  it('is booked where it comes with its fill in one turn', async () => {
    const given = await live(await world());
    const { engine, venue, pass } = given;
    const quantities: (string | undefined)[] = [];
    engine.positions$.subscribe(([position]) => quantities.push(position?.yes.quantity));
    engine.execute(signal({ timeLimitMs: 1_000 }));
    await pass(63_000);
    const clientOrderId = lastSubmitted(venue);
    const order = venue.orders.get(clientOrderId);
    if (order === undefined) throw new Error('an order was sent');
    const fill = venue.madeFill(order, order.request.quantity, 'late');
    venue.report('M', { type: 'order.filled', clientOrderId, fill });
    venue.report('M', { type: 'order.fillReverted', clientOrderId, fillId: 'late' });
    await pass(2_000);
    expect(quantities.at(-1)).toBe('0');
  });
});

const TARGET = { market: 'M', outcome: 'yes', quantity: '10', buyLimitPrice: '0.50' } as const;
const DEFAULTS = { venue: 'script', timeLimitMs: 30_000, algorithm: { name: 'resting' } };

describe('a target', () => {
  it('is not met by what is being cancelled', async () => {
    const given = await live(await world());
    const { engine, pass } = given;
    const handle = engine.execute(signal({ timeLimitMs: 60_000 }));
    await pass(50);
    const cancelled = handle.cancel('a new target');
    const plan = { planId: 'p', defaults: DEFAULTS, targets: [TARGET] };
    expect(() => engine.executePlan(plan)).toThrow(/no execution is being cancelled/);
    await pass(1_000);
    await cancelled;
    expect(engine.executePlan(plan).executions).toHaveLength(1);
  });
});

describe('a market that cannot be followed', () => {
  it('is tried anew by whoever asks again', async () => {
    const { engine, venue, pass } = await world();
    const follow = venue.book$.bind(venue);
    venue.book$ = () => {
      throw new Error('the socket is not open yet');
    };
    expect(() => engine.execute(signal())).toThrow('not open yet');
    venue.book$ = follow;
    const { result } = engine.execute(signal({ timeLimitMs: 5_000 }));
    await pass(10);
    venue.snapshot();
    await pass(10_000);
    expect((await result).outcome).toBe('unfilled');
  });
});
