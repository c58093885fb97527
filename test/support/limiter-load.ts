/** Callers that want more than a venue allows, and what the venue then saw of them. */
import type { OrderReport } from '../../src/domain/order.ts';
import { chance, integer } from '../../src/env/draws.ts';
import { seededRandom } from '../../src/env/seeded-random.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { Gateway } from '../../src/gateway/gateway.ts';
import type { CallLimits } from '../../src/risk/rate-limiter.ts';
import { commandOf, OPEN_GATE } from './commands.ts';
import { ScriptedVenue } from './scripted-venue.ts';

interface Weighed {
  readonly atMs: number;
  readonly weight: number;
}

/** The most of any stretch of `windowMs`, both of its ends included; times ascend. */
export function fullest(calls: readonly Weighed[], windowMs: number): number {
  let [first, sum, most] = [0, 0, 0];
  for (const { atMs, weight } of calls) {
    sum += weight;
    for (let left = calls[first]; left !== undefined && atMs - left.atMs > windowMs; ) {
      sum -= left.weight;
      left = calls[(first += 1)];
    }
    most = Math.max(most, sum);
  }
  return most;
}

export interface Load {
  readonly callers: number;
  readonly minutes: number;
  readonly limits: CallLimits | readonly CallLimits[];
}

export interface LoadSeen {
  readonly sent: number;
  readonly refused: number;
  readonly cancelsRefused: number;
  /** Calls in the fullest stretch of a minute. */
  readonly fullestMinute: number;
  readonly fullestSecond: number;
}

/** Each caller places, waits for its answer, sometimes cancels, and soon wants the next one. */
export async function hammer({ callers, minutes, limits }: Load): Promise<LoadSeen> {
  const clock = new VirtualClock();
  const venue = new ScriptedVenue({ clock });
  const random = seededRandom(`limiter ${callers}`);
  const told = new Map<string, (report: OrderReport) => void>();
  let [refused, cancelsRefused, drawn] = [0, 0, 0];
  const gateway = new Gateway({
    venue,
    clock,
    callLimits: limits,
    stateFor: () => OPEN_GATE,
    onCall: () => undefined,
    report: ({ kind }, report) => {
      if (report.type === 'order.notSent') {
        refused += 1;
        if (kind === 'cancel') cancelsRefused += 1;
      }
      told.get(report.clientOrderId)?.(report);
    },
  });
  const call = (caller: string): void => {
    drawn += 1;
    const id = `${caller}-${drawn}`;
    const next = (): void => {
      told.delete(id);
      clock.setTimeout(() => call(caller), integer(random, 0, 400));
    };
    told.set(id, ({ type }) => {
      if (type !== 'order.accepted' || chance(random, 0.5)) return next();
      told.set(id, next);
      gateway.dispatch(commandOf('cancel', id, caller));
    });
    gateway.dispatch(commandOf('submit', id, caller));
  };
  for (let caller = 0; caller < callers; caller += 1) call(`c${caller}`);
  await clock.run({ untilMs: minutes * 60_000 });
  gateway.stop();
  const calls = venue.calls.map(({ atMs }) => ({ atMs, weight: 1 }));
  const [fullestMinute, fullestSecond] = [fullest(calls, 60_000), fullest(calls, 1_000)];
  return { sent: calls.length, refused, cancelsRefused, fullestMinute, fullestSecond };
}
