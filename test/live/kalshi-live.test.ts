/**
 * End to end over loopback: a bot trades at the emulator, is killed in the middle, and goes on
 * where it was. What the emulator wrote down and what the bot's journal holds agree afterwards.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { FAULT_NAMES, FAULTS, type FaultName } from '../../src/testing.ts';
import { differences } from './agreement.ts';
import { type LiveWorld, liveWorld } from './bot.ts';

const wish = (number: number, timeLimitMs: number) => ({
  signalId: `wish-${number}`,
  market: number % 2 === 0 ? 'KXSIM-26-LIQUID' : 'KXSIM-26-MODERATE',
  outcome: number % 3 === 0 ? 'no' : 'yes',
  action: 'buy',
  quantity: '60',
  limitPrice: '0.95',
  timeLimitMs,
  algorithm: { name: 'dynamic_depth_walker' },
});

const START_MS_MAX = 30_000;

/** Killed soon after the venue has seen an order of it, whatever the machine is busy with. */
async function killedInTheMiddle({ bot, emulator }: LiveWorld): Promise<void> {
  let hasEnded = false;
  const ended = bot.run().finally(() => {
    hasEnded = true;
  });
  const isWaitedFor = (): boolean => !hasEnded && emulator.log.length === 0;
  for (let waitedMs = 0; waitedMs < START_MS_MAX && isWaitedFor(); waitedMs += 50) await pause(50);
  await pause(400);
  bot.signal('SIGKILL');
  await ended;
}

/** A state for a while and again, an event now and then, a fault of calls by chance. */
async function strike({ emulator }: LiveWorld, name: FaultName, until: Promise<unknown>) {
  const { kind } = FAULTS[name];
  if (kind === 'call') return emulator.setFault(name, 0.3);
  const isOver = (ms: number): Promise<boolean> =>
    Promise.race([pause(ms).then(() => false), until.then(() => true)]);
  for (let round = 0; round < 100; round += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after another, by the clock
    if (await isOver(2_000)) return;
    emulator.setFault(name, true);
    // oxlint-disable-next-line no-await-in-loop -- as above
    if (await isOver(2_500)) return;
    if (kind === 'state') emulator.setFault(name, false);
  }
}

describe.concurrent('a bot at the emulator', () => {
  it('that is killed goes on, and agrees with the venue fill by fill', async (test) => {
    const both = await liveWorld(test);
    const { bot, emulator } = both;
    bot.wish([wish(1, 12_000), wish(2, 12_000), wish(3, 12_000)]);
    await killedInTheMiddle(both);
    expect(emulator.log.length).toBeGreaterThan(0);
    const { code, stdout, stderr } = await bot.run(['--json']);
    expect(stderr).toContain('takes up');
    const { executions } = JSON.parse(stdout) as { readonly executions: readonly object[] };
    expect(code).toBe(0);
    expect(executions.length).toBeGreaterThan(0);
    expect(differences(emulator, bot.store)).toEqual([]);
    expect(emulator.violations()).toEqual([]);
  });

  it.for(FAULT_NAMES)(
    'agrees with it in spite of %s, killed in the middle, too',
    async (name, test) => {
      const both = await liveWorld(test);
      const { bot, emulator } = both;
      bot.wish([wish(1, 9_000), wish(2, 9_000)]);
      const over = killedInTheMiddle(both).then(() => bot.run());
      await strike(both, name, over);
      let { stderr } = await over;
      emulator.setFault(name, false);
      // Once more, in peace: whatever was left in doubt is cleared then.
      if (differences(emulator, bot.store).length > 0) ({ stderr } = await bot.run());
      expect(stderr).not.toMatch(/unexpected failure/);
      expect(differences(emulator, bot.store)).toEqual([]);
      expect(emulator.violations()).toEqual([]);
    },
  );

  it('is drained by the first Ctrl-C, and nothing rests afterwards', async (test) => {
    const { bot, emulator } = await liveWorld(test);
    // Far from the market: nothing fills them before they are withdrawn.
    const algorithm = { name: 'simple_limit', price: 'limit' };
    const deep = { limitPrice: '0.10', fairValue: '0.99', algorithm };
    bot.wish([2, 4].map((number) => ({ ...wish(number, 60_000), ...deep })));
    let submitted = 0;
    const { code } = await bot.run([], (line) => {
      if (!line.includes('submit #1')) return;
      submitted += 1;
      // Once: the second one would end it at once.
      if (submitted === 2) bot.signal('SIGINT');
    });
    expect(code).toBe(130);
    expect(differences(emulator, bot.store)).toEqual([]);
  });
});
