/**
 * Processes that die: each has its own doors to one clock, one venue and one disk, and once it is
 * killed nothing passes them any more, in either direction. The world goes on.
 */
import type { Clock, Venue } from '../../src/domain/ports.ts';
import type { Store } from '../../src/domain/records.ts';
import { openStore } from '../../src/store/open-store.ts';
import { connectSqlite, type Sqlite } from '../../src/store/sqlite.ts';

/** What a process does to the outside: a kill falls right before one of these. */
export type Step = 'commit' | 'committed' | 'call' | 'called' | 'turn';

/** A disk in memory: opened again and again, and never lost. */
export class MemoryDisk {
  readonly #files: Sqlite[] = [];

  open(leastEpoch: number): Store {
    let opened = 0;
    return openStore({ file: ':memory:', leastEpoch }, (path, timeout) => {
      const file = this.#files[opened] ?? connectSqlite(path, timeout);
      this.#files[opened] = file;
      opened += 1;
      return kept(file);
    });
  }
}

/** A connection that outlives whoever closes it. */
const kept = (file: Sqlite): Sqlite =>
  new Proxy(file, {
    get(target, name) {
      if (name === 'close') return () => target;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });

const never = <Result>(): Promise<Result> => new Promise(() => undefined);

export class Process {
  readonly steps: Step[] = [];
  readonly clock: Clock;
  readonly venue: Venue;
  #isDead = false;
  readonly #killAt: number;

  /** It dies before its step number `killAt`, counted from 0; `Infinity`: it lives. */
  constructor(clock: Clock, venue: Venue, killAt = Infinity) {
    this.#killAt = killAt;
    this.clock = this.#clockDoor(clock);
    this.venue = this.#venueDoor(venue);
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  kill(): void {
    this.#isDead = true;
  }

  /** For `onTurn`. */
  readonly turn = (): void => void this.#survives('turn');

  storeDoor(store: Store): Store {
    const commit: Store['commit'] = (turn) => {
      if (!this.#survives('commit')) return;
      store.commit(turn);
      this.#survives('committed');
    };
    const keep: Store['keep'] = (account) => {
      if (!this.#isDead) store.keep(account);
    };
    return new Proxy(store, {
      get: (target, name) => {
        if (name === 'commit') return commit;
        if (name === 'keep') return keep;
        return Reflect.get(target, name, target) as unknown;
      },
    });
  }

  #survives(step: Step): boolean {
    if (this.#isDead) return false;
    if (this.steps.length >= this.#killAt) this.#isDead = true;
    else this.steps.push(step);
    return !this.#isDead;
  }

  #clockDoor(clock: Clock): Clock {
    return {
      wallMs: () => clock.wallMs(),
      monotonicMs: () => clock.monotonicMs(),
      setTimeout: (callback, delayMs) =>
        clock.setTimeout(() => {
          if (!this.#isDead) callback();
        }, delayMs),
      clearTimeout: (id) => clock.clearTimeout(id),
    };
  }

  #venueDoor(venue: Venue): Venue {
    const command =
      <Given, Result>(send: (given: Given) => Promise<Result>) =>
      (given: Given): Promise<Result> => {
        if (!this.#survives('call')) return never();
        const answer = send(given);
        if (!this.#survives('called')) return never();
        return answer.then((result) => (this.#isDead ? never<Result>() : result));
      };
    const doors: Partial<Venue> = {
      capabilities: { ...venue.capabilities, outlivesEngine: true },
      reports$: {
        subscribe: (listener) =>
          venue.reports$.subscribe((report) => {
            if (!this.#isDead) listener(report);
          }),
      },
      submit: command((request) => venue.submit(request)),
      cancel: command((ref) => venue.cancel(ref)),
    };
    const amend = venue.amend?.bind(venue);
    if (amend !== undefined) Object.assign(doors, { amend: command(amend) });
    return new Proxy(venue, {
      get: (target, name) => {
        if (Object.hasOwn(doors, name)) return Reflect.get(doors, name) as unknown;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }
}
