/** More calls at once than connections: what waits for one must not be told wrongly of. */
import { generateKeyPairSync, sign } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { liveClock } from '../../../src/env/live-clock.ts';
import { VirtualClock } from '../../../src/env/virtual-clock.ts';
import { type HttpCall, type HttpResult, Transport } from '../../../src/venues/kalshi/transport.ts';
import { RestServer } from './rest-server.ts';

const CALL: HttpCall = { method: 'DELETE', path: '/v2/x', headers: {}, body: '{}' };
/** As many as the transport opens. */
const CONNECTIONS = 64;

const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const long = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...long]), body]);
};

/** A certificate that nobody else has: nothing secret is kept here. */
function selfSigned(): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const algorithm = der(0x30, der(0x06, Buffer.from([0x2b, 0x65, 0x70])));
  const nobody = der(0x30);
  const validity = ['200101000000Z', '490101000000Z'].map((at) => der(0x17, Buffer.from(at)));
  const body = der(
    0x30,
    der(0x02, Buffer.from([1])),
    algorithm,
    nobody,
    der(0x30, ...validity),
    nobody,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = der(0x03, Buffer.from([0]), sign(null, body, privateKey));
  const text = der(0x30, body, algorithm, signature).toString('base64');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`,
  };
}

describe('a call that waited for a connection', () => {
  const held: ServerResponse[] = [];
  let server: Server;
  const trust = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];

  beforeEach(async () => {
    held.length = 0;
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    server = createServer(selfSigned(), (request, response) => {
      request.resume();
      held.push(response);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
  });

  afterEach(() => {
    if (trust === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = trust;
    server.closeAllConnections();
    server.close();
  });

  it('was sent once it has one, whoever opened it', async () => {
    const { port } = server.address() as AddressInfo;
    const clock = new VirtualClock();
    const url = new URL(`https://127.0.0.1:${port}/v2`);
    const transport = new Transport({ url, clock, answerTimeoutMs: 10_000 });
    const first = Array.from({ length: CONNECTIONS }, () => transport.send(CALL));
    const late = transport.send(CALL);
    while (held.length < CONNECTIONS) await sleep(1);
    for (const response of held) response.end('{}');
    await Promise.all(first);
    while (held.length === CONNECTIONS) await sleep(1);
    clock.runUntil(10_000);
    expect(await late).toEqual({ kind: 'unknown', reason: 'no answer within 10000 ms' });
    transport.close();
  });
});

describe('where every connection is busy', () => {
  let server: RestServer;
  let transport: Transport;

  beforeEach(async () => {
    server = new RestServer();
    await server.listen();
    const url = new URL(server.restUrl);
    transport = new Transport({ url, clock: liveClock, answerTimeoutMs: 5_000 });
    server.answer({ silent: true });
  });

  afterEach(async () => {
    transport.close();
    await server.close();
  });

  const fill = async (more: number): Promise<readonly Promise<HttpResult>[]> => {
    const sent = Array.from({ length: CONNECTIONS + more }, () => transport.send(CALL));
    while (server.asked.length < CONNECTIONS) await sleep(1);
    return sent;
  };

  it('an order is not kept until the book is another one', async () => {
    void (await fill(0));
    expect(await transport.send({ ...CALL, method: 'POST' })).toEqual({
      kind: 'notSent',
      reason: '64 calls are without an answer',
    });
  });

  it('the end lets nothing out that waited', async () => {
    const sent = await fill(6);
    transport.close();
    const kinds = (await Promise.all(sent)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'notSent')).toHaveLength(6);
    await sleep(50);
    expect(server.asked).toHaveLength(CONNECTIONS);
  });
});
