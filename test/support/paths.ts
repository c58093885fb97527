/**
 * Edge cover with unhandled events: the shortest way to every reachable state, then every event of
 * the alphabet as the last step, those that the state does not handle included.
 */
import { invariant } from '../../src/domain/errors.ts';

/** A running actor, seen as an open system: whatever another would say to it is an input. */
export interface Subject<Event> {
  send(event: Event): void;
  /** Called before the last step: those before it were looked at as last steps of their own. */
  watch(): void;
  /** A written projection of the state: the value, and what guards read of the context. */
  key(): string;
  /** What may come next here; the same whether the state handles it or not. */
  alphabet(): readonly Event[];
  /** False beyond the bound of the exploration: the state is judged, and not left. */
  goesOn(): boolean;
  stop(): void;
}

/** More states mean that the projection has an unbounded part. */
const STATES_MAX = 5_000;

export interface Cover<Event> {
  readonly paths: readonly (readonly Event[])[];
  readonly states: number;
}

/** Each path starts a new actor; `start` may attach judges, which then see every path. */
export function edgeCover<Event>(start: () => Subject<Event>): Cover<Event> {
  const paths: (readonly Event[])[] = [];
  const known = new Set<string>();
  const open: (readonly Event[])[] = [];

  const arrive = (path: readonly Event[]): readonly Event[] => {
    const subject = start();
    for (const [step, event] of path.entries()) {
      if (step === path.length - 1) subject.watch();
      subject.send(event);
    }
    if (path.length === 0) subject.watch();
    const key = subject.key();
    const next = subject.goesOn() ? subject.alphabet() : [];
    subject.stop();
    if (known.has(key)) return [];
    known.add(key);
    invariant(known.size <= STATES_MAX, 'an exploration is finite', key);
    open.push(path);
    return next;
  };

  const alphabets = new Map<readonly Event[], readonly Event[]>();
  const visit = (path: readonly Event[]): void => {
    const next = arrive(path);
    alphabets.set(path, next);
  };
  visit([]);
  for (const prefix of open)
    for (const event of alphabets.get(prefix) ?? []) {
      const path = [...prefix, event];
      paths.push(path);
      visit(path);
    }
  return { paths, states: known.size };
}
