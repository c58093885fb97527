/**
 * The lines of `depthwalker serve`, one JSON object each: requests on stdin, answers and updates on
 * stdout. Prices and quantities are decimal text, times milliseconds since the epoch.
 */
import type { ExecutionUpdate, HaltScope, Signal } from '../index.ts';

/** Text of 1 to 200 characters, or a whole number; chosen by the bot, one for each request. */
export type RequestId = string | number;

interface Identified {
  readonly id: RequestId;
}

/** A person, or the bot in a person's name; both texts are kept. */
interface Signed {
  readonly actor: string;
  readonly reason: string;
}

/**
 * From here on updates are told: those that follow `after`, the sequence number of the last one
 * that was worked up; all that are kept, where it is left out. Whatever is up to `after` is
 * acknowledged by it. Answered with a `Welcome`.
 */
export interface HelloRequest {
  readonly type: 'hello';
  readonly id?: RequestId;
  readonly after?: number;
}

/** Updates up to and with this one need not be kept any more. */
export interface AckRequest extends Identified {
  readonly type: 'ack';
  readonly through: number;
}

/**
 * Works a signal. `venue`, `timeLimitMs` and `algorithm` may be left out for those of the
 * settings. The same signal again, under whatever id, after a restart too, is the same execution.
 * Answered with its `executionId`.
 */
export interface SignalRequest extends Identified {
  readonly type: 'signal';
  readonly signal: Partial<Signal>;
}

/** Withdraws an execution, named by its signal or by itself; its end is an update. */
export interface CancelRequest extends Identified {
  readonly type: 'cancel';
  readonly signalId?: string;
  readonly executionId?: string;
  readonly reason?: string;
}

/**
 * Halts at once: nothing but cancels is sent in this scope until somebody resumes. Answered with
 * what is left, once that is proven, or after 30 s.
 */
export interface HaltRequest extends Identified, HaltScope {
  readonly type: 'halt';
  readonly reason: string;
  readonly actor?: string;
  /** Cancels all that rests at the account, orders of other programs too. */
  readonly everything?: boolean;
}

/** Lifts the halt of exactly this scope; answered when the venues have been asked. */
export interface ResumeRequest extends Identified, HaltScope, Signed {
  readonly type: 'resume';
}

/** Lets a market be traded again that the engine had disabled. */
export interface EnableRequest extends Identified, Signed {
  readonly type: 'enable';
  readonly venue?: string;
  readonly market: string;
}

/** A person's word for an order in doubt that no question to the venue could clear. */
export interface SettleRequest extends Identified, Signed {
  readonly type: 'settle';
  readonly clientOrderId: string;
  readonly verdict: 'never-accepted';
}

/** Works on an execution that a restart found, where the settings say `recovery: "ask"`. */
export interface ContinueRequest extends Identified {
  readonly type: 'continue';
  readonly executionId: string;
  readonly actor: string;
}

/** Withdraws an order with our tag that no journal of ours knows. */
export interface CancelOrphanRequest extends Identified {
  readonly type: 'cancelOrphan';
  readonly clientOrderId: string;
  readonly actor: string;
}

/** What the engine has open, where it stands, and what it asks a person. */
export interface StatusRequest extends Identified {
  readonly type: 'status';
}

/** Venues, algorithms with their parameters, limits, and the markets. */
export interface CapabilitiesRequest extends Identified {
  readonly type: 'capabilities';
}

/** The book as it is now, of 10 levels a side unless said; waits 5 s for the first one. */
export interface BookRequest extends Identified {
  readonly type: 'book';
  readonly venue?: string;
  readonly market: string;
  readonly levels?: number;
}

export type ServeRequest =
  | HelloRequest
  | AckRequest
  | SignalRequest
  | CancelRequest
  | HaltRequest
  | ResumeRequest
  | EnableRequest
  | SettleRequest
  | ContinueRequest
  | CancelOrphanRequest
  | StatusRequest
  | CapabilitiesRequest
  | BookRequest;

/**
 * One for each request, in the order in which they are done: most at once; `halt`, `resume`,
 * `enable` and `book` later. A request that was done and comes again under its id is answered as
 * before and not done again; one that was refused is judged anew. A halt, a cancel and a question
 * are done each time: they do no harm, and a halt must never be lost.
 */
export type AnswerLine =
  | {
      readonly type: 'answer';
      readonly id: RequestId | null;
      readonly ok: true;
      readonly result: object;
    }
  | {
      readonly type: 'answer';
      /** Null where the line had none that could be read. */
      readonly id: RequestId | null;
      readonly ok: false;
      readonly error: ServeError;
    };

/** Nothing has moved. */
export interface ServeError {
  readonly rule: string;
  /** What broke it. */
  readonly value: string;
  readonly wayOut: string;
}

/** The answer to hello. Updates from `first` to `last` are kept. */
export interface Welcome {
  readonly version: string;
  readonly epoch: number;
  readonly venues: readonly string[];
  readonly first: number;
  readonly last: number;
}

/** What was done to the engine as a whole, by whom, and why: a boot, a halt, a resumption, ... */
export interface OperationUpdate {
  readonly type: 'operation';
  readonly timeMs: number;
  readonly deed: string;
  readonly scope: string;
  readonly actor: string;
  readonly reason: string;
  readonly epoch: number;
}

/**
 * Told after it is durable, and again and again after every restart until it is acknowledged, for
 * at most 7 days. `sequence` counts up by one without a gap, over restarts too. `signalId` is null
 * where nobody knows it any more.
 */
export type UpdateLine = { readonly sequence: number } & (
  | (ExecutionUpdate & { readonly signalId: string | null })
  | OperationUpdate
);

/** The last line of a process that ends in order: nothing of ours is open at any venue. */
export interface StoppedLine {
  readonly type: 'stopped';
  readonly reason: 'end of input' | 'interrupted' | 'nobody reads';
  /** The newest update, whether it was told or not. */
  readonly last: number;
}
