import { describe, expect, it } from 'vitest';
import { lots, ticks } from '../../src/domain/numbers.ts';
import type { Failure } from '../../src/domain/order.ts';
import {
  amendReport,
  cancelReport,
  submitReport,
  thrownReport,
} from '../../src/gateway/outcome.ts';

const id = 'dw-1-1';
const [price, quantity] = [ticks(45), lots(10)];

describe('what an answer means', () => {
  it.each([
    ['accepted', submitReport(id, { kind: 'accepted', venueOrderId: 'v1' }), 'order.accepted'],
    ['rejected', submitReport(id, { kind: 'rejected', reason: 'no' }), 'order.rejected'],
    ['exists', submitReport(id, { kind: 'exists' }), 'order.doubted submit'],
    ['ambiguous', submitReport(id, { kind: 'ambiguous', reason: '503' }), 'order.doubted submit'],
    ['thrown', thrownReport(id, 'submit', new Error('reset')), 'order.doubted submit'],
    ['amended', amendReport(id, { kind: 'accepted', price, quantity }), 'order.amended'],
    ['amend refused', amendReport(id, { kind: 'rejected', reason: 'no' }), 'order.amendRejected'],
    ['amend unclear', amendReport(id, { kind: 'ambiguous', reason: '?' }), 'order.doubted amend'],
    ['amend thrown', thrownReport(id, 'amend', 'a text'), 'order.doubted amend'],
    [
      'cancelled',
      cancelReport(id, { kind: 'accepted', cumulative: lots(3) }, 'x'),
      'order.cancelled',
    ],
    [
      'cancel refused',
      cancelReport(id, { kind: 'rejected', reason: 'no' }, 'x'),
      'order.cancelRejected',
    ],
    [
      'cancel unclear',
      cancelReport(id, { kind: 'ambiguous', reason: '?' }, 'x'),
      'order.doubted cancel',
    ],
    ['cancel thrown', thrownReport(id, 'cancel', new Error('reset')), 'order.doubted cancel'],
  ])('%s', (_, report, expected) => {
    const command = 'command' in report ? ` ${report.command}` : '';
    expect(`${report.type}${command}`).toBe(expected);
    expect(report.clientOrderId).toBe(id);
  });

  it.each(['rejected', 'ambiguous'] as const)('%s: says where it was one call too many', (kind) => {
    const failure = { kind, reason: 'slow down' } as const;
    const reports = (outcome: Failure) => [
      submitReport(id, outcome),
      amendReport(id, outcome),
      cancelReport(id, outcome, 'x'),
    ];
    for (const report of reports({ ...failure, throttled: true }))
      expect(report).toMatchObject({ reason: 'slow down', throttled: true });
    for (const report of reports(failure)) expect(report).not.toHaveProperty('throttled');
  });

  it('keeps the terms, the counts and the reasons', () => {
    expect(amendReport(id, { kind: 'accepted', price, quantity })).toMatchObject({
      price,
      quantity,
    });
    expect(cancelReport(id, { kind: 'accepted', cumulative: lots(3) }, 'stale')).toMatchObject({
      cumulative: 3,
      reason: 'stale',
    });
    expect(thrownReport(id, 'submit', 'a text')).toMatchObject({ reason: 'a text' });
  });
});
