/** A plan over many markets: checked whole, begun in one step, worked once. */
import { describe, expect, it } from 'vitest';
import { type ExecutionPlan, InputError, PlanError, type PositionView } from '../../src/index.ts';
import { live, signal, type World, world } from '../support/embedded.ts';

const { signalId: _, ...leg } = signal();

const open = async (options: object = {}) => {
  const given = await live(await world(options));
  given.engine.watch('script', 'N');
  await given.pass(5);
  given.venue.snapshot('N');
  await given.pass(5);
  let positions: readonly PositionView[] = [];
  given.engine.positions$.subscribe((all) => {
    positions = all;
  });
  const faults = (plan: unknown): readonly string[] => {
    try {
      given.engine.executePlan(plan as ExecutionPlan);
    } catch (thrown) {
      if (thrown instanceof PlanError) return thrown.faults.map(({ path }) => path);
      if (thrown instanceof InputError) return [thrown.rule];
      throw thrown;
    }
    return [];
  };
  const sent = () => given.venue.calls.filter(({ kind }) => kind === 'submit');
  return { ...given, faults, sent, positions: () => positions };
};

/** Fills all that rests, at its own price. */
const fillAll = ({ venue }: World): void => {
  for (const { request } of venue.resting()) venue.fill(request.clientOrderId, 1_000);
};

describe('the legs of a plan', () => {
  it('are worked at once, and their results and costs come together', async () => {
    const given = await open();
    const { engine, pass, sent } = given;
    const plan = engine.executePlan({
      planId: 'rebalance',
      defaults: leg,
      legs: [{ quantity: '4' }, { market: 'N', outcome: 'no' }, { market: 'N', quantity: '2' }],
    });
    const seen: string[] = [];
    let completed = false;
    plan.updates$.subscribe({
      next: ({ type, executionId }) => seen.push(`${type} ${executionId}`),
      complete: () => {
        completed = true;
      },
    });
    await pass(20);
    expect(sent()).toHaveLength(3);
    expect(new Set(sent().map(({ atMs }) => atMs)).size).toBe(1);
    await pass(20);
    fillAll(given);
    await pass(100);
    const result = await plan.result;
    expect(result).toMatchObject({ planId: 'rebalance', completed: true, fees: '0.03' });
    // Sixteen contracts at 0.45, and three fees of a cent.
    expect(result.cost).toBe('7.23');
    expect(result.legs.map(({ path, result: of }) => [path, of?.filledQuantity])).toEqual([
      ['legs[0]', '4'],
      ['legs[1]', '10'],
      ['legs[2]', '2'],
    ]);
    expect(completed).toBe(true);
    for (const { id } of plan.executions) expect(seen).toContain(`ended ${id}`);
    expect(engine.executionOf('rebalance:1')).toBe(plan.executions[1]?.id);
  });

  it('are all checked before any moves, and every fault is named', async () => {
    const { engine, faults, sent, pass } = await open();
    const legs = [
      {},
      { quantity: '0' },
      { market: 'X' },
      { limitPrice: '0.505' },
      { algorithm: { name: 'nobody' } },
      { surprise: 1 },
    ];
    expect(faults({ planId: 'bad', defaults: leg, legs })).toEqual([
      'legs[1]',
      'legs[2]',
      'legs[3]',
      'legs[4]',
      'legs[5]',
    ]);
    expect(() =>
      engine.executePlan({ planId: 'bad', defaults: leg, legs: [{}, legs[1] ?? {}] }),
    ).toThrow('legs[1]: quantity must be at least 1, was "0"; ask for more');
    await pass(100);
    expect(sent()).toEqual([]);
    expect(engine.executionOf('bad:0')).toBeNull();
    expect(engine.quantities().filter(({ quantity }) => quantity.working > 0)).toEqual([]);
  });

  it.each([
    [null],
    [{ planId: '', legs: [leg] }],
    [{ planId: 'x'.repeat(181), legs: [leg] }],
    [{ planId: 'p' }],
    [{ planId: 'p', legs: [] }],
    [{ planId: 'p', legs: [leg], targets: [{}] }],
    [{ planId: 'p', legs: [leg], more: 1 }],
  ])('must be a plan: %j is refused', async (plan) => {
    const { faults } = await open();
    expect(faults(plan)).toHaveLength(1);
  });

  it('are plain data', async () => {
    const { faults } = await open();
    const algorithm = { name: 'resting', big: 1n };
    expect(faults({ planId: 'p', legs: [{ ...leg, algorithm }] })[0]).toContain('plain JSON');
  });

  it('are not begun where the queue does not take them all', async () => {
    const { engine, faults, sent, pass } = await open({ maxQueuedSignals: 2 });
    expect(faults({ planId: 'p', legs: [leg, leg, leg] })).toEqual([
      'at most 2 signals wait for their start',
    ]);
    await pass(50);
    expect(sent()).toEqual([]);
    engine.executePlan({ planId: 'p', legs: [leg, leg] });
    await pass(50);
    expect(sent()).toHaveLength(2);
  });

  it('are the same plan twice, and never begun again', async () => {
    const { engine, pass, sent, faults } = await open();
    const plan = { planId: 'p', defaults: leg, legs: [{ timeLimitMs: 1_000 }] };
    const handle = engine.executePlan(plan);
    expect(engine.executePlan(plan)).toBe(handle);
    await pass(100);
    expect(engine.executePlan(plan)).toBe(handle);
    expect(faults({ ...plan, legs: [{ timeLimitMs: 2_000 }] })[0]).toContain('worked once');
    await pass(63_000);
    expect(sent()).toHaveLength(1);
    expect(faults(plan)[0]).toContain('worked once');
  });

  it('are cancelled together', async () => {
    const { engine, pass, venue } = await open();
    const plan = engine.executePlan({ planId: 'p', legs: [leg, { ...leg, market: 'N' }] });
    await pass(50);
    const [result] = await Promise.all([plan.cancel('no longer'), pass(200)]);
    expect(result).toMatchObject({ completed: false, cost: '0' });
    expect(result.legs.map(({ result: of }) => of?.reason)).toEqual(['no longer', 'no longer']);
    expect(venue.resting()).toEqual([]);
  });
});

