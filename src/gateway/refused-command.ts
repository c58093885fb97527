/** What of a report is said to whoever watches: why a command failed, why an order is over. */
import type { OrderCommandKind, OrderReport } from '../domain/order.ts';

const REJECTED = {
  'order.rejected': 'submit',
  'order.amendRejected': 'amend',
  'order.cancelRejected': 'cancel',
} as const;

export interface RefusedCommand {
  readonly command: OrderCommandKind;
  readonly reason: string;
}

/** A command that the venue rejected, or that was provably never sent; null of anything else. */
export function refusedCommand(report: OrderReport): RefusedCommand | null {
  switch (report.type) {
    case 'order.rejected':
    case 'order.amendRejected':
    case 'order.cancelRejected':
      return { command: REJECTED[report.type], reason: report.reason };
    case 'order.notSent':
      return { command: report.command, reason: report.reason };
    default:
      return null;
  }
}

/** Why a venue order is over, in the words of who ended it; null where the report ends none. */
export function endReason(report: OrderReport): string | null {
  if (report.type === 'order.cancelled' || report.type === 'order.expired') return report.reason;
  if (report.type === 'order.neverAccepted') return report.evidence;
  const refused = refusedCommand(report);
  return refused?.command === 'submit' ? refused.reason : null;
}
