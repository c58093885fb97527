/** A connection to the scripted venue, and all that is heard of it. */
import type { BookEvent, Print } from '../../../src/domain/market-data.ts';
import type { OrderReport } from '../../../src/domain/order.ts';
import type { Log } from '../../../src/domain/ports.ts';
import { seededRandom } from '../../../src/env/seeded-random.ts';
import { VirtualClock } from '../../../src/env/virtual-clock.ts';
import type { KalshiNews } from '../../../src/venues/kalshi/session-news.ts';
import { Streams } from '../../../src/venues/kalshi/session-streams.ts';
import { MARKET, START_MS, World } from './session-venue.ts';

export interface Rig {
  readonly world: World;
  readonly streams: Streams;
  readonly clock: VirtualClock;
  /** Events of the book stream, by name and what matters of them. */
  readonly heard: BookEvent[];
  readonly prints: Print[];
  readonly reports: OrderReport[];
  readonly news: KalshiNews[];
  readonly pass: (ms: number) => Promise<void>;
  /** Passes time while the venue pings every 10 s. */
  live(ms: number): Promise<void>;
  /** Types of what was heard since the last look. */
  types(): readonly string[];
}

export function rig(): Rig {
  const clock = new VirtualClock(START_MS);
  const world = new World(clock);
  const write =
    (level: string) =>
    (fields: object, message: string): void => {
      world.log.push(`${level} ${message} ${JSON.stringify(fields)}`);
    };
  const log: Log = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  };
  const { rest, dial } = world;
  const random = seededRandom('session');
  const streams = new Streams({ rest, dial, clock, random, log, indexIds: ['BRTI'] });
  const [heard, prints]: [BookEvent[], Print[]] = [[], []];
  const [reports, news]: [OrderReport[], KalshiNews[]] = [[], []];
  streams.reports.subscribe(({ report }) => reports.push(report));
  streams.news.subscribe((told) => news.push(told));
  const pass = (ms: number): Promise<void> => clock.run({ untilMs: clock.wallMs() + ms });
  let seen = 0;
  return {
    world,
    streams,
    clock,
    heard,
    prints,
    reports,
    news,
    pass,
    async live(ms) {
      const endMs = clock.wallMs() + ms;
      while (clock.wallMs() < endMs) {
        world.peer.ping();
        // oxlint-disable-next-line no-await-in-loop -- time passes step by step
        await pass(Math.min(10_000, endMs - clock.wallMs()));
      }
    },
    types() {
      const types = heard.slice(seen).map(({ type, symbol }) => `${type} ${symbol.slice(-1)}`);
      seen = heard.length;
      return types;
    },
  };
}

/** A rig that follows MARKET, live, with a whole book. */
export async function liveRig(): Promise<Rig> {
  const made = rig();
  await follow(made, MARKET);
  return made;
}

export async function follow(made: Rig, symbol: string): Promise<void> {
  const { streams, clock, heard, prints, pass } = made;
  const listed = streams.listings.relist();
  await clock.run({ untilMs: clock.wallMs() + 10 });
  await listed;
  streams.books.book$(symbol).subscribe((event) => heard.push(event));
  streams.books.trades$(symbol).subscribe((print) => prints.push(print));
  streams.session.open();
  await pass(100);
}

export const stateOf = ({ streams }: Rig): string => streams.session.view.state;
export const actionsOf = ({ world }: Rig): readonly string[] =>
  world.peer.commands.map(({ cmd, params }) => params.action ?? cmd);
export const linesOf = ({ world }: Rig, level: string): readonly string[] =>
  world.log.filter((line) => line.startsWith(level));
