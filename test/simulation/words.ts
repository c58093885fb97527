/** What the simulation listens for in the engine's own log and journal; a test holds them to it. */
export const WORDS = {
  turnBroke: 'a turn broke',
  executionBroke: 'an execution broke and is rebuilt',
  reportUnbooked: 'a late report could not be booked',
  journalUnfolded: 'a journal does not fold: look at the venue yourself',
  halted: 'halted',
  amnesia: 'rows are lost and results are given that are not durable',
  lateFill: 'an order that had ended was filled',
  fillAfterEnd: 'came after the execution was closed',
  breakerOpen: 'the circuit breaker is open',
  breakerMoved: 'the circuit breaker moved',
  mismatch: 'it is not what was sent',
  timeLimit: 'time limit',
  queueFull: 'signals wait for their start',
  noRoom: 'no room within',
  duplicate: 'the venue has an order of this id already',
} as const;
