/**
 * A state as a stream: told to each new subscriber, and then once per macrotask in which something
 * moved. It keeps one value, however slow its consumers are, and nothing while nobody listens.
 */
import { Observable, ReplaySubject, share } from 'rxjs';
import type { Clock, TimerId } from '../../domain/ports.ts';

export interface NewestOptions<T> {
  readonly clock: Pick<Clock, 'setTimeout' | 'clearTimeout'>;
  /** Something may have changed; its end is the end of the stream. */
  readonly moved$: Observable<unknown>;
  /** The state now, frozen: `last` itself where nothing changed, null where there is none yet. */
  readonly read: (last: T | null) => T | null;
}

export const newest = <T>({ clock, moved$, read }: NewestOptions<T>): Observable<T> =>
  new Observable<T>((subscriber) => {
    let timer: TimerId | null = null;
    let last: T | null = null;
    const tell = (): void => {
      timer = null;
      const state = read(last);
      if (state === null || state === last) return;
      last = state;
      subscriber.next(state);
    };
    tell();
    const subscription = moved$.subscribe({
      next: () => {
        timer ??= clock.setTimeout(tell, 0);
      },
      complete: () => {
        if (timer !== null) clock.clearTimeout(timer);
        // What moved last is told before the end.
        tell();
        subscriber.complete();
      },
    });
    return () => {
      subscription.unsubscribe();
      if (timer !== null) clock.clearTimeout(timer);
    };
  }).pipe(share({ connector: () => new ReplaySubject<T>(1) }));
