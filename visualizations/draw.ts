/** A placed chart as SVG text: one layout, one sequence of bytes. It measures and moves nothing. */
import type {
  ChartLayout,
  Mark,
  PlacedArrow,
  PlacedState,
  Point,
  Rectangle,
} from './chart-layout.ts';
import { STYLE_SHEET } from './paint.ts';
import { CHIP_TEXT_SIZE, type Panel } from './panel.ts';
import type { Line, Span } from './text-metrics.ts';

/** Side ways lie beneath the journey, and all boxes beneath both. */
export function draw(layout: ChartLayout): string {
  const { width, height, id, states, marks, arrows } = layout;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
      `viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(id)}" ` +
      'font-family="DejaVu Sans, Verdana, Helvetica, Arial, sans-serif">',
    `<style>${STYLE_SHEET}</style>`,
    `<defs>${arrowHead('head')}${arrowHead('mainHead')}</defs>`,
    `<rect class="paper" width="${width}" height="${height}" rx="8"/>`,
    ...states.flatMap((state) => drawState(state, layout)),
    ...marks.map(drawMark),
    ...arrows.filter(({ isMain }) => !isMain).flatMap(drawArrow),
    ...arrows.filter(({ isMain }) => isMain).flatMap(drawArrow),
    '</svg>',
  ].join('\n')}\n`;
}

const arrowHead = (name: string): string =>
  `<marker id="${name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" ` +
  `markerUnits="userSpaceOnUse" orient="auto"><path class="${name}" d="M0,0.6 L8,4 L0,7.4 z"/>` +
  '</marker>';

function drawState(state: PlacedState, layout: ChartLayout): readonly string[] {
  const { node, panel, x, y } = state;
  const parent = layout.states.find((one) => one.node.id === node.parent);
  const dashed = parent?.node.type === 'parallel' ? ' stroke-dasharray="6 4"' : '';
  const nest = node.children.length > 0;
  const ruleEnd = nest && node.id !== layout.id ? panel.width : state.width;
  const { paint, radius, thickness } = lookOf(state, layout.id);
  return [
    `<g class="state" data-state="${escaped(node.id)}">`,
    `<rect class="${paint}" ${box(state)} rx="${radius}" stroke-width="${thickness}"${dashed}/>`,
    ...(node.ended && !nest ? [`<rect class="bare ended" ${box(shrunk(state))} rx="5.5"/>`] : []),
    ...(panel.rule === null
      ? []
      : [
          `<path class="hairline" d="M${round(x + 8)},${round(y + panel.rule)} ` +
            `H${round(x + ruleEnd - 8)}"/>`,
        ]),
    ...drawPanel(panel, state),
    '</g>',
  ];
}

/** What has ended is green, what lies on the journey has its colour, a mere choice is a pill. */
function lookOf({ node, panel, height, isMain }: PlacedState, id: string) {
  const nest = node.children.length > 0;
  if (node.ended) return { paint: 'endedBox ended', radius: 8, thickness: 1.4 };
  const isPill = node.transient && !nest && panel.rule === null;
  const radius = isPill ? Math.min(16, height / 2) : 8;
  const surface = node.id === id ? 'paper' : nest ? 'nest' : 'box';
  const stroke = node.transient ? 'choice' : nest ? 'border' : isMain ? 'main' : 'line';
  return { paint: `${surface} ${stroke}`, radius, thickness: stroke === 'main' ? 2 : 1.4 };
}

function drawPanel(panel: Panel, at: Rectangle): readonly string[] {
  return [
    ...panel.chips.map((chip) => {
      const place = { ...chip, x: at.x + chip.x, y: at.y + chip.y };
      return (
        `<rect class="chip" ${box(place)} rx="8"/>` +
        `<text class="action" x="${round(place.x + 5)}" y="${round(place.y + 11.5)}" ` +
        `font-size="${CHIP_TEXT_SIZE}">${escaped(chip.text)}</text>`
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
      const look = bold ? `${ink} bold` : ink;
      return `<tspan class="${look}">${escaped(text)}</tspan>`;
    })
    .join('');
}

const drawMark = ({ kind, at, tip }: Mark): string =>
  `<path class="line" d="M${round(at.x)},${round(at.y)} L${round(tip.x)},${round(tip.y)}" ` +
  'stroke-width="1.2" marker-end="url(#head)"/>' +
  `<circle cx="${round(at.x)}" cy="${round(at.y)}" r="4.5" ` +
  `class="line ${kind === 'dot' ? 'head' : 'paper'}"/>`;

function drawArrow({ points, label, source, target, isMain }: PlacedArrow): readonly string[] {
  const look = isMain ? 'main' : 'line';
  return [
    `<g class="arrow" data-edge="${escaped(`${source} > ${target}`)}">`,
    `<path class="bare ${look}" d="${rounded(points)}" stroke-width="${isMain ? 2.4 : 1.2}" ` +
      `marker-end="url(#${isMain ? 'mainHead' : 'head'})"/>`,
    ...(label === null ? [] : [`<rect class="paper hairline" ${box(label)} rx="4"/>`]),
    ...(label === null ? [] : drawPanel(label.panel, label)),
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
