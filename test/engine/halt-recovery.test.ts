/** Halts around a death: said before it, while the next process recovers, and lifted after it. */
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { resting, signal } from '../support/embedded.ts';
import { reported } from '../support/halting.ts';
import { type Booted, Reboots } from '../support/reboots.ts';
import { START_MS } from '../support/rig.ts';
import { HONEST, ScriptedVenue } from '../support/scripted-venue.ts';

interface World {
  readonly venue: ScriptedVenue;
  readonly world: Reboots;
}

function newWorld(): World {
  const clock = new VirtualClock(START_MS);
  const venue = new ScriptedVenue({ clock, symbols: ['M', 'N'] });
  return { venue, world: new Reboots(clock, venue, { algorithms: [resting] }) };
}

/** With an order that rests. */
async function firstLife({ venue, world }: World): Promise<Booted> {
  const first = await world.boot();
  first.engine.watch('script', 'M');
  await world.pass(10);
  venue.snapshot();
  await world.pass(2_000);
  world.execute(first, signal({ timeLimitMs: 300_000 }));
  await world.pass(100);
  expect(venue.resting()).toHaveLength(1);
  return first;
}

const afterwards = (venue: ScriptedVenue, from: number): readonly string[] =>
  venue.calls.slice(from).flatMap(({ kind }) => (kind === 'cancel' ? [] : [kind]));

describe('a halt and a death', () => {
  it('said at once after the start, stops what the last process left', async () => {
    const given = newWorld();
    const first = await firstLife(given);
    const { venue, world } = given;
    first.process.kill();
    await world.pass(500);
    const from = venue.calls.length;
    const second = await world.boot();
    venue.snapshot();
    const report = await reported(world, second.engine.halt('operator'), 8_000);
    expect(report).toMatchObject({ residual: [], proven: true });
    expect(venue.resting()).toEqual([]);
    expect(afterwards(venue, from)).toEqual([]);
    expect(second.engine.executions()).toEqual([]);
  });

  it('said right before it, is carried out by the next process', async () => {
    const given = newWorld();
    const { venue, world } = given;
    const first = await firstLife(given);
    const from = venue.calls.length;
    void first.engine.halt('operator');
    first.process.kill();
    await world.pass(500);
    expect(venue.resting()).toHaveLength(1);
    const second = await world.boot();
    expect(second.engine.halts()).toEqual([expect.objectContaining({ reason: 'operator' })]);
    await world.pass(8_000);
    expect(venue.resting()).toEqual([]);
    expect(afterwards(venue, from)).toEqual([]);
    expect(world.log.some(({ message }) => message.startsWith('halted: no order'))).toBe(true);
  });

  it('waits for the proof of an order that may still arrive', async () => {
    const given = newWorld();
    const { venue, world } = given;
    const first = await firstLife(given);
    venue.plan = (kind) => (kind === 'submit' ? { ...HONEST, entryMs: 5_000 } : HONEST);
    world.execute(first, signal({ signalId: 'slow', timeLimitMs: 300_000 }));
    await world.pass(100);
    first.process.kill();
    venue.plan = () => HONEST;
    const second = await world.boot();
    const report = second.engine.halt('operator');
    expect(await reported(world, report, 4_000)).toBeNull();
    await world.pass(27_000);
    const told = await report;
    expect(venue.resting()).toEqual([]);
    expect(told).toMatchObject({ residual: [], proven: true });
    expect(told.seconds).toBeGreaterThan(4.8);
  });

  it.each([[{}], [{ market: 'M' }]])('is lifted only once the venues answer: %o', async (scope) => {
    const given = newWorld();
    const { venue, world } = given;
    const { engine } = await firstLife(given);
    await reported(world, engine.halt('operator', scope), 8_000);
    const listing = venue.openOrders.bind(venue);
    venue.openOrders = () => Promise.reject(new Error('down'));
    let isResumed = false;
    void engine.resume({ ...scope, actor: 'ada', reason: 'fine' }).then(() => (isResumed = true));
    await world.pass(20_000);
    expect(isResumed).toBe(false);
    const from = venue.calls.length;
    expect(() => engine.execute(signal({ signalId: 'early' }))).toThrow('operator');
    await world.pass(5_000);
    expect(afterwards(venue, from)).toEqual([]);
    venue.openOrders = listing;
    await world.pass(90_000);
    expect(isResumed).toBe(true);
    engine.execute(signal({ signalId: 'late', timeLimitMs: 300_000 }));
    await world.pass(200);
    expect(venue.resting()).toHaveLength(1);
  });
});
