/** Commands to one market of cents, and the gate that lets them pass. */
import { lots, ticks } from '../../src/domain/numbers.ts';
import type { OutboundCommand } from '../../src/gateway/command.ts';
import type { GateState } from '../../src/gateway/gate.ts';
import { PAPER_LIMITS } from '../../src/risk/limits.ts';
import { NO_EXPOSURE } from '../../src/risk/pre-trade.ts';
import { centsInstrument } from './cents.ts';

const instrument = centsInstrument('script', 'M');

export const OPEN_GATE: GateState = {
  haltReason: null,
  bookFresh: true,
  instrument,
  ranges: instrument.tickRanges,
  cap: ticks(50),
  limits: PAPER_LIMITS,
  exposure: NO_EXPOSURE,
  collar: null,
  objection: null,
  measured: {},
};

export const QUESTION = { action: 'buy', price: ticks(45), quantity: lots(10) } as const;

export function commandOf(
  kind: OutboundCommand['kind'],
  clientOrderId = 'dw-1-1',
  executionId = 'x',
): OutboundCommand {
  const address = { executionId, splitOrderId: `${executionId}-1`, clientOrderId, symbol: 'M' };
  const ref = { clientOrderId, venueOrderId: null, symbol: 'M' };
  if (kind === 'cancel') return { ...address, kind, ref, reason: 'enough' };
  const question = QUESTION;
  const { price, quantity } = question;
  if (kind === 'amend')
    return { ...address, kind, question, reason: 'walk', request: { ...ref, price, quantity } };
  const terms = { timeInForce: 'gtc', postOnly: false, expiresAtMs: null } as const;
  const request = { clientOrderId, symbol: 'M', outcome: 'yes' as const, ...question, ...terms };
  return { ...address, kind, question, request };
}
