/**
 * A machine with every feature the chart renderer draws: a courier's delivery, watched by a
 * parallel region. It is drawn and checked by tests, and never run.
 */
import { and, fromPromise, not, setup } from 'xstate';

type CourierEvent =
  | { readonly type: 'parcel.collected' }
  | { readonly type: 'parcel.delivered' }
  | { readonly type: 'parcel.refused' }
  | { readonly type: 'position.reported' }
  | { readonly type: 'tour.cancel' }
  | { readonly type: `xstate.error.actor.${string}` };

const nothing = (): void => {};

export const sampleMachine = setup({
  types: { events: {} as CourierEvent },
  actors: { planRoute: fromPromise(async () => 1) },
  delays: { patienceMs: 90_000 },
  guards: {
    hasParcels: () => true,
    isNear: (_context: unknown, params: { readonly radiusMetres: number }) =>
      params.radiusMetres > 0,
    wasRefusedTwice: () => false,
  },
  actions: {
    recordPosition: nothing,
    recordDelivery: nothing,
    informSender: nothing,
    informReceiver: nothing,
    releaseVehicle: nothing,
    countAttempt: nothing,
    raiseAlarm: (_context: unknown, _params: { readonly level: string }) => {},
  },
}).createMachine({
  id: 'courier',
  type: 'parallel',
  description: 'One tour of one courier, from the first parcel to the empty van.',
  on: {
    'xstate.error.actor.*': {
      target: '.tour.failed',
      actions: { type: 'raiseAlarm', params: { level: 'high' } },
    },
    'position.reported': { actions: 'recordPosition' },
  },
  states: {
    tour: {
      initial: 'planning',
      description: 'What the courier does.',
      states: {
        planning: {
          description: 'The route is being planned; nothing has left the depot yet.',
          tags: ['waiting'],
          invoke: { id: 'route', src: 'planRoute', onDone: 'underway', onError: 'failed' },
        },
        underway: {
          initial: 'driving',
          tags: ['working', 'visible'],
          description: 'On the road. A parcel may be refused at any door, and comes back.',
          entry: 'informSender',
          exit: ['releaseVehicle', 'informSender'],
          on: {
            'tour.cancel': { target: 'returning', actions: ['informReceiver', 'informSender'] },
            'parcel.collected': { actions: 'countAttempt' },
            'parcel.refused': [
              { guard: 'wasRefusedTwice', target: 'returning', actions: 'informSender' },
              { target: '.driving', actions: 'countAttempt' },
            ],
          },
          states: {
            driving: {
              on: {
                'position.reported': {
                  guard: { type: 'isNear', params: { radiusMetres: 50 } },
                  target: 'atDoor',
                  actions: ['recordPosition', 'informReceiver', 'countAttempt', 'informSender'],
                },
              },
            },
            atDoor: {
              tags: ['uncertain'],
              after: { patienceMs: { target: 'driving', actions: 'informReceiver' } },
              on: {
                'parcel.delivered': [
                  {
                    guard: and(['hasParcels', not('wasRefusedTwice')]),
                    target: 'driving',
                    actions: 'recordDelivery',
                  },
                  { target: '#courier.tour.done', actions: 'recordDelivery' },
                ],
              },
            },
          },
        },
        returning: {
          description: 'Nothing is delivered any more.',
          always: { guard: not('hasParcels'), target: 'done' },
          on: { 'parcel.collected': {}, 'tour.cancel': {} },
        },
        done: { tags: ['final'], description: 'Rests until its depot sends it home.' },
        failed: { type: 'final' },
      },
    },
    signal: {
      initial: 'fresh',
      states: {
        fresh: { after: { 30000: 'lost' } },
        lost: {
          entry: { type: 'raiseAlarm', params: { level: 'low' } },
          on: { 'position.reported': 'fresh' },
        },
        last: { type: 'history' },
      },
    },
  },
});
