/**
 * What must hold, each as it is told of when it does not. Numbers such as I-2 are those of the list
 * of invariants that the project was designed by.
 */
export const RULES = {
  overfillEngine: 'I-1 the engine never reserves more than is wanted',
  overfillVenue: 'I-1b fills, what rests and what is under way never exceed what is wanted',
  writeAhead: 'I-2 an order is sent only as its durable intent says',
  bijection: 'I-3 an id is sent once, and every order of ours has its intent',
  fills: 'I-4 every fill of ours is booked once, and no other',
  position: 'I-5 positions are the sum of the fills that stand',
  money: 'I-6 what was paid and earned is what the fills say',
  terminal: 'I-7 an order that was proven over never fills',
  ownFault: 'I-8 no input breaks the engine',
  halt: 'I-9 nothing but cancels is sent while halted, and the end is proven',
  haltDurable: 'I-10 a halt outlives the process',
  price: 'I-11 no price beyond the limit or off the grid',
  book: 'I-12 nothing is sent on a book that cannot be trusted',
  rate: 'I-13 no window holds more calls than the limit',
  retries: 'I-14 attempts are bounded',
  economy: 'I-15 an execution sends no more than its fills and its time explain',
  journal: 'I-16 what was written is read again',
  recovery: 'I-17 after all is healed, engine and venue agree',
  liveness: 'I-18 every execution ends in time',
  orphan: 'I-19 an execution that has ended has nothing at the venue',
  writer: 'I-20 nobody sends without the lease',
  leak: 'I-22 a stopped engine leaves no timer and no subscription',
  time: 'I-24 a wall clock that jumps moves no deadline',
  numbers: 'I-25 prices and quantities are whole numbers',
  exposure: 'I-26 no more than the limits allow can be held',
  budget: 'I-27 what is held and open stays within the budget',
  told: 'I-29 a result is told once, and only when it is durable',
  bounds: 'I-30 no more wait and work than may',
  killPath: 'I-31 a halt is answered in time, whatever is broken',
  config: 'I-32 it does not start with limits that are none',
} as const;

export type RuleName = keyof typeof RULES;

/** Takes what broke a rule. */
export type Tell = (rule: RuleName, what: string) => void;
