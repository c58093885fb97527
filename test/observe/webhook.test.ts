/** A small server on this machine takes alerts, or does not. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { liveClock } from '../../src/env/live-clock.ts';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { AlertRefused } from '../../src/observe/courier.ts';
import { type WebhookFormat, webhook } from '../../src/observe/webhook.ts';
import { alertOf } from './given.ts';

const TOKEN = 'canary-T0KEN-0123456789';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function served(answer: Answer) {
  const bodies: string[] = [];
  const heads: IncomingMessage['headers'][] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      bodies.push(body);
      heads.push(request.headers);
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hooks/${TOKEN}`, bodies, heads };
}

const answering = (status: number) =>
  served((_, response) => {
    response.writeHead(status).end('whatever');
  });

const failureOf = (promise: Promise<void>): Promise<unknown> =>
  promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );

describe('a webhook', () => {
  it.each<readonly [WebhookFormat, object]>([
    ['json', alertOf()],
    ['slack', { text: alertOf().text }],
    ['discord', { content: alertOf().text, allowed_mentions: { parse: [] } }],
  ])('is posted as %s', async (format, wanted) => {
    const { url, bodies, heads } = await answering(204);
    const headers = { authorization: 'Bearer x' };
    await webhook({ url, format, headers, clock: liveClock }).send(alertOf());
    expect(bodies.map((body) => JSON.parse(body) as unknown)).toEqual([wanted]);
    expect(heads[0]).toMatchObject({
      'content-type': 'application/json',
      authorization: 'Bearer x',
    });
  });

  it.each([500, 503, 429, 408])('may be tried again after %d', async (status) => {
    const { url } = await answering(status);
    const fault = await failureOf(webhook({ url, clock: liveClock }).send(alertOf()));
    expect(fault).toBeInstanceOf(Error);
    expect(fault).not.toBeInstanceOf(AlertRefused);
  });

  it.each([400, 401, 404, 301])('is not told again after %d', async (status) => {
    const { url } = await answering(status);
    const fault = await failureOf(webhook({ url, clock: liveClock }).send(alertOf()));
    expect(fault).toBeInstanceOf(AlertRefused);
  });

  it('that hangs is given up after ten seconds', async () => {
    const { url } = await served(() => undefined);
    const clock = new VirtualClock();
    const fault = failureOf(webhook({ url, clock }).send(alertOf()));
    clock.runUntil(10_000);
    expect(await fault).toMatchObject({ message: 'no answer within 10000 ms' });
  });

  it('shows its address to nobody: neither its name nor an error holds it', async () => {
    const { url } = await answering(404);
    const { host } = new URL(url);
    const delivery = webhook({ url, clock: liveClock });
    expect(delivery.name).toBe(host);
    const refused = await failureOf(delivery.send(alertOf()));
    const closed = await failureOf(
      webhook({ url: `http://127.0.0.1:1/${TOKEN}`, clock: liveClock }).send(alertOf()),
    );
    expect(closed).toBeInstanceOf(Error);
    for (const text of [refused, closed, delivery].map((each) => inspect(each, { depth: 9 })))
      expect(text).not.toContain(TOKEN);
  });

  it.each(['http://example.com/x', 'ftp://127.0.0.1/', TOKEN])('refuses %s', (url) => {
    const open = () => webhook({ url, clock: liveClock });
    expect(open).toThrow(/a webhook is/);
    expect(open).not.toThrow(TOKEN);
  });
});
