/** nodemailer itself, and a mail server on this machine. */
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { SMTPServer } from 'smtp-server';
import { expect, it, onTestFinished } from 'vitest';
import { mail, smtpTransport } from '../../src/observe/mail.ts';
import { alertOf } from './given.ts';

const PASSWORD = 'canary-passw0rd';

/** Takes one user's mails, as text. */
async function mailServer() {
  const mails: string[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _, done) => {
      if (username === 'bot' && password === PASSWORD) done(null, { user: username });
      else done(new Error(`no such password: ${password}`));
    },
    onData: (stream, _, done) => {
      let text = '';
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      stream.on('end', () => {
        mails.push(text);
        done();
      });
    },
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = server.server.address() as AddressInfo;
  const transport = (password: string) => smtpTransport(`smtp://bot:${password}@127.0.0.1:${port}`);
  return { mails, transport };
}

const addresses = { from: 'bot@example.com', to: 'ada@example.com, bob@example.com' };

it('brings an alert to all addresses', async () => {
  const { mails, transport } = await mailServer();
  const text = 'depthwalker halt: the position at kalshi in KXSIM-26 is 3 lots away from ours';
  await mail({ transport: await transport(PASSWORD), ...addresses }).send(alertOf({ text }));
  expect(mails).toHaveLength(1);
  const [heads = '', ...bodies] = mails[0]?.split('\r\n\r\n') ?? [];
  // A header may be folded.
  const unfolded = heads.replaceAll(/\r\n\s+/g, ' ');
  expect(unfolded).toContain(`Subject: ${text}`);
  expect(unfolded).toContain('To: ada@example.com, bob@example.com');
  expect(bodies.join('\n')).toContain('"kind": "alarm"');
});

it('says that a password was refused, and not which', async () => {
  const { mails, transport } = await mailServer();
  const wrong = `${PASSWORD}-2`;
  const delivery = mail({ transport: await transport(wrong), ...addresses });
  const fault = await delivery.send(alertOf()).catch((thrown: unknown) => thrown);
  expect(fault).toMatchObject({ message: 'the mail was not taken (EAUTH)' });
  expect(inspect(fault)).not.toContain(PASSWORD);
  expect(mails).toEqual([]);
});

it('says that nobody is there', async () => {
  const { transport } = await mailServer();
  // Port 9 discards, where anybody listens at all.
  const gone = await smtpTransport('smtp://127.0.0.1:9');
  const delivery = mail({ transport: gone, ...addresses });
  await expect(delivery.send(alertOf())).rejects.toThrow('the mail was not taken (ESOCKET)');
  expect(transport).toBeDefined();
});
