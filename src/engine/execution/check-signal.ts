/** Reads a signal against markets and algorithms as an engine would, before there is one. */
import type { AlgorithmDefinition } from '../../algorithms/algorithm.ts';
import { AlgorithmRegistry, BUILT_IN_ALGORITHMS } from '../../algorithms/registry.ts';
import { InputError } from '../../domain/errors.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Signal } from '../../domain/signal.ts';
import { decodeSignal, decodeWish } from './decode-signal.ts';

/** Names of markets in an error; more would hide the rule. */
const SHOWN_MAX = 8;

/**
 * The signal, if an engine with these markets and algorithms would take it; throws the same
 * `InputError` as `engine.execute` if not.
 */
export function checkSignal(
  untrusted: unknown,
  instruments: readonly Instrument[],
  algorithms: readonly AlgorithmDefinition[] = BUILT_IN_ALGORITHMS,
): Signal {
  const signal = decodeSignal(untrusted);
  const venues = [...new Set(instruments.map(({ venue }) => venue))];
  if (!venues.includes(signal.venue))
    throw new InputError('no such venue', signal.venue, `choose one of ${venues.join(', ')}`);
  const instrument = marketOf(
    signal,
    instruments.filter(({ venue }) => venue === signal.venue),
  );
  decodeWish(signal, instrument, new AlgorithmRegistry(algorithms));
  return signal;
}

/** The instrument a signal names; throws an `InputError` that lists some of the known ones. */
export function marketOf(
  { market, venue }: Pick<Signal, 'market' | 'venue'>,
  known: readonly Instrument[],
): Instrument {
  const instrument = known.find(({ symbol }) => symbol === market);
  if (instrument !== undefined) return instrument;
  const names = known.map(({ symbol }) => symbol);
  const more = names.length > SHOWN_MAX ? ` and ${names.length - SHOWN_MAX} more` : '';
  const shown = names.slice(0, SHOWN_MAX).join(', ');
  throw new InputError(`no such market at ${venue}`, market, `it has ${shown}${more}`);
}
