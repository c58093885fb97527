/**
 * One connection as an open system, before a judge who knows only what was said to it: what it did
 * about it (sockets, subscriptions, questions, what markets were told) must follow from that.
 */
import { createActor } from 'xstate';
import { venueSessionMachine } from '../../machines/index.ts';
import type { SessionEvent } from '../../machines/venue-session/venue-session.protocol.ts';
import type { startCoverage } from './coverage.ts';
import { pathOf } from './coverage.ts';
import { effectsOf, recorders } from './effect-log.ts';
import { at, type Chart, type Mutant, rebuilt } from './mutation.ts';
import type { Subject } from './paths.ts';

const EFFECTS = [
  'openSocket',
  'dropSocket',
  'authenticate',
  'subscribe',
  'reconcile',
  'tellUp',
  'tellDown',
  'askSnapshots',
  'armRetry',
  'tellPaused',
  'tellResumed',
] as const;

export const sessionMachine = venueSessionMachine.provide({ actions: recorders(EFFECTS) });

export type SessionMachine = typeof sessionMachine;

const [SOON, LATE] = [100, 200];
/** Beyond so many losses or rounds the numbers only grow. */
const COUNTED_MAX = 3;

const ALPHABET: readonly SessionEvent[] = [
  { type: 'session.open' },
  { type: 'session.close' },
  { type: 'socket.opened' },
  { type: 'session.authenticated' },
  { type: 'session.subscribed' },
  { type: 'session.reconciled', round: 1 },
  { type: 'session.reconciled', round: 2 },
  { type: 'session.steady' },
  { type: 'subscription.lost' },
  { type: 'books.gapped' },
  { type: 'news.missed' },
  { type: 'socket.lost', reason: 'lost', retryAtMs: SOON },
  { type: 'socket.silent', reason: 'silent', retryAtMs: LATE },
  { type: 'session.refused', reason: 'refused', retryAtMs: LATE },
  { type: 'retry.due', atMs: SOON },
  { type: 'retry.due', atMs: LATE },
  { type: 'exchange.paused' },
  { type: 'exchange.resumed' },
];

type Link = (typeof CONNECTED)[number] | 'disconnected' | 'backoff' | 'closed';

const CONNECTED = ['connecting', 'authenticating', 'subscribing', 'reconciling', 'live'] as const;
const isConnected = (link: Link): boolean => CONNECTED.some((each) => each === link);

/** What must be so, by all that was said until now. */
interface Belief {
  link: Link;
  isPaused: boolean;
  failures: number;
  reason: string | null;
  retryAtMs: number | null;
  round: number;
  /** What the last word must have made it do. */
  deeds: string[];
}

/** [1] Each step of a connection begins with its own deed. */
const DEED_OF: Readonly<Partial<Record<Link, string>>> = {
  connecting: 'openSocket',
  authenticating: 'authenticate',
  subscribing: 'subscribe',
  reconciling: 'reconcile',
  live: 'tellUp',
  backoff: 'armRetry',
};

/** [2] Whoever leaves live says so; [3] whoever leaves the connection drops its socket. */
function go(belief: Belief, link: Link): void {
  if (belief.link === 'live') belief.deeds.push('tellDown');
  if (isConnected(belief.link) && !isConnected(link)) belief.deeds.push('dropSocket');
  belief.link = link;
  const deed = DEED_OF[link];
  if (deed !== undefined) belief.deeds.push(deed);
  if (link === 'reconciling') belief.round += 1;
  // [4] A connection that is live has nothing to complain of.
  if (link === 'live') belief.reason = null;
}

/** [5] The steps, each from the one before it only. */
const STEPS: Readonly<Partial<Record<SessionEvent['type'], readonly [Link, Link]>>> = {
  'session.open': ['disconnected', 'connecting'],
  'socket.opened': ['connecting', 'authenticating'],
  'session.authenticated': ['authenticating', 'subscribing'],
  'session.subscribed': ['subscribing', 'reconciling'],
};

