import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import * as exported from '../machines/index.ts';
import { arrowsOf, readingOrder } from '../visualizations/arrows.ts';
import type { ChartLayout } from '../visualizations/chart-layout.ts';
import { chartModel } from '../visualizations/chart-model.ts';
import { galleryFiles, mannerFor, staleFiles } from '../visualizations/charts.ts';
import { draw } from '../visualizations/draw.ts';
import { faultsOf } from '../visualizations/faults.ts';
import { layOut } from '../visualizations/layout.ts';
import { bestManner } from '../visualizations/manner.ts';
import { textWidth } from '../visualizations/text-metrics.ts';
import { sampleMachine } from './support/sample-machine.ts';

const machines = Object.values(exported);
const gallery = fileURLToPath(new URL('../visualizations/', import.meta.url));
const sample = chartModel(sampleMachine);
const plain = { direction: 'DOWN', textWidth: 170, seed: 1 } as const;
const searchMs = 60_000;

describe('the chart of a machine', () => {
  const transition = (source: string, event: string, guard: string | null = null) =>
    sample.transitions.find(
      (one) => one.source === `courier${source}` && one.event === event && one.guard === guard,
    );

  it('says events, guards and actions in the words of the machine', () => {
    const door = '.tour.underway.atDoor';
    expect(transition('', 'error: any child')).toMatchObject({
      kind: 'error',
      target: 'courier.tour.failed',
      actions: ['raiseAlarm(level: high)'],
    });
    expect(transition('.tour.planning', 'done: route')?.kind).toBe('done');
    expect(transition('.tour.planning', 'error: route')?.kind).toBe('error');
    expect(transition(door, 'after patienceMs (90 s)')?.kind).toBe('after');
    expect(transition('.signal.fresh', 'after 30 s')?.target).toBe('courier.signal.lost');
    expect(transition('.tour.returning', 'always', 'not hasParcels')?.kind).toBe('always');
    expect(
      transition(door, 'parcel.delivered', 'hasParcels and not wasRefusedTwice'),
    ).toBeDefined();
    expect(transition(door, 'parcel.delivered', 'else')?.target).toBe('courier.tour.done');
    expect(
      transition('.tour.underway.driving', 'position.reported', 'isNear(radiusMetres: 50)'),
    ).toBeDefined();
  });

  it('tells what stays from what leaves, and what has ended', () => {
    expect(transition('', 'position.reported')?.target).toBeNull();
    expect(sample.nodes.filter(({ ended }) => ended).map(({ name }) => name)).toEqual([
      'done',
      'failed',
    ]);
  });

  it('leaves out the timers that XState adds for `after`', () => {
    const door = sample.nodes.find(({ name }) => name === 'atDoor');
    expect(door).toMatchObject({ entry: [], exit: [], tags: ['uncertain'] });
  });

  it('is read from the initial state on, against as few arrows as can be', () => {
    const arrow = (source: string, target: string) => ({
      id: `${source} > ${target}`,
      source: `m.${source}`,
      target: `m.${target}`,
      transitions: [],
    });
    const names = ['c', 'b', 'a'];
    const node = (name: string) => ({ ...sample.nodes[0], id: `m.${name}`, name, children: [] });
    const root = {
      ...node(''),
      id: 'm',
      initial: 'm.a',
      children: names.map((name) => `m.${name}`),
    };
    const model = { id: 'm', nodes: [root, ...names.map(node)] as never, transitions: [] };
    const links = [arrow('a', 'b'), arrow('b', 'c'), arrow('c', 'a'), arrow('a', 'c')];
    expect([...readingOrder(model, links).keys()]).toEqual(['m', 'm.a', 'm.b', 'm.c']);
  });
});

