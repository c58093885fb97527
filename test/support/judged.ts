/** Runs every path of a world before a judge and keeps the first few verdicts with their paths. */
import { type Cover, edgeCover, type Subject } from './paths.ts';

export interface Judge<Event> {
  /** Told after each event, and once with null at the start. */
  readonly after: (event: Event | null) => void;
  /** The first rule that was broken, or null. */
  readonly verdict: () => string | null;
}

export interface Judged<Event> extends Cover<Event> {
  readonly broken: readonly string[];
}

const BROKEN_MAX = 5;

/** 'order.cancelled a 1': the type, and the words and numbers that come with it. */
const brief = (event: object): string =>
  Object.values(event)
    .filter((part) => typeof part !== 'object')
    .join(' ');

/** `begin` starts a subject whose actor is watched by the judge that it is given. */
export function judgedCover<Rig, Event extends object>(
  begin: (judge: (rig: Rig) => Judge<Event>) => Subject<Event>,
  judgeOf: (rig: Rig) => Judge<Event>,
): Judged<Event> {
  const broken: string[] = [];
  const cover = edgeCover(() =>
    begin((rig) => {
      const judge = judgeOf(rig);
      const path: Event[] = [];
      return {
        verdict: judge.verdict,
        after(event) {
          if (event !== null) path.push(event);
          const before = judge.verdict();
          judge.after(event);
          const verdict = judge.verdict();
          if (before === null && verdict !== null && broken.length < BROKEN_MAX)
            broken.push(`${verdict} after ${path.map(brief).join(', ')}`);
        },
      };
    }),
  );
  return { ...cover, broken };
}
