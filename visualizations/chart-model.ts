/**
 * Reads a machine into plain nodes and transitions, the form that is written as JSON beside each
 * picture. It never runs the machine, and knows nothing of boxes, fonts or colours.
 */

/** The part of an XState machine that is read; XState's own types fit it. */
export interface MachineLike {
  readonly root: StateLike;
  readonly implementations: { readonly delays?: object; readonly actors?: object };
}

interface StateLike {
  readonly id: string;
  readonly key: string;
  readonly type: ChartNode['type'];
  readonly history: unknown;
  readonly description?: string | undefined;
  readonly meta?: { readonly journey?: readonly string[] } | undefined;
  readonly tags: readonly string[];
  readonly entry: readonly unknown[];
  readonly exit: readonly unknown[];
  readonly invoke: readonly { readonly id: string; readonly src: unknown }[];
  readonly initial?: { readonly target?: readonly { readonly id: string }[] | undefined };
  readonly states: Readonly<Record<string, StateLike>>;
  readonly transitions: ReadonlyMap<string, readonly TransitionLike[]>;
  readonly always?: readonly TransitionLike[] | undefined;
}

interface TransitionLike {
  readonly eventType: string;
  readonly target?: readonly { readonly id: string }[] | undefined;
  readonly reenter?: boolean;
  readonly guard?: unknown;
  readonly actions: readonly unknown[];
}

export interface ChartNode {
  readonly id: string;
  readonly name: string;
  readonly type: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  readonly parent: string | null;
  readonly children: readonly string[];
  readonly initial: string | null;
  /** Rests for ever: final, or tagged `final` (or within such a state), and not left at once. */
  readonly ended: boolean;
  /** Left at once: a choice, not a place to rest. */
  readonly transient: boolean;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly entry: readonly string[];
  readonly exit: readonly string[];
  readonly invoke: readonly { readonly id: string; readonly source: string }[];
}

export type EventKind = 'event' | 'after' | 'done' | 'error' | 'always';

export interface ChartTransition {
  readonly source: string;
  /** null: internal, the state is not left. */
  readonly target: string | null;
  readonly reenter: boolean;
  readonly kind: EventKind;
  /** XState's descriptor, for whoever lights the transition up. */
  readonly eventType: string;
  /** The event in a reader's words. */
  readonly event: string;
  /** `else` is the unguarded last branch of an event whose earlier branches are guarded. */
  readonly guard: string | null;
  readonly actions: readonly string[];
}

export interface ChartModel {
  readonly id: string;
  /** The way that most take: states, each reached from the one before. */
  readonly journey: readonly string[];
  /** The machines that it may start. */
  readonly spawns: readonly string[];
  readonly nodes: readonly ChartNode[];
  readonly transitions: readonly ChartTransition[];
}

/** Nodes in document order, the root first; transitions in the order in which XState tries them. */
export function chartModel(machine: MachineLike): ChartModel {
  const nodes: ChartNode[] = [];
  const transitions: ChartTransition[] = [];
  const visit = (state: StateLike, parent: ChartNode | null): void => {
    if (parent !== null && state.id !== `${parent.id}.${state.key}`) {
      throw new Error(`a state keeps the id of its path, ${parent.id}.${state.key} is ${state.id}`);
    }
    const node = nodeOf(state, parent);
    nodes.push(node);
    const branches = [...state.transitions.values(), state.always ?? []];
    for (const list of branches) transitions.push(...transitionsOf(state, list, machine));
    for (const child of Object.values(state.states)) visit(child, node);
  };
  visit(machine.root, null);
  const journey = machine.root.meta?.journey ?? [];
  const { id } = machine.root;
  return {
    id,
    journey: journey.map((path) => `${id}.${path}`),
    spawns: spawnsOf(machine),
    nodes,
    transitions,
  };
}

/** Actors that are machines have a root, and its id; observables and promises have none. */
function spawnsOf({ implementations }: MachineLike): readonly string[] {
  const actors: readonly { readonly root?: StateLike }[] = Object.values(
    implementations.actors ?? {},
  );
  return actors.flatMap(({ root }) => root?.id ?? []);
}

