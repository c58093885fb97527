import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/domain/errors.ts';
import { deltaOf, printOf, snapshotOf, statusOf } from '../../../src/venues/kalshi/translate.ts';
import { decodeFrame } from '../../../src/venues/kalshi/wire.ts';
import { FRAMES } from './frames.ts';

const refusalOf = (raw: unknown): string => {
  try {
    decodeFrame(raw);
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown.message;
    throw thrown;
  }
  return 'accepted';
};

const decoded = (text: string): unknown => decodeFrame(JSON.parse(text));

describe('a frame of each kind', () => {
  it.each(Object.entries(FRAMES))('%s keeps its type, numbers and ticker', (type, raw) => {
    const frame = decodeFrame(raw);
    expect(frame.type).toBe(type);
    expect(raw).toMatchObject(frame);
  });

  it('may leave out what is empty or newer than the venue was then', () => {
    const { msg } = FRAMES.orderbook_snapshot;
    const empty = { ...FRAMES.orderbook_snapshot, msg: { market_ticker: msg.market_ticker } };
    expect(refusalOf(empty)).toBe('accepted');
    const { ts_ms: _, ...old } = FRAMES.orderbook_delta.msg;
    expect(refusalOf({ ...FRAMES.orderbook_delta, msg: old })).toBe('accepted');
    expect(refusalOf({ id: 3, type: 'ok', msg: [{ channel: 'ticker', sid: 1 }] })).toBe('accepted');
  });

  it('of an unknown kind is passed on by name, with its numbers', () => {
    const raw = { type: 'quote_created', sid: 6, seq: 2, msg: {} };
    expect(decodeFrame(raw)).toEqual({ type: 'other', name: 'quote_created', sid: 6, seq: 2 });
    expect(decodeFrame({ type: 'toString' })).toEqual({ type: 'other', name: 'toString' });
  });

  it('drops fields that nobody asked for', () => {
    expect(decodeFrame(FRAMES.ticker)).not.toHaveProperty('msg.dollar_volume');
  });
});

describe('a damaged frame', () => {
  const { orderbook_delta: delta, orderbook_snapshot: snapshot, trade } = FRAMES;

  it.each([
    [null, 'Kalshi frame, frame: must be an object, was "null"'],
    [[], 'Kalshi frame, frame: must be an object, was "a list"'],
    [{}, 'Kalshi frame, frame.type: '],
    [{ type: 7 }, 'Kalshi frame, frame.type: '],
    [{ ...delta, seq: undefined }, 'Kalshi frame, orderbook_delta.seq: '],
    [{ ...delta, seq: -1 }, 'Kalshi frame, orderbook_delta.seq: '],
    [{ ...delta, msg: null }, 'Kalshi frame, orderbook_delta.msg: '],
    [{ ...delta, msg: { ...delta.msg, side: 'YES' } }, 'Kalshi frame, orderbook_delta.msg.side: '],
    [{ ...delta, msg: { ...delta.msg, delta_fp: -4.5 } }, 'orderbook_delta.msg.delta_fp: '],
    [{ ...delta, msg: { ...delta.msg, ts_ms: '1' } }, 'orderbook_delta.msg.ts_ms: '],
    [{ ...trade, msg: { ...trade.msg, count_fp: '1e3' } }, 'trade.msg.count_fp: '],
    [
      { ...snapshot, msg: { ...snapshot.msg, no_dollars_fp: [['0.5', '1'], ['0.6']] } },
      'orderbook_snapshot.msg.no_dollars_fp.1',
    ],
  ])('%j is refused by the name of the field', (raw, message) => {
    expect(refusalOf(raw)).toContain(message);
  });

  it('shows the value, cut short, and a way out', () => {
    const long = 'x'.repeat(500);
    const message = refusalOf({ ...trade, msg: { ...trade.msg, count_fp: long } });
    expect(message.length).toBeLessThan(300);
    expect(message).toContain('the venue changed its format or the data are damaged');
  });

  it('never reaches a prototype', () => {
    const text = JSON.stringify(FRAMES.trade).replace(
      '"msg":{',
      '"__proto__":{"own":1},"msg":{"__proto__":{"own":1},',
    );
    expect(decoded(text)).toEqual(decodeFrame(FRAMES.trade));
    expect(Object.getPrototypeOf(decoded(text))).toBe(Object.prototype);
    expect(({} as { own?: number }).own).toBeUndefined();
    expect(refusalOf(JSON.parse('{"__proto__":{"type":"ok"}}'))).toContain('frame.type');
  });
});

describe('any damage', () => {
  /** As JSON.parse does: a key "__proto__" is a key like any other. */
  const put = (object: object, key: string, value: unknown): unknown =>
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true });

  /** Replaces, drops or adds something somewhere in a frame. */
  const damaged = fc
    .record({
      frame: fc.constantFrom(...Object.values(FRAMES)),
      place: fc.array(fc.nat(6), { minLength: 1, maxLength: 4 }),
      value: fc.oneof(
        fc.jsonValue(),
        fc.constantFrom(
          '',
          '-',
          '1e9',
          '0x1',
          'NaN',
          -0,
          1.5,
          2 ** 60,
          '9'.repeat(40),
          '__proto__',
        ),
        fc.string(),
      ),
      how: fc.constantFrom('replace', 'drop', 'add'),
      key: fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'msg', 'type', 'sid')),
    })
    .map(({ frame, place, value, how, key }) => {
      const copy: unknown = JSON.parse(JSON.stringify(frame));
      let at: unknown = copy;
      for (const [depth, index] of place.entries()) {
        if (typeof at !== 'object' || at === null) break;
        const keys = Object.keys(at);
        const chosen = keys[index % Math.max(1, keys.length)] ?? key;
        // Its own: what it inherits is every object's, and must not be damaged.
        const child: unknown = Object.hasOwn(at, chosen) ? Reflect.get(at, chosen) : undefined;
        if (depth < place.length - 1 && typeof child === 'object' && child !== null) at = child;
        else if (how === 'drop') Reflect.deleteProperty(at, chosen);
        else put(at, how === 'add' ? key : chosen, value);
      }
      return copy;
    });

  it('is refused by an InputError or decoded, translated, and leaves objects alone', () => {
    let refused = 0;
    fc.assert(
      fc.property(damaged, (raw) => {
        try {
          translate(raw);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(InputError);
          refused += 1;
        }
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: 3_000 },
    );
    expect(refused).toBeGreaterThan(300);
  });

  it('so is any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (raw) => {
        expect(refusalOf(raw)).toMatch(/accepted|Kalshi frame/);
      }),
    );
  });

  const translate = (raw: unknown): unknown => {
    const frame = decodeFrame(raw);
    if (frame.type === 'orderbook_delta') return deltaOf(frame);
    if (frame.type === 'orderbook_snapshot') return snapshotOf(frame);
    if (frame.type === 'trade') return printOf(frame, 1);
    return frame.type === 'market_lifecycle_v2' ? statusOf(frame) : frame;
  };
});
