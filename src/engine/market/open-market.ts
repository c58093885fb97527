/** Puts one market together: its feed, its actor, and the sink that takes the actor's effects. */
import type { Instrument } from '../../domain/instrument.ts';
import { MarketFeed } from '../../streams/market-feed.ts';
import type { Runtime } from '../runtime.ts';
import { HostSink } from '../turn/host-sink.ts';
import { type MarketActorOptions, MarketHost } from './market-host.ts';

/** The feed is not started: whoever opens a market listens first. */
export function openMarket(
  runtime: Runtime,
  instrument: Instrument,
  parts: Pick<MarketActorOptions, 'machine' | 'ports'>,
): MarketHost {
  const { outbox, records, wheel, ledger } = runtime;
  const { venue, clock, tag, log } = runtime.options;
  const { symbol } = instrument;
  const feed = new MarketFeed({
    symbol,
    book$: venue.book$(symbol),
    trades$: venue.trades$(symbol),
    clock,
    heartbeatMs: venue.capabilities.heartbeatMs,
  });
  feed.settled$.subscribe((value) => {
    runtime.portfolio.settle(symbol, value);
    runtime.moved$.next();
  });
  feed.ranges$.subscribe((ranges) => {
    log.warn({ symbol, ranges }, 'the venue changed the price ranges of a market');
    host.regrid(ranges);
  });
  const sink = new HostSink({
    store: runtime.options.store,
    outbox,
    records,
    clock,
    wheel,
    ledger,
    log,
    host: () => host,
    alarm: (executionId, reason, kind) => runtime.alarm(executionId, reason, kind),
    tell: (executionId, message) => runtime.tell(executionId, message),
    refused: (executionId, reason) => runtime.abandon(executionId, 'refused', reason),
  });
  const options = { ...parts, sink, venue: venue.name, tag };
  const host: MarketHost = new MarketHost(instrument, feed, options);
  return host;
}

/** Starts its feed. A market that cannot be followed is not open: who asks again tries again. */
export function follow(host: MarketHost, forget: () => void): void {
  try {
    host.feed.start();
  } catch (thrown) {
    forget();
    host.stop();
    throw thrown;
  }
}
