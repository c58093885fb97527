/** Every text of a chart, set into blocks of known size. It knows no places. */
import { type Arrow, isToldInBox, type Words } from './arrows.ts';
import type { ChartModel, ChartNode } from './chart-model.ts';
import { labelPanel, type Panel, statePanel } from './panel.ts';
import { arrowSentences, rowsOf, type Sentence } from './sentences.ts';

/** One way to lay a chart out; several are tried. */
export interface Manner {
  readonly words: Words;
  /** The text of a box that arrows enter from above: across it all the same, or beside them. */
  readonly head: 'band' | 'beside';
  /** Starts ELK's search for few crossings: other seeds find other pictures of the same chart. */
  readonly seed: number;
}

export interface Texts {
  readonly panels: ReadonlyMap<string, Panel>;
  readonly labels: ReadonlyMap<string, Panel>;
}

/** Pixels for the head of a box, by its id: known once the box has been laid out. */
export type Rooms = ReadonlyMap<string, number>;

/** Longer lines are hard to come back from. */
const WIDEST_HEAD = 640;

export function textsOf(
  model: ChartModel,
  arrows: readonly Arrow[],
  manner: Manner,
  rooms: Rooms,
): Texts {
  const panels = model.nodes.map((node) => {
    const rows = rowsOf(node, model, manner.words);
    return [node.id, statePanelIn(rooms.get(node.id), node, rows)] as const;
  });
  const labels = arrows.flatMap(({ id, transitions }) => {
    const told = transitions.filter((one) => !isToldInBox(one, model, manner.words));
    if (told.length === 0) return [];
    return [[id, labelPanelOf(arrowSentences(told))] as const];
  });
  return { panels: new Map(panels), labels: new Map(labels) };
}

function statePanelIn(room: number | undefined, node: ChartNode, rows: readonly Sentence[]): Panel {
  if (room !== undefined) return statePanel(node, rows, Math.min(room, WIDEST_HEAD));
  return firstFlat(0.8, (width) => statePanel(node, rows, width + 20));
}

const labelPanelOf = (sentences: readonly Sentence[]): Panel =>
  firstFlat(0.5, (width) => labelPanel(sentences, width));

/** A text gets the first of these widths at which it is not too tall. */
const TEXT_WIDTHS = [170, 210, 250, 290] as const;
const WIDEST_TEXT = 330;

function firstFlat(steepest: number, set: (width: number) => Panel): Panel {
  const narrow = TEXT_WIDTHS.map(set);
  return narrow.find(({ width, height }) => height < steepest * width) ?? set(WIDEST_TEXT);
}

export function sizeOf(panels: ReadonlyMap<string, Panel>, id: string): Panel {
  const panel = panels.get(id);
  if (panel === undefined) throw new Error(`everything drawn has a panel, ${id} has none`);
  return panel;
}
