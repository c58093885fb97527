/** What a state and an arrow say, as words in colours; it never decides where they stand. */
import { isToldInBox, type Words } from './arrows.ts';
import type { ChartModel, ChartNode, ChartTransition } from './chart-model.ts';
import type { Ink, Span } from './text-metrics.ts';

export type Sentence = readonly Span[];

const inked = (text: string, ink: Ink, bold = false): Span[] =>
  text.split(' ').map((word) => ({ text: word, ink, bold }));

const listed = (names: readonly string[], ink: Ink, bold = false): Span[] =>
  names.map((name, index) => ({ text: index < names.length - 1 ? `${name},` : name, ink, bold }));

/** The slash stays with the first action, whatever the line's length. */
const deeds = ([first, ...others]: readonly string[]): Span[] =>
  first === undefined ? [] : listed([`/ ${first}`, ...others], 'action');

export const noteOf = (text: string): Sentence => inked(text, 'note');

/** The rows of a state: what it runs, what it does on the way in and out, what it answers. */
export function rowsOf(node: ChartNode, model: ChartModel, words: Words): readonly Sentence[] {
  const nameOf = (id: string): string => model.nodes.find((one) => one.id === id)?.name ?? id;
  const within = model.transitions.filter(
    (one) => isToldInBox(one, model, words) && one.source === node.id,
  );
  return [
    ...node.invoke.map(({ id, source }) => [
      ...inked('⟳ invoke', 'done'),
      ...inked(id === source ? source : `${source} as ${id}`, 'action'),
    ]),
    ...(node.id !== model.id ? [] : model.spawns).map((id) => [
      ...inked('⟳ spawn', 'done'),
      ...inked(id, 'action'),
    ]),
    ...(node.entry.length === 0 ? [] : [[...inked('entry', 'always'), ...deeds(node.entry)]]),
    ...(node.exit.length === 0 ? [] : [[...inked('exit', 'always'), ...deeds(node.exit)]]),
    ...merged(within).map((group) => {
      const [first] = group;
      const sign = first.reenter && first.target === first.source ? '↻' : '•';
      const aim = first.target === null || first.target === node.id ? '' : nameOf(first.target);
      const isForbidden = first.target === null && first.actions.length === 0;
      return [
        ...inked(sign, first.kind),
        ...transitionSentence(group),
        ...(isForbidden ? inked('is not heard', 'note') : []),
        ...(aim === '' ? [] : listed([`→ ${aim}`], 'aim', true)),
      ];
    }),
  ];
}

/** The sentences on an arrow: one per transition, those that differ in the event alone as one. */
export const arrowSentences = (transitions: readonly ChartTransition[]): readonly Sentence[] =>
  merged(transitions).map(transitionSentence);

type Group = readonly [ChartTransition, ...ChartTransition[]];

function merged(transitions: readonly ChartTransition[]): readonly Group[] {
  const groups = new Map<string, [ChartTransition, ...ChartTransition[]]>();
  for (const one of transitions) {
    const key = JSON.stringify([one.kind, one.target, one.reenter, one.guard, one.actions]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

function transitionSentence(group: Group): Sentence {
  const [{ kind, guard, actions }] = group;
  // What happens at once needs no word for its event: its guard, which no event precedes, says it.
  if (kind === 'always' && guard !== null)
    return [...inked(`[${guard}]`, 'guard'), ...deeds(actions)];
  return [
    ...listed(
      group.map((one) => one.event),
      kind,
      true,
    ),
    ...(guard === null ? [] : inked(`[${guard}]`, 'guard')),
    ...deeds(actions),
  ];
}
