/** One call of REST from the outside to its answer: who calls, what it costs, who answers. */
import { authenticate, type Headers, isSigned } from './auth.ts';
import { Bucket, costOf } from './buckets.ts';
import { ORDER_ROUTES } from './order-routes.ts';
import { PORTFOLIO_ROUTES } from './portfolio-routes.ts';
import { PUBLIC_ROUTES } from './public-routes.ts';
import { type Answer, answerOf, notFound, Refusal, TOO_MANY } from './refusal.ts';
import { paramsOf, type Route } from './route.ts';
import type { World } from './world.ts';

export const REST_PREFIX = '/trade-api/v2';

export interface Call {
  readonly method: string;
  /** The whole path, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: string;
}

const ROUTES: readonly Route[] = [...ORDER_ROUTES, ...PORTFOLIO_ROUTES, ...PUBLIC_ROUTES];

interface Found {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

function routeOf({ method, path }: Call): Found | null {
  if (!path.startsWith(`${REST_PREFIX}/`)) return null;
  const below = path.slice(REST_PREFIX.length);
  for (const route of ROUTES) {
    const params = route.method === method ? paramsOf(route.path, below) : null;
    if (params !== null) return { route, params };
  }
  return null;
}

/** The commands whose outcome matters: what faults spoil. */
export const isOrderCommand = (call: Call): boolean =>
  call.method !== 'GET' && call.path.startsWith(`${REST_PREFIX}/portfolio/`);

export const isPrivate = (call: Call): boolean => routeOf(call)?.route.isPublic === false;

export class Router {
  readonly #world: World;
  readonly #toleranceMs: number;
  /** Who does not sign shares one bucket with all the others. */
  readonly #public: Bucket;

  constructor(world: World, toleranceMs: number) {
    this.#world = world;
    this.#toleranceMs = toleranceMs;
    this.#public = new Bucket(world.first.tier.read);
  }

  answer(call: Call): Answer {
    try {
      return this.#answer(call);
    } catch (thrown) {
      if (thrown instanceof Refusal) return answerOf(thrown);
      throw thrown;
    }
  }

  #answer(call: Call): Answer {
    const world = this.#world;
    const found = routeOf(call);
    if (found === null) throw notFound(`${call.method} ${call.path}`);
    const { route, params } = found;
    const gate = { nowMs: world.stampMs(), toleranceMs: this.#toleranceMs };
    const known =
      route.isPublic && !isSigned(call) ? null : authenticate(call, world.accounts, gate);
    if (world.faults.isOn('rate-limit-storm') && !route.isPublic) throw TOO_MANY;
    const own = route.method === 'GET' ? known?.read : known?.write;
    const cost = costOf(route.method, route.path) * (route.weight?.(call.body) ?? 1);
    if (!(own ?? this.#public).take(cost, world.nowMs())) throw TOO_MANY;
    const account = known ?? world.first;
    return route.answer({ world, account, params, query: call.query, body: call.body });
  }
}