function nodeOf(state: StateLike, parent: ChartNode | null): ChartNode {
  const passes = state.always?.some(({ guard }) => guard === undefined) ?? false;
  const rests = state.type === 'final' || state.tags.includes('final') || parent?.ended === true;
  const kindOfHistory = state.history === 'deep' ? ['deep history'] : ['history'];
  return {
    id: state.id,
    name: state.key,
    type: state.type,
    parent: parent?.id ?? null,
    children: Object.values(state.states).map((child) => child.id),
    initial: state.initial?.target?.[0]?.id ?? null,
    ended: rests && !passes,
    transient: passes,
    description: state.description ?? null,
    tags: state.type === 'history' ? kindOfHistory : state.tags.filter((tag) => tag !== 'final'),
    entry: state.entry.filter(isOwnAction).map(nameOf),
    exit: state.exit.filter(isOwnAction).map(nameOf),
    invoke: state.invoke.map(({ id, src }) => ({ id, source: nameOf(src) })),
  };
}

function transitionsOf(
  state: StateLike,
  branches: readonly TransitionLike[],
  machine: MachineLike,
): ChartTransition[] {
  return branches.flatMap((branch, index) => {
    const shared = {
      source: state.id,
      reenter: branch.reenter === true,
      eventType: branch.eventType,
      ...eventInWords(branch.eventType, machine),
      guard: branch.guard === undefined ? (index > 0 ? 'else' : null) : nameOf(branch.guard),
      actions: branch.actions.map(nameOf),
    };
    const targets = branch.target?.map(({ id }) => id) ?? [null];
    return targets.map((target) => ({ ...shared, target }));
  });
}

/** XState arms and clears the timers of `after` with actions that no author wrote. */
function isOwnAction(action: unknown): boolean {
  return !/^xstate\.(raise|cancel)$/.test(nameOf(action));
}

interface Named {
  readonly type?: unknown;
  readonly name?: unknown;
  readonly params?: unknown;
  readonly guards?: readonly unknown[];
  readonly check?: { readonly name: string };
}

/** `name`, `name(key: value)` for fixed parameters, `not a`, `a and b` for combined guards. */
function nameOf(part: unknown): string {
  if (typeof part === 'string') return part;
  const { type, name, params, guards, check }: Named = part as Named;
  if (guards !== undefined && check !== undefined) {
    const operator = check.name.replace('check', '').toLowerCase();
    const names = guards.map(nameOf);
    return operator === 'not' ? `not ${names.join()}` : names.join(` ${operator} `);
  }
  const shown = typeof type === 'string' ? type : typeof name === 'string' ? name : '';
  return (shown === '' ? 'inline' : shown) + parametersInWords(params);
}

function parametersInWords(params: unknown): string {
  if (typeof params === 'string') return `(${params})`;
  if (typeof params !== 'object' || params === null) return '';
  const pairs = Object.entries(params).map(([key, value]) => `${key}: ${String(value)}`);
  return `(${pairs.join(', ')})`;
}

function eventInWords(type: string, machine: MachineLike): { kind: EventKind; event: string } {
  const [, word = '', rest = ''] =
    /^xstate\.(after|done\.actor|done\.state|error\.actor)\.(.+)$/.exec(type) ?? [];
  const actor = rest === '*' ? 'any child' : rest;
  if (word === 'after') return { kind: 'after', event: `after ${delayInWords(rest, machine)}` };
  if (word === 'done.actor') return { kind: 'done', event: `done: ${actor}` };
  if (word === 'done.state') return { kind: 'done', event: 'done' };
  if (word === 'error.actor') return { kind: 'error', event: `error: ${actor}` };
  if (type === '') return { kind: 'always', event: 'always' };
  return { kind: 'event', event: type === '*' ? 'any other event' : type };
}

function delayInWords(rest: string, machine: MachineLike): string {
  const [delay = ''] = rest.split('.');
  const delays: Readonly<Record<string, unknown>> = { ...machine.implementations.delays };
  const milliseconds = /^\d+$/.test(delay) ? Number(delay) : delays[delay];
  if (typeof milliseconds !== 'number') return delay;
  const time = milliseconds % 1000 === 0 ? `${milliseconds / 1000} s` : `${milliseconds} ms`;
  return /^\d+$/.test(delay) ? time : `${delay} (${time})`;
}
