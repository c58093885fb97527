/**
 * When an order was last sent something or spoken of: what a reading of the venue must be younger
 * than, to be believed. Kept by the clock that never jumps; gone with the execution, and with a
 * restart.
 */
import type { Clock } from '../../domain/ports.ts';
import type { OutboundCommand } from '../../gateway/command.ts';
import type { ExecutionRecord } from '../execution/execution-record.ts';

interface Words {
  /** Anything sent or heard. */
  anyMs: number;
  /** What may have placed it or changed it, or proof that it was there: a cancel is neither. */
  placedMs: number;
}

export class LastWords {
  readonly #clock: Clock;
  readonly #words = new Map<string, Words>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  sent({ clientOrderId, kind }: OutboundCommand): void {
    this.#note(clientOrderId, kind !== 'cancel');
  }

  /** The stream spoke of it. */
  heard(clientOrderId: string): void {
    if (this.#words.has(clientOrderId)) this.#note(clientOrderId, true);
  }

  /** A command of it was answered. */
  answered(clientOrderId: string): void {
    if (this.#words.has(clientOrderId)) this.#note(clientOrderId, false);
  }

  /** On the wall's clock as it goes now; null where nothing was said since the start. */
  lastMs(clientOrderId: string): number | null {
    return this.#wallOf(this.#words.get(clientOrderId)?.anyMs);
  }

  /** Since what could place it was sent, or it was last spoken of; null as above. */
  quietMs(clientOrderId: string): number | null {
    const words = this.#words.get(clientOrderId);
    return words === undefined ? null : this.#clock.monotonicMs() - words.placedMs;
  }

  forget({ orders }: ExecutionRecord): void {
    for (const { clientOrderIds } of orders.values())
      for (const clientOrderId of clientOrderIds) this.#words.delete(clientOrderId);
  }

  #wallOf(atMs: number | undefined): number | null {
    if (atMs === undefined) return null;
    return this.#clock.wallMs() - (this.#clock.monotonicMs() - atMs);
  }

  #note(clientOrderId: string, isPlacing: boolean): void {
    const nowMs = this.#clock.monotonicMs();
    const words = this.#words.get(clientOrderId);
    if (words === undefined) this.#words.set(clientOrderId, { anyMs: nowMs, placedMs: nowMs });
    else {
      words.anyMs = nowMs;
      if (isPlacing) words.placedMs = nowMs;
    }
  }
}
