/**
 * What may go wrong, by name. `call` spoils single answers or frames, with a probability; `state`
 * holds for as long as it is on; `event` happens once whenever it is set.
 */
import type { Random } from '../domain/ports.ts';
import { chance } from '../env/draws.ts';

export interface FaultFacts {
  readonly kind: 'call' | 'state' | 'event';
  readonly text: string;
}

const TABLE = {
  'lost-request': { kind: 'call', text: 'an order command is cut off on its way, and not done' },
  'lost-response': { kind: 'call', text: 'an order command is done, its answer never comes' },
  'late-accept': { kind: 'call', text: 'the connection is cut, and the order is taken 2 s later' },
  'error-after': { kind: 'call', text: 'an order command is done, the answer is a 500' },
  'error-before': { kind: 'call', text: 'an order command is answered with 503 and not done' },
  'error-on-read': { kind: 'call', text: 'a private listing or lookup is answered with 500' },
  'rate-limit-storm': { kind: 'state', text: 'every private call is answered with 429' },
  'garbled-body': { kind: 'call', text: 'an order command is done, its 2xx body ends half-way' },
  'empty-body': { kind: 'call', text: 'an order command is done, its 2xx body is {}' },
  'html-body': { kind: 'call', text: 'an order command is done, a 502 page in HTML comes back' },
  'html-page': { kind: 'call', text: 'a private call is done, a 200 page in HTML comes back' },
  'html-on-read': { kind: 'call', text: 'a private listing or lookup is answered by a 502 page' },
  'wrong-order': { kind: 'call', text: 'the answer to a cancel or amend names another order' },
  'slow-answers': { kind: 'call', text: 'a private call is answered 3 s late' },
  'socket-closed': { kind: 'event', text: 'every WebSocket is cut' },
  'socket-silent': { kind: 'state', text: 'WebSockets stay open and say nothing, no pings either' },
  'seq-gap': { kind: 'event', text: 'each subscription loses its next numbered frame' },
  'buffer-overflow': { kind: 'event', text: 'error 25: the book subscriptions are dead' },
  'huge-frame': { kind: 'event', text: 'a frame of 5 MiB' },
  'broken-utf8': { kind: 'event', text: 'a text frame that is no UTF-8' },
  'duplicate-fill': { kind: 'call', text: 'a fill frame comes twice' },
  'fill-before-ack': { kind: 'call', text: 'the answer to an order comes 0.25 s after its fills' },
  pause: { kind: 'state', text: 'trading is paused: nothing is placed, cancels work' },
  'weekly-pause': { kind: 'state', text: 'the same by the clock: Thursdays, 3 to 5 a.m. New York' },
  reactivation: {
    kind: 'event',
    text: 'all markets are deactivated for 1 s; coming back cancels what rests',
  },
  'clock-ahead': { kind: 'state', text: 'its clock is 60 s ahead: Date, stamps, signature window' },
  'tick-change': { kind: 'state', text: 'all markets have ticks of a tenth of a cent' },
  'read-lag': { kind: 'state', text: 'orders, fills, positions are told as they were 3 s ago' },
  'cancel-all-lingers': {
    kind: 'state',
    text: 'a cancel of everything also hits what is placed in the minute after',
  },
} as const satisfies Readonly<Record<string, FaultFacts>>;

export type FaultName = keyof typeof TABLE;

export const FAULTS: Readonly<Record<FaultName, FaultFacts>> = TABLE;

export const FAULT_NAMES = Object.keys(TABLE) as readonly FaultName[];

export const LATE_ACCEPT_MS = 2_000;
export const SLOW_MS = 3_000;
export const ACK_DELAY_MS = 250;
export const READ_LAG_MS = 3_000;
export const CLOCK_AHEAD_MS = 60_000;
export const REACTIVATION_MS = 1_000;
export const CANCEL_ALL_LINGERS_MS = 60_000;

export class Faults {
  readonly #random: Random;
  readonly #shares = new Map<FaultName, number>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** A share of 1 is always, one of 0 never. */
  set(name: FaultName, share: number): void {
    if (share === 0) this.#shares.delete(name);
    else this.#shares.set(name, share);
  }

  isOn(name: FaultName): boolean {
    return this.#shares.has(name);
  }

  /** Whether it strikes this time. */
  strikes(name: FaultName): boolean {
    const share = this.#shares.get(name) ?? 0;
    return share > 0 && (share >= 1 || chance(this.#random, share));
  }
}
