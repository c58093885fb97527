/**
 * What the simulation cannot see: files, locks and limits of its own world. Each trial throws where
 * a law is broken; the engine as it is passes them all.
 */
import { equal, ok, throws } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decimal } from '../../src/domain/money.ts';
import { lots, ticks } from '../../src/domain/numbers.ts';
import type { OrderCommandKind } from '../../src/domain/order.ts';
import { seededRandom } from '../../src/env/seeded-random.ts';
import { gateRefusal } from '../../src/gateway/gate.ts';
import { arrivalCap } from '../../src/risk/cap.ts';
import { gatedPrice } from '../../src/risk/price-gate.ts';
import { RateLimiter } from '../../src/risk/rate-limiter.ts';
import { openStore } from '../../src/store/open-store.ts';
import { connectSqlite } from '../../src/store/sqlite.ts';
import { cutOnce, judge, recordMoments } from '../crash/power-loss.ts';
import { journalEntry, turn } from '../store/given.ts';
import { centsInstrument } from '../support/cents.ts';
import { OPEN_GATE, QUESTION } from '../support/commands.ts';
import { HONEST, type Plan, type TrueOrder } from '../support/scripted-venue.ts';
import { type Desk, openDesk, START_MS } from './desk.ts';

/** In a folder of its own, which goes with the trial. */
async function inFolder(run: (file: string, folder: string) => void | Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), 'mutant-'));
  try {
    await run(join(folder, 'bot.db'), folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const instrument = centsInstrument('script', 'M');

async function atDesk(run: (desk: Desk) => Promise<void>, ...given: Parameters<typeof openDesk>) {
  const desk = await openDesk(...given);
  try {
    await run(desk);
  } finally {
    desk.abandon();
  }
}

/** Whatever the first answers are worth: once a wish has ended, nothing of it is at the venue. */
const endsWithNothingAtRest = (replies: Partial<Record<OrderCommandKind, Plan['reply']>>) =>
  atDesk(async ({ venue, wish }) => {
    const seen = new Set<OrderCommandKind>();
    // Nor does the stream help.
    venue.told = () => [];
    venue.plan = (kind) => {
      const reply = seen.has(kind) ? undefined : replies[kind];
      seen.add(kind);
      // A cancel in doubt did not arrive, an order in doubt did.
      return reply === undefined ? HONEST : { ...HONEST, arrives: kind === 'submit', reply };
    };
    await wish('one', 10, 5_000);
    equal(venue.orders.size, 1);
    equal(venue.resting().length, 0);
  });

export const TRIALS = {
  'a second engine is refused': () =>
    inFolder((file) => {
      const store = openStore({ file });
      throws(() => openStore({ file }), /one engine at a time/);
      store.close();
    }),

  'whoever lost the lease commits nothing': () =>
    inFolder((file) => {
      // A lock that is not shared, as on a file system without locks.
      const unlocked: typeof connectSqlite = (path, timeout) =>
        connectSqlite(path.endsWith('.lock') ? ':memory:' : path, timeout);
      const [first, second] = [openStore({ file }, unlocked), openStore({ file }, unlocked)];
      throws(() => first.commit(turn({ nextSequence: 1 })), /lease/);
      second.commit(turn({ nextSequence: 1 }));
      for (const store of [first, second]) store.close();
    }),

  'no id is drawn twice': () =>
    inFolder((file) => {
      const seen: string[] = [];
      for (let opening = 0; opening < 3; opening += 1) {
        const store = openStore({ file, leastEpoch: 5 });
        seen.push(`${store.epoch}-${store.nextSequence}`);
        store.commit(turn({ journal: [journalEntry()], nextSequence: store.nextSequence + 4 }));
        store.close();
      }
      equal(seen.join(' '), '5-0 6-4 7-8');
    }),

  'a power cut loses nothing that was acknowledged': () =>
    inFolder((_, folder) => {
      const random = seededRandom('mutants');
      const moments = recordMoments(folder, { commits: 20, settings: [], random });
      for (let cut = 0; cut < 30; cut += 1) {
        const verdict = judge(cutOnce(moments, random.fork(`cut ${cut}`)), folder);
        equal(verdict, 'whole');
      }
    }),

  'the gate refuses while halted, and on a stale book': () => {
    equal(gateRefusal(QUESTION, OPEN_GATE), null);
    ok(gateRefusal(QUESTION, { ...OPEN_GATE, haltReason: 'enough' })?.includes('halted'));
    ok(gateRefusal(QUESTION, { ...OPEN_GATE, bookFresh: false })?.includes('not fresh'));
  },

  'no price leaves the cap': () => {
    const bounds = { action: 'buy', ranges: instrument.tickRanges, cap: ticks(60) } as const;
    for (let wanted = 1; wanted < 100; wanted += 1)
      ok((gatedPrice(ticks(wanted), { ...bounds, collar: null }) ?? 0) <= 60);
  },

  'the cap leaves the edge': () => {
    const cap = arrivalCap({
      action: 'buy',
      instrument,
      ranges: instrument.tickRanges,
      limit: ticks(90),
      fairValue: decimal('0.70', 'fair value'),
      minimumEdge: decimal('0.02', 'edge'),
      arrivalPrice: null,
      maxSlippageTicks: null,
    });
    ok(cap.kind === 'cap' && cap.price < 70, JSON.stringify(cap));
  },

  'no more calls are made than there are': () => {
    const limiter = new RateLimiter([{ windowMs: 60_000, calls: 10, cancelReserve: 3 }]);
    const made = Array.from({ length: 20 }, () => limiter.tryReserve(0, { kind: 'cancel' }));
    equal(made.filter(Boolean).length, 10);
  },

  'cancels have room when orders have none': () => {
    const limiter = new RateLimiter([{ windowMs: 60_000, calls: 10, cancelReserve: 3 }]);
    while (limiter.tryReserve(0, { kind: 'place' }));
    equal(limiter.left(0, { kind: 'cancel' }), 3);
  },

  'an ambiguous answer is no rejection': () => endsWithNothingAtRest({ submit: 'ambiguous' }),

  'a duplicate id is no rejection': () => endsWithNothingAtRest({ submit: 'exists' }),

  'an ambiguous cancel is no end': () => endsWithNothingAtRest({ cancel: 'ambiguous' }),

  'a cancel ends an order once its fills are known': () =>
    atDesk(async ({ venue, wish, pass }) => {
      venue.told = ({ type }) => (type === 'order.filled' ? [7_000] : [5]);
      const outcome = wish('one', 10, 5_000);
      await pass(1_000);
      venue.fill(venue.resting()[0]?.request.clientOrderId ?? '', 4);
      equal(await outcome, 'partial');
    }),

  'what a venue does not list is not proven while its data lag': () =>
    atDesk(async ({ venue, engine, wish, pass }) => {
      venue.plan = () => ({ ...HONEST, arrives: false, reply: 'ambiguous' });
      venue.asOfMs = () => START_MS;
      void wish('one', 10, 5_000);
      await pass(300_000);
      equal(engine.quantities()[0]?.quantity.inDoubt, 10);
    }),

  'a fill counts although its execution is gone': () =>
    atDesk(async ({ venue, wish, pass, held }) => {
      equal(await wish('one', 10, 5_000), 'unfilled');
      await pass(120_000);
      const [[clientOrderId, order]] = [...venue.orders] as [[string, TrueOrder]];
      const fill = venue.madeFill(order, lots(4), 'late');
      venue.report('M', { type: 'order.filled', clientOrderId, fill });
      await pass(1_000);
      equal(held(), 4);
    }),

  'a fill that was taken back counts no more': () =>
    atDesk(async ({ venue, engine, wish, pass }) => {
      void wish('one', 10, 60_000);
      await pass(1_000);
      const fillId = venue.fill(venue.resting()[0]?.request.clientOrderId ?? '', 4);
      await pass(1_000);
      equal(engine.quantities()[0]?.quantity.filled, 4);
      venue.revert(fillId ?? '');
      await pass(2_000);
      equal(engine.quantities()[0]?.quantity.filled, 0);
    }),

  'no place in a list is kept before what it passed': () =>
    inFolder(async (file) => {
      const before = await openDesk({ file, diesWithPlace: true });
      void before.wish('one', 10, 600_000);
      await before.pass(1_000);
      before.venue.told = () => [];
      before.venue.fill(before.venue.resting()[0]?.request.clientOrderId ?? '', 4);
      await before.pass(120_000);
      before.abandon();
      await atDesk(
        async ({ pass, held }) => {
          await pass(120_000);
          equal(held(), 4);
        },
        { file, venue: before.venue },
      );
    }),

  'what has ended holds no exposure': () =>
    atDesk(async (desk) => {
      equal(await desk.wish('one', 90, 1_000), 'unfilled');
      equal(await desk.wish('two', 90, 1_000), 'unfilled');
    }),

  'two wishes hold no more than one may': () =>
    atDesk(async (desk) => {
      const first = desk.wish('one', 90, 20_000);
      equal(await desk.wish('two', 90, 1_000), 'refused');
      equal(await first, 'unfilled');
    }),

  'a deadline outlives the process': () =>
    inFolder(async (file) => {
      const before = await openDesk({ file });
      void before.wish('one', 10, 30_000);
      await before.pass(1_000);
      before.abandon();
      await atDesk(
        async ({ engine, venue, pass }) => {
          await pass(60_000);
          equal(engine.executions().length, 0);
          equal(venue.resting().length, 0);
        },
        { file, venue: before.venue },
      );
    }),

  'what is taken up holds its exposure': () =>
    inFolder(async (file) => {
      const before = await openDesk({ file });
      void before.wish('one', 90, 60_000);
      await before.pass(1_000);
      before.abandon();
      await atDesk(
        async (desk) => {
          await desk.pass(5_000);
          equal(await desk.wish('two', 90, 1_000), 'refused');
        },
        { file, venue: before.venue },
      );
    }),

  'an order with our tag that nobody knows halts': () =>
    atDesk(async (desk) => {
      desk.place('dw-zz-1');
      await desk.pass(60_000);
      ok(desk.engine.halts().length > 0);
    }),

  "another program's order is left alone": () =>
    atDesk(async (desk) => {
      desk.place('their-1');
      await desk.pass(60_000);
      equal(desk.engine.halts().length, 0);
      equal(desk.venue.orders.get('their-1')?.status, 'resting');
    }),

  'a halt is answered, however silent the venue': () =>
    atDesk(async ({ engine, venue, wish, pass }) => {
      void wish('one', 10, 600_000);
      await pass(1_000);
      venue.plan = () => ({ ...HONEST, arrives: false, reply: 'never' });
      const answers: boolean[] = [];
      void engine.halt('enough').then(({ proven }) => answers.push(proven));
      await pass(31_000);
      equal(answers.join(), 'false');
    }),

  'a halt outlives the process': () =>
    inFolder(async (file) => {
      const before = await openDesk({ file });
      void before.engine.halt('enough');
      await before.pass(1_000);
      before.abandon();
      await atDesk(async ({ engine }) => equal(engine.halts().length, 1), {
        file,
        venue: before.venue,
      });
    }),
} as const satisfies Readonly<Record<string, () => void | Promise<void>>>;

export type TrialName = keyof typeof TRIALS;
