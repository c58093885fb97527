/** The chart that explains charts: a model written by hand, drawn like all the others. */
import type { ChartModel, ChartNode, ChartTransition } from './chart-model.ts';

const BOX = 'key.box';

const node = (id: string, name: string, about: string | null): ChartNode => ({
  id,
  name,
  type: 'atomic',
  parent: BOX,
  children: [],
  initial: null,
  ended: false,
  transient: false,
  description: about,
  tags: [],
  entry: [],
  exit: [],
  invoke: [],
});

const transition = (source: string, target: string | null, event: string): ChartTransition => ({
  source,
  target,
  reenter: false,
  kind: 'event',
  eventType: event,
  event,
  guard: null,
  actions: [],
});

const inBox = [
  node('key.box.first', 'a beginning', 'A filled dot: here its box is entered.'),
  { ...node('key.box.choice', 'a choice', null), transient: true },
  {
    ...node('key.box.usual', 'on the journey', 'Blue: the way that most take.'),
    tags: ['a tag'],
    entry: ['done on the way in'],
  },
  node('key.box.side', 'a side state', 'Its ring: a row of a box leads here.'),
];

const children = inBox.map(({ id }) => id);

export const keyModel: ChartModel = {
  id: 'key',
  journey: [BOX, 'key.box.first', 'key.box.choice', 'key.box.usual', 'key.ended'],
  spawns: [],
  nodes: [
    {
      ...node('key', 'how to read a chart', 'The outer box is the machine, named at its top.'),
      parent: null,
      children: [BOX, 'key.ended'],
      initial: BOX,
    },
    {
      ...node(BOX, 'a box of states', 'What its rows say holds in every state within.'),
      type: 'compound',
      parent: 'key',
      children,
      initial: 'key.box.first',
    },
    ...inBox,
    { ...node('key.ended', 'an end', 'It rests here for ever.'), parent: 'key', ended: true },
  ],
  transitions: [
    { ...transition(BOX, null, 'an event'), guard: 'a guard', actions: ['what is done'] },
    { ...transition(BOX, 'key.box.side', 'a time-out'), kind: 'after' },
    transition('key.box.first', 'key.box.choice', 'an event'),
    { ...transition('key.box.choice', 'key.box.usual', ''), kind: 'always', guard: 'a guard' },
    { ...transition('key.box.choice', 'key.box.side', ''), kind: 'always', guard: 'else' },
    { ...transition('key.box.usual', 'key.ended', 'a child is done'), kind: 'done' },
    { ...transition('key.box.side', 'key.ended', 'a child failed'), kind: 'error' },
  ],
};
