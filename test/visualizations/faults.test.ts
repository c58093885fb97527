import { describe, expect, it } from 'vitest';
import type { ChartLayout } from '../../visualizations/chart-layout.ts';
import { chartModel } from '../../visualizations/chart-model.ts';
import { faultsOf } from '../../visualizations/faults.ts';
import { layOut } from '../../visualizations/layout.ts';
import { contrast, DARK, faintPairs, LIGHT } from '../../visualizations/paint.ts';
import { squeezed } from '../../visualizations/squeeze.ts';
import { sampleMachine } from '../support/sample-machine.ts';

const sample = chartModel(sampleMachine);
const plain = { words: 'arrows', head: 'beside', seed: 1 } as const;

describe('a picture', () => {
  it('with a planted fault is found out, whatever the fault', async () => {
    const layout = await layOut(sample, plain);
    const [first, second] = layout.arrows;
    const state = layout.states.find(({ node }) => node.name === 'returning');
    const around = layout.states.find(({ node }) => node.name === 'underway');
    if (!first?.label || !second?.label || !state || !around) throw new Error('all are there');
    const { label, points } = first;
    const instead = (one: Partial<typeof first>): ChartLayout => ({
      ...layout,
      arrows: [{ ...first, ...one }, ...layout.arrows.slice(1)],
    });
    const moved = ({ x, y }: { readonly x: number; readonly y: number }): ChartLayout =>
      instead({ label: { ...label, x, y } });
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
    if (!tour || !far?.label) throw new Error('the sample has both');
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
    const short = instead({ points: points.slice(0, -1) });
    expect(faultsOf(short)).toContain(`${ids} does not touch its states`);
    const aside = { x: label.x + label.width + 2, y: label.y };
    expect(faultsOf(moved(aside))).toContain(`label ${ids} is off its arrow`);
    const [start, end] = [points[0], points.at(-1)];
    if (!start || !end) throw new Error('an arrow has two ends');
    const by = (x: number, y: number) => ({ x: end.x + x, y: end.y + y });
    const kinked = instead({ points: [start, by(0, -40), by(3, -40), by(3, 0)] });
    expect(faultsOf(kinked)).toContain(`${ids} has a kink`);
    const slanted = instead({ points: [start, by(1, -40), end] });
    expect(faultsOf(slanted)).toContain(`${ids} is slanted`);
    const bent = instead({ points: [start, by(-20, -4), by(0, -4), end] });
    expect(faultsOf(bent)).toContain(`${ids} bends at its head`);
    expect(faultsOf({ ...layout, width: 1400 })).toContain('courier is 1400 wide');
    const stranger = { ...first, source: 'elsewhere', target: 'nowhere' };
    expect(faultsOf({ ...layout, arrows: [...layout.arrows, stranger] })).toContain(
      `${ids} and elsewhere > nowhere run on one line`,
    );
    const narrow = layout.states.map((one) => (one === state ? { ...one, width: 40 } : one));
    expect(faultsOf({ ...layout, states: narrow })).toContain(`text leaves ${state.node.id}`);
  });

  it('has no faint colours, by day or by night', () => {
    expect(faintPairs(LIGHT)).toEqual([]);
    expect(faintPairs(DARK)).toEqual([]);
    expect(contrast('#ffffff', '#000000')).toBeCloseTo(21);
    const pale = { ...LIGHT, inks: { ...LIGHT.inks, note: '#8a93a5' } };
    expect(faintPairs(pale)).toContain('note is faint on nest');
    const dim = { ...DARK, strokes: { ...DARK.strokes, main: '#2a3040' } };
    expect(faintPairs(dim)).toContain('main is faint on paper');
  });

  it('has no empty strips', async () => {
    const layout = await layOut(sample, plain);
    const [, , state] = layout.states;
    if (!state) throw new Error('the sample has states');
    const low = { ...state, y: layout.height + 500 };
    const torn = { ...layout, height: layout.height + 900, states: [...layout.states, low] };
    expect(squeezed(torn).height).toBeLessThan(layout.height + state.height + 100);
    expect(squeezed(layout)).toEqual(layout);
  });
});
