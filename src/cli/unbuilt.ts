/** Commands that have a name already. Each says what works instead, and does nothing. */

export interface UnbuiltCommand {
  readonly name: string;
  readonly purpose: string;
  readonly instead: string;
}

export const UNBUILT: readonly UnbuiltCommand[] = [
  {
    name: 'benchmark',
    purpose: 'compare algorithms on recorded markets',
    instead: 'compare two of them with "depthwalker bracket --tape FILE"',
  },
  {
    name: 'report',
    purpose: 'what the executions of a store cost',
    instead: 'see the summary of "depthwalker run"',
  },
  {
    name: 'decide',
    purpose: 'what an algorithm would do on a given book',
    instead: 'see the order events of "depthwalker run"',
  },
  {
    name: 'explain',
    purpose: 'why an execution did what it did',
    instead: 'read the table "journal" of the file given to --db',
  },
  {
    name: 'dashboard',
    purpose: 'the local page on a running engine',
    instead: 'see the order events of "depthwalker run"',
  },
  {
    name: 'doctor',
    purpose: 'check the installation',
    instead: 'try "depthwalker run --count 1"',
  },
];
