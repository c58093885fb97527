/**
 * Order groups: the venue's own size breaker. What a group's orders may match within 15 s is
 * limited at Kalshi itself, where no fault of ours can lift it.
 */
import { InputError } from '../../domain/errors.ts';
import type { Lots } from '../../domain/numbers.ts';
import { KalshiError, type RestParts } from './rest-client.ts';
import { countText, lotsIn } from './rest-translate.ts';
import * as wire from './rest-wire.ts';

export interface OrderGroup {
  readonly id: string;
  /** What may match within any 15 s; null where the venue does not say. */
  readonly limit: Lots | null;
  /** In the venue's words. */
  readonly isAutoCancelEnabled: boolean;
}

const GROUPS = '/portfolio/order_groups';
const CONTRACTS_MAX = 1_000_000;
const LOTS_PER_CONTRACT = 100;

export class OrderGroupsRest {
  readonly #parts: RestParts;

  constructor(parts: RestParts) {
    this.#parts = parts;
  }

  /** Lots that may match within 15 s, whole contracts; the id of the new group. */
  async create(limit: number): Promise<string> {
    const { subaccount } = this.#parts;
    const body = { ...limitBody(limit), ...(subaccount === 0 ? {} : { subaccount }) };
    const answer = await this.#do('POST', `${GROUPS}/create`, body);
    const created = wire.shaped(wire.createdGroup, answer);
    if ('value' in created) return created.value.order_group_id;
    throw new KalshiError(`${GROUPS}/create`, created.fault, null, null);
  }

  /** One that is below what matched within the last 15 s triggers the group. */
  async setLimit(id: string, limit: number): Promise<void> {
    await this.#do('PUT', `${at(id)}/limit`, limitBody(limit));
  }

  /** Its orders may be placed again. */
  async reset(id: string): Promise<void> {
    await this.#do('PUT', `${at(id)}/reset`, {});
  }

  /** Cancels all of its orders, and refuses new ones until it is reset. */
  async trigger(id: string): Promise<void> {
    await this.#do('PUT', `${at(id)}/trigger`, {});
  }

  /** Cancels all of its orders too. */
  async delete(id: string): Promise<void> {
    await this.#do('DELETE', at(id), null);
  }

  async list(): Promise<readonly OrderGroup[]> {
    const { client, subaccount } = this.#parts;
    const { order_groups } = await client.read(GROUPS, wire.groupList, { subaccount });
    return (order_groups ?? []).map(({ id, ...group }) => groupOf(id, group));
  }

  /** Null where the venue knows no such group. */
  async one(id: string): Promise<OrderGroup | null> {
    try {
      return groupOf(id, await this.#parts.client.read(at(id), wire.groupAnswer));
    } catch (thrown) {
      if (thrown instanceof KalshiError && thrown.status === 404) return null;
      throw thrown;
    }
  }

  /** Rejects with a `KalshiError` for whatever is not done for certain. */
  async #do(
    method: 'POST' | 'PUT' | 'DELETE',
    place: string,
    body: Readonly<Record<string, unknown>> | null,
  ): Promise<unknown> {
    const { client, subaccount } = this.#parts;
    const query = method === 'POST' ? undefined : { subaccount };
    const verdict = await client.write(method, place, body, query);
    if (verdict.kind !== 'done') throw new KalshiError(place, verdict.reason, null, verdict.kind);
    return verdict.body;
  }
}

const at = (id: string): string => `${GROUPS}/${encodeURIComponent(id)}`;

function limitBody(limit: number): Readonly<Record<string, unknown>> {
  const contracts = limit / LOTS_PER_CONTRACT;
  if (!Number.isInteger(contracts) || contracts < 1 || contracts > CONTRACTS_MAX)
    throw new InputError(
      `an order group is limited to 1 to ${CONTRACTS_MAX} whole contracts`,
      countText(limit),
      'choose a number in between',
    );
  return { contracts_limit_fp: countText(limit) };
}

const groupOf = (id: string, group: wire.WireGroup): OrderGroup => ({
  id,
  limit:
    typeof group.contracts_limit_fp === 'string'
      ? lotsIn(group.contracts_limit_fp, 'contracts_limit_fp')
      : null,
  isAutoCancelEnabled: group.is_auto_cancel_enabled,
});
