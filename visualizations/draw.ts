/** A placed chart as SVG text: one layout, one sequence of bytes. It measures and moves nothing. */
import type {
  ChartLayout,
  Mark,
  PlacedArrow,
  PlacedState,
  Point,
  Rectangle,
} from './chart-layout.ts';
import { CHIP_TEXT_SIZE, type Panel } from './panel.ts';
import type { Ink, Line, Span } from './text-metrics.ts';

const INK: Readonly<Record<Ink, string>> = {
  title: '#1b2330',
  note: '#5a6780',
  event: '#2b4a8b',
  after: '#a35b00',
  done: '#2e7d32',
  error: '#b00020',
  always: '#6b7280',
  guard: '#7a4b9c',
  action: '#4a5568',
  aim: '#2b4a8b',
};

const PAINT = {
  paper: '#ffffff',
  line: '#3b4a63',
  border: '#8b9bb8',
  box: '#ffffff',
  nest: '#f5f7fb',
  ended: '#2e7d32',
  endedBox: '#f4faf4',
  chip: '#e8edf6',
  label: '#d7deea',
} as const;

const STYLE = `.arrow:hover path{stroke:#1a73e8;stroke-width:2.4}.arrow:hover rect{stroke:#1a73e8}`;

export function draw(layout: ChartLayout): string {
  const { width, height, id } = layout;
  const [frame, ...states] = layout.states;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
      `viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(id)}" ` +
      'font-family="DejaVu Sans, Helvetica, Arial, sans-serif">',
    `<style>${STYLE}</style>`,
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" ' +
      `markerHeight="7" orient="auto"><path d="M0,0.6 L8,4 L0,7.4 z" fill="${PAINT.line}"/>` +
      '</marker></defs>',
    `<rect width="${width}" height="${height}" fill="${PAINT.paper}"/>`,
    ...(frame === undefined ? [] : drawState(frame, layout)),
    ...states.flatMap((state) => drawState(state, layout)),
    ...layout.marks.map(drawMark),
    ...layout.arrows.flatMap(drawArrow),
    '</svg>',
  ].join('\n')}\n`;
}

function drawState(state: PlacedState, layout: ChartLayout): readonly string[] {
  const { node, panel, x, y } = state;
  const parent = layout.states.find((one) => one.node.id === node.parent);
  const dashed = parent?.node.type === 'parallel' ? ' stroke-dasharray="6 4"' : '';
  const nest = node.children.length > 0;
  const fill = node.ended ? PAINT.endedBox : nest && parent !== undefined ? PAINT.nest : PAINT.box;
  const stroke = node.ended ? PAINT.ended : nest ? PAINT.border : PAINT.line;
  const ruleEnd = nest && node.id !== layout.id ? panel.width : state.width;
  return [
    `<g class="state" data-state="${escaped(node.id)}">`,
    `<rect ${box(state)} rx="8" fill="${fill}" stroke="${stroke}" stroke-width="1.3"${dashed}/>`,
    ...(node.ended && !nest
      ? [`<rect ${box(shrunk(state))} rx="5.5" fill="none" stroke="${stroke}"/>`]
      : []),
    ...(panel.rule === null
      ? []
      : [
          `<path d="M${round(x + 8)},${round(y + panel.rule)} H${round(x + ruleEnd - 8)}" ` +
            `stroke="${PAINT.border}" stroke-width="0.7"/>`,
        ]),
    ...drawPanel(panel, state),
    '</g>',
  ];
}

function drawPanel(panel: Panel, at: Rectangle): readonly string[] {
  return [
    ...panel.chips.map((chip) => {
      const place = { ...chip, x: at.x + chip.x, y: at.y + chip.y };
      return (
        `<rect ${box(place)} rx="7.5" fill="${PAINT.chip}"/>` +
        `<text x="${round(place.x + 5)}" y="${round(place.y + 11)}" ` +
        `font-size="${CHIP_TEXT_SIZE}" fill="${INK.note}">${escaped(chip.text)}</text>`
      );
    }),
    ...panel.lines.map(
      ({ x, y, size, line }) =>
        `<text x="${round(at.x + x)}" y="${round(at.y + y)}" font-size="${size}">` +
        `${runs(line)}</text>`,
    ),
  ];
}

/** Neighbours of one colour become one run, so that a viewer's own font spaces them. */
function runs(line: Line): string {
  const joined: Span[] = [];
  for (const span of line.spans) {
    const last = joined.at(-1);
    if (last?.ink === span.ink && last.bold === span.bold) {
      joined[joined.length - 1] = { ...span, text: `${last.text} ${span.text}` };
    } else joined.push(joined.length === 0 ? span : { ...span, text: ` ${span.text}` });
  }
  return joined
    .map(({ text, ink, bold }) => {
      const weight = bold ? ' font-weight="700"' : '';
      const slant = ink === 'note' ? ' font-style="italic"' : '';
      return `<tspan fill="${INK[ink]}"${weight}${slant}>${escaped(text)}</tspan>`;
    })
    .join('');
}

const drawMark = ({ kind, at, tip }: Mark): string =>
  `<path d="M${round(at.x)},${round(at.y)} L${round(tip.x)},${round(tip.y)}" ` +
  `stroke="${PAINT.line}" stroke-width="1.1" marker-end="url(#head)"/>` +
  `<circle cx="${round(at.x)}" cy="${round(at.y)}" r="4.5" stroke="${PAINT.line}" ` +
  `fill="${kind === 'dot' ? PAINT.line : PAINT.paper}"/>`;

function drawArrow({ points, label, source, target }: PlacedArrow): readonly string[] {
  return [
    `<g class="arrow" data-edge="${escaped(`${source} > ${target}`)}">`,
    `<path d="${rounded(points)}" fill="none" stroke="${PAINT.line}" stroke-width="1.1" ` +
      'marker-end="url(#head)"/>',
    `<rect ${box(label)} rx="4" fill="${PAINT.paper}" stroke="${PAINT.label}"/>`,
    ...drawPanel(label.panel, label),
    '</g>',
  ];
}

/** A path through the points whose corners are arcs of at most 7 pixels. */
function rounded(points: readonly Point[]): string {
  return points
    .map((point, index) => {
      const before = points[index - 1];
      const after = points[index + 1];
      if (before === undefined) return `M${round(point.x)},${round(point.y)}`;
      if (after === undefined) return `L${round(point.x)},${round(point.y)}`;
      const radius = Math.min(7, distance(before, point) / 2, distance(point, after) / 2);
      const enter = towards(point, before, radius);
      const leave = towards(point, after, radius);
      return `L${enter} Q${round(point.x)},${round(point.y)} ${leave}`;
    })
    .join(' ');
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

function towards(from: Point, to: Point, length: number): string {
  const share = length / (distance(from, to) || 1);
  return `${round(from.x + (to.x - from.x) * share)},${round(from.y + (to.y - from.y) * share)}`;
}

const shrunk = ({ x, y, width, height }: Rectangle): Rectangle => ({
  x: x + 3,
  y: y + 3,
  width: width - 6,
  height: height - 6,
});

const box = ({ x, y, width, height }: Rectangle): string =>
  `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;

const round = (value: number): number => Math.round(value * 10) / 10;

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
