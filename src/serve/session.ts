/**
 * One run of the side process: reads a request when there is room for its answer, answers each of
 * them once, and ends in order. It holds a line, the open requests up to a number, and no updates.
 */
import { InputError, messageOf } from '../domain/errors.ts';
import type { Log } from '../domain/ports.ts';
import type { UpdateLog } from '../domain/updates.ts';
import { type Engine, liveClock } from '../index.ts';
import { Answers } from './answers.ts';
import { decodeRequest, idOf, objectIn } from './decode.ts';
import type { Deed, Desk } from './desk.ts';
import { type Line, linesOf } from './lines.ts';
import type { Outlet } from './outlet.ts';
import type { Pace } from './pace.ts';
import type { AnswerLine, HelloRequest, RequestId, StoppedLine, Welcome } from './protocol.ts';
import type { Retention } from './retention.ts';

export interface SessionOptions {
  readonly engine: Engine;
  readonly outlet: Outlet;
  readonly updates: UpdateLog;
  readonly desk: Desk;
  readonly pace: Pace;
  readonly retention: Retention;
  readonly input: AsyncIterable<Buffer | string>;
  readonly version: string;
  readonly log: Log;
}

type Reason = StoppedLine['reason'];

/** Resumptions and books that are not answered yet; more are refused, so that no halt waits. */
const OPEN_MAX = 100;
const WAITING = new Set(['resume', 'enable', 'book']);
/** With the halts; then one of them has to be answered. */
const HALTS_MAX = 1_000;
/** Whoever has not read for so long at the end does not read any more. */
const PATIENCE_MS = 10_000;
const LOOK_MS = 10;

/** Never answered from memory: questions, and what stops. */
const ALWAYS_DONE = new Set(['status', 'capabilities', 'book', 'halt', 'cancel']);

