import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import * as exported from '../machines/index.ts';
import { arrowsOf } from '../visualizations/arrows.ts';
import { type ChartModel, chartModel } from '../visualizations/chart-model.ts';
import { galleryFiles, mannerFor, staleFiles } from '../visualizations/charts.ts';
import { draw } from '../visualizations/draw.ts';
import { faultsOf } from '../visualizations/faults.ts';
import { keyModel } from '../visualizations/key.ts';
import { layOut } from '../visualizations/layout.ts';
import { bestManner } from '../visualizations/manner.ts';
import { chainOf, overview } from '../visualizations/overview.ts';
import { sampleMachine } from './support/sample-machine.ts';

const machines = Object.values(exported);
const gallery = fileURLToPath(new URL('../visualizations/', import.meta.url));
const sample = chartModel(sampleMachine);
const plain = { words: 'arrows', head: 'beside', seed: 1 } as const;
const searchMs = 120_000;
const { splitOrderMachine } = exported;

const isLeaf = ({ children }: ChartModel['nodes'][number]): boolean => children.length === 0;

/** The steps of a journey that no arrow, row or beginning of a box makes. It may end at home. */
function gapsOf({ id, journey, nodes, transitions }: ChartModel): readonly string[] {
  const within = (inner: string, box: string): boolean => `${inner}.`.startsWith(`${box}.`);
  const last = nodes.find((node) => node.id === journey.at(-1));
  const leaves = journey.filter((path) => nodes.some((one) => one.id === path && isLeaf(one)));
  const isEnd =
    (leaves.length > 1 && leaves[0] === last?.id) ||
    transitions.every(({ source, target }) => source !== last?.id || target === null);
  return [
    ...journey.flatMap((to, index) => {
      const from = journey[index - 1] ?? id;
      const begins = nodes.some(
        (node) =>
          node.id === from &&
          (node.initial === to || (node.type === 'parallel' && node.children.includes(to))),
      );
      const leads = transitions.some((one) => one.target === to && within(from, one.source));
      return begins || leads ? [] : [`${from} > ${to}`];
    }),
    ...(isEnd ? [] : [`${last?.id} is not the end`]),
  ];
}

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

  it('has a name for a choice: a state that is left at once', () => {
    const choices = machines.flatMap((machine) =>
      chartModel(machine).nodes.filter(({ transient }) => transient),
    );
    expect(choices.map(({ id }) => id)).toContain('splitOrder.open.working.landing');
    const told = choices.filter(({ children }) => children.length > 0);
    expect(told).toEqual([]);
  });
});

describe('a journey', () => {
  it.each(machines.map((machine) => [machine.id, machine] as const))(
    'of %s leads from the beginning to a state that it rests in, by steps it can make',
    (_, machine) => {
      const model = chartModel(machine);
      expect(model.journey.length).toBeGreaterThan(3);
      expect(gapsOf(model)).toEqual([]);
    },
  );

  it('with a gap is found out', () => {
    const model = chartModel(splitOrderMachine);
    const skipped = model.journey.filter((id) => !id.endsWith('landing'));
    expect(gapsOf({ ...model, journey: skipped })).toEqual([
      'splitOrder.open.working > splitOrder.open.working.partial',
    ]);
    expect(gapsOf({ ...model, journey: model.journey.slice(1, -2) })).toEqual([
      'splitOrder > splitOrder.open.pending',
      'splitOrder.open.working.landing is not the end',
    ]);
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

  it.each(['arrows', 'rows'] as const)(
    'of the sample has none either, with the words of side ways in %s',
    async (words) => {
      expect(faultsOf(await layOut(sample, { ...plain, words }))).toEqual([]);
    },
  );

  it('of one order through all machines has none', async () => {
    const chain = chainOf(machines.map(chartModel));
    expect(chain.map(({ id }) => id)).toEqual(['market', 'execution', 'splitOrder']);
    const layout = await overview(chain);
    expect(faultsOf(layout)).toEqual([]);
    const links = layout.arrows.filter(({ source }) => source.split('.').length === 2);
    expect(links.map(({ source, target }) => `${source} > ${target}`)).toEqual([
      'journey.market > journey.execution',
      'journey.execution > journey.splitOrder',
      'journey.splitOrder > journey.execution',
    ]);
  });

  it('of one order names every state of rest of its machines', async () => {
    const chain = chainOf(machines.map(chartModel));
    const words = draw(await overview(chain)).replace(/<[^>]*>/g, ' ');
    const rests = chain.flatMap(({ nodes }) =>
      nodes.filter(({ children, transient }) => children.length === 0 && !transient),
    );
    expect(rests.length).toBeGreaterThan(20);
    for (const { name } of rests) expect(words).toContain(name);
  });

  it('of the key has none', async () => {
    expect(faultsOf(await layOut(keyModel, plain))).toEqual([]);
  });

  it('leaves out no state, event, guard or action', async () => {
    const words = draw(await layOut(sample, plain))
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ');
    for (const { name, description, tags, entry, exit } of sample.nodes) {
      const said = [name, ...(description ?? '').split(' '), ...tags, ...entry, ...exit];
      for (const word of said) expect(words).toContain(word.replace(/&/g, '&amp;'));
    }
    for (const { kind, event, guard, actions } of sample.transitions) {
      const isSaid = kind !== 'always' || guard === null;
      const said = [...(isSaid ? event.split(' ') : []), ...(guard ?? '').split(' '), ...actions];
      for (const word of said) expect(words).toContain(word);
    }
  });

  it('has one arrow for all transitions with the same ends', () => {
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
      const [one, other] = await Promise.all([bestManner(keyModel), bestManner(keyModel)]);
      expect(one).toEqual(other);
      const again = chartModel(sampleMachine);
      expect(draw(await layOut(again, one))).toBe(draw(await layOut(sample, one)));
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
      const ofMachine = [...files.keys()].filter((path) => path !== 'charts/key.svg');
      expect(await staleFiles([newer], folder)).toEqual(ofMachine);
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