describe('the targets of a plan', () => {
  const target = { venue: 'script', timeLimitMs: 3e4, algorithm: { name: 'resting' } };
  const both = { buyLimitPrice: '0.50', sellLimitPrice: '0.40' };

  it('are met from what is held and under way, by buying and by selling', async () => {
    const given = await open();
    const { engine, pass, positions } = given;
    const first = engine.executePlan({
      planId: 'first',
      defaults: target,
      targets: [
        { market: 'M', outcome: 'yes', quantity: '10', ...both },
        { market: 'N', outcome: 'no', quantity: '6', ...both },
      ],
    });
    await pass(50);
    fillAll(given);
    await pass(50);
    expect(await first.result).toMatchObject({ completed: true });
    const held = () => positions().map(({ yes, no }) => [yes.quantity, no?.quantity]);
    expect(held()).toEqual([
      ['10', '0'],
      ['0', '6'],
    ]);
    // Three more are under way already.
    engine.execute(signal({ signalId: 'more', quantity: '3' }));
    const second = engine.executePlan({
      planId: 'second',
      defaults: target,
      targets: [
        { market: 'M', outcome: 'yes', quantity: '15', ...both },
        { market: 'N', outcome: 'no', quantity: '2', ...both },
      ],
    });
    await pass(50);
    fillAll(given);
    await pass(50);
    const wanted = (await second.result).legs.map(({ result }) => [
      result?.action,
      result?.targetQuantity,
    ]);
    expect(wanted).toEqual([
      ['buy', '2'],
      ['sell', '4'],
    ]);
    expect(held()).toEqual([
      ['15', '0'],
      ['0', '2'],
    ]);
  });

  it('that are met already need nothing', async () => {
    const { engine, pass, sent } = await open();
    const plan = engine.executePlan({
      planId: 'none',
      defaults: target,
      targets: [{ market: 'M', outcome: 'yes', quantity: '0' }],
    });
    expect(plan.executions).toEqual([]);
    expect(await plan.result).toEqual({
      planId: 'none',
      legs: [{ path: 'targets[0]', result: null }],
      completed: true,
      cost: '0',
      fees: '0',
    });
    await pass(50);
    expect(sent()).toEqual([]);
  });

  it('need a price for their direction, a quantity that fits, and a market each', async () => {
    const { faults } = await open();
    const targets = [
      { market: 'M', outcome: 'yes', quantity: '5', sellLimitPrice: '0.40' },
      { market: 'M', outcome: 'no', quantity: '5', ...both },
      { market: 'N', outcome: 'yes', quantity: '-1', ...both },
      { market: 'N', outcome: 'maybe', quantity: '1' },
    ];
    expect(faults({ planId: 'p', defaults: target, targets })).toEqual([
      'targets[0]',
      'targets[1]',
      'targets[2]',
      'targets[3]',
    ]);
  });
});
