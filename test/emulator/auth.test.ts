/** Who is let in: the signature is verified over the stamp, the method and the path. */
import { constants, createPrivateKey, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { authenticate, newKeyPair } from '../../src/emulator/auth.ts';
import { Refusal } from '../../src/emulator/refusal.ts';
import { REST_PREFIX } from '../../src/emulator/router.ts';
import { Desk, START_MS, TOLERANCE_MS } from './desk.ts';

const PATH = '/trade-api/v2/portfolio/balance';
const gate = { nowMs: START_MS, toleranceMs: TOLERANCE_MS };

describe.each(['rsa', 'ed25519'] as const)('a key of kind %s', (kind) => {
  const { publicKey, privateKeyPem } = newKeyPair(kind);
  const callers = new Map([['key', { keyId: 'key', publicKey }]]);
  const key = createPrivateKey(privateKeyPem);
  const signed = (message: string, saltLength = constants.RSA_PSS_SALTLEN_DIGEST): string =>
    kind === 'ed25519'
      ? sign(null, Buffer.from(message), key).toString('base64')
      : sign('sha256', Buffer.from(message), {
          key,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength,
        }).toString('base64');
  const codeOf = (signature: string, stamp = String(START_MS), keyId = 'key'): string => {
    const headers = {
      'kalshi-access-key': keyId,
      'kalshi-access-timestamp': stamp,
      'kalshi-access-signature': signature,
    };
    try {
      return authenticate({ method: 'GET', path: PATH, headers }, callers, gate).keyId;
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      return `${thrown.status} ${thrown.code}`;
    }
  };

  it('lets its owner in', () => {
    expect(codeOf(signed(`${START_MS}GET${PATH}`))).toBe('key');
  });

  it.each([
    `${START_MS}POST${PATH}`,
    `${START_MS}GET${PATH}?limit=1`,
    `${START_MS} GET ${PATH}`,
    `${START_MS + 1}GET${PATH}`,
    '',
  ])('refuses a signature of "%s"', (message) => {
    expect(codeOf(signed(message))).toBe('401 INCORRECT_API_KEY_SIGNATURE');
  });

  it('refuses stamps too far from its own clock, either way', () => {
    for (const [offMs, outcome] of [
      [TOLERANCE_MS, 'key'],
      [-TOLERANCE_MS, 'key'],
      [TOLERANCE_MS + 1, '401 header_timestamp_expired'],
      [-TOLERANCE_MS - 1, '401 header_timestamp_expired'],
    ] as const) {
      const stamp = String(START_MS + offMs);
      expect(codeOf(signed(`${stamp}GET${PATH}`), stamp)).toBe(outcome);
    }
    expect(codeOf(signed(`nowGET${PATH}`), 'now')).toBe('401 header_timestamp_expired');
  });

  it('refuses who is unknown, and who says nothing', () => {
    const signature = signed(`${START_MS}GET${PATH}`);
    expect(codeOf(signature, undefined, 'other')).toBe('401 authentication_error');
    expect(codeOf('')).toBe('401 token_authentication_failure');
  });

  it('wants a salt as long as the digest, where there is one', () => {
    const outcome = kind === 'rsa' ? '401 INCORRECT_API_KEY_SIGNATURE' : 'key';
    expect(codeOf(signed(`${START_MS}GET${PATH}`, 20))).toBe(outcome);
  });
});

describe('the routes', () => {
  const desk = new Desk();
  const unsigned = (method: string, path: string) =>
    desk.router.answer({
      method,
      path: REST_PREFIX + path,
      query: new URLSearchParams(),
      headers: {},
      body: '',
    }).status;

  it('show markets to everybody and portfolios to their owners', () => {
    expect(unsigned('GET', '/markets')).toBe(200);
    expect(unsigned('GET', '/exchange/status')).toBe(200);
    expect(unsigned('GET', '/portfolio/orders')).toBe(401);
    expect(unsigned('POST', '/portfolio/events/orders')).toBe(401);
    expect(unsigned('GET', '/account/limits')).toBe(401);
  });

  it('keep accounts apart', () => {
    const id = desk.placed();
    expect(desk.call('GET', `/portfolio/orders/${id}`, undefined, 'two').code).toBe('not_found');
    expect(desk.call('DELETE', `/portfolio/events/orders/${id}`, undefined, 'two').status).toBe(
      404,
    );
    expect(desk.order(id)['status']).toBe('resting');
  });

  it('do not know what is not there', () => {
    expect(desk.call('GET', '/nothing').code).toBe('not_found');
    expect(desk.call('PUT', '/portfolio/orders').status).toBe(404);
  });
});
