/** Signals by a pipe: worked as they come, and what the end of the pipe and a Ctrl-C mean. */
import { describe, expect, it } from 'vitest';
import { differences } from './agreement.ts';
import { liveWorld } from './bot.ts';

const wish = (number: number, timeLimitMs: number) => ({
  signalId: `wish-${number}`,
  market: 'KXSIM-26-LIQUID',
  outcome: 'yes',
  action: 'buy',
  quantity: '30',
  limitPrice: '0.95',
  timeLimitMs,
  algorithm: { name: 'dynamic_depth_walker' },
});

const signalsOf = (stdout: string): readonly (readonly [string, string])[] => {
  const { executions } = JSON.parse(stdout) as {
    readonly executions: readonly { readonly signalId: string; readonly outcome: string }[];
  };
  return executions.map(({ signalId, outcome }) => [signalId, outcome] as const);
};

describe.concurrent('a live session on a pipe', () => {
  it('outlives what it was told, and ends with the pipe and its last execution', async (test) => {
    const { bot, emulator } = await liveWorld(test);
    const ended = bot.runOnPipe((line) => {
      // Nothing is open at this moment but the pipe.
      if (line.endsWith('(1)')) bot.tell(wish(2, 3_000));
      if (line.includes('-1  submit #1')) bot.hangUp();
    });
    bot.tell(wish(1, 1_000));
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    expect(signalsOf(stdout).map(([signal]) => signal)).toEqual(['wish-1', 'wish-2']);
    expect(differences(emulator, bot.store)).toEqual([]);
  });

  it('is drained by the first Ctrl-C, though the pipe stays open', async (test) => {
    const { bot, emulator } = await liveWorld(test);
    const ended = bot.runOnPipe((line) => {
      if (line.includes('submit #2')) bot.signal('SIGINT');
    });
    bot.tell(wish(1, 60_000));
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/ {2}cancelled .*\(1\)\n$/);
    expect(signalsOf(stdout)).toEqual([['wish-1', 'cancelled']]);
    expect(differences(emulator, bot.store)).toEqual([]);
  });
});
