/**
 * Where Kalshi is reached. Demo and prod have accounts and keys of their own, and nothing in a key
 * tells which: only the venue's answer does.
 */
import { InputError } from '../../domain/errors.ts';
import { isLoopback } from '../../domain/loopback.ts';

export interface KalshiEnvironment {
  readonly restUrl: string;
  readonly wsUrl: string;
}

export const ENVIRONMENTS = {
  demo: {
    restUrl: 'https://external-api.demo.kalshi.co/trade-api/v2',
    wsUrl: 'wss://external-api-ws.demo.kalshi.co/trade-api/ws/v2',
  },
  prod: {
    restUrl: 'https://external-api.kalshi.com/trade-api/v2',
    wsUrl: 'wss://external-api-ws.kalshi.com/trade-api/ws/v2',
  },
} as const satisfies Readonly<Record<string, KalshiEnvironment>>;

export type EnvironmentName = keyof typeof ENVIRONMENTS;

/** Older names of the same hosts. */
const HOSTS: ReadonlyMap<string, EnvironmentName> = new Map([
  ['external-api.demo.kalshi.co', 'demo'],
  ['external-api-ws.demo.kalshi.co', 'demo'],
  ['demo-api.kalshi.co', 'demo'],
  ['external-api.kalshi.com', 'prod'],
  ['external-api-ws.kalshi.com', 'prod'],
  ['api.elections.kalshi.com', 'prod'],
]);

/** Whose keys an address takes; null where we cannot know (an emulator, a host of one's own). */
export function environmentOf(url: string): EnvironmentName | null {
  return HOSTS.get(new URL(url).hostname) ?? null;
}

/**
 * The address of an endpoint, checked. Throws an `InputError`: what is not encrypted would show our
 * signatures and orders to everybody on the way, so it stays on this machine.
 */
export function endpointOf(address: string, secure: 'https:' | 'wss:'): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  const plain = secure.replace('s:', ':');
  if (url === null || (url.protocol !== secure && url.protocol !== plain))
    throw new InputError(
      `an address of Kalshi begins with ${secure}//`,
      address,
      `use ${ENVIRONMENTS.demo[secure === 'wss:' ? 'wsUrl' : 'restUrl']}`,
    );
  if (url.protocol === plain && !isLoopback(url.hostname))
    throw new InputError(
      `${plain}// is for this machine only`,
      url.host,
      `use ${secure}//, or an emulator on 127.0.0.1`,
    );
  if (url.username !== '' || url.search !== '' || url.hash !== '')
    throw new InputError('an address of Kalshi is host and path', url.host, 'leave out the rest');
  return url;
}
