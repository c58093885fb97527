/**
 * Who calls: a key id, a time, and a signature over time, method and path. The query is not signed,
 * and neither is the body.
 */
import { constants, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { Refusal } from './refusal.ts';

export type KeyKind = 'rsa' | 'ed25519';

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKeyPem: string;
}

const RSA_BITS = 2_048;

/** A pair that is never drawn again: keys are secrets, and no seed repeats them. */
export function newKeyPair(kind: KeyKind): KeyPair {
  const { publicKey, privateKey } =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: RSA_BITS })
      : generateKeyPairSync('ed25519');
  const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { publicKey, privateKeyPem };
}

/** Names of headers in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface SignedCall {
  readonly method: string;
  /** The whole path, without the query. */
  readonly path: string;
  readonly headers: Headers;
}

export interface Caller {
  readonly keyId: string;
  readonly publicKey: KeyObject;
}

const header = (headers: Headers, name: string): string | null => {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
};

export const isSigned = ({ headers }: SignedCall): boolean =>
  header(headers, 'kalshi-access-key') !== null;

export interface Gate {
  readonly nowMs: number;
  /** How far a stamp may lie from the venue's clock, either way. */
  readonly toleranceMs: number;
}

/** The caller whose key signed the call; throws a refusal with 401. */
export function authenticate<Known extends Caller>(
  call: SignedCall,
  callers: ReadonlyMap<string, Known>,
  { nowMs, toleranceMs }: Gate,
): Known {
  const part = (name: string): string | null => header(call.headers, `kalshi-access-${name}`);
  const [keyId, stamp, signature] = [part('key'), part('timestamp'), part('signature')];
  if (keyId === null || stamp === null || signature === null)
    throw new Refusal(401, 'token_authentication_failure', 'headers are missing');
  const caller = callers.get(keyId);
  if (caller === undefined) throw new Refusal(401, 'authentication_error', 'NOT_FOUND');
  const stampMs = /^\d{1,15}$/.test(stamp) ? Number(stamp) : Number.NaN;
  if (!(Math.abs(nowMs - stampMs) <= toleranceMs))
    throw new Refusal(401, 'header_timestamp_expired');
  const message = Buffer.from(stamp + call.method + call.path);
  if (!isGenuine(caller.publicKey, message, Buffer.from(signature, 'base64')))
    throw new Refusal(401, 'INCORRECT_API_KEY_SIGNATURE');
  return caller;
}

function isGenuine(key: KeyObject, message: Buffer, signature: Buffer): boolean {
  if (key.asymmetricKeyType === 'ed25519') return verify(null, message, key, signature);
  const pss = {
    key,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  };
  return verify('sha256', message, pss, signature);
}
