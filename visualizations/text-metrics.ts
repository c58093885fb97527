/**
 * How wide a text will be in DejaVu Sans, without a browser: a table of advance widths, rounded up,
 * since a box too wide is plain and a text that leaves its box is an error. It never draws.
 */

/** Width in thousandths of the font size, then the characters that are at most that wide. */
const REGULAR: readonly (readonly [number, string])[] = [
  [280, "'ijl"],
  [300, 'IJ'],
  [340, ' ,./:;\\|·’‘'],
  [400, '-()[]tf'],
  [460, '!r"'],
  [520, '*_`–'],
  [560, '?szLc'],
  [600, 'vxy•Fk'],
  [640, '$0123456789ESbdghnpqu{}PTYaeo'],
  [700, 'BCRVXZK'],
  [760, 'AHNU'],
  [820, 'w&DGOQ'],
  [840, '#+<=>^~→←↻⟳×≤≥'],
  [880, 'M'],
];

const BOLD: readonly (readonly [number, string])[] = [
  [320, "'"],
  [380, ' ijl,./IJ\\|·’‘'],
  [420, '-:;'],
  [480, 'tf!()[]'],
  [500, 'r_`–'],
  [600, '?csz"*'],
  [660, 'vxyL•'],
  [700, '$0123456789EFoaek'],
  [740, 'bdghnpqu{}CPSTYZ'],
  [780, 'ABKRVX'],
  [840, '#+<=>DGHNU^~→←↻⟳×≤≥'],
  [880, 'OQ&'],
  [940, 'w'],
  [1120, 'mMW@%…—'],
];

/** What the tables do not name is taken as wide as the widest letter. */
const WIDEST = { regular: 1000, bold: 1120 };

const expand = (table: readonly (readonly [number, string])[]): ReadonlyMap<string, number> =>
  new Map(
    table.flatMap(([width, characters]) => Array.from(characters, (one) => [one, width] as const)),
  );

const REGULAR_WIDTHS = expand(REGULAR);
const BOLD_WIDTHS = expand(BOLD);

/** Pixels that `text` takes at `size` pixels; never less than it is drawn with. */
export function textWidth(text: string, size: number, bold = false): number {
  const widths = bold ? BOLD_WIDTHS : REGULAR_WIDTHS;
  const widest = bold ? WIDEST.bold : WIDEST.regular;
  let thousandths = 0;
  for (const character of text) thousandths += widths.get(character) ?? widest;
  return (thousandths * size) / 1000;
}

export type Ink =
  | 'title'
  | 'note'
  | 'event'
  | 'after'
  | 'done'
  | 'error'
  | 'always'
  | 'guard'
  | 'action'
  | 'aim';

export interface Span {
  readonly text: string;
  readonly ink: Ink;
  readonly bold: boolean;
}

export interface Line {
  readonly spans: readonly Span[];
  readonly width: number;
  readonly indent: number;
}

/** Breaks words into lines of at most `maxWidth`, the later ones indented; no word is cut. */
export function wrap(
  words: readonly Span[],
  size: number,
  maxWidth: number,
  hang = 0,
): readonly Line[] {
  const lines: Line[] = [];
  let spans: Span[] = [];
  let width = 0;
  let indent = 0;
  for (const word of words) {
    const own = textWidth(word.text, size, word.bold);
    const space = spans.length === 0 ? 0 : textWidth(' ', size, true);
    if (spans.length > 0 && indent + width + space + own > maxWidth) {
      lines.push({ spans, width, indent });
      spans = [];
      width = own;
      indent = hang;
    } else width += space + own;
    spans.push(word);
  }
  if (spans.length > 0) lines.push({ spans, width, indent });
  return lines;
}

/** As `wrap`, with lines of about one length: no word is left alone on the last one. */
export function wrapEvenly(words: readonly Span[], size: number, maxWidth: number) {
  let lines = wrap(words, size, maxWidth);
  for (let width = maxWidth - 6; width > maxWidth / 2; width -= 6) {
    const narrower = wrap(words, size, width);
    if (narrower.length > lines.length) return lines;
    lines = narrower;
  }
  return lines;
}