/** [6] What no snapshot repeats is asked for before anything is believed again. */
const BACK_TO: Readonly<Partial<Record<SessionEvent['type'], readonly [Link, readonly Link[]]>>> = {
  'subscription.lost': ['subscribing', ['subscribing', 'reconciling', 'live']],
  'news.missed': ['reconciling', ['reconciling', 'live']],
};

function hear(belief: Belief, event: SessionEvent): void {
  belief.deeds = [];
  const [from, to] = STEPS[event.type] ?? [];
  if (to !== undefined && belief.link === from) return go(belief, to);
  const [back, places = []] = BACK_TO[event.type] ?? [];
  if (back !== undefined && places.includes(belief.link)) return go(belief, back);
  switch (event.type) {
    case 'session.reconciled':
      // [7] Only the answer to the latest question counts.
      if (belief.link === 'reconciling' && event.round === belief.round) go(belief, 'live');
      return;
    case 'session.steady':
      // [10] Pauses begin anew once it has been live for a while, not before.
      if (belief.link === 'live') belief.failures = 0;
      return;
    case 'books.gapped':
      if (belief.link === 'live') belief.deeds.push('askSnapshots');
      return;
    case 'socket.lost':
    case 'socket.silent':
    case 'session.refused':
      if (!isConnected(belief.link)) return;
      belief.failures += 1;
      belief.reason = event.reason;
      belief.retryAtMs = event.retryAtMs;
      return go(belief, 'backoff');
    case 'retry.due':
      // [8] Only the timer of this pause ends it.
      if (belief.link !== 'backoff' || event.atMs < (belief.retryAtMs ?? 0)) return;
      belief.retryAtMs = null;
      return go(belief, 'connecting');
    case 'session.close':
      if (belief.link !== 'closed') go(belief, 'closed');
      return;
    default:
      hearExchange(belief, event);
  }
}

/** [9] A pause is the exchange's, not the connection's; each is told once. */
function hearExchange(belief: Belief, { type }: SessionEvent): void {
  const isPaused = type === 'exchange.paused';
  if (!type.startsWith('exchange.') || belief.isPaused === isPaused) return;
  belief.isPaused = isPaused;
  belief.deeds.push(isPaused ? 'tellPaused' : 'tellResumed');
}

interface Seen {
  readonly state: string;
  readonly tags: string;
  readonly said: string;
  readonly deeds: string;
}

function expected({ link, isPaused, failures, reason, retryAtMs, round, deeds }: Belief): Seen {
  const place = isConnected(link) ? `open.${link}` : link;
  const ended = link === 'closed' ? ['final'] : [];
  const live = link === 'live' ? ['live'] : [];
  const state = `link.${place} exchange.${isPaused ? 'paused' : 'trading'}`;
  const tags = [...ended, ...live, ...(isPaused ? ['paused'] : [])].join();
  return { state, tags, said: `${failures} ${reason} ${retryAtMs} ${round}`, deeds: deeds.join() };
}

type Session = ReturnType<typeof startSession>;
const startSession = (machine: SessionMachine) => createActor(machine).start();

function seen(actor: Session, deeds: readonly string[]): Seen {
  const { value, context, tags } = actor.getSnapshot();
  const { failures, reason, retryAtMs, round } = context;
  return {
    state: pathOf(value),
    tags: [...tags].toSorted().join(),
    said: `${failures} ${reason} ${retryAtMs} ${round}`,
    deeds: deeds.join(),
  };
}

export interface SessionSubject extends Subject<SessionEvent> {
  /** The first thing that was wrong. */
  verdict(): string | null;
}

