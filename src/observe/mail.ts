/**
 * Alerts by e-mail, through a transport that is given: nodemailer's, which is no dependency of ours
 * and is loaded only where somebody asks for it.
 */
import { InputError } from '../domain/errors.ts';
import { isLoopback } from '../domain/loopback.ts';
import type { Alert, Delivery } from './alerts.ts';

/** The part of nodemailer's transport that is used. */
export interface MailTransport {
  sendMail(message: {
    readonly from: string;
    readonly to: string;
    readonly subject: string;
    readonly text: string;
  }): Promise<unknown>;
}

export interface MailOptions {
  readonly transport: MailTransport;
  readonly from: string;
  /** One address, or several with commas. */
  readonly to: string;
}

const SUBJECT_CHARACTERS_MAX = 120;

export const mail = ({ transport, from, to }: MailOptions): Delivery => ({
  name: 'e-mail',
  send: async (alert) => {
    const message = { from, to, subject: subjectOf(alert), text: textOf(alert) };
    const fault = await transport.sendMail(message).then(() => null, codeOf);
    if (fault !== null) throw new Error(`the mail was not taken (${fault})`);
  },
});

/** All that is told: what a server says may quote the password that it refused. */
const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'no code';

/** One line: a header ends at the first break. */
const subjectOf = ({ text }: Alert): string =>
  text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, SUBJECT_CHARACTERS_MAX);

const textOf = (alert: Alert): string => `${alert.text}\n\n${JSON.stringify(alert, null, 2)}\n`;

const PACKAGE = 'nodemailer';

interface Nodemailer {
  createTransport(url: string): MailTransport;
}

/** Of its own it waits for up to ten minutes, and keeps the process alive as long. */
const TIMEOUT_MS = 10_000;
const USUAL: Readonly<Record<string, unknown>> = {
  connectionTimeout: TIMEOUT_MS,
  greetingTimeout: TIMEOUT_MS,
  socketTimeout: TIMEOUT_MS,
};

/** In the URL, which is all that some of its versions read. What it says itself counts more. */
function completed(smtpUrl: string): string {
  const url = URL.canParse(smtpUrl) ? new URL(smtpUrl) : null;
  // Over smtp:// a password would go out in the clear to a server that offers no TLS.
  const isOpen = url?.protocol === 'smtp:' && !isLoopback(url.hostname);
  const missing = Object.entries(isOpen ? { ...USUAL, requireTLS: true } : USUAL).filter(
    ([name]) => !smtpUrl.includes(`${name}=`),
  );
  const query = missing.map(([name, value]) => `${name}=${String(value)}`).join('&');
  return query === '' ? smtpUrl : `${smtpUrl}${smtpUrl.includes('?') ? '&' : '?'}${query}`;
}

/** `smtpUrl` as "smtps://user:password@host". Throws an `InputError` where nothing can send. */
export async function smtpTransport(
  smtpUrl: string,
  load: (name: string) => Promise<unknown> = (name) => import(name),
): Promise<MailTransport> {
  if (!/^smtps?:\/\//.test(smtpUrl))
    throw new InputError('mail is sent to smtps://', 'something else', 'smtps://user:pw@host');
  let loaded: unknown;
  try {
    loaded = await load(PACKAGE);
  } catch {
    const wayOut = `npm install ${PACKAGE}, or use a webhook`;
    throw new InputError(`alerts by e-mail need ${PACKAGE}`, 'not installed', wayOut);
  }
  // A CommonJS module comes as its default, too.
  const { default: inner = loaded } = loaded as { readonly default?: unknown };
  return (inner as Nodemailer).createTransport(completed(smtpUrl));
}
