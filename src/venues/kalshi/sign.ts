/**
 * Kalshi's signatures, made off the event loop, and the key file they are made with. A key is never
 * shown: not by an error, a log line or an inspection.
 */

import { constants, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { InputError } from '../../domain/errors.ts';

const HIDDEN = '[SECRET]';

/** A text that is only shown to who asks for it by name. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}

export interface SignedHeaders {
  readonly 'KALSHI-ACCESS-KEY': string;
  readonly 'KALSHI-ACCESS-TIMESTAMP': string;
  readonly 'KALSHI-ACCESS-SIGNATURE': string;
}

/** `path` is that of the whole URL, without its query; `timestampMs` the venue's wall clock. */
export type Sign = (method: string, path: string, timestampMs: number) => Promise<SignedHeaders>;

export interface Signer {
  readonly sign: Sign;
  /** A text without the key's id and the newest signatures, for what the venue says back to us. */
  readonly redact: (text: string) => string;
}

export interface Credentials {
  readonly keyId: string;
  readonly privateKey: Secret;
}

/** Throws an `InputError` for a key that cannot sign at Kalshi. */
export function signerOf({ keyId, privateKey }: Credentials): Signer {
  if (!/^[\w.-]{1,100}$/.test(keyId))
    throw new InputError(
      'a key id is letters, digits and dashes',
      `${keyId.length} characters`,
      'copy it from the account page of Kalshi',
    );
  const key = keyOf(privateKey);
  const signatures: string[] = [];
  return {
    sign: async (method, path, timestampMs) => {
      const signature = await signatureOf(key, `${timestampMs}${method}${path}`);
      signatures.push(signature);
      if (signatures.length > SIGNATURES_KEPT) signatures.shift();
      return {
        'KALSHI-ACCESS-KEY': keyId,
        'KALSHI-ACCESS-TIMESTAMP': String(timestampMs),
        'KALSHI-ACCESS-SIGNATURE': signature,
      };
    },
    redact: (text) => [keyId, ...signatures].reduce(without, text).replace(LONG_WORD, HIDDEN),
  };
}

/** More calls than are ever under way at once. */
const SIGNATURES_KEPT = 128;
/** Of so many characters a run is the secret's own, wherever a text was cut. */
const RUN = 16;
/** However a page writes a signature, or a line of a key: no word of a venue is as long. */
const LONG_WORD = /[A-Za-z0-9+/=\\%&#;]{48,}/g;

/** Base64 as it stands in an address is that of a header. */
const plainBase64 = (text: string): string => text.replaceAll('-', '+').replaceAll('_', '/');

/** Each run of the secret is hidden. */
function without(text: string, secret: string): string {
  const [said, own] = [plainBase64(text), plainBase64(secret)];
  let shown = '';
  for (let at = 0; at < text.length; ) {
    const length = runLength(said, at, own);
    shown += length === 0 ? text[at] : HIDDEN;
    at += Math.max(length, 1);
  }
  return shown;
}

/** How much of the secret begins here; 0 for less than a run. */
function runLength(said: string, at: number, own: string): number {
  const run = said.slice(at, at + RUN);
  const from = run.length < RUN ? -1 : own.indexOf(run);
  if (from < 0) return 0;
  let length = RUN;
  while (from + length < own.length && said[at + length] === own[from + length]) length += 1;
  return length;
}

/** With a callback the work is done in the thread pool: RSA-4096 takes milliseconds. */
function signatureOf(key: KeyObject, message: string): Promise<string> {
  const isRsa = key.asymmetricKeyType === 'rsa';
  const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = constants;
  return new Promise((resolve, reject) => {
    sign(
      isRsa ? 'sha256' : null,
      Buffer.from(message),
      isRsa ? { key, padding, saltLength } : { key },
      (error, signature) => {
        if (error === null) resolve(signature.toString('base64'));
        else reject(error);
      },
    );
  });
}

const RSA_BITS_MIN = 2_048;

function keyOf(privateKey: Secret): KeyObject {
  const key = parsed(privateKey.reveal().trim());
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type !== 'rsa' && type !== 'ed25519')
    throw unusable('is RSA or Ed25519', type ?? 'unknown', 'make a new one at Kalshi');
  const bits = details?.modulusLength ?? RSA_BITS_MIN;
  if (bits < RSA_BITS_MIN)
    throw unusable(`has at least ${RSA_BITS_MIN} bits`, `${bits} bits`, 'make a new one at Kalshi');
  return key;
}

function parsed(pem: string): KeyObject {
  const label = /^-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(pem)?.[1];
  const wayOut = 'use the file that Kalshi gave you when the key was made';
  if (label === undefined) throw unusable('is PEM text', 'something else', wayOut);
  if (/^ENCRYPTED|^Proc-Type:.*ENCRYPTED/m.test(pem) || label.startsWith('ENCRYPTED'))
    throw unusable('has no passphrase', label, 'decrypt it: openssl pkey -in FILE -out FILE');
  if (!label.endsWith('PRIVATE KEY')) throw unusable('is a private key in PEM text', label, wayOut);
  try {
    return createPrivateKey(pem);
  } catch {
    // What the library says may quote the key.
    throw unusable('is whole', `a damaged ${label}`, wayOut);
  }
}

const unusable = (rule: string, value: string, wayOut: string): InputError =>
  new InputError(`a Kalshi key ${rule}`, value, wayOut);

/** No key has more; whatever else it is, it is not read. */
const KEY_BYTES_MAX = 65_536;
const OTHERS = 0o077;

/**
 * The text of a key file that nobody but its owner can read. Throws an `InputError` for any other:
 * looked at after it was opened, so that it cannot be exchanged in between.
 */
export function readKeyFile(path: string): Secret {
  const file = opened(path);
  try {
    const { mode, size, isFile } = shapeOf(file);
    if (!isFile) throw new InputError('a key file is a file', path, 'name the .pem or .key file');
    if (process.platform !== 'win32' && (mode & OTHERS) !== 0)
      throw new InputError(
        `a key file is its owner's alone, mode 600 (${path})`,
        `mode ${(mode & 0o777).toString(8)}`,
        `chmod 600 ${path}, and change the key if others use this machine`,
      );
    if (size > KEY_BYTES_MAX)
      throw new InputError('a key file is short', `${size} bytes`, `look at ${path}`);
    return new Secret(readFileSync(file, 'utf8'));
  } finally {
    closeSync(file);
  }
}

function shapeOf(file: number): { mode: number; size: number; isFile: boolean } {
  const stats = fstatSync(file);
  return { mode: stats.mode, size: stats.size, isFile: stats.isFile() };
}

function opened(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown';
    throw new InputError(`a key file can be read (${code})`, path, 'check its path and its owner');
  }
}
