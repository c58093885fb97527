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

/** An intent that could not be sent by then is decided again: the book has moved on. */
export const INTENT_AGE_MS_MAX = 250;

/** Questions about one order in doubt, for about two minutes; then the operator is asked. */
export const RESOLUTION_ATTEMPTS_MAX = 50;

/** The first questions are `RETRY_MS` apart, the later ones three times that: reads are few. */
export const QUICK_ATTEMPTS = 10;

/** So often a venue may say that it knows no order that it took, before that is looked into. */
export const UNKNOWN_ANSWERS_MAX = 3;

/** Between two questions about an order in doubt, and before the second cancel of an order. */
export const RETRY_MS = 1_000;

/** Each further cancel waits twice as long as the one before, up to this: a venue that is down, or
 * that knows no such order, is not asked each second, and others need the calls. */
export const CANCEL_RETRY_MS_MAX = 8_000;

/** After a restart orders may rest so long without a live book: a feed needs seconds to come up. */
export const RECOVERY_GRACE_MS = 10_000;

/** Boots without a clean stop in `BOOT_WINDOW_MS`: one more is a loop that only a person ends. */
export const BOOTS_MAX = 3;

export const BOOT_WINDOW_MS = 600_000;

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

/** A stop waits so long for a journal that fails; then results are given that are not durable. */
export const JOURNAL_GRACE_MS = 10_000;

/** Past its sending by this much, an order that no listing knows was never accepted. */
export const ACCEPTANCE_WINDOW_MS = 60_000;

/** Between two rounds of reconciliation, unless the options say otherwise. */
export const RECONCILE_MS = 30_000;

/** Fills are listed again this long: a venue may show an older one after a newer one. */
export const FILLS_OVERLAP_MS = 60_000;

/** What a venue's readings are behind its own clock at most: it may show an order so late. */
export const READ_LAG_MS_MAX = 10_000;

/** Orders that have ended are listed from so long before ours was sent: clocks differ. */
export const LISTING_MARGIN_MS = 3_600_000;

/** How far a venue's clock and ours may be apart before its word of a time means nothing. */
export const CLOCK_SKEW_MS_MAX = 1_000;

/** A new journal asks a person about fills under our tag that are not older than this. */
export const LOST_JOURNAL_MS = 600_000;
