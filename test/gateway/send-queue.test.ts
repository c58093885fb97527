import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INTENT_AGE_MS_MAX } from '../../src/domain/limits.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import type { OutboundCommand } from '../../src/gateway/command.ts';
import { SendQueue } from '../../src/gateway/send-queue.ts';
import { RateLimiter } from '../../src/risk/rate-limiter.ts';
import { commandOf } from '../support/commands.ts';
import { fullest } from '../support/limiter-load.ts';

type Limits = ConstructorParameters<typeof RateLimiter>[0];

const MINUTE = { windowMs: 60_000, calls: 1_000, cancelReserve: 10 };
/** Two orders and one more cancel in any 200 ms. */
const SHORT: Limits = [{ windowMs: 200, calls: 3, cancelReserve: 1 }, MINUTE];

const TOO_LATE = 'no room within 250 ms: no more than 3 calls in 0.2 s, 1000 calls in 60 s';

interface Said {
  readonly text: string;
  readonly atMs: number;
}

function queueOf(limits: Limits) {
  const clock = new VirtualClock();
  const [sent, refused]: [Said[], Said[]] = [[], []];
  const state = { refusal: null as string | null, isWanted: true };
  const textOf = ({ kind, clientOrderId }: OutboundCommand): string => `${kind} ${clientOrderId}`;
  const queue = new SendQueue({
    clock,
    limiter: new RateLimiter(limits),
    refusal: ({ kind }, hasWaited) => {
      if (hasWaited && !state.isWanted) return 'unwanted';
      return kind === 'cancel' ? null : state.refusal;
    },
    send: (command) => sent.push({ text: textOf(command), atMs: clock.monotonicMs() }),
    refuse: (command, reason) =>
      refused.push({ text: `${textOf(command)}: ${reason}`, atMs: clock.monotonicMs() }),
  });
  const push = (kind: OutboundCommand['kind'], ...ids: readonly string[]): void => {
    for (const id of ids) queue.push(commandOf(kind, id));
  };
  const pass = (ms: number): Promise<void> => clock.run({ untilMs: clock.wallMs() + ms });
  return { queue, clock, sent, refused, state, push, pass };
}

const texts = (said: readonly Said[]): string[] => said.map(({ text }) => text);

describe('a command that finds no room', () => {
  it('waits, and goes first come, first served, as soon as there is room', async () => {
    const { sent, refused, push, pass, clock } = queueOf(SHORT);
    push('submit', 'a', 'b', 'c', 'd');
    expect(texts(sent)).toEqual(['submit a', 'submit b']);
    await pass(201);
    expect(sent.slice(2)).toEqual([
      { text: 'submit c', atMs: 201 },
      { text: 'submit d', atMs: 201 },
    ]);
    expect([refused, clock.pending]).toEqual([[], 0]);
  });

  it('is given back at once where its turn would come too late', () => {
    const { sent, refused, push, clock } = queueOf([{ ...MINUTE, calls: 11 }]);
    push('submit', 'a', 'b');
    expect(texts(sent)).toEqual(['submit a']);
    expect(texts(refused)).toEqual([
      'submit b: no room within 250 ms: no more than 11 calls in 60 s',
    ]);
    expect(clock.pending).toBe(0);
  });

  it('is given back, not sent late, where others kept the room that was foreseen', async () => {
    const { sent, refused, push, pass, clock } = queueOf(SHORT);
    push('submit', 'a', 'b', 'c');
    await pass(200);
    push('cancel', 'x', 'y', 'z', 'v', 'w');
    await pass(1_000);
    expect(texts(sent).filter((text) => text.startsWith('submit'))).toEqual([
      'submit a',
      'submit b',
    ]);
    expect(refused).toEqual([{ text: `submit c: ${TOO_LATE}`, atMs: 200 }]);
    expect(clock.pending).toBe(0);
  });

  it('is given back, not sent late, where the process stood still meanwhile', async () => {
    const { sent, refused, push, pass, clock } = queueOf(SHORT);
    const setTimeout = clock.setTimeout.bind(clock);
    clock.setTimeout = (callback, delayMs) => setTimeout(callback, delayMs + 60);
    push('submit', 'a', 'b', 'c');
    push('cancel', 'x', 'y');
    await pass(1_000);
    expect(texts(sent)).toEqual(['submit a', 'submit b', 'cancel x', 'cancel y']);
    expect(refused).toEqual([{ text: `submit c: ${TOO_LATE}`, atMs: 261 }]);
  });

  it('is judged when it is sent, not when it came', async () => {
    const { sent, refused, push, pass, state } = queueOf(SHORT);
    push('submit', 'a', 'b', 'c');
    await pass(100);
    state.refusal = 'halted';
    await pass(500);
    expect(texts(sent)).toEqual(['submit a', 'submit b']);
    expect(texts(refused)).toEqual(['submit c: halted']);
  });

  it('is dropped where nobody wants it any more, a cancel too', async () => {
    const { sent, refused, push, pass, state } = queueOf(SHORT);
    push('cancel', 'a', 'b', 'c', 'd');
    push('amend', 'e');
    state.isWanted = false;
    await pass(1_000);
    expect(texts(sent)).toEqual(['cancel a', 'cancel b', 'cancel c']);
    expect(texts(refused)).toEqual(['cancel d: unwanted', 'amend e: unwanted']);
  });

  it('is forgotten when all is stopped', async () => {
    const { queue, sent, push, pass, clock } = queueOf(SHORT);
    push('submit', 'a', 'b', 'c');
    expect([queue.waiting, clock.pending]).toEqual([1, 1]);
    queue.stop();
    expect([queue.waiting, clock.pending]).toEqual([0, 0]);
    await pass(1_000);
    expect(sent).toHaveLength(2);
  });
});

