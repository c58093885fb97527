/**
 * A turn: the inputs of one event-loop macrotask, at most 64, applied one after another; then one
 * commit; then, synchronously, what goes out. Inputs that come meanwhile belong to the next turn.
 */
import { TURN_INPUTS_MAX } from '../../domain/limits.ts';
import type { Clock } from '../../domain/ports.ts';

export interface TurnSteps<Input> {
  /** Moves the actors by one input. */
  apply(input: Input): void;
  /** Decides, commits and sends what the inputs left behind. */
  finish(): void;
  /** A step threw, which none should: the other inputs still get their turn. */
  broke(thrown: unknown): void;
}

export class Turns<Input> {
  readonly #clock: Pick<Clock, 'setTimeout'>;
  readonly #steps: TurnSteps<Input>;
  readonly #inputs: Input[] = [];
  #scheduled = false;
  #stopped = false;

  constructor(clock: Pick<Clock, 'setTimeout'>, steps: TurnSteps<Input>) {
    this.#clock = clock;
    this.#steps = steps;
  }

  /** Inputs that wait for their turn. */
  get waiting(): number {
    return this.#inputs.length;
  }

  enqueue(input: Input): void {
    this.#inputs.push(input);
    this.wake();
  }

  /** A turn without an input of its own: something of the market moved. */
  wake(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    this.#clock.setTimeout(() => this.#run(), 0);
  }

  /** Nothing is taken any more. */
  stop(): void {
    this.#stopped = true;
  }

  #run(): void {
    this.#scheduled = false;
    if (this.#stopped) return;
    const inputs = this.#inputs.splice(0, TURN_INPUTS_MAX);
    for (const input of inputs) this.#guarded(() => this.#steps.apply(input));
    this.#guarded(() => this.#steps.finish());
    if (this.#inputs.length > 0) this.wake();
  }

  #guarded(step: () => void): void {
    try {
      step();
    } catch (thrown) {
      this.#steps.broke(thrown);
    }
  }
}
