/** A chart with a place for everything: made by the layout, read by the drawing and by faults. */
import type { ChartNode } from './chart-model.ts';
import type { Panel } from './panel.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedState extends Rectangle {
  readonly node: ChartNode;
  /** Its text, from the upper left corner. */
  readonly panel: Panel;
  /** A state of the journey. */
  readonly isMain: boolean;
}

export interface PlacedArrow {
  readonly source: string;
  readonly target: string;
  readonly points: readonly Point[];
  /** null: its words stand in the box of its source. */
  readonly label: (Rectangle & { readonly panel: Panel }) | null;
  /** A step of the journey. */
  readonly isMain: boolean;
}

/** A short arrow from nowhere: where a state begins (dot), or what a row above leads to (ring). */
export interface Mark {
  readonly kind: 'dot' | 'ring';
  readonly at: Point;
  readonly tip: Point;
}

export interface ChartLayout {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** Parents before their children; the first is the machine itself, whose box is the frame. */
  readonly states: readonly PlacedState[];
  readonly marks: readonly Mark[];
  readonly arrows: readonly PlacedArrow[];
}