describe('a cancel', () => {
  it('goes before orders that wait, and waits as long as it must', async () => {
    const { sent, refused, push, pass } = queueOf([
      { windowMs: 5_000, calls: 3, cancelReserve: 1 },
    ]);
    push('submit', 'a', 'b');
    push('cancel', 'a', 'x', 'y');
    await pass(5_000);
    expect(texts(sent)).toEqual(['submit a', 'submit b', 'cancel a']);
    await pass(1);
    expect(texts(sent).slice(3)).toEqual(['cancel x', 'cancel y']);
    expect(refused).toEqual([]);
  });

  it('undoes an order that still waits: nothing of either is sent', async () => {
    const { queue, sent, refused, push, pass } = queueOf(SHORT);
    push('submit', 'a', 'b', 'c', 'd');
    push('cancel', 'c');
    expect(queue.waiting).toBe(1);
    await pass(1_000);
    expect(texts(sent)).toEqual(['submit a', 'submit b', 'submit d']);
    expect(texts(refused)).toEqual([
      'submit c: it was withdrawn before it was sent',
      'cancel c: its order was never sent',
    ]);
  });

  it('undoes an amend that waits, and is sent', async () => {
    const { sent, refused, push, pass } = queueOf(SHORT);
    push('submit', 'a', 'b');
    push('amend', 'a');
    push('cancel', 'a');
    await pass(1_000);
    expect(texts(sent)).toEqual(['submit a', 'submit b', 'cancel a']);
    expect(texts(refused)).toEqual(['amend a: it was withdrawn before it was sent']);
  });

  it('that waits speaks for the next one of the same order', async () => {
    const { sent, refused, push, pass } = queueOf(SHORT);
    push('cancel', 'a', 'b', 'c', 'd', 'd', 'd');
    await pass(1_000);
    expect(texts(sent)).toEqual(['cancel a', 'cancel b', 'cancel c', 'cancel d']);
    expect(refused).toEqual([]);
  });
});

describe('whatever is asked', () => {
  const asked = fc.array(
    fc.record({
      afterMs: fc.oneof({ weight: 3, arbitrary: fc.nat({ max: 40 }) }, fc.nat({ max: 3_000 })),
      kind: fc.constantFrom<OutboundCommand['kind']>('submit', 'submit', 'amend', 'cancel'),
      of: fc.nat({ max: 9 }),
    }),
    { maxLength: 120 },
  );

  it('each ends once, in order, in time and within every window', async () => {
    const limits = [
      { windowMs: 150, calls: 4, cancelReserve: 1 },
      { windowMs: 2_000, calls: 20, cancelReserve: 4 },
    ];
    await fc.assert(
      fc.asyncProperty(asked, async (commands) => {
        const { sent, refused, push, pass, clock } = queueOf(limits);
        const pushed = new Map<string, number>();
        let joined = 0;
        for (const [index, { afterMs, kind, of }] of commands.entries()) {
          await pass(afterMs);
          // A cancel may be of an order that waits, of one that is out, or of an earlier cancel.
          const id = kind === 'cancel' ? `${of}` : kind === 'amend' ? `${of}` : `${index}`;
          const before = sent.length + refused.length;
          pushed.set(`${kind} ${id}`, clock.monotonicMs());
          push(kind, id);
          joined += sent.length + refused.length - before;
        }
        await pass(60_000);
        expect(clock.pending).toBe(0);
        expect(sent.length + refused.length).toBeLessThanOrEqual(commands.length);
        expect(joined).toBeLessThanOrEqual(sent.length + refused.length);
        for (const { windowMs, calls } of limits)
          expect(
            fullest(
              sent.map((one) => ({ ...one, weight: 1 })),
              windowMs,
            ),
          ).toBeLessThanOrEqual(calls);
        const submits = sent.filter(({ text }) => text.startsWith('submit'));
        const numbers = submits.map(({ text }) => Number(text.slice('submit '.length)));
        expect(numbers).toEqual(numbers.toSorted((left, right) => left - right));
        for (const { text, atMs } of submits)
          expect(atMs - (pushed.get(text) ?? -1_000)).toBeLessThanOrEqual(INTENT_AGE_MS_MAX);
        const cancelled = refused.filter(({ text }) => text.startsWith('cancel'));
        for (const { text } of cancelled) expect(text).toContain('its order was never sent');
      }),
    );
  });
});
