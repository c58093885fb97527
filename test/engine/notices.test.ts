/** What a person hears of an engine: each kind where it happens, outside of any turn. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Notice } from '../../src/domain/notice.ts';
import { live, signal, type World, world } from '../support/embedded.ts';
import { HONEST } from '../support/scripted-venue.ts';

function heard({ engine }: World): readonly Notice[] {
  const notices: Notice[] = [];
  engine.notices$.subscribe((notice) => notices.push(notice));
  return notices;
}

const kindsOf = (notices: readonly Notice[]) => [...new Set(notices.map(({ kind }) => kind))];

describe('a notice', () => {
  it('is told of a halt and of its end, with who and why', async () => {
    const given = await live(await world());
    const notices = heard(given);
    void given.engine.halt('the desk is closed', { market: 'M', venue: 'script', actor: 'ada' });
    expect(notices).toEqual([]);
    await given.pass(2_000);
    const resumed = given.engine.resume({
      venue: 'script',
      market: 'M',
      actor: 'ada',
      reason: 'open again',
    });
    await given.pass(2_000);
    await resumed;
    expect(notices).toMatchObject([
      {
        kind: 'halt',
        venue: 'script',
        market: 'M',
        executionId: null,
        reason: 'halted (market M, venue script) by ada: the desk is closed',
      },
      { kind: 'resumed', reason: 'resumed: market M, venue script' },
    ]);
  });

  it('is told of a doubt, and of a breaker that moves', async () => {
    const given = await live(await world({ breaker: { errorsInARow: 2 } }));
    const notices = heard(given);
    given.venue.plan = () => ({ ...HONEST, arrives: false, reply: 'ambiguous' });
    for (const signalId of ['a', 'b', 'c', 'd', 'e', 'f'])
      given.engine.execute(signal({ signalId, timeLimitMs: 2_000 }));
    await given.pass(5_000);
    expect(kindsOf(notices)).toContain('doubt');
    const doubt = notices.find(({ kind }) => kind === 'doubt');
    expect(doubt).toMatchObject({ venue: 'script', market: 'M' });
    expect(doubt?.reason).toMatch(
      /^the outcome of order .* is in doubt \(submit: .+\); the venue is asked$/,
    );
    const breaker = notices.filter(({ kind }) => kind === 'breaker');
    expect(breaker[0]?.reason).toMatch(/^the circuit breaker is open: /);
  });

  it('is told of what was halted before it started, and ends with the engine', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'depthwalker-notices-')), 'bot.db');
    const first = await world({ store: { file } });
    void first.engine.halt('a loss', {});
    await first.pass(1_000);
    const stopped = first.engine.stop();
    await first.pass(60_000);
    await stopped;
    const second = await world({ store: { file } });
    const notices = heard(second);
    let ended = false;
    second.engine.notices$.subscribe({ complete: () => (ended = true) });
    await second.pass(0);
    expect(notices).toMatchObject([{ kind: 'halt', reason: 'halted (global) by bot: a loss' }]);
    const stopping = second.engine.stop();
    await second.pass(60_000);
    await stopping;
    expect(ended).toBe(true);
  });

  it('may be answered by a call, and a listener that throws disturbs nobody', async () => {
    const given = await live(await world());
    given.engine.notices$.subscribe(() => {
      throw new Error('a listener broke');
    });
    const notices = heard(given);
    given.engine.notices$.subscribe(({ market }) => {
      if (market === 'M') void given.engine.halt('all of it');
    });
    void given.engine.halt('one market', { venue: 'script', market: 'M' });
    await given.pass(100);
    expect(notices.map(({ kind, market }) => [kind, market])).toEqual([
      ['halt', 'M'],
      ['halt', null],
    ]);
  });
});
