import { constants, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { InputError } from '../../../src/domain/errors.ts';
import { readKeyFile, Secret, signerOf } from '../../../src/venues/kalshi/sign.ts';
import { ED25519, KEY_ID, signer } from './rest-server.ts';

const rsa = (bits: number) => generateKeyPairSync('rsa', { modulusLength: bits });
const RSA = rsa(2_048);
const secretOf = (
  { privateKey }: { readonly privateKey: KeyObject },
  type: 'pkcs8' | 'pkcs1' = 'pkcs8',
  encryption = {},
): string => privateKey.export({ type, format: 'pem', ...encryption }).toString();
/** So much of a secret is never shown. */
const RUN = 16;
const TIME_MS = 1_800_000_000_123;
const PATH = '/trade-api/v2/portfolio/events/orders';

const signed = async (privateKey: string) =>
  signerOf({ keyId: KEY_ID, privateKey: new Secret(privateKey) }).sign('POST', PATH, TIME_MS);

describe('a signature', () => {
  it('is over time, method and path: RSA-PSS with a salt as long as the digest', async () => {
    const headers = await signed(secretOf(RSA));
    expect(headers).toMatchObject({
      'KALSHI-ACCESS-KEY': KEY_ID,
      'KALSHI-ACCESS-TIMESTAMP': '1800000000123',
    });
    const isBy = (message: string, saltLength: number): boolean =>
      verify(
        'sha256',
        Buffer.from(message),
        { key: RSA.publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength },
        Buffer.from(headers['KALSHI-ACCESS-SIGNATURE'], 'base64'),
      );
    expect(isBy(`${TIME_MS}POST${PATH}`, 32)).toBe(true);
    expect(isBy(`${TIME_MS}POST${PATH}`, 20)).toBe(false);
    expect(isBy(`${TIME_MS}GET${PATH}`, 32)).toBe(false);
  });

  it('is Ed25519 for a key of that kind, and the old PEM forms are read too', async () => {
    const headers = await signed(`\n${ED25519.privateKey}\n\n`);
    const signature = Buffer.from(headers['KALSHI-ACCESS-SIGNATURE'], 'base64');
    const message = Buffer.from(`${TIME_MS}POST${PATH}`);
    expect(verify(null, message, ED25519.publicKey, signature)).toBe(true);
    const old = secretOf(RSA, 'pkcs1');
    expect(old).toContain('BEGIN RSA PRIVATE KEY');
    await expect(signed(old)).resolves.toBeDefined();
  });
});

describe('what the venue says back', () => {
  it('is shown without key id and signatures, whole or cut short', async () => {
    const { sign, redact } = signerOf({
      keyId: KEY_ID,
      privateKey: new Secret(ED25519.privateKey),
    });
    const [first, second] = [await sign('GET', PATH, TIME_MS), await sign('POST', PATH, TIME_MS)];
    const [one, two] = [first, second].map((each) => each['KALSHI-ACCESS-SIGNATURE']);
    expect(redact(`${KEY_ID}, ${one}; ${two}${two}!`)).toBe(
      '[SECRET], [SECRET]; [SECRET][SECRET]!',
    );
    expect(redact(`cut ${two?.slice(0, 40)}..., ${KEY_ID.slice(0, 20)}`)).toBe(
      'cut [SECRET]..., [SECRET]',
    );
    expect(redact('nothing of it')).toBe('nothing of it');
    const word = 'fill_or_kill_insufficient_resting_volume: 0c6f0f37-4a1c-4d1a-9b1a-5a3b4f5e6d7c';
    expect(redact(word)).toBe(word);
  });

  it.each([
    ['Ed25519', ED25519.privateKey],
    ['RSA', secretOf(RSA)],
  ])('however it is cut, put together and written (%s)', async (_, pem) => {
    const { sign, redact } = signerOf({ keyId: KEY_ID, privateKey: new Secret(pem) });
    const { 'KALSHI-ACCESS-SIGNATURE': signature } = await sign('GET', PATH, TIME_MS);
    const written = fc.constantFrom<(text: string) => string>(
      (text) => text,
      encodeURIComponent,
      (text) => text.replaceAll('/', '\\/'),
      (text) => text.replaceAll('+', '&#43;').replaceAll('/', '&#x2F;'),
      (text) => text.replaceAll('+', '-').replaceAll('/', '_'),
    );
    const piece = fc
      .tuple(fc.constantFrom(KEY_ID, signature), fc.nat(20), fc.nat(20), written)
      .map(([text, head, tail, write]) => write(text.slice(head, text.length - tail)));
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 9 }))), (pieces) => {
        const shown = redact(pieces.join(' '));
        for (const secret of [KEY_ID, signature])
          for (let at = 0; at + RUN <= secret.length; at += 1)
            expect(shown).not.toContain(secret.slice(at, at + RUN));
      }),
    );
  });
});

