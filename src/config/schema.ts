/**
 * All settings there are: sections, keys, defaults and rules. It knows no engine: whoever reads a
 * configuration hands its parts to those that need them.
 */
import { z } from 'zod';
import {
  CALLS_PER_MINUTE,
  CONFIRM_ENDING_MS,
  CONFIRM_RESTING_MS,
  QUEUED_SIGNALS_MAX,
  RECONCILE_MS,
  TIME_LIMIT_MS_MAX,
} from '../domain/limits.ts';
import {
  amountOrNull,
  amountOrZero,
  choice,
  choiceOrNull,
  count,
  countOrNull,
  flag,
  leaf,
  statistic,
  text,
  textOrNull,
} from './leaves.ts';
import { breaker, limits } from './limits-schema.ts';
import { alerts, mirror, record } from './sinks-schema.ts';

const HOUR_MS = 3_600_000;
const COUNT = { least: 1, most: 1_000_000 };
const DURATION = { least: 0, most: HOUR_MS };
const SHARE = z.number().min(0).max(1);
const DELAY = z.number().min(0).max(HOUR_MS);

const latencyModel = z.union([
  z.strictObject({ kind: z.literal('fixed'), ms: DELAY }),
  z.strictObject({
    kind: z.literal('lognormal'),
    medianMs: DELAY,
    sigma: z.number().min(0).max(5),
  }),
  z.strictObject({ kind: z.literal('quantiles'), ms: z.array(DELAY).min(2).max(1_001) }),
]);

const latency = (medianMs: number, purpose: string) =>
  leaf(
    latencyModel,
    { kind: 'lognormal', medianMs, sigma: 0.3 },
    'must be {"kind":"fixed","ms"}, {"kind":"lognormal","medianMs","sigma"} or ' +
      '{"kind":"quantiles","ms":[...]}',
    purpose,
  );

const haircut = leaf(
  z.strictObject({ share: z.number().min(0.01).max(1), youngerThanMs: DELAY }).nullable(),
  { share: 0.8, youngerThanMs: 500 },
  'must be {"share","youngerThanMs"} with a share of at most 1, or null',
  'How much of a level that is younger than this can be taken.',
);

const stress = leaf(
  z
    .strictObject({
      refillHoldMs: DELAY,
      shiftProbability: SHARE,
      penniedAfterMs: z.strictObject({ from: DELAY, to: DELAY }).nullable(),
    })
    .nullable(),
  null,
  'must be {"refillHoldMs","shiftProbability","penniedAfterMs":{"from","to"}}, or null',
  'What our own trading does to the other makers; a recording cannot tell.',
);

const fillModel = z.strictObject({
  mode: choice(
    'probabilistic',
    ['conservative', 'probabilistic', 'optimistic'],
    'How much of what is cancelled in our level stood before our order.',
  ),
  exponent: statistic(
    2,
    { least: 0.01, most: 100 },
    'Of the probabilistic mode: higher means fewer cancels before our order.',
  ),
  takeHaircut: haircut,
  reorderMs: count(250, DURATION, 'An event so much out of order is put in its place.'),
  creditTtlMs: count(2_000, DURATION, 'So far apart a print and its book delta may lie.'),
  stress,
});

const rateLimit = leaf(
  z
    .strictObject({
      callsPerSecond: z.number().min(0.001).max(1_000_000),
      burst: z.int().min(1).max(1_000_000),
    })
    .nullable(),
  null,
  'must be {"callsPerSecond","burst"}, or null',
  'Calls beyond it wait for their turn, as at a venue that throttles.',
);

const paper = z.strictObject({
  balance: amountOrZero('10000', 'Dollars to begin with.'),
  fillModel,
  latency: z.strictObject({
    feed: latency(20, 'Market data, from the exchange to us.'),
    entry: latency(40, 'A command, to the exchange.'),
    response: latency(30, 'A reply or report, back to us.'),
  }),
  rateLimit,
});

const kalshi = z.strictObject({
  environment: choiceOrNull(['demo', 'prod'], 'Where to trade; --env says it, too.'),
  keyId: textOrNull('The id of the API key; it is no secret.'),
  privateKeyFile: textOrNull('The key itself, PEM, in a file that only its owner may read.'),
  restUrl: textOrNull("Instead of the venue's own: an emulator on this machine."),
  wsUrl: textOrNull('The same for the WebSocket.'),
  sizeBreaker: amountOrNull(
    'Contracts that may match in 15 s: beyond it the venue itself cancels all orders of ours.',
  ),
});

const waitMs = z.int().min(1).max(TIME_LIMIT_MS_MAX);

const confirmation = leaf(
  z.strictObject({ restingMs: waitMs, endingMs: waitMs }).nullable(),
  { restingMs: CONFIRM_RESTING_MS, endingMs: CONFIRM_ENDING_MS },
  'must be {"restingMs","endingMs"}, or null',
  'How long a venue may be silent about an order before it is asked; null for never.',
);

