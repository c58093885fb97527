/** The split order against a table that was written by hand. */
import { describe, expect, it } from 'vitest';
import { startSplitOrder } from '../support/split-order-rig.ts';
import {
  COLUMNS,
  cells,
  columns,
  differencesIn,
  ROWS,
  reach,
  rows,
  STARTS,
} from '../support/split-order-table.ts';

describe('split order, state by state', () => {
  it('has every state and every event', () => {
    expect(columns).toEqual(Object.keys(COLUMNS));
    expect(rows).toEqual(Object.keys(ROWS));
    expect(cells).toHaveLength(columns.length * rows.length);
    const reached = columns.map((column) => reach(startSplitOrder, column).state());
    expect(reached).toEqual(columns.map((column) => STARTS[column]));
  });

  it.each(rows)('%s', (row) => {
    expect(differencesIn(row, startSplitOrder)).toEqual([]);
  });
});
