/**
 * Which states and transitions of a machine were taken, told by its microsteps. Each guarded branch
 * and each `always` counts apart; a forbidden event (`undefined`) has nothing to take.
 */
import type {
  AnyActor,
  AnyMachineSnapshot,
  AnyStateMachine,
  InspectionEvent,
  StateValue,
} from 'xstate';

type Node = AnyStateMachine['root'];
type Transition = Node['always'] extends readonly (infer T)[] | undefined ? T : never;

export interface Coverage {
  /** Counts what the whole system of an actor does from now on. */
  watch(actor: AnyActor): void;
  readonly states: ReadonlySet<string>;
  readonly transitions: ReadonlySet<string>;
}

const isForbidden = ({ target, actions, guard }: Transition): boolean =>
  target === undefined && actions.length === 0 && guard === undefined;

const nameOf = ({ source, eventType }: Transition, branch: number): string =>
  `${source.id} --${eventType || 'always'}--> #${branch}`;

const branchesOf = (node: Node): readonly (readonly Transition[])[] => [
  ...node.transitions.values(),
  ...(node.always === undefined ? [] : [node.always]),
];

const nodesOf = (node: Node): readonly Node[] => [
  node,
  ...Object.values(node.states).flatMap((child) => nodesOf(child)),
];

export const leavesOf = (machine: AnyStateMachine): readonly string[] =>
  nodesOf(machine.root)
    .filter(({ states }) => Object.keys(states).length === 0)
    .map(({ id }) => id);

export const transitionsOf = (machine: AnyStateMachine): readonly string[] =>
  nodesOf(machine.root)
    .flatMap(branchesOf)
    .flatMap((branches) =>
      branches.flatMap((branch, index) => (isForbidden(branch) ? [] : [nameOf(branch, index)])),
    );

/** 'working.placed' of { working: 'placed' }. */
export const pathOf = (value: StateValue): string =>
  typeof value === 'string'
    ? value
    : Object.entries(value)
        .map(([name, inner]) => `${name}.${pathOf(inner ?? '')}`)
        .join(' ');

const names = new WeakMap<Transition, string>();

/** A transition is one object for the life of its machine: it is looked up once. */
const lookUp = (taken: Transition): string => {
  const known = names.get(taken);
  if (known !== undefined) return known;
  const branches = branchesOf(taken.source).find((some) => some.includes(taken)) ?? [];
  const name = nameOf(taken, branches.indexOf(taken));
  names.set(taken, name);
  return name;
};

/** The one place that reads `_transitions`, which XState does not promise to keep. */
const takenBy = (event: InspectionEvent): readonly string[] =>
  // oxlint-disable-next-line no-underscore-dangle -- nothing else tells which branch was taken
  event.type === '@xstate.microstep' ? event._transitions.map(lookUp) : [];

/** One for each region that is active. */
const statesOf = ({ machine, value }: AnyMachineSnapshot): readonly string[] =>
  pathOf(value as StateValue)
    .split(' ')
    .map((path) => `${machine.id}.${path}`);

const isOfMachine = (snapshot: object): snapshot is AnyMachineSnapshot => 'machine' in snapshot;

export function startCoverage(): Coverage {
  const states = new Set<string>();
  const transitions = new Set<string>();
  const inspect = (event: InspectionEvent): void => {
    for (const name of takenBy(event)) transitions.add(name);
    if (event.type === '@xstate.microstep' && isOfMachine(event.snapshot))
      for (const state of statesOf(event.snapshot)) states.add(state);
  };
  return {
    states,
    transitions,
    watch(actor) {
      const snapshot: unknown = actor.getSnapshot();
      if (typeof snapshot === 'object' && snapshot !== null && isOfMachine(snapshot))
        for (const state of statesOf(snapshot)) states.add(state);
      actor.system.inspect(inspect);
    },
  };
}

export interface Uncovered {
  readonly line: string;
  readonly missing: readonly string[];
}

/** One line of counts, and what was never seen. */
export function compare(machine: AnyStateMachine, coverage: Coverage): Uncovered {
  const leaves = leavesOf(machine);
  const transitions = transitionsOf(machine);
  const missing = [
    ...leaves.filter((id) => !coverage.states.has(id)),
    ...transitions.filter((name) => !coverage.transitions.has(name)),
  ];
  const seen = (all: readonly string[], set: ReadonlySet<string>) =>
    `${all.filter((name) => set.has(name)).length}/${all.length}`;
  const line =
    `${machine.id}: states ${seen(leaves, coverage.states)}, ` +
    `transitions ${seen(transitions, coverage.transitions)}`;
  return { line, missing };
}
