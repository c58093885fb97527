/** What `engine.execute` gives back: no chart, no actor, only what a strategy asks for. */
import type { Observable } from 'rxjs';
import type { Log } from '../../domain/ports.ts';
import { Contained } from '../views/contained.ts';
import type { ExecutionRecord } from './execution-record.ts';
import type { ExecutionResult, ExecutionUpdate } from './result.ts';

export interface ExecutionHandle {
  readonly id: string;
  /**
   * What happens on the way, told after it is durable; completes with the result. It is pushed, and
   * nothing is kept for whoever subscribes later. What a subscriber throws is logged, no more.
   */
  readonly updates$: Observable<ExecutionUpdate>;
  /** Never rejects for a market outcome: look at `outcome`. */
  readonly result: Promise<ExecutionResult>;
  /** Withdraws what rests and ends; resolves with the result. Harmless when it has ended. */
  cancel(reason: string): Promise<ExecutionResult>;
}

export function handleOf(
  { id, updates, result }: ExecutionRecord,
  log: Log,
  cancel: (reason: string) => void,
): ExecutionHandle {
  return {
    id,
    updates$: new Contained(log, 'updates$', updates),
    result,
    cancel(reason) {
      cancel(reason);
      return result;
    },
  };
}
