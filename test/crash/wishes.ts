/** What the strategy of the crash tests wants: some of everything, small and short. */
import type { Random } from '../../src/domain/ports.ts';
import type { Signal } from '../../src/domain/signal.ts';
import { chance, integer, pick } from '../../src/env/draws.ts';
import { SYMBOLS, VENUE } from './exchange.ts';
import { PACING } from './pacing.ts';

export function wish(random: Random, signalId: string): Signal {
  const isBuy = chance(random, 0.5);
  // Around the middle, where some take and some rest.
  const cents = 50 + (isBuy ? 1 : -1) * integer(random, -8, 6);
  return {
    signalId,
    venue: VENUE,
    market: pick(random, SYMBOLS),
    outcome: pick(random, ['yes', 'no']),
    action: isBuy ? 'buy' : 'sell',
    quantity: String(integer(random, 5, 60)),
    limitPrice: `0.${cents}`,
    timeLimitMs: integer(random, 5, 80) * 1_000,
    algorithm: {
      name: pick(random, ['simple_limit', 'dynamic_depth_walker', 'market', PACING, PACING]),
    },
  };
}
