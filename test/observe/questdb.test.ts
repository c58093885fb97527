/** A sender in memory, with the names of the real one: rows as they go out, and its faults. */
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/env/virtual-clock.ts';
import { type QuestDbOptions, questDb } from '../../src/observe/questdb.ts';
import { type QuestDbSender, questDbSender } from '../../src/observe/questdb-client.ts';
import { live, signal, world } from '../support/embedded.ts';
import { type LogLine, logTo, START_MS } from '../support/rig.ts';

type Cell = string | number;
type Sent = Record<string, Cell>;

class MemorySender implements QuestDbSender {
  /** Of flushes that worked. */
  readonly rows: Sent[] = [];
  readonly kinds = new Map<string, string>();
  fails = false;
  closed = false;
  #buffer: Sent[] = [];
  #row: Sent = {};

  table(name: string): this {
    this.#row = { table: name };
    return this;
  }
  symbol = (name: string, value: string) => this.#put('symbol', name, value);
  stringColumn = (name: string, value: string) => this.#put('string', name, value);
  intColumn = (name: string, value: number) => this.#put('int', name, value);
  decimalColumnText = (name: string, value: string) => this.#put('decimal', name, value);

  #put(kind: string, name: string, value: Cell): this {
    this.kinds.set(name, kind);
    this.#row[name] = value;
    return this;
  }

  async at(timestamp: number, unit: 'ms'): Promise<void> {
    this.#buffer.push({ ...this.#row, at: timestamp, unit });
  }

  async flush(): Promise<boolean> {
    if (this.fails) throw new Error('connect ECONNREFUSED');
    this.rows.push(...this.#buffer.splice(0));
    return true;
  }

  reset(): void {
    this.#buffer = [];
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

const fill = (index: number) => ({
  venue: 'script',
  fillId: `f${index}`,
  executionId: 'dw-1',
  splitOrderId: 'dw-1-1',
  clientOrderId: 'c1',
  price: '0.4500',
  quantity: '3.00',
  fee: '0.01',
  liquidity: 'maker',
  timeMs: START_MS + index,
  bookVersion: 7,
  touchBid: '0.45',
  touchAsk: null,
  printSequence: null,
});

function mirroring(options: Partial<QuestDbOptions> = {}) {
  const clock = new VirtualClock(START_MS);
  const sender = new MemorySender();
  const lines: LogLine[] = [];
  const mirror = questDb({ sender, clock, log: logTo(lines), ...options });
  return {
    clock,
    sender,
    lines,
    mirror,
    pass: (ms: number) => clock.run({ untilMs: clock.wallMs() + ms }),
  };
}

describe('a mirror in QuestDB', () => {
  it('has a row for each fill, without what has no value', async () => {
    const { sender, mirror, pass } = mirroring();
    mirror.fills([fill(1)]);
    expect(sender.rows).toEqual([]);
    await pass(1_000);
    expect(sender.rows).toEqual([
      {
        table: 'depthwalker_fills',
        venue: 'script',
        liquidity: 'maker',
        fill_id: 'f1',
        execution_id: 'dw-1',
        split_order_id: 'dw-1-1',
        client_order_id: 'c1',
        price: '0.4500',
        quantity: '3.00',
        fee: '0.01',
        touch_bid: '0.45',
        book_version: 7,
        at: START_MS + 1,
        unit: 'ms',
      },
    ]);
    expect([...sender.kinds.values()].includes('decimal')).toBe(false);
  });

  it('has decimals where it is told to', async () => {
    const { sender, mirror, pass } = mirroring({ decimals: true });
    mirror.fills([fill(1)]);
    await pass(1_000);
    const decimals = [...sender.kinds].filter(([, kind]) => kind === 'decimal');
    expect(decimals.map(([name]) => name)).toEqual(['price', 'quantity', 'fee', 'touch_bid']);
  });

  it('keeps rows while the server is away, in order, and says so twice', async () => {
    const { sender, mirror, pass, lines } = mirroring();
    sender.fails = true;
    mirror.fills([fill(1)]);
    await pass(5_000);
    mirror.fills([fill(2)]);
    await pass(5_000);
    sender.fails = false;
    await pass(2_000);
    expect(sender.rows.map((row) => row['fill_id'])).toEqual(['f1', 'f2']);
    expect(lines.map(({ message }) => message)).toEqual([
      'QuestDB does not take rows',
      'QuestDB takes rows again',
    ]);
  });

  it('gives up the oldest rows rather than memory', async () => {
    const { sender, mirror } = mirroring();
    sender.fails = true;
    mirror.fills(Array.from({ length: 25_000 }, (_, index) => fill(index)));
    sender.fails = false;
    expect(await mirror.close()).toBe(5_000);
    expect(sender.rows).toHaveLength(20_000);
    expect(sender.rows[0]).toMatchObject({ fill_id: 'f5000' });
    expect(sender.closed).toBe(true);
  });

  it('says at its end what was not sent', async () => {
    const { sender, mirror, clock } = mirroring();
    sender.fails = true;
    mirror.fills([fill(1), fill(2)]);
    expect(await mirror.close()).toBe(2);
    mirror.fills([fill(3)]);
    expect(clock.pending).toBe(0);
  });
});

describe('the client', () => {
  const sender = new MemorySender();
  const configs: string[] = [];
  const Sender = {
    fromConfig: async (config: string) => {
      configs.push(config);
      if (config.startsWith('bad')) throw new Error(`invalid: ${config}`);
      return sender;
    },
  };

  it.each([
    ['http::addr=localhost:9000', 'http::addr=localhost:9000;auto_flush=off;'],
    ['http::addr=localhost:9000;', 'http::addr=localhost:9000;auto_flush=off;'],
    ['http::addr=a:1;auto_flush=on;', 'http::addr=a:1;auto_flush=on;'],
  ])('reads %s', async (config, read) => {
    expect(await questDbSender(config, async () => ({ default: { Sender } }))).toBe(sender);
    expect(configs.at(-1)).toBe(read);
  });

  it('of a server that is away is there all the same: its rows wait', async () => {
    const tried: string[] = [];
    // It asks the server for its version unless that is given.
    const fromConfig = async (config: string) => {
      tried.push(config);
      if (!config.includes('protocol_version=')) throw new Error('fetch failed');
      return sender;
    };
    const load = async () => ({ Sender: { fromConfig } });
    expect(await questDbSender('http::addr=a:1', load)).toBe(sender);
    const asked = 'http::addr=a:1;auto_flush=off;';
    expect(tried).toEqual([asked, `${asked}protocol_version=1;`]);
    expect(await questDbSender('http::addr=a:1;protocol_version=3', load)).toBe(sender);
    expect(tried.at(-1)).toBe('http::addr=a:1;protocol_version=3;auto_flush=off;');
  });

  it('is asked for no connection that nobody opens', async () => {
    const load = async () => ({ Sender });
    await expect(questDbSender('tcp::addr=localhost:9009;', load)).rejects.toThrow(/write it like/);
    expect(configs.at(-1)).not.toMatch(/tcp/);
  });

  it('without decimals is told none, instead of losing each price', () => {
    const { decimalColumnText: _, ...old } = new MemorySender();
    const options = { decimals: true, sender: old as unknown as QuestDbSender };
    expect(() => mirroring(options)).toThrow(/client that has decimals.*4\.2/);
  });

  it('says what is missing, and shows no password', async () => {
    const absent = () => Promise.reject(new Error('not found'));
    await expect(questDbSender('http::addr=x:1;', absent)).rejects.toThrow(
      /npm install @questdb\/nodejs-client/,
    );
    const refused = questDbSender('bad;password=canary-12345678', async () => ({ Sender }));
    await expect(refused).rejects.toThrow(/as its client wants it/);
    await expect(refused).rejects.not.toThrow('canary');
  });
});

describe('an engine with a mirror', () => {
  it('tells it of fills, metrics and books once they are durable', async () => {
    const { sender, mirror } = mirroring();
    const given = await live(await world({ mirror }));
    const { result } = given.engine.execute(signal());
    await given.pass(100);
    for (const { request } of given.venue.resting()) given.venue.fill(request.clientOrderId, 10);
    await given.pass(100);
    const { id } = await result;
    expect(await mirror.close()).toBe(0);
    const tables = sender.rows.map(({ table, execution_id }) => [table, execution_id]);
    expect(tables).toContainEqual(['depthwalker_fills', id]);
    expect(tables).toContainEqual(['depthwalker_metrics', id]);
    expect(tables).toContainEqual(['depthwalker_books', undefined]);
  });

  it('goes on where it throws', async () => {
    const broken = (): void => {
      throw new Error('the mirror is broken');
    };
    const mirror = { fills: broken, metrics: broken, books: broken };
    const given = await live(await world({ mirror }));
    const { result } = given.engine.execute(signal({ timeLimitMs: 1_000 }));
    await given.pass(3_000);
    expect((await result).outcome).toBe('unfilled');
    expect(given.engine.halts()).toEqual([]);
    expect(given.log.filter(({ message }) => message.includes('mirror'))).toHaveLength(1);
  });
});
