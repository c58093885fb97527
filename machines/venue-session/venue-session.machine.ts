import { assign, setup } from 'xstate';
import { unprovided } from '../unprovided.ts';
import type { SessionContext, SessionEvent } from './venue-session.protocol.ts';
import * as rules from './venue-session.rules.ts';

/** One connection to one venue: from when on, and until when, what it says is the whole truth. */
export const venueSessionMachine = setup({
  types: {} as {
    context: SessionContext;
    events: SessionEvent;
    tags: 'live' | 'paused' | 'final';
  },
  actions: {
    openSocket: unprovided('openSocket'),
    dropSocket: unprovided('dropSocket'),
    authenticate: unprovided('authenticate'),
    subscribe: unprovided('subscribe'),
    reconcile: unprovided('reconcile'),
    tellUp: unprovided('tellUp'),
    tellDown: unprovided('tellDown'),
    askSnapshots: unprovided('askSnapshots'),
    armRetry: unprovided('armRetry'),
    tellPaused: unprovided('tellPaused'),
    tellResumed: unprovided('tellResumed'),
    countRound: assign(rules.countRound),
    noteLoss: assign(rules.noteLoss),
    noteRetry: assign(rules.noteRetry),
    noteLive: assign(rules.noteLive),
    noteSteady: assign(rules.noteSteady),
  },
  guards: rules.guards,
}).createMachine({
  id: 'venueSession',
  description: 'Calls and cancels pass in every state; books and news only while live.',
  meta: {
    journey: [
      'link',
      'link.disconnected',
      'link.open',
      'link.open.connecting',
      'link.open.authenticating',
      'link.open.subscribing',
      'link.open.reconciling',
      'link.open.live',
      'link.closed',
    ],
  },
  context: rules.openingContext,
  type: 'parallel',
  states: {
    link: {
      initial: 'disconnected',
      on: { 'session.close': '.closed' },
      states: {
        disconnected: { on: { 'session.open': 'open' } },
        open: {
          initial: 'connecting',
          exit: 'dropSocket',
          on: {
            'socket.lost': { target: 'backoff', actions: 'noteLoss' },
            'socket.silent': { target: 'backoff', actions: 'noteLoss' },
            'session.refused': { target: 'backoff', actions: 'noteLoss' },
          },
          states: {
            connecting: { entry: 'openSocket', on: { 'socket.opened': 'authenticating' } },
            authenticating: {
              entry: 'authenticate',
              on: { 'session.authenticated': 'subscribing' },
            },
            subscribing: {
              entry: 'subscribe',
              on: {
                'session.subscribed': 'reconciling',
                'subscription.lost': { target: 'subscribing', reenter: true },
              },
            },
            reconciling: {
              description: 'No private stream is replayed: the account is listed.',
              entry: ['countRound', 'reconcile'],
              on: {
                'session.reconciled': { guard: 'isLatestRound', target: 'live' },
                'news.missed': { target: 'reconciling', reenter: true },
                'subscription.lost': 'subscribing',
              },
            },
            live: {
              description: 'What it says is complete.',
              tags: 'live',
              entry: ['noteLive', 'tellUp'],
              exit: 'tellDown',
              on: {
                'session.steady': { actions: 'noteSteady' },
                'books.gapped': { actions: 'askSnapshots' },
                'news.missed': 'reconciling',
                'subscription.lost': 'subscribing',
              },
            },
          },
        },
        backoff: {
          description: 'Waits as long as was drawn.',
          entry: 'armRetry',
          on: { 'retry.due': { guard: 'isDue', target: 'open', actions: 'noteRetry' } },
        },
        closed: { tags: 'final', on: { 'session.close': undefined } },
      },
    },
    exchange: {
      description: 'Said by the venue, not by the connection.',
      initial: 'trading',
      states: {
        trading: { on: { 'exchange.paused': 'paused' } },
        paused: {
          description: 'It takes cancels only.',
          tags: 'paused',
          entry: 'tellPaused',
          exit: 'tellResumed',
          on: { 'exchange.resumed': 'trading' },
        },
      },
    },
  },
});
