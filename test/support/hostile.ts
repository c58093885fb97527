/**
 * A run on a venue that fails in every way a script can name, until it turns honest: then all must
 * end. The decider of these runs is restless, so that orders are amended, cancelled and sent anew.
 */
import fc from 'fast-check';
import type { Directive, ExecutionView } from '../../src/algorithms/algorithm.ts';
import { ticks } from '../../src/domain/numbers.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { algorithm, placing, type Rig, type RigOptions, START_MS, startRig } from './rig.ts';
import { HONEST, type Plan, ScriptedVenue } from './scripted-venue.ts';

export interface HostileScript {
  readonly amends: boolean;
  readonly whenStale: 'cancel' | 'keep';
  readonly quantities: readonly number[];
  readonly plans: readonly Plan[];
  /** Delays at which a report is told; none: it is lost. */
  readonly told: readonly (readonly number[])[];
  readonly events: readonly HostileEvent[];
}

interface HostileEvent {
  readonly afterMs: number;
  readonly what:
    | 'fill'
    | 'end'
    | 'expire'
    | 'revert'
    | 'copy'
    | 'gap'
    | 'live'
    | 'cancel'
    | 'restate';
  readonly which: number;
  readonly quantity: number;
}

const plan: fc.Arbitrary<Plan> = fc.record({
  arrives: fc.boolean(),
  reply: fc.constantFrom(
    'truth',
    'truth',
    'truth',
    'reject',
    'ambiguous',
    'exists',
    'throw',
    'never',
  ),
  entryMs: fc.constantFrom(1, 30, 400),
  replyMs: fc.constantFrom(1, 30, 400),
});

export const hostileScript: fc.Arbitrary<HostileScript> = fc.record({
  amends: fc.boolean(),
  whenStale: fc.constantFrom('cancel', 'keep'),
  quantities: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 3 }),
  plans: fc.array(
    fc.oneof({ weight: 2, arbitrary: fc.constant(HONEST) }, { weight: 1, arbitrary: plan }),
    {
      minLength: 1,
      maxLength: 12,
    },
  ),
  told: fc.array(fc.constantFrom([5], [5], [1], [1, 1], [1, 700], [900], []), {
    minLength: 1,
    maxLength: 6,
  }),
  events: fc.array(
    fc.record({
      afterMs: fc.integer({ min: 0, max: 900 }),
      what: fc.constantFrom(
        ...(['fill', 'fill', 'fill', 'end', 'expire', 'revert', 'copy'] as const),
        ...(['gap', 'live', 'cancel', 'restate'] as const),
      ),
      which: fc.nat(9),
      quantity: fc.integer({ min: 1, max: 9 }),
    }),
    { minLength: 4, maxLength: 24 },
  ),
});

const at = <T>(all: readonly T[], index: number): T | undefined =>
  all.length === 0 ? undefined : all[index % all.length];

/** Every 200 ms it does something else with what it has. */
function fidget(view: ExecutionView): readonly Directive[] {
  const beat = Math.floor(view.nowMs / 200);
  const order = at(
    view.orders.filter(({ working, busy }) => working && !busy),
    beat,
  );
  const wake: Directive = { kind: 'waitUntil', timeMs: view.nowMs + 200, reason: 'restless' };
  if (view.unreleased > 0 && beat % 3 !== 0) {
    const half = Math.max(1, Math.floor(view.unreleased / 2));
    return [placing(44 + (beat % 4), half), wake];
  }
  if (order === undefined) return [wake];
  const { splitOrderId } = order;
  if (beat % 5 === 0) return [{ kind: 'cancel', splitOrderId, reason: 'restless' }, wake];
  const price = ticks(43 + (beat % 6));
  return [{ kind: 'reprice', splitOrderId, price, reason: 'restless' }, wake];
}

export const restless = algorithm(
  'restless',
  (view) => ({ directives: fidget(view), state: { beats: 1 } }),
  (view) => ({ directives: fidget(view), state: { beats: view.nowMs % 1_000 } }),
  { touch: true, trade: false },
);

export async function hostileRun(
  script: HostileScript,
  watch: (rig: Rig, venue: ScriptedVenue) => void = () => undefined,
  options: Partial<RigOptions> = {},
): Promise<Rig> {
  const clock = new VirtualClock(START_MS);
  const venue = new ScriptedVenue({ clock, amends: script.amends });
  const { whenStale } = script;
  const rig = await startRig({ venue, clock, whenStale, algorithms: [restless], ...options });
  watch(rig, venue);
  let calls = 0;
  let reports = 0;
  venue.plan = () => at(script.plans, calls++) ?? HONEST;
  venue.told = () => at(script.told, reports++) ?? [5];
  venue.snapshot();
  for (const quantity of script.quantities)
    rig.execute({
      quantity: String(quantity),
      timeLimitMs: 8_000,
      algorithm: { name: 'restless' },
    });
  for (const event of script.events) {
    await rig.pass(event.afterMs);
    happen(event, rig, venue);
  }
  venue.plan = () => HONEST;
  venue.told = () => [5];
  await rig.pass(1_000);
  venue.snapshot();
  await rig.settle();
  await rig.pass(2_000);
  return rig;
}

function happen({ what, which, quantity }: HostileEvent, rig: Rig, venue: ScriptedVenue): void {
  const order = at(venue.resting(), which);
  const fill = at(venue.fills, which);
  const symbol = 'M';
  switch (what) {
    case 'fill':
      if (order !== undefined) venue.fill(order.request.clientOrderId, quantity);
      return;
    case 'end':
    case 'expire': {
      const status = what === 'end' ? 'cancelled' : 'expired';
      if (order !== undefined) venue.end(order.request.clientOrderId, status);
      return;
    }
    case 'copy':
    case 'revert': {
      if (fill === undefined) return;
      const { clientOrderId, fillId } = fill;
      if (what === 'copy') venue.report(symbol, { type: 'order.filled', clientOrderId, fill });
      else venue.revert(fillId);
      return;
    }
    case 'gap':
      return venue.book$(symbol).next({ type: 'book.gap', symbol, expected: 1, received: 3 });
    case 'live':
      return venue.snapshot();
    case 'cancel': {
      const record = at([...rig.runtime.records.values()], which);
      if (record !== undefined && quantity > 7)
        rig.runtime.tell(record.id, {
          type: 'execution.cancel',
          reason: 'enough',
          urgent: quantity === 9,
        });
      return;
    }
    case 'restate': {
      if (order === undefined) return;
      const { price, quantity: total, clientOrderId } = order.request;
      venue.report(symbol, { type: 'order.restated', clientOrderId, price, quantity: total });
    }
  }
}
