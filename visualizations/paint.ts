/**
 * The colours of a chart by day and by night, as a style sheet, and which of them are too faint to
 * be read. Pictures name what a thing is; what that looks like is said here alone.
 */
import type { Ink } from './text-metrics.ts';

type Surface = 'paper' | 'box' | 'nest' | 'endedBox' | 'chip';
type Stroke = 'line' | 'main' | 'border' | 'ended' | 'choice';

export interface Theme {
  readonly surfaces: Readonly<Record<Surface, string>>;
  readonly strokes: Readonly<Record<Stroke, string>>;
  readonly inks: Readonly<Record<Ink, string>>;
  /** Edges of labels and rules between a head and its rows: seen, but no more. */
  readonly hairline: string;
}

export const LIGHT: Theme = {
  surfaces: {
    paper: '#ffffff',
    box: '#ffffff',
    nest: '#f3f6fb',
    endedBox: '#f2faf3',
    chip: '#e6ecf6',
  },
  strokes: {
    line: '#5a6880',
    main: '#1757c2',
    border: '#7f8fac',
    ended: '#2e7d32',
    choice: '#7f8fac',
  },
  inks: {
    title: '#151b26',
    note: '#55617a',
    event: '#1f4690',
    after: '#9a5200',
    done: '#276c2b',
    error: '#b00020',
    always: '#5c6473',
    guard: '#7a3e9d',
    action: '#465064',
    aim: '#1f4690',
  },
  hairline: '#cfd8e6',
};

export const DARK: Theme = {
  surfaces: {
    paper: '#0d1117',
    box: '#161c26',
    nest: '#11171f',
    endedBox: '#10201a',
    chip: '#263145',
  },
  strokes: {
    line: '#8b98ad',
    main: '#5aa2ff',
    border: '#5f6f8b',
    ended: '#4fae5a',
    choice: '#6f7f9b',
  },
  inks: {
    title: '#f0f4fa',
    note: '#a3afc2',
    event: '#8fbcff',
    after: '#f0a860',
    done: '#7fd08a',
    error: '#ff8a94',
    always: '#a3adbd',
    guard: '#d3a5f2',
    action: '#bac4d4',
    aim: '#8fbcff',
  },
  hairline: '#303c50',
};

const rules = ({ surfaces, strokes, inks, hairline }: Theme): string =>
  [
    ...Object.entries(surfaces).map(([name, colour]) => `.${name}{fill:${colour}}`),
    ...Object.entries(strokes).map(([name, colour]) => `.${name}{stroke:${colour}}`),
    ...Object.entries(inks).map(([name, colour]) => `.${name}{fill:${colour}}`),
    `.hairline{stroke:${hairline}}`,
    `.head{fill:${strokes.line}}.mainHead{fill:${strokes.main}}`,
  ].join('');

/** Both themes: a viewer takes the one that its page is in. */
export const STYLE_SHEET = [
  '.bold{font-weight:700}.note{font-style:italic}.bare{fill:none}',
  rules(LIGHT),
  `@media (prefers-color-scheme:dark){${rules(DARK)}}`,
  '.arrow:hover path{stroke-width:3.4}',
].join('\n');

/** What WCAG 2.2 asks of text, and of lines that carry a meaning. */
const TEXT_CONTRAST = 4.5;
const LINE_CONTRAST = 3;

/** One sentence per pair of colours that is hard to tell apart. */
export function faintPairs({ surfaces, strokes, inks }: Theme): readonly string[] {
  const below = (least: number, colours: Readonly<Record<string, string>>): readonly string[] =>
    Object.entries(colours).flatMap(([name, colour]) =>
      Object.entries(surfaces)
        .filter(([surface]) => surface !== 'chip' || name === 'action')
        .filter(([, paper]) => contrast(colour, paper) < least)
        .map(([surface]) => `${name} is faint on ${surface}`),
    );
  return [...below(TEXT_CONTRAST, inks), ...below(LINE_CONTRAST, strokes)];
}

/** From 1, the same colour, to 21, black on white. */
export function contrast(one: string, other: string): number {
  const [dark = 0, bright = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
