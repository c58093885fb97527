/** The section `alerts` at work: a bot on paper in real time that is halted, and its webhook. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openAlerts } from '../../src/cli/alerts.ts';
import { type Config, loadConfig, type Notice } from '../../src/index.ts';
import { type LogLine, logTo } from '../support/rig.ts';
import { cliIn, newFolder } from './cli.ts';

const NOTICE: Notice = {
  kind: 'halt',
  timeMs: 1_800_000_000_000,
  venue: null,
  market: null,
  executionId: null,
  reason: 'halted (global) by ada: enough',
};

async function hook() {
  const bodies: unknown[] = [];
  const tokens: unknown[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      bodies.push(JSON.parse(body));
      tokens.push(request.headers['x-token']);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/canary-0123456789`, bodies, tokens };
}

const configOf = (alerts: Readonly<Record<string, unknown>>): Pick<Config, 'alerts'> =>
  loadConfig({
    overrides: Object.entries(alerts).map(([name, value]) => ({
      path: `alerts.${name}`,
      value,
      source: 'test',
    })),
    readFile: () => null,
  }).config;

function written(text: string, mode = 0o600): { readonly folder: string } {
  const folder = newFolder();
  writeFileSync(join(folder, 'hook'), text, { mode });
  return { folder };
}

describe('alerts that are configured', () => {
  it('go to the webhook of a file, with its headers, and are sent before the end', async () => {
    const { url, bodies, tokens } = await hook();
    const lines: LogLine[] = [];
    const config = configOf({ webhookFile: 'hook', webhookFormat: 'slack' });
    const alerts = await openAlerts(config, written(`${url}\nX-Token: a:b\n`), logTo(lines));
    alerts.options.onNotice?.(NOTICE);
    alerts.options.onNotice?.({ ...NOTICE, reason: 'halted (venue x) by ada: more' });
    await alerts.stop();
    expect(bodies).toEqual([
      { text: 'depthwalker halt: halted (global) by ada: enough' },
      { text: 'depthwalker halt: halted (venue x) by ada: more' },
    ]);
    expect(tokens).toEqual(['a:b', 'a:b']);
    expect(lines).toEqual([]);
  });

  it('are none without a way out', async () => {
    const alerts = await openAlerts(configOf({}), { folder: newFolder() }, logTo([]));
    expect(alerts.options).toEqual({});
    await alerts.stop();
  });

  it.each<readonly [Readonly<Record<string, unknown>>, string, RegExp]>([
    [{ webhookFile: 'hook' }, 'canary-not-a-url', /a webhook is a URL/],
    [{ webhookFile: 'hook' }, 'https://a/b\ncanary no header', /a name and a value/],
    [{ webhookFile: 'gone' }, '', /can be read/],
    [{ smtpFile: 'hook' }, 'smtps://a:canary@b', /mail has two addresses/],
    [{ smtpFile: 'hook', mailFrom: 'a@b', mailTo: 'c@d' }, 'canary', /smtps:\/\//],
  ])('with %j are refused, and show nothing of the file', async (alerts, text, rule) => {
    const opened = openAlerts(configOf(alerts), written(text), logTo([]));
    await expect(opened).rejects.toThrow(rule);
    await expect(opened).rejects.not.toThrow('canary');
  });
});

it('a bot does not start where its alarms would reach nobody', async () => {
  const folder = newFolder();
  const env = { DEPTHWALKER__ALERTS__WEBHOOK_FILE: 'gone', DEPTHWALKER__RUN__REALTIME: 'true' };
  const { code, err } = await cliIn({ env, folder }, 'run', '--count', '1');
  expect(code).toBe(2);
  expect(err).toContain('a secret is in a file that can be read');
});
