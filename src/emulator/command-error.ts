/** The WebSocket's errors: a number and a text. */

const TEXTS = {
  1: 'Unable to process message',
  2: 'Params required',
  3: 'Channels required',
  4: 'Subscription IDs required',
  5: 'Unknown command',
  6: 'Already subscribed',
  7: 'Unknown subscription ID',
  8: 'Unknown channel name',
  11: 'Invalid parameter',
  12: 'Exactly one subscription ID is required',
  13: 'Unsupported action',
  14: 'Market Ticker required',
  15: 'Action required',
  16: 'Market not found',
  24: 'Index IDs required',
  25: 'Subscription buffer overflow',
} as const;

export type ErrorCode = keyof typeof TEXTS;

export const errorMessage = (code: ErrorCode, more: object = {}): object => ({
  code,
  msg: TEXTS[code],
  ...more,
});

export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly msg: object;

  constructor(code: ErrorCode, more: object = {}) {
    super(TEXTS[code]);
    this.msg = errorMessage(code, more);
  }
}
