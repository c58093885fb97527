/** What an account may ask of its order groups. */
import type { Lots } from '../domain/numbers.ts';
import type { Account } from './account.ts';
import type { Fields } from './fields.ts';
import { withdraw } from './order-desk.ts';
import { GROUP_LIMIT, OrderGroup } from './order-groups.ts';
import { invalidParameters, notFound, Refusal } from './refusal.ts';

export type GroupEvent = 'created' | 'triggered' | 'reset' | 'deleted' | 'limit_updated';

export type TellGroup = (event: GroupEvent, group: OrderGroup) => void;

export function limitIn(fields: Fields): Lots {
  const fixed = fields.maybeCount('contracts_limit_fp');
  const whole = fields.integer('contracts_limit');
  const limit = fixed ?? (whole === null ? null : whole * 100);
  if (limit === null) throw new Refusal(400, 'missing_parameters', 'contracts_limit_fp');
  if (fixed !== null && whole !== null && whole * 100 !== fixed)
    throw invalidParameters('contracts_limit and contracts_limit_fp must match');
  if (limit < GROUP_LIMIT.least || limit > GROUP_LIMIT.most)
    throw invalidParameters('the limit must lie between 1 and 1000000 contracts');
  return limit as Lots;
}

export function groupOf({ groups }: Account, id: string): OrderGroup {
  const group = groups.get(id);
  if (group === undefined) throw notFound(`order group ${id}`);
  return group;
}

export function createGroup(account: Account, fields: Fields, tell: TellGroup): OrderGroup {
  const subaccount = fields.integer('subaccount') ?? 0;
  const group = new OrderGroup(account.newId(), limitIn(fields), subaccount);
  account.groups.set(group.id, group);
  tell('created', group);
  return group;
}

/** Nothing more is placed in it, and what rests of it is cancelled. */
export function trigger(account: Account, group: OrderGroup, nowMs: number, tell: TellGroup): void {
  group.triggered = true;
  cancelAllOf(account, group, nowMs);
  tell('triggered', group);
}

export function deleteGroup(
  account: Account,
  group: OrderGroup,
  nowMs: number,
  tell: TellGroup,
): void {
  cancelAllOf(account, group, nowMs);
  account.groups.delete(group.id);
  tell('deleted', group);
}

/** Groups that have had enough since it was last looked. */
export function triggerDue(account: Account, nowMs: number, tell: TellGroup): void {
  for (const group of account.groups.values())
    if (group.isDue(nowMs)) trigger(account, group, nowMs, tell);
}

function cancelAllOf(account: Account, { orderIds }: OrderGroup, nowMs: number): void {
  for (const id of orderIds) {
    const order = account.orders.get(id);
    if (order?.now.status === 'resting') withdraw(account, order, nowMs, null);
  }
}