const encryption = { cipher: 'aes-256-cbc', passphrase: 'canary-passphrase' } as const;
describe('a key that cannot sign is refused in one line', () => {
  it.each([
    ['nothing', '', 'a Kalshi key is PEM text'],
    ['no PEM', 'MIIEvQIBADANBg', 'a Kalshi key is PEM text'],
    [
      'the public half',
      RSA.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      'a Kalshi key is a private key in PEM text',
    ],
    [
      'another kind',
      secretOf(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
      'a Kalshi key is RSA or Ed25519, was "ec"',
    ],
    ['too short', secretOf(rsa(1_024)), 'a Kalshi key has at least 2048 bits, was "1024 bits"'],
    ['encrypted', secretOf(RSA, 'pkcs8', encryption), 'a Kalshi key has no passphrase'],
    [
      'encrypted in the old form',
      secretOf(RSA, 'pkcs1', encryption),
      'a Kalshi key has no passphrase',
    ],
    ['damaged', secretOf(RSA).replace(/\n.{20}/, '\n'), 'a Kalshi key is whole'],
  ])('%s', (_, text, message) => {
    const make = () => signerOf({ keyId: KEY_ID, privateKey: new Secret(text) });
    expect(make).toThrow(InputError);
    expect(make).toThrow(message);
    const said = catching(make);
    for (const line of text.split('\n').filter(({ length }) => length > 20))
      if (!line.startsWith('-----')) expect(said).not.toContain(line);
  });

  it('takes no key id that could leave its header', () => {
    expect(() =>
      signerOf({ keyId: 'id\r\nX: y', privateKey: new Secret(ED25519.privateKey) }),
    ).toThrow('a key id is letters, digits and dashes, was "8 characters"');
  });
});

function catching(make: () => unknown): string {
  try {
    return String(make());
  } catch (thrown) {
    return inspect(thrown);
  }
}

describe('a secret', () => {
  it('is shown to nobody who does not ask for it by name', () => {
    const secret = new Secret('canary-secret');
    const shown = [
      String(secret),
      JSON.stringify({ secret }),
      inspect({ secret }, { showHidden: true, depth: 9 }),
      inspect(signer(), { showHidden: true, depth: 9 }),
      JSON.stringify(signer()),
    ].join('\n');
    expect(secret.reveal()).toBe('canary-secret');
    expect(shown).not.toContain('canary-secret');
    expect(shown).not.toContain(KEY_ID);
    for (const line of ED25519.privateKey.split('\n').slice(1, -2))
      expect(shown).not.toContain(line);
  });
});

describe('a key file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'depthwalker-key-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, text: string, mode: number): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };

  it('is read where it is its owner alone', () => {
    expect(readKeyFile(file('good.pem', 'text', 0o600)).reveal()).toBe('text');
    expect(readKeyFile(file('strict.pem', 'text', 0o400)).reveal()).toBe('text');
  });

  it.skipIf(process.platform === 'win32')('is refused where others can read it', () => {
    for (const mode of [0o640, 0o604, 0o644, 0o660, 0o601])
      expect(() => readKeyFile(file('open.pem', 'canary', mode))).toThrow(
        /a key file is its owner's alone, mode 600 .*chmod 600/,
      );
  });

  it('says what is wrong with the path', () => {
    expect(() => readKeyFile(join(folder, 'absent.pem'))).toThrow('can be read (ENOENT)');
    mkdirSync(join(folder, 'folder'), { mode: 0o700 });
    expect(() => readKeyFile(join(folder, 'folder'))).toThrow('a key file is a file');
    expect(() => readKeyFile(file('big.pem', 'x'.repeat(70_000), 0o600))).toThrow('is short');
  });
});
