/**
 * Plays a source at the exchange: each event at its own time, moved to the clock's. There is never
 * more than one of them on the agenda, and it never plays ahead of whoever asks.
 */
import type { Agenda } from './agenda.ts';
import type { MarketDataEvent, MarketDataSource, TimedEvent } from './source.ts';

export interface PlaybackOptions {
  readonly agenda: Agenda;
  readonly source: MarketDataSource;
  readonly play: (timed: TimedEvent, nowMs: number) => void;
  readonly ended: () => void;
}

export class Playback {
  readonly #options: PlaybackOptions;
  readonly #shiftMs: number;
  #next: TimedEvent | null;

  /** Exchange time of the source's first event is the clock's time now. */
  constructor(options: PlaybackOptions) {
    const { agenda, source } = options;
    this.#options = options;
    this.#shiftMs = agenda.nowMs() - source.startMs;
    this.#next = source.next();
    agenda.at(this.#nextAtMs(), (nowMs) => this.#advance(nowMs));
  }

  /** The market up to and with this instant, in the source's order. */
  catchUp(nowMs: number): void {
    const { source, play } = this.#options;
    while (this.#next !== null && this.#nextAtMs() <= nowMs) {
      const timed = this.#next;
      this.#next = source.next();
      play(this.#shiftMs === 0 ? timed : shifted(timed, this.#shiftMs), nowMs);
    }
  }

  #nextAtMs(): number {
    return this.#next === null ? this.#options.agenda.nowMs() : this.#next.atMs + this.#shiftMs;
  }

  #advance(nowMs: number): void {
    this.catchUp(nowMs);
    if (this.#next === null) this.#options.ended();
    else this.#options.agenda.at(this.#nextAtMs(), (atMs) => this.#advance(atMs));
  }
}

const shifted = (timed: TimedEvent, byMs: number): TimedEvent => ({
  ...timed,
  atMs: timed.atMs + byMs,
  event: movedTo(timed.event, byMs),
});

/** An event in the clock's time instead of the recording's. */
function movedTo(event: MarketDataEvent, byMs: number): MarketDataEvent {
  if (!('timeMs' in event) || event.timeMs === null) return event;
  return { ...event, timeMs: event.timeMs + byMs };
}
