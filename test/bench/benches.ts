/** All benches, in the order of a run. */
import { actors } from './actors.bench.ts';
import type { Bench } from './bench.ts';
import { book } from './book.bench.ts';
import { clock } from './clock.bench.ts';
import { executions } from './executions.bench.ts';
import { halt } from './halt.bench.ts';
import { limiter } from './limiter.bench.ts';
import { loopback } from './loopback.bench.ts';
import { markets } from './markets.bench.ts';
import { orders } from './orders.bench.ts';
import { paper } from './paper.bench.ts';
import { recovery } from './recovery.bench.ts';
import { start } from './start.bench.ts';
import { store } from './store.bench.ts';
import { wire } from './wire.bench.ts';

export const BENCHES: readonly Bench[] = [
  book,
  markets,
  actors,
  executions,
  orders,
  wire,
  store,
  start,
  paper,
  clock,
  limiter,
  halt,
  recovery,
  loopback,
];