const engine = z.strictObject({
  storeFile: textOrNull('The SQLite file of the journal; null keeps it in memory.'),
  tag: leaf(
    z.string().regex(/^[a-zA-Z0-9]{1,8}$/),
    'dw',
    'must be 1 to 8 letters or digits',
    'Marks our orders among those of other programs.',
  ),
  whenStale: choice('cancel', ['cancel', 'keep'], 'Resting orders when a book cannot be trusted.'),
  maxSlippageTicks: countOrNull(
    null,
    { least: 0, most: 1_000_000 },
    'Grid steps beyond the price at arrival; null for no bound but the limit price.',
  ),
  minimumEdge: amountOrZero('0', 'Dollars a contract that must be left after fees.'),
  maxLiveExecutions: countOrNull(
    null,
    COUNT,
    'Executions at once at each venue; null for as many as limits.maxOpenOrders.',
  ),
  maxQueuedSignals: count(
    QUEUED_SIGNALS_MAX,
    COUNT,
    'Signals that wait at each venue; one more is refused.',
  ),
  recovery: choice(
    'resume',
    ['resume', 'cancel-and-stop', 'ask'],
    'Executions that a restart finds open: worked on, withdrawn, or left until a person says.',
  ),
  confirmation,
  reconcileMs: countOrNull(
    RECONCILE_MS,
    { least: 1, most: TIME_LIMIT_MS_MAX },
    'Between two comparisons of the account with a venue; null: only at the start.',
  ),
});

const callWindow = z
  .strictObject({
    windowMs: z.int().min(1).max(HOUR_MS),
    calls: z.int().min(1).max(1_000_000),
    cancelReserve: z.int().min(0),
  })
  .refine(({ calls, cancelReserve }) => cancelReserve < calls);

const callLimits = z.strictObject({
  windowMs: count(60_000, { least: 1, most: HOUR_MS }, 'The length of the sliding window.'),
  calls: count(CALLS_PER_MINUTE, COUNT, 'Calls to one venue in any such window.'),
  cancelReserve: count(10, { least: 0, most: 1_000_000 }, 'The last of them, kept for cancels.'),
  also: leaf(
    z.array(callWindow).max(8),
    [],
    'must be a list of {"windowMs","calls","cancelReserve"}, with fewer kept for cancels than ' +
      'there are calls',
    'More windows, all of which hold: so many a second besides so many a minute.',
  ),
});

const retention = z.strictObject({
  snapshotDays: countOrNull(
    7,
    { least: 1, most: 36_500 },
    'Days that books are kept as they were; then as hourly averages. null keeps all.',
  ),
  batchRows: count(25, { least: 1, most: 100_000 }, 'Books folded at once: trading goes before.'),
});

const parameter = leaf(
  z.union([z.string(), z.number(), z.boolean(), z.array(z.number())]),
  undefined,
  'must be text, a number, true or false, or a list of numbers',
  'A parameter of the algorithm.',
);

/** By the algorithm's name, then the parameter's. */
const algorithms = z.record(
  z.string().regex(/^[a-z][a-z0-9_]{0,63}$/),
  z.record(z.string().regex(/^[a-z][a-zA-Z0-9]{0,63}$/), parameter),
);

const run = z.strictObject({
  seed: text('1', 'The same seed gives the same bytes.'),
  count: countOrNull(
    null,
    { least: 1, most: 10_000 },
    'Signals to draw; null for 30 simulated ones, or 1 on a tape.',
  ),
  market: textOrNull('The market; null for all simulated ones, or the busiest of a tape.'),
  side: choiceOrNull(['yes', 'no'], 'The outcome; null for a drawn one, or yes on a tape.'),
  action: choiceOrNull(['buy', 'sell'], 'null for a drawn one, or buy on a tape.'),
  quantity: amountOrNull('Contracts; null for a drawn target, or 100 on a tape.'),
  algorithm: textOrNull('name:parameter=value,...; null for a drawn one, or the depth walker.'),
  atMs: count(
    10_000,
    { least: 0, most: TIME_LIMIT_MS_MAX },
    'When the first signal arrives, in milliseconds after the first book.',
  ),
  timeLimitMs: count(
    40_000,
    { least: 1, most: TIME_LIMIT_MS_MAX },
    'How many milliseconds an execution may take.',
  ),
  realtime: flag(false, 'At the speed of the clock on the wall.'),
});

export const configSchema = z.strictObject({
  venues: z.strictObject({ paper, kalshi }),
  engine,
  limits,
  breaker,
  callLimits,
  retention,
  algorithms,
  alerts,
  mirror,
  record,
  log: z.strictObject({
    level: choice(
      'warn',
      ['debug', 'info', 'warn', 'error', 'silent'],
      'The least that the engine says of itself on stderr.',
    ),
  }),
  run,
});

/** Every setting, with the default where none was given. */
export type Config = z.output<typeof configSchema>;
