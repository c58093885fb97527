/**
 * Calls between one process and the venue: each is drawn a fate. A request that has left may land
 * late, twice or never; an answer may be lost; and what has landed is done, whoever hears of it.
 */
import { exponential, integer } from '../../src/env/draws.ts';
import type { ClockDoor } from './clock-door.ts';
import type { FaultName } from './faults.ts';
import type { Ground } from './ground.ts';

/** The venue refuses a request that was signed longer ago: what a proof of absence rests on. */
export const VALIDITY_MS = 55_000;

/** A call that is never answered ends for the client by then, or not at all. */
const RESET_MS = 8_000;

export interface Trip {
  readonly name: string;
  readonly isCommand: boolean;
  /** The venue will never do it: neither now nor later. */
  readonly dead: () => void;
}

export interface Latency {
  /** Mean of one way. */
  readonly meanMs: number;
  /** One in so many takes ten times as long; 0 for none. */
  readonly tail: number;
}

type Ending = 'told' | 'lost' | 'error' | 'garbled';

export class Network {
  /** While true all calls fail, as at a venue that is down. */
  isDown = false;
  /** While true no call is let in, as with a key that was revoked. */
  isShut = false;
  readonly #ground: Ground;
  readonly #latency: Latency;
  readonly #draws;

  constructor(ground: Ground, latency: Latency) {
    this.#ground = ground;
    this.#latency = latency;
    this.#draws = ground.random.fork('network');
  }

  delayMs(): number {
    const { meanMs, tail } = this.#latency;
    const slow = this.#draws.next() < tail ? 10 : 1;
    return 1 + Math.ceil(exponential(this.#draws, meanMs) * slow);
  }

  /** `land` is done at the venue; the promise is settled at the process, if it lives to see it. */
  call<T>(door: ClockDoor, trip: Trip, land: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const fail = (reason: string, afterMs: number): void =>
        this.#later(afterMs, () => door.arrive(() => reject(new Error(reason))));
      const answer = (value: T, ending: Ending): void => {
        if (ending === 'told') this.#later(this.delayMs(), () => door.arrive(() => resolve(value)));
        else if (ending === 'error') fail('502 bad gateway', this.delayMs());
        else if (ending === 'garbled') fail('200 without an order', this.delayMs());
        else if (!this.#strikes('hang')) fail('connection reset', RESET_MS);
      };
      const early = this.#failsEarly(trip);
      if (early !== null) {
        trip.dead();
        if (early !== 'silence') fail(early, this.delayMs());
        else answer(undefined as T, 'lost');
        return;
      }
      this.#land(trip, land, answer);
    });
  }

  /** Why it never lands; null where it does. */
  #failsEarly(trip: Trip): string | null {
    if (this.isDown) return '503 service unavailable';
    if (this.isShut && !trip.isCommand) return '401 unauthorized';
    if (!trip.isCommand) return this.#strikes('readFails') ? '500 internal error' : null;
    if (this.#strikes('requestLost')) return 'silence';
    return this.#strikes('errorBefore') ? '503 service unavailable' : null;
  }

  #land<T>(trip: Trip, land: () => T, answer: (value: T, ending: Ending) => void): void {
    const { clock, faults, trace } = this.#ground;
    const sentAtMs = clock.wallMs();
    const isLate = trip.isCommand && this.#strikes('requestLate');
    const waitMs = isLate ? integer(faults.random('requestLate'), 2_000, 50_000) : this.delayMs();
    const isDoubled = trip.isCommand && this.#strikes('requestTwice');
    const ending = this.#endingOf(trip);
    this.#later(waitMs, () => {
      if (clock.wallMs() - sentAtMs > VALIDITY_MS) return trip.dead();
      trace.note('lands', trip.name);
      const first = land();
      if (!isDoubled) return answer(first, ending);
      this.#later(this.delayMs(), () => answer(land(), ending));
    });
  }

  #endingOf({ isCommand }: Trip): Ending {
    if (isCommand && this.#strikes('answerLost')) return 'lost';
    if (isCommand && this.#strikes('errorAfter')) return 'error';
    if (isCommand && this.#strikes('garbled')) return 'garbled';
    return this.#strikes('hang') ? 'lost' : 'told';
  }

  #strikes(name: FaultName): boolean {
    return this.#ground.faults.strikes(name);
  }

  #later(waitMs: number, run: () => void): void {
    this.#ground.clock.setTimeout(run, waitMs);
  }
}