export class Session {
  readonly #options: SessionOptions;
  readonly #answers = new Answers();
  readonly #open = new Set<Promise<unknown>>();
  #reason: Reason | null = null;
  readonly #failed: Promise<never>;
  #fail: (thrown: unknown) => void = () => undefined;
  /** Ends the wait that is on. */
  #interrupt: () => void = () => undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    // It may fail when nobody waits for it any more.
    this.#failed.catch((thrown: unknown) => options.log.error({ thrown }, 'time stands still'));
  }

  /** No more requests are read, and what is open is withdrawn. */
  stop(reason: Reason): void {
    this.#reason ??= reason;
    if (reason === 'nobody reads') this.#options.outlet.close();
    this.#interrupt();
  }

  /** Nothing can be relied on any more: `run` throws it. */
  fail(thrown: unknown): void {
    this.#fail(thrown);
    this.stop('interrupted');
  }

  /** Resolves when all is over, and told. */
  async run(): Promise<Reason> {
    const { engine, retention, outlet } = this.#options;
    // What an earlier process left open is worked on.
    for (const { id } of engine.executions()) this.#work(id);
    try {
      await this.#read();
      await this.#drain();
      await this.#sayLast();
      return this.#reason ?? 'end of input';
    } finally {
      retention.stop();
      outlet.close();
    }
  }

  async #read(): Promise<void> {
    const { input, outlet } = this.#options;
    const lines = linesOf(input);
    while (this.#reason === null) {
      await this.#unlessStopped(outlet.room());
      if (this.#open.size >= HALTS_MAX) await this.#unlessStopped(Promise.race(this.#open));
      const next = await this.#unlessStopped(this.#next(lines));
      if (next === null || this.#reason !== null) return;
      if (next === 'end') this.#reason = 'end of input';
      else this.#take(next);
    }
  }

  /** An input that breaks is one that ends: what is open is withdrawn all the same. */
  async #next(lines: AsyncGenerator<Line>): Promise<Line | 'end'> {
    try {
      const next = await lines.next();
      return next.done === true ? 'end' : next.value;
    } catch (thrown) {
      // Of one that was stopped nothing more is wanted.
      if (this.#reason === null) this.#options.log.error({ thrown }, 'the input broke');
      return 'end';
    }
  }

  /** Null where it was stopped meanwhile. */
  #unlessStopped<T>(promise: Promise<T>): Promise<T | null> {
    return new Promise((resolve, reject) => {
      this.#interrupt = () => resolve(null);
      if (this.#reason !== null) resolve(null);
      promise.then(resolve, reject);
    });
  }

  #take(line: Line): void {
    let id: RequestId | null = null;
    try {
      if ('fault' in line)
        throw new InputError(line.fault, 'another one', 'write one JSON object a line');
      const given = objectIn(line.text);
      id = idOf(given);
      const request = decodeRequest(given);
      if (request.type === 'hello') this.#grant(id, this.#welcome(request));
      else if (request.type === 'ack') this.#grant(id, this.#acknowledge(request.through));
      else this.#do(request);
    } catch (thrown) {
      this.#refuse(id, thrown);
    }
  }

  #do(request: Deed): void {
    const { desk, pace } = this.#options;
    const { id } = request;
    const isKept = !ALWAYS_DONE.has(request.type);
    const known = isKept ? this.#answers.find(id, request) : null;
    if (WAITING.has(request.type) && this.#open.size >= OPEN_MAX)
      throw new InputError(
        `at most ${OPEN_MAX} requests wait for their answers`,
        id,
        'ask again when one of them is answered',
      );
    const result: object | Promise<object> = known ?? desk.answer(request);
    if (isKept && known === null) this.#answers.keep(id, request, result);
    if (isLater(result)) this.#await(id, pace.during(result));
    else {
      this.#grant(id, result);
      if ('executionId' in result) this.#work(String(result.executionId));
    }
  }

  #await(id: RequestId, result: Promise<object>): void {
    const answered = result
      .then(
        (given) => this.#grant(id, given),
        (thrown: unknown) => this.#refuse(id, thrown),
      )
      .finally(() => this.#open.delete(answered));
    this.#open.add(answered);
  }

  /** Time passes while it is worked. */
  #work(executionId: string): void {
    const { engine, pace } = this.#options;
    const handle = engine.handleOf(executionId);
    if (handle !== null) void pace.during(handle.result);
  }

  #welcome({ after }: HelloRequest): Welcome {
    const { engine, outlet, updates, version } = this.#options;
    const { first, last } = updates.extent();
    const cursor = after ?? first - 1;
    if (cursor > last)
      throw new InputError(
        `a cursor is of this store, and its newest update is ${last}`,
        cursor,
        'name the same --db FILE as before, or leave "after" out',
      );
    if (cursor < first - 1)
      throw new InputError(
        `updates before ${first} are forgotten: they were acknowledged, or are 7 days old`,
        cursor,
        `look at "status", and go on with "after": ${first - 1}`,
      );
    this.#acknowledge(cursor);
    outlet.begin(cursor);
    const venues = Object.keys(engine.capabilities().venues);
    return { version, epoch: engine.epoch, venues, first, last };
  }

  #acknowledge(through: number): object {
    const { updates, retention } = this.#options;
    const { last } = updates.extent();
    if (through > last)
      throw new InputError(`the newest update is ${last}`, through, 'acknowledge what was told');
    retention.acknowledge(through);
    return {};
  }

  #grant(id: RequestId | null, result: object): void {
    this.#say({ type: 'answer', id, ok: true, result });
  }

  #refuse(id: RequestId | null, thrown: unknown): void {
    if (!(thrown instanceof InputError)) {
      this.#options.log.error({ id, thrown }, 'a request could not be done');
      const [rule, wayOut] = ['a request does not fail', 'see stderr, and "status"'];
      thrown = new InputError(rule, messageOf(thrown), wayOut);
    }
    const { rule, value, wayOut } = thrown as InputError;
    this.#say({ type: 'answer', id, ok: false, error: { rule, value, wayOut } });
  }

  #say(line: AnswerLine | StoppedLine): void {
    this.#options.outlet.say(line);
  }

  /** What is open is withdrawn, and every order's end is proven. */
  async #drain(): Promise<void> {
    const { engine, pace, log } = this.#options;
    const late = liveClock.setTimeout(
      () => log.warn({ doubts: engine.doubts() }, 'still waiting for the venue to prove the ends'),
      30_000,
    );
    await Promise.race([pace.during(engine.stop()), this.#failed]);
    liveClock.clearTimeout(late);
    await this.#within(() => this.#open.size === 0);
  }

  async #sayLast(): Promise<void> {
    const { outlet, updates } = this.#options;
    outlet.wake();
    await this.#untilRead();
    const { last } = updates.extent();
    const isRead = outlet.isDone;
    this.#say({ type: 'stopped', reason: this.#reason ?? 'end of input', last });
    if (isRead) await this.#untilRead();
    if (outlet.isDone) return;
    this.#options.log.warn(
      { last },
      'nobody reads the last updates: they are told at the next start',
    );
    outlet.abandon();
  }

  /** Waits as long as somebody reads. */
  async #untilRead(): Promise<void> {
    const { outlet } = this.#options;
    let seen: number;
    do {
      seen = outlet.progress;
      await this.#within(() => outlet.isDone || outlet.progress !== seen);
    } while (!outlet.isDone && outlet.progress !== seen);
  }

  async #within(isDone: () => boolean): Promise<void> {
    const untilMs = liveClock.monotonicMs() + PATIENCE_MS;
    while (!isDone() && liveClock.monotonicMs() < untilMs)
      await new Promise<void>((resolve) => liveClock.setTimeout(resolve, LOOK_MS));
  }
}

const isLater = (result: object | Promise<object>): result is Promise<object> =>
  result instanceof Promise;
