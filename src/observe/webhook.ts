/**
 * Alerts as JSON to a URL. The URL is a secret (those of chat services are): no error or log line
 * shows more of it than the host.
 */
import { type ClientRequest, request } from 'node:http';
import { request as secureRequest } from 'node:https';
import { InputError, messageOf } from '../domain/errors.ts';
import { isLoopback } from '../domain/loopback.ts';
import type { Clock } from '../domain/ports.ts';
import type { Alert, Delivery } from './alerts.ts';
import { AlertRefused } from './courier.ts';

export const WEBHOOK_FORMATS = ['json', 'slack', 'discord'] as const;
export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number];

export interface WebhookOptions {
  readonly url: string;
  /** 'json' is the whole alert; the others are what those services show. */
  readonly format?: WebhookFormat;
  /** Sent with it: a token, for instance. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly clock: Clock;
}

const ANSWER_TIMEOUT_MS = 10_000;
/** Too slow, too many: told again it may be taken. */
const RETRIED = new Set([408, 425, 429]);

/** Discord refuses more. */
const DISCORD_CHARACTERS_MAX = 2_000;

function bodyOf(alert: Alert, format: WebhookFormat): object {
  const { text } = alert;
  if (format === 'slack') return { text };
  if (format === 'json') return alert;
  // A venue's words call nobody.
  return { content: text.slice(0, DISCORD_CHARACTERS_MAX), allowed_mentions: { parse: [] } };
}

/** Throws an `InputError` for a URL that cannot be used, or would go over the open net. */
export function webhook({ url, format = 'json', headers = {}, clock }: WebhookOptions): Delivery {
  const target = checked(url);
  const open = target.protocol === 'https:' ? secureRequest : request;
  return {
    name: target.host,
    send: (alert) => {
      const body = JSON.stringify(bodyOf(alert, format));
      const length = String(Buffer.byteLength(body));
      const all = { ...headers, 'content-type': 'application/json', 'content-length': length };
      return answered(clock, () => open(target, { method: 'POST', headers: all }), body);
    },
  };
}

/** Resolves where it was taken. What an error says never holds the URL. */
function answered(clock: Clock, open: () => ClientRequest, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = open();
    const timer = clock.setTimeout(
      () => outgoing.destroy(new Error(`no answer within ${ANSWER_TIMEOUT_MS} ms`)),
      ANSWER_TIMEOUT_MS,
    );
    outgoing.once('close', () => clock.clearTimeout(timer));
    outgoing.once('error', (error) => reject(new Error(messageOf(error))));
    outgoing.once('response', (response) => {
      const { statusCode: status = 0 } = response;
      // Nothing in it is of interest; unread it would hold the connection.
      response.resume();
      const reason = `it was answered with ${status}`;
      if (status >= 200 && status < 300) resolve();
      else if (status >= 500 || RETRIED.has(status)) reject(new Error(reason));
      else reject(new AlertRefused(reason));
    });
    outgoing.end(body);
  });
}

function checked(url: string): URL {
  const wayOut = 'give the https:// address that the service shows';
  if (!URL.canParse(url)) throw new InputError('a webhook is a URL', 'something else', wayOut);
  const target = new URL(url);
  if (target.protocol === 'https:') return target;
  if (target.protocol === 'http:' && isLoopback(target.hostname)) return target;
  throw new InputError('a webhook is reached by https://', target.protocol, wayOut);
}
