/** The section `alerts` of the configuration, at work beside an engine. */
import { resolve } from 'node:path';
import type { Config } from '../config/schema.ts';
import {
  type Delivery,
  InputError,
  type Log,
  liveClock,
  mail,
  type Notice,
  type Stream,
  secretLines,
  seededRandom,
  sendAlerts,
  smtpTransport,
  webhook,
} from '../index.ts';
import type { Io } from './io.ts';
import { NO_SINK, type OpenSink } from './sink.ts';

/**
 * Rejects with an `InputError` where a way out cannot be used: a bot whose alarms reach nobody
 * shall not start. Sent by real time, whatever clock the engine has.
 */
export async function openAlerts(
  { alerts: { kinds, everyMs, ...ways } }: Pick<Config, 'alerts'>,
  { folder }: Pick<Io, 'folder'>,
  log: Log,
): Promise<OpenSink> {
  const deliveries = await deliveriesOf(ways, folder);
  if (deliveries.length === 0) return NO_SINK;
  let hear: (notice: Notice) => void = () => undefined;
  const notices$: Stream<Notice> = {
    subscribe: (next) => {
      hear = next;
      return { unsubscribe: () => undefined };
    },
  };
  const clock = liveClock;
  const random = seededRandom(`alerts ${clock.wallMs()}`);
  const alerts = sendAlerts(notices$, { clock, random, log, deliveries, kinds, everyMs });
  return {
    options: { onNotice: (notice) => hear(notice) },
    stop: async () => {
      const unsent = await alerts.stop();
      if (unsent > 0) log.warn({ unsent }, 'alerts were not delivered');
    },
  };
}

type Ways = Omit<Config['alerts'], 'kinds' | 'everyMs'>;

async function deliveriesOf(ways: Ways, folder: string): Promise<readonly Delivery[]> {
  const { webhookFile, webhookFormat: format, smtpFile, mailFrom: from, mailTo: to } = ways;
  const deliveries: Delivery[] = [];
  if (webhookFile !== null) {
    const [url = '', ...rest] = secretLines(resolve(folder, webhookFile));
    const headers = Object.fromEntries(rest.map(headerOf));
    deliveries.push(webhook({ url, format, headers, clock: liveClock }));
  }
  if (smtpFile !== null) {
    if (from === null || to === null)
      throw new InputError('mail has two addresses', 'one is missing', 'alerts.mailFrom, mailTo');
    const [url = ''] = secretLines(resolve(folder, smtpFile));
    deliveries.push(mail({ transport: await smtpTransport(url), from, to }));
  }
  return deliveries;
}

function headerOf(line: string): readonly [string, string] {
  const [name = '', ...value] = line.split(':');
  if (/^[\w-]{1,64}$/.test(name) && value.length > 0) return [name, value.join(':').trim()];
  const wayOut = 'write "Authorization: ..." below the URL';
  throw new InputError('a header of a webhook is a name and a value', 'something else', wayOut);
}
