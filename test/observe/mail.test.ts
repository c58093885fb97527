import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type MailTransport, mail, smtpTransport } from '../../src/observe/mail.ts';
import { secretLines } from '../../src/observe/secret-file.ts';
import { alertOf } from './given.ts';

const PASSWORD = 'canary-passw0rd';
const SMTP = `smtps://bot:${PASSWORD}@mail.example.com`;

describe('an alert by e-mail', () => {
  it('has the sentence as its subject, in one line, and all of it below', async () => {
    const sent: unknown[] = [];
    const transport: MailTransport = { sendMail: async (message) => sent.push(message) };
    const text = `depthwalker halt: a\r\nBcc: someone@example.com${'x'.repeat(200)}`;
    await mail({ transport, from: 'bot@example.com', to: 'ada@example.com' }).send(
      alertOf({ text }),
    );
    expect(sent).toMatchObject([{ from: 'bot@example.com', to: 'ada@example.com' }]);
    const [{ subject, text: body }] = sent as [{ subject: string; text: string }];
    expect(subject).toMatch(/^depthwalker halt: a Bcc: [^\r\n]*$/);
    expect(subject).toHaveLength(120);
    expect(body).toContain('"kind": "alarm"');
  });

  it('fails without a word of what the server said', async () => {
    const refused = Object.assign(new Error(`535 bad password ${PASSWORD}`), { code: 'EAUTH' });
    const transport: MailTransport = { sendMail: () => Promise.reject(refused) };
    const delivery = mail({ transport, from: 'a@b.c', to: 'd@e.f' });
    const fault = await delivery.send(alertOf()).catch((thrown: unknown) => thrown);
    expect(fault).toMatchObject({ message: 'the mail was not taken (EAUTH)' });
    expect(inspect(fault)).not.toContain(PASSWORD);
  });
});

describe('the transport', () => {
  const transport: MailTransport = { sendMail: async () => undefined };

  it.each([
    ['a CommonJS module', { default: { createTransport: () => transport } }],
    ['a module', { createTransport: () => transport }],
  ])('is of nodemailer as %s', async (_, module) => {
    const names: string[] = [];
    const load = async (name: string) => {
      names.push(name);
      return module;
    };
    expect(await smtpTransport(SMTP, load)).toBe(transport);
    expect(names).toEqual(['nodemailer']);
  });

  /** As nodemailer is given it. */
  const given = async (url: string): Promise<string> => {
    const urls: string[] = [];
    const createTransport = (text: string): MailTransport => {
      urls.push(text);
      return transport;
    };
    await smtpTransport(url, async () => ({ createTransport }));
    return urls.join();
  };

  it.each([
    [SMTP, `${SMTP}?connectionTimeout=10000&greetingTimeout=10000&socketTimeout=10000`],
    [
      `${SMTP}?socketTimeout=500`,
      `${SMTP}?socketTimeout=500&connectionTimeout=10000&greetingTimeout=10000`,
    ],
  ])('gives up a server that says nothing: %s', async (url, completed) => {
    expect(await given(url)).toBe(completed);
  });

  it.each([
    ['smtp://bot@mail.example.com', true],
    ['smtp://bot@mail.example.com?requireTLS=false', false],
    ['smtp://127.0.0.1:2525', false],
  ])('says no password in the clear: %s', async (url, demanded) => {
    expect((await given(url)).includes('requireTLS=true')).toBe(demanded);
  });

  it('says what is missing, and nothing of the address', async () => {
    const load = () => Promise.reject(new Error('not found'));
    await expect(smtpTransport(SMTP, load)).rejects.toThrow(/npm install nodemailer/);
    await expect(smtpTransport(PASSWORD)).rejects.toThrow(/mail is sent to smtps/);
    await expect(smtpTransport(PASSWORD)).rejects.not.toThrow(PASSWORD);
  });
});

describe('a secret in a file', () => {
  const written = (text: string, mode: number): string => {
    const path = join(mkdtempSync(join(tmpdir(), 'depthwalker-secret-')), 'hook');
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };

  it('is its lines, without those that are empty', () => {
    const path = written('  https://a/b\r\n\n Authorization: x \n', 0o600);
    expect(secretLines(path)).toEqual(['https://a/b', 'Authorization: x']);
  });

  it.skipIf(process.platform === 'win32')('is read by its owner alone', () => {
    expect(() => secretLines(written('x', 0o644))).toThrow(/mode 600.*"mode 644"/);
  });

  it('must be there', () => {
    expect(() => secretLines('/nowhere/hook')).toThrow(/can be read/);
    expect(() => secretLines(written(' \n', 0o600))).toThrow(/holds a secret/);
  });
});
