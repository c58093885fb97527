/** Callbacks of a bot: what they throw is contained, and they may call the engine back. */
import { config, map, type Observable } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine, ExecutionHandle } from '../../src/index.ts';
import { live, resting, signal, type World, world } from '../support/embedded.ts';
import { algorithm, placing } from '../support/rig.ts';

const boom = (): never => {
  throw new Error('a bot broke');
};

/** As an asynchronous callback does. */
const later = (): unknown => Promise.reject(new Error('a bot broke later'));

const complaints = ({ log }: World) =>
  log.flatMap(({ message, fields }) => (message === 'a subscriber threw' ? [fields] : []));

describe('a callback that throws', () => {
  const { onUnhandledError } = config;
  const unhandled: unknown[] = [];
  beforeEach(() => {
    config.onUnhandledError = (error) => unhandled.push(error);
  });
  afterEach(() => {
    config.onUnhandledError = onUnhandledError;
  });

  type StreamOf = (engine: Engine, execution: ExecutionHandle) => Observable<unknown>;
  const streams: Readonly<Record<string, StreamOf>> = {
    updates$: (_, execution) => execution.updates$,
    book$: (engine) => engine.book$('script', 'M'),
    positions$: (engine) => engine.positions$,
    orders$: (engine) => engine.orders$,
  };

  it.each(Object.entries(streams))('in %s disturbs nobody and is told once', async (name, of) => {
    const given = await live(await world());
    const { engine, venue, pass } = given;
    const execution = engine.execute(signal());
    const seen: unknown[] = [];
    of(engine, execution).subscribe(boom);
    of(engine, execution).subscribe({ next: boom, complete: boom });
    of(engine, execution)
      .pipe(map((value) => value))
      .subscribe(boom);
    of(engine, execution).pipe(map(boom)).subscribe();
    of(engine, execution).subscribe(later);
    of(engine, execution).subscribe((value) => seen.push(value));
    await pass(100);
    venue.snapshot('M', [[44, 10]]);
    await pass(100);
    venue.fill(venue.calls[0]?.clientOrderId ?? '', 10);
    await pass(100);
    await Promise.all([engine.stop(), pass(1_000)]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(unhandled.splice(0)).toEqual([]);
    expect((await execution.result).outcome).toBe('completed');
    expect(seen.length).toBeGreaterThan(1);
    const told = complaints(given);
    expect(told).toHaveLength(5);
    for (const fields of told) expect(fields).toMatchObject({ stream: name });
  });

  it('reports to its own error handler where it has one', async () => {
    const given = await live(await world());
    const errors: unknown[] = [];
    const { updates$ } = given.engine.execute(signal());
    updates$.pipe(map(boom)).subscribe({ error: (thrown) => errors.push(thrown) });
    await given.pass(100);
    expect(unhandled.splice(0)).toEqual([]);
    expect(errors).toEqual([new Error('a bot broke')]);
    expect(complaints(given)).toEqual([]);
  });
});

describe('a callback that calls the engine back', () => {
  const deeds: Readonly<Record<string, (engine: Engine, execution: ExecutionHandle) => unknown>> = {
    execute: (engine) => engine.execute(signal({ signalId: 'again', timeLimitMs: 500 })),
    plan: (engine) =>
      engine.executePlan({ planId: 'p', defaults: signal(), legs: [{ timeLimitMs: 500 }] }),
    cancel: (_, execution) => execution.cancel('by a callback'),
    halt: (engine) => engine.halt('by a callback'),
    stop: (engine) => engine.stop(),
    watch: (engine) => engine.watch('script', 'N'),
    book: (engine) => engine.book$('script', 'N').subscribe(),
  };
  const places = ['updates$', 'book$', 'positions$', 'orders$', 'onTurn', 'decide'] as const;
  const cases = places.flatMap((place) => Object.keys(deeds).map((deed) => [place, deed] as const));

  it.each(cases)('from %s may %s', async (place, deed) => {
    let entered = 0;
    let failure: unknown = null;
    const state: { engine?: Engine; execution?: ExecutionHandle } = {};
    const enter = (): void => {
      const { engine, execution } = state;
      if (engine === undefined || execution === undefined || entered > 0) return;
      entered += 1;
      try {
        deeds[deed]?.(engine, execution);
      } catch (thrown) {
        failure = thrown;
      }
    };
    const asking = algorithm('asking', ({ unreleased }) => {
      enter();
      return { directives: [placing(45, unreleased)], state: null };
    });
    const onTurn = place === 'onTurn' ? { onTurn: enter } : {};
    const given = await live(await world({ algorithms: [resting, asking], ...onTurn }));
    const { engine, pass, venue } = given;
    const name = place === 'decide' ? 'asking' : 'resting';
    const execution = engine.execute(signal({ algorithm: { name }, timeLimitMs: 2_000 }));
    Object.assign(state, { engine, execution });
    if (place === 'updates$') execution.updates$.subscribe(enter);
    if (place === 'book$') engine.book$('script', 'M').subscribe(enter);
    if (place === 'positions$') engine.positions$.subscribe(enter);
    if (place === 'orders$') engine.orders$.subscribe(enter);
    await pass(5_000);
    expect(entered).toBe(1);
    expect(failure).toBeNull();
    expect(venue.resting()).toEqual([]);
    const { outcome } = await execution.result;
    const isCut = ['cancel', 'halt', 'stop'].includes(deed);
    expect(outcome).toBe(isCut ? 'cancelled' : 'unfilled');
    await Promise.all([engine.stop(), pass(1_000)]);
    expect(given.log.filter(({ message }) => message.includes('broke'))).toEqual([]);
  });
});
