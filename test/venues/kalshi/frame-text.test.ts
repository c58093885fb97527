import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError, messageOf } from '../../../src/domain/errors.ts';
import { readFrame } from '../../../src/venues/kalshi/frame-text.ts';
import { deltaOf } from '../../../src/venues/kalshi/translate.ts';
import { decodeFrame, type KalshiFrame } from '../../../src/venues/kalshi/wire.ts';
import { FRAMES } from './frames.ts';

/** What the engine makes of a frame, or what it says of one that it cannot read. */
function meaning(read: () => KalshiFrame): unknown {
  try {
    const frame = read();
    return frame.type === 'orderbook_delta' ? deltaOf(frame) : frame;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

const quick = (text: string) => meaning(() => readFrame(text));
const usual = (text: string) => meaning(() => decodeFrame(JSON.parse(text)));

const { orderbook_delta: delta } = FRAMES;

const decimal = fc.oneof(
  fc.stringMatching(/^-?\d{1,16}(\.\d{1,5})?$/),
  fc.constantFrom('0.5700', '-4.50', '', '1.', '.5', '+1', '1e3', 'NaN'),
);
const count = fc.oneof(fc.nat(), fc.constantFrom(-1, 1.5, 2 ** 53, 1e21));
const text = fc.oneof(fc.stringMatching(/^[A-Z0-9.-]{1,30}$/), fc.string(), fc.constant('A\\"B'));
const optional = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });

/** With the venue's order of keys, or without it. */
const frames = fc
  .record({
    sid: count,
    seq: count,
    sending_ts_ms: optional(count),
    msg: fc.record({
      market_ticker: text,
      market_id: optional(text),
      price_dollars: decimal,
      delta_fp: decimal,
      side: fc.constantFrom('yes', 'no', 'both'),
      client_order_id: optional(text),
      ts: optional(text),
      ts_ms: optional(count),
    }),
  })
  .map((frame) => JSON.stringify({ type: 'orderbook_delta', ...frame }));

describe('the text of a frame', () => {
  it('means the same, read by the pattern or by JSON.parse', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        expect(quick(frame)).toEqual(usual(frame));
      }),
      { numRuns: 2_000 },
    );
  });

  it('with one character changed is refused alike, or means the same', () => {
    const whole = JSON.stringify(delta);
    const place = fc.nat({ max: whole.length });
    const character = fc.oneof(fc.constantFrom(...'0123456789"\\{}[]:,.- '.split('')), fc.string());
    fc.assert(
      fc.property(place, fc.nat({ max: 2 }), character, (at, length, put) => {
        const damaged = whole.slice(0, at) + put + whole.slice(at + length);
        let isJson = true;
        try {
          JSON.parse(damaged);
        } catch {
          isJson = false;
        }
        if (isJson) expect(quick(damaged)).toEqual(usual(damaged));
        else expect(() => readFrame(damaged)).toThrow(InputError);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each(Object.values(FRAMES).map((frame) => [frame.type, JSON.stringify(frame)]))(
    'of %s is read as its object is',
    (_, frame) => {
      expect(quick(frame)).toEqual(usual(frame));
    },
  );

  it('takes the quick way for what the venue writes: only there nobody reads `ts`', () => {
    expect(readFrame(JSON.stringify(delta))).not.toHaveProperty('msg.ts');
    expect(readFrame(JSON.stringify({ ...delta, later: 1 }))).toHaveProperty('msg.ts');
  });

  it('that is no JSON is one clear line', () => {
    expect(() => readFrame('<html>')).toThrow('Kalshi frame: must be JSON, was "<html>"');
  });
});
