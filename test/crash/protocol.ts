/** What the supervisor and the process that it kills say to each other. */
import type { BookEvent } from '../../src/domain/market-data.ts';
import type { VenueCapabilities, VenueReport } from '../../src/domain/ports.ts';
import type { Signal } from '../../src/domain/signal.ts';
import type { Pace } from './fast-clock.ts';

/** The venue's questions and commands that go over the wire, by name. */
export const CALLS = [
  'instruments',
  'submit',
  'amend',
  'cancel',
  'cancelAll',
  'order',
  'openOrders',
  'fillsSince',
  'positions',
  'balance',
  'asOf',
] as const;

export type CallName = (typeof CALLS)[number];

/** A signal, and how long after the start it is given. */
export interface Errand {
  readonly signal: Signal;
  readonly afterMs: number;
}

export interface Order {
  readonly file: string;
  readonly pace: Pace;
  readonly capabilities: VenueCapabilities;
  readonly errands: readonly Errand[];
  /** Whether it halts after too many starts, as it does by itself. */
  readonly isGuarded: boolean;
}

export type ToEngine =
  | { readonly kind: 'go'; readonly order: Order }
  /** Lets everything end, and stops. */
  | { readonly kind: 'finish' }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly reason: string }
  | { readonly kind: 'book'; readonly event: BookEvent }
  | { readonly kind: 'report'; readonly report: VenueReport };

/** What the engine told its host. */
export type Told =
  | { readonly what: 'fill'; readonly executionId: string; readonly fillId: string }
  | {
      readonly what: 'result';
      readonly executionId: string;
      readonly outcome: string;
      readonly filledQuantity: string;
    };

export type FromEngine =
  /** Its modules are loaded; it waits for its order. */
  | { readonly kind: 'ready'; readonly pid: number }
  | { readonly kind: 'follow'; readonly symbol: string }
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly name: CallName;
      readonly argument: unknown;
    }
  | { readonly kind: 'told'; readonly told: Told }
  | { readonly kind: 'trouble'; readonly text: string }
  | { readonly kind: 'stopped' };
