/** The venue's own client, pointed at an emulator. */
import { createRequire } from 'node:module';
import type * as Sdk from 'kalshi-typescript';
import type { EmulatedKey, KalshiEmulator } from '../../src/emulator/start.ts';

// Its build for modules cannot be loaded by Node.
const load = createRequire(import.meta.url);
const sdk = load('kalshi-typescript') as typeof Sdk;

interface Axios {
  create(): NonNullable<ConstructorParameters<typeof Sdk.OrdersApi>[2]>;
}

const axios = createRequire(load.resolve('kalshi-typescript'))('axios') as Axios;

export interface SdkClient {
  readonly orders: Sdk.OrdersApi;
  readonly groups: Sdk.OrderGroupsApi;
  readonly portfolio: Sdk.PortfolioApi;
  readonly markets: Sdk.MarketApi;
  readonly events: Sdk.EventsApi;
  readonly exchange: Sdk.ExchangeApi;
  readonly account: Sdk.AccountApi;
}

export function sdkFor(
  { restUrl: basePath }: Pick<KalshiEmulator, 'restUrl'>,
  { keyId: apiKey, privateKeyPem }: EmulatedKey,
): SdkClient {
  const configuration = new sdk.Configuration({ apiKey, privateKeyPem, basePath });
  // Each API adds its signature to the axios that it is given, the global one if none.
  const own = <Api>(
    Class: new (configuration: Sdk.Configuration, path: undefined, axios: AxiosInstance) => Api,
  ): Api => new Class(configuration, undefined, axios.create());
  return {
    orders: own(sdk.OrdersApi),
    groups: own(sdk.OrderGroupsApi),
    portfolio: own(sdk.PortfolioApi),
    markets: own(sdk.MarketApi),
    events: own(sdk.EventsApi),
    exchange: own(sdk.ExchangeApi),
    account: own(sdk.AccountApi),
  };
}

type AxiosInstance = ReturnType<Axios['create']>;

export interface Refused {
  readonly status: number;
  readonly body: unknown;
}

/** What a call that must fail was answered; null in place of a body that never came. */
export async function refusalOf(call: Promise<unknown>): Promise<Refused | null> {
  try {
    await call;
  } catch (thrown) {
    const { response } = thrown as {
      readonly response?: { readonly status: number; readonly data: unknown };
    };
    return response === undefined ? null : { status: response.status, body: response.data };
  }
  throw new Error('it was not refused');
}

export const codeOf = (refused: Refused | null): string | undefined =>
  (refused?.body as { readonly error?: { readonly code?: string } } | undefined)?.error?.code;
