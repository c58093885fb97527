/**
 * How an answer reaches the caller, faults included: late, spoilt, or not at all. What was done at
 * the venue stays done.
 */
import type { Random } from '../domain/ports.ts';
import { ACK_DELAY_MS, type FaultName, LATE_ACCEPT_MS, SLOW_MS } from './faults.ts';
import { uuid } from './notation.ts';
import { type Answer, answerOf, Refusal } from './refusal.ts';
import { type Call, isOrderCommand, isPrivate } from './router.ts';
import type { World } from './world.ts';

export interface Written {
  readonly kind: 'answer';
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  readonly afterMs: number;
}

/** Where the connection is cut, nothing is heard. */
export type Delivery = Written | { readonly kind: 'cut' };

const JSON_TYPE = 'application/json';

const written = (answer: Answer, afterMs: number): Written => ({
  kind: 'answer',
  status: answer.status,
  contentType: JSON_TYPE,
  text: JSON.stringify(answer.body),
  afterMs,
});

/** What a proxy says in the venue's place: as some do, it repeats all that it was told. */
function page({ headers }: Call, status: number, afterMs: number): Written {
  const text = `<html><body><pre>${JSON.stringify(headers)}</pre></body></html>`;
  return { kind: 'answer', status, contentType: 'text/html', text, afterMs };
}

/** Does what is asked for, unless a fault forbids it, and says how that is heard of. */
export function deliver(call: Call, world: World, random: Random, act: () => Answer): Delivery {
  const { faults } = world;
  const afterMs = isPrivate(call) && faults.strikes('slow-answers') ? SLOW_MS : 0;
  const failure = answerOf(new Refusal(500, 'internal_server_error'));
  if (!isOrderCommand(call)) {
    const strikes = (name: FaultName): boolean => isPrivate(call) && faults.strikes(name);
    if (strikes('html-on-read')) return page(call, 502, afterMs);
    if (strikes('html-page')) return page(call, 200, afterMs);
    return written(strikes('error-on-read') ? failure : act(), afterMs);
  }
  if (faults.strikes('lost-request')) return { kind: 'cut' };
  if (faults.strikes('error-before'))
    return written(answerOf(new Refusal(503, 'service_unavailable')), afterMs);
  if (isCreate(call) && faults.strikes('late-accept')) {
    world.later(LATE_ACCEPT_MS, () => void act());
    return { kind: 'cut' };
  }
  const answer = act();
  if (faults.strikes('lost-response')) return { kind: 'cut' };
  if (faults.strikes('error-after')) return written(failure, afterMs);
  if (faults.strikes('html-body')) return page(call, 502, afterMs);
  if (faults.strikes('html-page')) return page(call, 200, afterMs);
  if (answer.status >= 300) return written(answer, afterMs);
  const isEarly = isCreate(call) && faults.strikes('fill-before-ack');
  const { body } = spoilt(call, world, random, answer);
  const text = JSON.stringify(body);
  const told = faults.strikes('garbled-body') ? text.slice(0, Math.ceil(text.length / 2)) : text;
  return { ...written(answer, isEarly ? ACK_DELAY_MS : afterMs), text: told };
}

const isCreate = ({ method, path }: Call): boolean =>
  method === 'POST' && /\/events\/orders(?:\/batched)?$/.test(path);

const namesOrder = ({ path }: Call): boolean => /\/events\/orders\/[^/]+(?:\/amend)?$/.test(path);

function spoilt(call: Call, { faults }: World, random: Random, answer: Answer): Answer {
  if (faults.strikes('empty-body')) return { ...answer, body: {} };
  if (namesOrder(call) && !isCreate(call) && faults.strikes('wrong-order'))
    return { ...answer, body: { ...(answer.body as object), order_id: uuid(random) } };
  return answer;
}
