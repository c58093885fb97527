/** Pauses, ends and price ranges of markets, by frame, by the clock and by REST. */
import { describe, expect, it } from 'vitest';
import { ticks } from '../../../src/domain/numbers.ts';
import { kalshiInstrument } from '../../../src/replay/series.ts';
import { follow, liveRig, type Rig, rig } from './session-rig.ts';
import { MARKET, OTHER, START_MS } from './session-venue.ts';

const HOUR_MS = 3_600_000;

const say = ({ world }: Rig, event_type: string, more: object = {}): void =>
  world.peer.push('market_lifecycle_v2', 'market_lifecycle_v2', {
    market_ticker: MARKET,
    event_type,
    ...more,
  });

const SAID = JSON.stringify({ symbol: MARKET });

/** Only what concerns the market itself. */
const standing = (made: Rig): readonly string[] =>
  made.types().filter((type) => type.startsWith('market.'));

describe('a market', () => {
  it('is paused and resumed by the venue', async () => {
    const made = await liveRig();
    say(made, 'deactivated');
    say(made, 'deactivated');
    say(made, 'activated');
    say(made, 'metadata_updated');
    expect(standing(made)).toEqual(['market.paused A', 'market.resumed A']);
  });

  it('is closed and settled by the venue, and never opens again', async () => {
    const made = await liveRig();
    say(made, 'determined', { result: 'yes', settlement_value: '1.0000' });
    say(made, 'activated');
    expect(standing(made)).toEqual(['market.closed A', 'market.settled A']);
    const said = made.world.log.filter((line) => line.includes('a market is closed at Kalshi'));
    expect(said).toEqual([`warn a market is closed at Kalshi: nothing is placed there ${SAID}`]);
    expect(made.heard.at(-1)).toMatchObject({ type: 'market.settled', value: 10_000 });
  });

  it('closes by the clock, of which no frame tells', async () => {
    const made = await liveRig();
    say(made, 'close_date_updated', { close_ts: (START_MS + 3 * HOUR_MS) / 1_000 });
    await made.live(2 * HOUR_MS);
    expect(standing(made)).toEqual([]);
    say(made, 'close_date_updated', { close_ts: (START_MS + 4 * HOUR_MS) / 1_000 });
    await made.live(1.5 * HOUR_MS);
    // REST says another time than the frame did, and is believed once it may be newer.
    made.world.list(MARKET, { closesAtMs: START_MS + 4 * HOUR_MS });
    expect(standing(made)).toEqual([]);
    await made.live(0.5 * HOUR_MS);
    expect(standing(made)).toEqual(['market.closed A']);
  });

  it('trades at other prices when the venue says so', async () => {
    const made = await liveRig();
    const price_ranges = [{ start: '0.0000', end: '1.0000', step: '0.0010' }];
    say(made, 'price_level_structure_updated', { price_ranges });
    say(made, 'price_level_structure_updated', { price_ranges });
    expect(standing(made)).toEqual(['market.ticksChanged A']);
    expect(made.heard.at(-1)).toMatchObject({ ranges: [{ from: 10, to: 9_990, step: 10 }] });
  });

  it('tells who comes later how it stands', async () => {
    const made = await liveRig();
    const late: string[] = [];
    const listen = (): void => {
      late.length = 0;
      made.streams.books.book$(MARKET).subscribe(({ type }) => late.push(type));
    };
    say(made, 'price_level_structure_updated', {
      price_ranges: [{ start: '0', end: '1', step: '0.001' }],
    });
    say(made, 'deactivated');
    listen();
    expect(late).toEqual(['feed.up', 'market.ticksChanged', 'market.paused']);
  });
});

describe('what a market became while nobody listened', () => {
  it('is read by REST at the next connection', async () => {
    const made = await liveRig();
    made.types();
    const instrument = kalshiInstrument(MARKET);
    const tickRanges = [{ from: ticks(10), to: ticks(9_990), step: ticks(10) }];
    made.world.list(MARKET, { status: 'inactive', instrument: { ...instrument, tickRanges } });
    made.world.peer.lose('gone');
    await made.pass(2_000);
    expect(standing(made)).toEqual(['market.ticksChanged A', 'market.paused A']);
  });

  it('is not believed while the venue may serve it from a cache', async () => {
    const made = await liveRig();
    say(made, 'deactivated');
    made.world.peer.lose('gone');
    await made.pass(5_000);
    // The listing still says that it is active.
    expect(standing(made)).toEqual(['market.paused A']);
    await made.live(40_000);
    expect(standing(made)).toEqual(['market.resumed A']);
  });

  it('is read again every few minutes: a market may open by the clock', async () => {
    const made = await liveRig();
    made.world.list(OTHER, { status: 'initialized' });
    await follow(made, OTHER);
    expect(standing(made)).toEqual(['market.paused B']);
    made.world.list(OTHER);
    await made.live(330_000);
    expect(standing(made)).toEqual(['market.resumed B']);
  });
});

describe('a market that ended long ago', () => {
  const NEW = 'KXTEST-27-C';

  it('is forgotten, unless it is listed or somebody follows it', async () => {
    const made = rig();
    const { world, streams } = made;
    const relist = async (): Promise<void> => {
      const listed = streams.listings.relist();
      await made.pass(10);
      await listed;
    };
    world.list(NEW);
    await relist();
    streams.books.book$(OTHER).subscribe((event) => made.heard.push(event));
    await made.pass(25 * HOUR_MS);
    for (const symbol of [OTHER, NEW]) world.listed.delete(symbol);
    await relist();
    // Frames of its last orders may still come.
    expect(streams.listings.instrumentOf(NEW)).not.toBeNull();
    await made.pass(24 * HOUR_MS);
    await relist();
    const known = [MARKET, OTHER, NEW].map((symbol) => streams.listings.instrumentOf(symbol));
    expect(known.map((instrument) => instrument?.symbol)).toEqual([MARKET, OTHER, undefined]);
    expect([MARKET, OTHER, NEW].map((symbol) => streams.markets.isClosed(symbol))).toEqual([
      true,
      true,
      false,
    ]);
    expect(standing(made)).toEqual(['market.closed B']);
  });
});

describe('a pause of the exchange', () => {
  it('pauses every market within seconds, and ends; what a market is by itself stays', async () => {
    const made = await liveRig();
    await follow(made, OTHER);
    made.types();
    say(made, 'deactivated');
    made.world.list(MARKET, { status: 'inactive' });
    made.world.isTrading = false;
    await made.live(12_000);
    expect(standing(made)).toEqual(['market.paused A', 'market.paused B']);
    expect(made.streams.session.view).toMatchObject({ isPaused: true, isLive: true });
    made.world.isTrading = true;
    await made.live(12_000);
    expect(standing(made)).toEqual(['market.resumed B']);
  });

  it('is one too where it takes no changes at all, whatever it says of trading', async () => {
    const made = await liveRig();
    made.world.isActive = false;
    await made.live(12_000);
    expect(standing(made)).toEqual(['market.paused A']);
  });

  it('is looked for at once when an answer speaks of it', async () => {
    const made = await liveRig();
    made.world.isTrading = false;
    made.streams.session.askStatus();
    await made.pass(6);
    expect(standing(made)).toEqual(['market.paused A']);
  });

  it('outlasts a connection, and is told to who comes later', async () => {
    const made = await liveRig();
    made.world.isTrading = false;
    await made.live(12_000);
    made.world.peer.lose('the Thursday pause');
    await made.pass(2_000);
    made.types();
    await follow(made, OTHER);
    expect(made.types()).toEqual(['feed.up B', 'market.paused B', 'book.snapshot B']);
  });
});
