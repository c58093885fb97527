/**
 * Ids that are never drawn twice: a tag, the store's epoch and a counter. Executions and client
 * orders share the counter, so that no id of one kind is ever one of the other.
 */
import { InputError, invariant } from '../domain/errors.ts';
import type { Ids } from '../domain/ports.ts';

/** With two base-36 integers of at most 11 characters it fits the 32 that every venue takes. */
const TAG = /^[a-z0-9]{1,8}$/i;

export interface SequentialIds extends Ids {
  /** The next number to be drawn: what the store commits with the turn that drew ids. */
  readonly nextSequence: number;
}

export interface SequentialIdsOptions {
  /** Marks our orders among those of other programs; 1 to 8 letters or digits. */
  readonly tag: string;
  /** Different for every opening of the store. */
  readonly epoch: number;
  /** Where the counter goes on. */
  readonly nextSequence: number;
}

/** Ids such as "dw-7f3a-12"; throws an `InputError` for a tag that a venue would not take. */
export function sequentialIds({ tag, epoch, nextSequence }: SequentialIdsOptions): SequentialIds {
  if (!TAG.test(tag))
    throw new InputError('an id tag must be 1 to 8 letters or digits', tag, 'use one like "dw"');
  invariant(Number.isSafeInteger(epoch) && epoch >= 0, 'an epoch is a count', epoch);
  let sequence = nextSequence;
  const draw = (): string => {
    invariant(Number.isSafeInteger(sequence), 'an id counter is a safe integer', sequence);
    const id = `${tag}-${epoch.toString(36)}-${sequence.toString(36)}`;
    sequence += 1;
    return id;
  };
  return {
    clientOrderId: draw,
    executionId: draw,
    get nextSequence() {
      return sequence;
    },
  };
}
