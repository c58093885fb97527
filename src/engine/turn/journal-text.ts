/** How a message stands in the journal: its type, and its body as text. */
import type { ExecutionMessage } from '../../../machines/execution/execution.protocol.ts';
import { messageOf } from '../../domain/errors.ts';

/** A report is journaled under its own name: "which fills came?" is then a query. */
export const typeOf = (message: ExecutionMessage): string =>
  message.type === 'order.reported' ? message.report.type : message.type;

/** What cannot be written as JSON cannot be folded either; a person still sees what it was. */
export function jsonOf(body: unknown): string {
  try {
    return JSON.stringify(body);
  } catch (thrown) {
    return JSON.stringify({ unprintable: messageOf(thrown) });
  }
}
