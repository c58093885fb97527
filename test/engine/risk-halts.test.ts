/** What risk stops by itself, in a whole engine: only a person, by name, lets it go on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ticks } from '../../src/domain/numbers.ts';
import { createEngine, type EngineOptions, InputError } from '../../src/index.ts';
import { openStore } from '../../src/store/open-store.ts';
import { live, resting, signal, type World, world } from '../support/embedded.ts';
import { START_MS } from '../support/rig.ts';
import { ScriptedVenue } from '../support/scripted-venue.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'risk-halts-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));

const DAY_MS = 86_400_000;
const PERSON = { actor: 'anna', reason: 'I looked at it' };

const opened = async (options: Partial<EngineOptions>): Promise<World> =>
  live(await world(options));

let signals = 0;
const wish = (changes: object = {}) => {
  signals += 1;
  return signal({ signalId: `risk-${signals}`, ...changes });
};

/** Buys ten at 45 cents. */
async function bought({ engine, venue, pass }: World): Promise<void> {
  engine.execute(wish());
  await pass(50);
  venue.fill(venue.calls.findLast(({ kind }) => kind === 'submit')?.clientOrderId ?? '', 10);
  await pass(100);
}

async function settle({ venue, clock, pass }: World, value: number): Promise<void> {
  const event = { type: 'market.settled', symbol: 'M', value: ticks(value) } as const;
  venue.book$('M').next({ ...event, timeMs: clock.wallMs() });
  await pass(100);
}

describe('a market that is disabled', () => {
  it('takes no signal until a person enables it, and then trades', async () => {
    const given = await opened({ limits: { maxRepeats: 1 } });
    const { engine, venue, pass } = given;
    engine.execute(wish());
    engine.execute(wish({ quantity: '9' }));
    await pass(1_000);
    expect(engine.halts()).toMatchObject([
      { scope: { venue: 'script', market: 'M' }, actor: 'engine' },
    ]);
    expect(venue.resting()).toEqual([]);
    expect(() => engine.execute(wish())).toThrow(InputError);
    await expect(engine.enableMarket('script', 'M', { actor: '', reason: 'x' })).rejects.toThrow(
      'names its actor',
    );
    await Promise.all([engine.enableMarket('script', 'M', PERSON), pass(5_000)]);
    await pass(60_000);
    engine.execute(wish({ quantity: '8' }));
    await pass(1_000);
    expect(venue.resting().map(({ request }) => request.quantity)).toEqual([8]);
  });
});

describe('a loss beyond the limit', () => {
  const limits = { maxDailyLoss: '4' };

  it('halts the venue by what is held, over midnight, until a person resumes', async () => {
    const given = await opened({ limits });
    const { engine, venue, pass } = given;
    await bought(given);
    // Held at 45 cents, and would sell for 4: told by the next look.
    venue.snapshot('M', [[4, 500]], [[6, 500]]);
    engine.execute(wish({ market: 'N' }));
    await pass(2_000);
    const [halt] = engine.halts();
    expect(halt).toMatchObject({ scope: { venue: 'script' }, actor: 'engine' });
    expect(halt?.reason).toBe('maxDailyLoss: 4.11 lost, allowed 4');
    expect(engine.breakers()[0]?.haltReason).toContain('maxDailyLoss');
    await pass(DAY_MS);
    expect(() => engine.execute(wish())).toThrow('maxDailyLoss');
    await Promise.all([engine.resume({ venue: 'script', ...PERSON }), pass(5_000)]);
    expect(engine.breakers()[0]?.haltReason).toBeNull();
    venue.snapshot('N');
    venue.calls.length = 0;
    engine.execute(wish({ market: 'N' }));
    await pass(2_000);
    expect([venue.calls.length, engine.halts()]).toEqual([1, []]);
  });

  it('halts the venue by what was settled, and after a restart too', async () => {
    const store = { file: join(FOLDER, 'loss.db') };
    const given = await opened({ limits, store });
    await bought(given);
    await settle(given, 0);
    expect(given.engine.halts()[0]?.reason).toBe('maxDailyLoss: 4.51 lost, allowed 4');
    const { clock, pass } = given;
    await Promise.all([given.engine.stop(), pass(60_000)]);
    const venue = new ScriptedVenue({ clock, symbols: ['M', 'N'] });
    const algorithms = [resting];
    const again = await createEngine({ venues: [venue], clock, algorithms, limits, store });
    await pass(5_000);
    expect(() => again.execute(wish())).toThrow('maxDailyLoss');
    await Promise.all([again.resume({ venue: 'script', ...PERSON }), pass(5_000)]);
    // The same loss does not halt it again.
    again.execute(wish({ market: 'N' }));
    await pass(50);
    venue.snapshot('N');
    await pass(3_000);
    expect([again.halts(), venue.calls.length]).toEqual([[], 1]);
    await Promise.all([again.stop(), pass(60_000)]);
  });
});

it('a person resumes after a loss, whatever the clock was set to meanwhile', async () => {
  const given = await opened({ limits: { maxDailyLoss: '4' } });
  const { engine, clock, pass } = given;
  await bought(given);
  await settle(given, 0);
  expect(engine.halts()).toHaveLength(1);
  clock.shiftWall(-3_600_000);
  await Promise.all([engine.resume({ venue: 'script', ...PERSON }), pass(5_000)]);
  engine.execute(wish({ market: 'N' }));
  await pass(5_000);
  expect(engine.halts()).toEqual([]);
});

describe('at the start', () => {
  it('a breaker is open for no longer than it cools down', async () => {
    const file = join(FOLDER, 'ahead.db');
    const written = openStore({ file });
    const body = JSON.stringify({ reason: 'odd', coolUntilMs: START_MS + DAY_MS });
    written.keep({ risk: [{ name: 'breaker:script', body, atMs: START_MS }] });
    written.close();
    const { engine, pass } = await world({ store: { file } });
    expect(engine.breakers()).toMatchObject([{ circuit: 'open', reason: 'odd' }]);
    await pass(30_000);
    expect(engine.breakers()).toMatchObject([{ circuit: 'halfOpen' }]);
  });

  it('a loss whose halt came to be lost halts again', async () => {
    const file = join(FOLDER, 'lost.db');
    const written = openStore({ file });
    const memory = { startMs: 0, baseline: '0', forgivenAtMs: 0, trippedAtMs: START_MS };
    const risk = [{ name: 'session:script', body: JSON.stringify(memory), atMs: START_MS }];
    written.keep({ risk });
    written.close();
    const { engine } = await world({ store: { file }, limits: { maxDailyLoss: '4' } });
    expect(engine.halts()).toMatchObject([{ scope: { venue: 'script' }, actor: 'engine' }]);
    expect(() => engine.execute(wish())).toThrow('a loss that was too much');
  });

  it('the limits are told', async () => {
    const { log } = await world({ limits: { maxDailyLoss: '50' } });
    const told = log.find(({ message }) => message.includes('the limits of this engine'));
    expect(told?.fields).toMatchObject({
      limits: expect.arrayContaining(['maxDailyLoss $50']) as string[],
    });
  });

  it('limits that look like cents are refused before a store is opened', async () => {
    const limits = { maxOrderQuantity: '100', maxOrderNotional: '5000' };
    const store = { file: join(FOLDER, 'nowhere', 'never.db') };
    await expect(world({ limits, store })).rejects.toThrow('looks like cents');
  });
});
