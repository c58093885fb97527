/** The scope of a halt, what nobody works any more, and the way back. */
import { describe, expect, it } from 'vitest';
import type { HaltScope } from '../../src/domain/halts.ts';
import { InputError } from '../../src/index.ts';
import { signal, type World, world } from '../support/embedded.ts';
import { haltWorld, reported, restingIn } from '../support/halting.ts';

const resume = async (given: World, scope: HaltScope = {}): Promise<void> => {
  const resumed = given.engine.resume({ ...scope, actor: 'ada', reason: 'it was a false alarm' });
  await given.pass(2_000);
  await resumed;
};

describe('the scope of a halt', () => {
  const inBoth = async (): Promise<World> => {
    const given = await haltWorld();
    given.engine.watch('script', 'N');
    await given.pass(5);
    given.venue.snapshot('N');
    await given.pass(50);
    await restingIn(given, 'm');
    await restingIn(given, 'n', { market: 'N' });
    return given;
  };
  const open = ({ venue }: World): readonly string[] =>
    venue.resting().map(({ request }) => request.symbol);

  it('is a market: the others are traded on', async () => {
    const given = await inBoth();
    const report = await reported(given, given.engine.halt('odd', { market: 'M' }), 3_000);
    expect(report).toMatchObject({ scope: 'market M', cancelled: 1, proven: true });
    expect(open(given)).toEqual(['N']);
    expect(() => given.engine.execute(signal({ signalId: 'm2' }))).toThrow('market M: odd');
    await restingIn(given, 'n2', { market: 'N' });
    expect(open(given)).toEqual(['N', 'N']);
  });

  it('is one execution', async () => {
    const given = await inBoth();
    const other = await restingIn(given, 'm2');
    const execution = given.engine.executionOf('m') ?? '';
    const report = await reported(given, given.engine.halt('odd', { execution }), 3_000);
    expect(report).toMatchObject({ scope: `execution ${execution}`, cancelled: 1, proven: true });
    expect(open(given)).toEqual(['N', 'M']);
    expect(given.engine.quantities().find((each) => each.executionId === other.id)).toBeDefined();
  });

  it('is a venue, and all of it where none is named', async () => {
    const given = await inBoth();
    const report = given.engine.halt('odd', { venue: 'script' });
    expect(await reported(given, report, 3_000)).toMatchObject({ cancelled: 2, proven: true });
    expect(() => given.engine.execute(signal({ signalId: 'x' }))).toThrow('venue script: odd');
  });

  it.each([
    [{ venue: 'nowhere' }],
    [{ market: 'K' }],
    [{ execution: 'dw-x-1' }],
    [{ market: 'M', everything: true }],
  ])('that makes no sense is refused: %o', async (options) => {
    const given = await world();
    expect(() => given.engine.halt('odd', options)).toThrow(InputError);
    expect(given.engine.halts()).toEqual([]);
  });
});

describe('what nobody works any more', () => {
  const stray = (given: World, clientOrderId: string): void => {
    const [known] = given.venue.orders.values();
    if (known === undefined) throw new Error('an order to copy');
    given.venue.orders.set(clientOrderId, {
      ...known,
      request: { ...known.request, clientOrderId },
      status: 'resting',
    });
  };

  it('is cancelled blindly where it carries our tag, and else left alone', async () => {
    const given = await haltWorld();
    await restingIn(given, 'a');
    stray(given, 'dw-old-7');
    stray(given, 'somebody-else');
    const report = await reported(given, given.engine.halt('operator'), 5_000);
    expect(report).toMatchObject({ cancelled: 2, residual: [], proven: true });
    const left = given.venue.resting().map(({ request }) => request.clientOrderId);
    expect(left).toEqual(['somebody-else']);
  });

  it('is for a person to decide where the engine itself halted because of it', async () => {
    const given = await haltWorld();
    await restingIn(given, 'a');
    stray(given, 'dw-old-7');
    await given.pass(70_000);
    expect(given.engine.halts()).toEqual([expect.objectContaining({ actor: 'engine' })]);
    const left = () => given.venue.resting().map(({ request }) => request.clientOrderId);
    expect(left()).toEqual(['dw-old-7']);
    const unproven = given.log.find(({ message }) => message.startsWith('halted, but orders may'));
    expect(unproven?.fields).toMatchObject({
      residual: [{ clientOrderId: 'dw-old-7', state: 'listed', quantity: '10' }],
      proven: false,
    });
    const report = await reported(given, given.engine.halt('now by a person'), 5_000);
    expect(report).toMatchObject({ residual: [], proven: true });
    expect(left()).toEqual([]);
  });

  it('is all cancelled in one call where a person says everything', async () => {
    const given = await haltWorld();
    await restingIn(given, 'a');
    stray(given, 'somebody-else');
    const sweep = given.venue.cancelAll.bind(given.venue);
    let sweeps = 0;
    given.venue.cancelAll = () => {
      sweeps += 1;
      return sweeps === 1 ? Promise.reject(new Error('503')) : sweep();
    };
    const report = await reported(given, given.engine.halt('all', { everything: true }), 5_000);
    expect(report).toMatchObject({ residual: [], proven: true });
    expect(given.venue.resting()).toEqual([]);
    expect(sweeps).toBe(2);
  });
});

describe('a resumption', () => {
  it('names who and why, and lifts exactly what was halted', async () => {
    const given = await haltWorld();
    await reported(given, given.engine.halt('odd', { market: 'M' }), 1_000);
    const { engine } = given;
    await expect(engine.resume({ market: 'M', actor: '', reason: 'x' })).rejects.toThrow('actor');
    await expect(engine.resume({ actor: 'ada', reason: 'x' })).rejects.toThrow('market M');
    await resume(given, { market: 'M' });
    expect(engine.halts()).toEqual([]);
    await restingIn(given, 'after');
    expect(given.venue.resting()).toHaveLength(1);
  });

  it('of all trades again once the venues were asked', async () => {
    const given = await haltWorld();
    await reported(given, given.engine.halt('odd'), 1_000);
    await resume(given);
    await restingIn(given, 'after');
    expect(given.venue.resting()).toHaveLength(1);
  });

  it('does not lift a halt that came after it', async () => {
    const given = await haltWorld();
    await reported(given, given.engine.halt('one', { market: 'M' }), 1_000);
    const resumed = given.engine.resume({ market: 'M', actor: 'ada', reason: 'fine' });
    void given.engine.halt('two', { market: 'M' });
    await given.pass(5_000);
    await resumed;
    expect(() => given.engine.execute(signal({ signalId: 'x' }))).toThrow('market M: two');
  });
});
