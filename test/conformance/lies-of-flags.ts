/** What adapters forget or round on the way to the wire. */
import { lots, ticks } from '../../src/domain/numbers.ts';
import type { OrderRequest } from '../../src/domain/order.ts';
import { type Lie, lying } from './lying.ts';
import type { WireWorld } from './wire-world.ts';

const sends = (world: WireWorld, as: (request: OrderRequest) => OrderRequest) =>
  lying(world, { submit: (request) => world.venue.submit(as(request)) });

export const LIES_OF_FLAGS: readonly Lie[] = [
  {
    card: 'precision-exact',
    lie: 'prices below two ticks are rounded up',
    tell: (world) =>
      sends(world, (order) => ({ ...order, price: ticks(Math.max(2, order.price)) })),
  },
  {
    card: 'precision-refused',
    lie: 'what does not fit is rounded',
    tell: (world) =>
      sends(world, (order) => ({
        ...order,
        price: ticks(Math.min(48, order.price)),
        quantity: lots(Math.max(1, order.quantity)),
      })),
  },
  {
    card: 'no-side',
    lie: 'NO is sent as YES',
    tell: (world) => sends(world, (order) => ({ ...order, outcome: 'yes' })),
  },
  {
    card: 'post-only',
    lie: 'the flag is forgotten',
    tell: (world) => sends(world, (order) => ({ ...order, postOnly: false })),
  },
  {
    card: 'immediate-or-cancel',
    lie: 'it rests',
    tell: (world) => sends(world, (order) => ({ ...order, timeInForce: 'gtc' })),
  },
  {
    card: 'fill-or-kill',
    lie: 'it takes what it gets',
    tell: (world) => sends(world, (order) => ({ ...order, timeInForce: 'ioc' })),
  },
  {
    card: 'expiry-ends-orders',
    lie: 'the expiry is not sent',
    tell: (world) => sends(world, (order) => ({ ...order, expiresAtMs: null })),
  },
];
