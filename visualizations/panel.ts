/** Sets sentences into a block of known size: a state's head and rows, or the label of an arrow. */
import type { ChartNode } from './chart-model.ts';
import { noteOf, type Sentence } from './sentences.ts';
import { type Line, textWidth, wrap, wrapEvenly } from './text-metrics.ts';

/** A line of text at its baseline, relative to the panel's upper left corner. */
export interface SetLine {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly line: Line;
}

export interface Chip {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly text: string;
}

export interface Panel {
  readonly width: number;
  readonly height: number;
  readonly lines: readonly SetLine[];
  readonly chips: readonly Chip[];
  /** Height of the rule between head and rows; null without rows. */
  readonly rule: number | null;
}

const SIZE = { title: 15, note: 11, row: 12, chip: 10 } as const;
const LEADING = { note: 14, row: 16 } as const;
const MARGIN = 10;
const HANG = 12;
const CHIP_HEIGHT = 15;

/** A state's name, tags, description and rows, wrapped at about `maxWidth` pixels. */
export function statePanel(node: ChartNode, rows: readonly Sentence[], maxWidth: number): Panel {
  const inner = maxWidth - 2 * MARGIN;
  const title = wrap([{ text: node.name, ink: 'title', bold: true }], SIZE.title, inner);
  const head = stack(title, SIZE.title, 20, 0);
  const titleWidth = textWidth(node.name, SIZE.title, true);
  const chips = setChips(node.tags, titleWidth, inner);
  const belowChips = Math.max(head.bottom, ...chips.map((chip) => chip.y + chip.height + 5));
  const noteLines =
    node.description === null ? [] : wrapEvenly(noteOf(node.description), SIZE.note, inner);
  const note = stack(noteLines, SIZE.note, LEADING.note, belowChips);
  const rule = rows.length === 0 ? null : note.bottom + 5;
  const rowLines = rows.flatMap((row) => wrap(row, SIZE.row, inner, HANG));
  const body = stack(rowLines, SIZE.row, LEADING.row, rule === null ? note.bottom : rule + 4);
  const lines = [...head.lines, ...note.lines, ...body.lines];
  return framed(lines, chips, body.bottom, rule);
}

/** The words on an arrow, one sentence under the other. */
export function labelPanel(sentences: readonly Sentence[], maxWidth: number): Panel {
  const lines = sentences.flatMap((sentence) => wrap(sentence, SIZE.row, maxWidth, HANG));
  const body = stack(lines, SIZE.row, LEADING.row, 0);
  const width = Math.max(...body.lines.map(rightEnd)) + 12;
  const moved = body.lines.map((one) => ({ ...one, x: one.x + 6, y: one.y + 3 }));
  return { width: Math.ceil(width), height: body.bottom + 6, lines: moved, chips: [], rule: null };
}

function framed(
  lines: readonly SetLine[],
  chips: readonly Chip[],
  bottom: number,
  rule: number | null,
): Panel {
  const content = Math.max(...lines.map(rightEnd), ...chips.map((chip) => chip.x + chip.width));
  return {
    width: Math.ceil(content + 2 * MARGIN),
    height: bottom + 15,
    lines: lines.map((one) => ({ ...one, x: one.x + MARGIN, y: one.y + 7 })),
    chips: chips.map((one) => ({ ...one, x: one.x + MARGIN, y: one.y + 8 })),
    rule: rule === null ? null : rule + 7,
  };
}

const rightEnd = (one: SetLine): number => one.x + one.line.width;

function stack(lines: readonly Line[], size: number, leading: number, top: number) {
  const set = lines.map((line, index): SetLine => {
    const baseline = top + index * leading + (leading + size * 0.72) / 2;
    return { x: line.indent, y: Math.round(baseline * 10) / 10, size, line };
  });
  return { lines: set, bottom: top + lines.length * leading };
}

/** Chips stand to the right of the name, and go on below it when the line is full. */
function setChips(tags: readonly string[], titleWidth: number, inner: number): readonly Chip[] {
  const chips: Chip[] = [];
  let x = titleWidth + 8;
  let y = 1;
  for (const text of tags) {
    const width = textWidth(text, SIZE.chip) + 10;
    if (x > 0 && x + width > inner) {
      x = 0;
      y += CHIP_HEIGHT + 4;
    }
    chips.push({ x, y, width, height: CHIP_HEIGHT, text });
    x += width + 4;
  }
  return chips;
}

export const CHIP_TEXT_SIZE = SIZE.chip;
