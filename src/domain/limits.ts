/** Every buffer, queue and retry of the engine has a bound, and the bound has a reason. */

/** Inputs of one turn: more would hold back the commands of the first ones. */
export const TURN_INPUTS_MAX = 64;

/** Children of one parent actor: XState copies the whole map at each spawn and stop. */
export const CHILDREN_PER_PARENT_MAX = 100;

/**
 * Reports held for an order id that is not known yet: a reply can overtake our own bookkeeping only
 * briefly.
 */
export const HELD_REPORTS_MAX = 256;

/** Levels a side that a decider sees and a stored snapshot keeps. */
export const LADDER_LEVELS = 10;

/** An ended execution stays addressable this long for late fills. */
export const LATE_FILL_WINDOW_MS = 60_000;

/** Rounds of decide and apply within one turn before the rest waits for the next one. */
export const DECISIONS_PER_TURN_MAX = 64;

/** Heartbeats that may be missed before a feed counts as silent: one can be late, three cannot. */
export const HEARTBEATS_MISSED_MAX = 3;

/** A venue's own transactions cross a book for up to 75 ms (recorded); longer is a fault. */
export const CROSSED_GRACE_MS = 250;

/** An execution works at most a day: longer wishes are a schedule, not an order. */
export const TIME_LIMIT_MS_MAX = 86_400_000;

/** Executions alive at once in one market: bounded by the children of its actor. */
export const EXECUTIONS_PER_MARKET_MAX = CHILDREN_PER_PARENT_MAX;

/** Executions that begin in one turn: the rest of it belongs to fills and cancels. */
export const STARTS_PER_TURN_MAX = 16;

/** Signals that wait for their start, unless the options say otherwise: some seconds of work. */
export const QUEUED_SIGNALS_MAX = 10_000;

/** Calls to the venue in any sliding minute: the source document's own budget. */
export const CALLS_PER_MINUTE = 90;

/** Questions about one order in doubt, each a second after the last; then the operator is asked. */
export const RESOLUTION_ATTEMPTS_MAX = 120;

/** Between two questions about an order in doubt, and between two cancels of one that refused. */
export const RETRY_MS = 1_000;

/** A call that is not answered by then is in doubt: no venue means to take so long. */
export const ANSWER_TIMEOUT_MS = 10_000;

/** A resting order is asked about after so long a silence: what a lost fill costs at most. */
export const CONFIRM_RESTING_MS = 30_000;

/** What was sent is asked about after so long a silence: no stream means to take so long. */
export const CONFIRM_ENDING_MS = 5_000;

/** Slowest answers that fit into a silence before anybody asks: slow is not silent. */
export const LATENCIES_OF_SILENCE = 10;

/** Orders asked about in one turn; the next ones wait for `RETRY_MS`. */
export const CONFIRMATIONS_PER_TURN_MAX = 5;

/** A journal that fails is tried again this long; then results are given that are not durable. */
export const JOURNAL_GRACE_MS = 10_000;

/** Past its sending by this much, an order that no listing knows was never accepted. */
export const ACCEPTANCE_WINDOW_MS = 60_000;