describe('a picture', () => {
  it.each(machines.map((machine) => [machine.id, machine] as const))(
    'of %s has no words upon words, upon strange states or under arrows',
    async (_, machine) => {
      const model = chartModel(machine);
      expect(faultsOf(await layOut(model, await mannerFor(model, gallery)))).toEqual([]);
    },
    searchMs,
  );

  it.each(['DOWN', 'RIGHT'] as const)(
    'of the sample has none either, drawn %s',
    async (direction) => {
      expect(faultsOf(await layOut(sample, { ...plain, direction }))).toEqual([]);
    },
  );

  it('with a planted fault is found out, whatever the fault', async () => {
    const layout = await layOut(sample, plain);
    const [first, second] = layout.arrows;
    const state = layout.states.find(({ node }) => node.name === 'returning');
    const around = layout.states.find(({ node }) => node.name === 'underway');
    if (!first || !second || !state || !around) throw new Error('the sample has all of these');
    const moved = (to: { readonly x: number; readonly y: number }): ChartLayout => {
      const label = { ...first.label, x: to.x, y: to.y };
      return { ...layout, arrows: [{ ...first, label }, ...layout.arrows.slice(1)] };
    };
    const ids = `${first.source} > ${first.target}`;
    expect(faultsOf(moved(second.label))).toContain(
      `labels ${ids} and ${second.source} > ${second.target} overlap`,
    );
    expect(faultsOf(moved(state))).toContain(`label ${ids} is upon ${state.node.id}`);
    expect(faultsOf(moved({ x: around.x - 9, y: around.y + around.height - 9 }))).toContain(
      `label ${ids} is upon ${around.node.id}`,
    );
    expect(faultsOf(moved(around))).toContain(`label ${ids} is upon the text of ${around.node.id}`);
    expect(faultsOf(moved({ x: layout.width, y: 0 }))).toContain(`label ${ids} leaves the frame`);
    const [tour, far] = [
      layout.states.find(({ node }) => node.name === 'tour'),
      layout.arrows.find(({ target }) => target === 'courier.signal.lost'),
    ];
    if (!tour || !far) throw new Error('the sample has both');
    const corner = { ...far.label, x: tour.x + 9, y: tour.y + tour.height - far.label.height - 9 };
    expect(faultsOf({ ...layout, arrows: [{ ...far, label: corner }] })).toContain(
      `label ${far.source} > ${far.target} is upon ${tour.node.id}`,
    );
    const through = {
      ...first,
      points: [
        { x: state.x + 20, y: 0 },
        { x: state.x + 20, y: 9000 },
      ],
    };
    expect(faultsOf({ ...layout, arrows: [...layout.arrows, through] })).toContain(
      `${ids} runs through the text of ${state.node.id}`,
    );
    const short = { ...first, points: first.points.slice(0, -1) };
    expect(faultsOf({ ...layout, arrows: [short, ...layout.arrows.slice(1)] })).toContain(
      `${ids} does not touch its states`,
    );
    const stranger = { ...first, source: 'elsewhere', target: 'nowhere' };
    expect(faultsOf({ ...layout, arrows: [...layout.arrows, stranger] })).toContain(
      `${ids} and elsewhere > nowhere run on one line`,
    );
    const narrow = layout.states.map((one) => (one === state ? { ...one, width: 40 } : one));
    expect(faultsOf({ ...layout, states: narrow })).toContain(`text leaves ${state.node.id}`);
  });

  it('leaves out no state, event, guard or action', async () => {
    const words = draw(await layOut(sample, plain))
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ');
    for (const { name, description, tags, entry, exit } of sample.nodes) {
      const said = [name, ...(description ?? '').split(' '), ...tags, ...entry, ...exit];
      for (const word of said) expect(words).toContain(word.replace(/&/g, '&amp;'));
    }
    for (const { event, guard, actions } of sample.transitions) {
      const said = [...event.split(' '), ...(guard ?? '').split(' '), ...actions];
      for (const word of said) expect(words).toContain(word);
    }
  });

  it('is drawn down or to the right, and a transition with the same ends has one arrow', () => {
    const ids = arrowsOf(sample).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const shared = arrowsOf(sample).find(({ source }) => source.endsWith('underway'));
    expect(shared?.transitions.map(({ event }) => event)).toEqual([
      'tour.cancel',
      'parcel.refused',
    ]);
  });

  it(
    'is the same, byte for byte, in two runs',
    async () => {
      const [one, other] = await Promise.all([bestManner(sample), bestManner(sample)]);
      expect(one).toEqual(other);
      const again = chartModel(sampleMachine);
      expect(draw(await layOut(again, other))).toBe(draw(await layOut(sample, one)));
    },
    searchMs,
  );
});

describe('the gallery', () => {
  it(
    'shows the machines as they are: if not, run `npm run charts`',
    async () => {
      expect(machines.length).toBeGreaterThan(0);
      expect(await staleFiles(machines, gallery)).toEqual([]);
    },
    searchMs,
  );

  it(
    'that is stale is found out: a machine changed, a file changed, missing or left over',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'charts-'));
      mkdirSync(join(folder, 'charts'));
      const files = await galleryFiles([sampleMachine], null);
      for (const [path, text] of files) writeFileSync(join(folder, path), text);
      expect(await staleFiles([sampleMachine], folder)).toEqual([]);
      const newer = createMachine({ id: 'courier', description: 'Delivers by drone.' });
      expect(await staleFiles([newer], folder)).toEqual([...files.keys()]);
      const svg = files.get('charts/courier.svg') ?? '';
      writeFileSync(join(folder, 'charts/courier.svg'), svg.replace('planning', 'dreaming'));
      writeFileSync(join(folder, 'charts/gone.svg'), svg);
      rmSync(join(folder, 'README.md'));
      expect(await staleFiles([sampleMachine], folder)).toEqual([
        'charts/courier.svg',
        'README.md',
        'charts/gone.svg',
      ]);
      rmSync(folder, { recursive: true });
    },
    searchMs,
  );
});

const fonts = '/usr/share/fonts/truetype/dejavu';
describe.skipIf(!existsSync(`${fonts}/DejaVuSans-Bold.ttf`))(
  'the table of widths (skipped where DejaVu Sans is not installed)',
  () => {
    const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
    const characters = [...printable, ...Array.from('·→←↻⟳•…–—×≤≥’‘')];
    const drawnWidth = (text: string, weight: number): number => {
      const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
      const svg =
        '<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="200">' +
        `<text x="9" y="99" xml:space="preserve" font-size="10" font-weight="${weight}">` +
        `${escaped}</text></svg>`;
      const fontFiles = [`${fonts}/DejaVuSans.ttf`, `${fonts}/DejaVuSans-Bold.ttf`];
      const font = { fontFiles, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' };
      return new Resvg(svg, { font }).getBBox()?.width ?? 0;
    };

    it.each([400, 700])(
      'is never too narrow, and at most a fifth too wide, at weight %i',
      (weight) => {
        for (const one of characters) {
          // The difference of two long texts: what the edges of the outer letters add cancels out.
          const drawn = (drawnWidth(`H${one.repeat(30)}H`, weight) - drawnWidth('HH', weight)) / 30;
          const told = textWidth(one, 10, weight === 700);
          expect(told, `width of "${one}"`).toBeGreaterThanOrEqual(drawn - 0.01);
          expect(told, `width of "${one}"`).toBeLessThanOrEqual(drawn * 1.2 + 0.01);
        }
      },
    );
  },
);