export function sessionSubject(
  machine: SessionMachine,
  coverage?: ReturnType<typeof startCoverage>,
): SessionSubject {
  const actor = startSession(machine);
  const effects = effectsOf(actor.system);
  const belief: Belief = {
    link: 'disconnected',
    isPaused: false,
    failures: 0,
    reason: null,
    retryAtMs: null,
    round: 0,
    deeds: [],
  };
  let verdict: string | null = null;
  return {
    send(event) {
      const before = effects.length;
      actor.send(event);
      hear(belief, event);
      const deeds = effects.slice(before).map(({ kind }) => kind);
      const [is, should] = [seen(actor, deeds), expected(belief)].map((one) => JSON.stringify(one));
      if (is !== should) verdict ??= `${event.type}: ${is}, not ${should}`;
    },
    verdict: () => verdict,
    watch: () => coverage?.watch(actor),
    key: () => JSON.stringify(seen(actor, [])),
    alphabet: () => ALPHABET,
    goesOn: () => belief.round < COUNTED_MAX && belief.failures < COUNTED_MAX,
    stop: () => actor.stop(),
  };
}

const provided = (
  name: string,
  parts: Parameters<SessionMachine['provide']>[0],
): Mutant<SessionMachine> => ({ name, machine: sessionMachine.provide(parts) });

const charted = (name: string, change: (chart: Chart) => void): Mutant<SessionMachine> => ({
  name,
  machine: rebuilt(sessionMachine, change),
});

export const SESSION_MUTANTS: readonly Mutant<SessionMachine>[] = [
  provided('any timer ends the pause', { guards: { isDue: () => true } }),
  provided('the pause never ends', { guards: { isDue: () => false } }),
  provided('an answer to an earlier question counts', { guards: { isLatestRound: () => true } }),
  provided('no answer counts', { guards: { isLatestRound: () => false } }),
  provided('rounds are not counted', { actions: { countRound: () => {} } }),
  provided('losses are not counted', { actions: { noteLoss: () => {} } }),
  provided('a live connection still complains', { actions: { noteLive: () => {} } }),
  provided('pauses grow for ever', { actions: { noteSteady: () => {} } }),
  charted('a connection is steady as soon as it is live', (chart) => {
    at(chart, 'link.open.live').entry = ['noteLive', 'noteSteady', 'tellUp'];
  }),
  charted('one that is not live is steady', (chart) => {
    at(chart, 'link.open.reconciling').on['session.steady'] = { actions: 'noteSteady' };
  }),
  provided('a pause that is over still waits', { actions: { noteRetry: () => {} } }),
  charted('it is live without asking REST', (chart) => {
    at(chart, 'link.open.subscribing').on['session.subscribed'] = 'live';
  }),
  charted('a missed message is shrugged off', (chart) => {
    delete at(chart, 'link.open.live').on['news.missed'];
  }),
  charted('what was missed while it asked is not asked again', (chart) => {
    delete at(chart, 'link.open.reconciling').on['news.missed'];
  }),
  charted('a lost subscription stays lost', (chart) => {
    delete at(chart, 'link.open.live').on['subscription.lost'];
  }),
  charted('a lost subscription is made anew, and nothing compared', (chart) => {
    at(chart, 'link.open.live').on['subscription.lost'] = { actions: 'subscribe' };
  }),
  charted('books are down and nobody is told', (chart) => {
    delete at(chart, 'link.open.live').exit;
  }),
  charted('a gap of books is not mended', (chart) => {
    delete at(chart, 'link.open.live').on['books.gapped'];
  }),
  charted('the socket of a lost connection stays open', (chart) => {
    delete at(chart, 'link.open').exit;
  }),
  charted('silence is not heard', (chart) => {
    delete at(chart, 'link.open').on['socket.silent'];
  }),
  charted('who is refused tries again at once', (chart) => {
    at(chart, 'link.open').on['session.refused'] = '.connecting';
  }),
  charted('a closed connection opens again', (chart) => {
    at(chart, 'link.closed').on['session.open'] = 'open';
  }),
  charted('a pause of the exchange ends with the connection', (chart) => {
    at(chart, 'exchange.paused').on['socket.lost'] = 'trading';
  }),
  charted('a pause is told again and again', (chart) => {
    at(chart, 'exchange.paused').on['exchange.paused'] = { actions: 'tellPaused' };
  }),
  charted('a paused exchange says nothing of it', (chart) => {
    Object.assign(at(chart, 'exchange.paused'), { tags: [] });
  }),
];
