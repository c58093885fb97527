/** What must hold when all faults are healed, everything has ended and nothing is under way. */
import { decimal, formatMoney, type Money, times, ZERO } from '../../src/domain/money.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { Ground } from './ground.ts';
import type { Judge } from './invariants.ts';
import type { Disk } from './store-model.ts';
import { isOurs } from './tag.ts';
import type { VenueModel } from './venue-model.ts';

export interface Stage {
  readonly ground: Ground;
  readonly disk: Disk;
  readonly model: VenueModel;
  readonly judge: Judge;
  readonly operator: { readonly reasons: ReadonlySet<string> };
}

/** Ours, and the journal knows of it: a restored one has forgotten some. */
const isKnown = ({ disk }: Stage, id: string): boolean => isOurs(id) && disk.intents.has(id);

/** Engine, disk and venue, compared. */
export function checkAtRest(stage: Stage, engine: Engine): void {
  checkOrphans(stage);
  checkFills(stage);
  checkPositions(stage, engine);
  checkEmpty(stage);
  const { judge } = stage;
  for (const { executionId, quantity } of engine.quantities())
    if (quantity.working + quantity.inDoubt > 0)
      judge.tell('recovery', `${executionId}: ${JSON.stringify(quantity)}`);
}

/** Nothing of ours is left at the venue. */
export function checkEmpty(stage: Stage): void {
  for (const { id, leaves } of stage.model.open)
    if (isKnown(stage, id)) stage.judge.tell('recovery', `${id} rests with ${leaves}`);
}

/** What a restored disk has forgotten is strange: the engine has halted over it, by name. */
function checkOrphans({ disk, model, judge, operator }: Stage): void {
  const isStrange = (id: string): boolean => isOurs(id) && !disk.intents.has(id);
  const isTold = (id: string): boolean => [...operator.reasons].some((text) => text.includes(id));
  const isUntold = (id: string): boolean => isStrange(id) && !isTold(id);
  const open = model.open.find(({ id }) => isUntold(id))?.id;
  // A disk without any order of ours is a new one: what an account did before is not judged.
  const filled = model.fills.find(
    ({ fill, reverted }) => disk.intents.size > 0 && isUntold(fill.clientOrderId) && !reverted,
  );
  const strange = open ?? filled?.fill.clientOrderId;
  if (strange !== undefined)
    judge.tell('bijection', `${strange} is nobody's, and nothing was halted`);
}

function checkFills(stage: Stage): void {
  const { disk, model, judge } = stage;
  const standing = new Map(disk.standing().map((row) => [row.fillId, row]));
  for (const { fill, reverted } of model.fills) {
    if (!isKnown(stage, fill.clientOrderId)) continue;
    const row = standing.get(fill.fillId);
    standing.delete(fill.fillId);
    if (reverted && row !== undefined) judge.tell('fills', `${fill.fillId} was taken back`);
    if (reverted) continue;
    if (row === undefined) judge.tell('fills', `${fill.fillId} of ${fill.clientOrderId} is lost`);
    else if (Number(row.quantity) !== fill.quantity || row.clientOrderId !== fill.clientOrderId)
      judge.tell('fills', `${fill.fillId} is booked as ${JSON.stringify(row)}`);
  }
  for (const fillId of standing.keys()) judge.tell('fills', `${fillId} never happened`);
  const corrected = new Set(model.reverted.map(({ fill }) => judge.ownerOf(fill.clientOrderId)));
  for (const { executionId, filledLots } of disk.executions.values()) {
    if (corrected.has(executionId)) continue;
    const booked = disk.standing().filter((fill) => fill.executionId === executionId);
    const sum = booked.reduce((total, fill) => total + Number(fill.quantity), 0);
    if (filledLots !== sum) judge.tell('fills', `${executionId}: ${filledLots} of ${sum}`);
  }
}

interface Told {
  readonly held: number;
  readonly cash: Money;
  readonly fees: Money;
}

const NOTHING: Told = { held: 0, cash: ZERO, fees: ZERO };

/** What was realised, less what the rest of it cost, is the cash that came in: at YES prices. */
function toldBy(engine: Engine): ReadonlyMap<string, Told> {
  const told = new Map<string, Told>();
  const money = (text: string): Money => decimal(text, 'money');
  engine.positions$
    .subscribe((views) => {
      for (const { market, yes, no, realised, fees } of views) {
        const ofNo = Number(no?.quantity ?? 0);
        const basis = money(yes.cost)
          .plus(money(no?.cost ?? '0'))
          .minus(ofNo);
        const cash = money(realised).minus(basis);
        told.set(market, { held: Number(yes.quantity) - ofNo, cash, fees: money(fees) });
      }
    })
    .unsubscribe();
  return told;
}

/** Dollars that the known fills of a market brought at YES prices, and their fees. */
function moneyIn(stage: Stage, market: string): Omit<Told, 'held'> {
  let [cash, paid] = [ZERO, ZERO];
  for (const { fill, reverted } of stage.model.fills) {
    const { symbol, clientOrderId, outcome, action, price, quantity, fee } = fill;
    if (symbol !== market || reverted || !isKnown(stage, clientOrderId)) continue;
    const sign = (outcome === 'yes') === (action === 'buy') ? -1 : 1;
    const yesPrice = outcome === 'yes' ? price : 100 - price;
    cash = cash.plus(times('0.01', sign * yesPrice * quantity));
    paid = paid.plus(decimal(fee, 'fee'));
  }
  return { cash, fees: paid };
}

/** Averages are told to six places. */
const isNear = (left: Money, right: Money): boolean =>
  left.minus(right).abs().lessThan(decimal('0.00001', 'a rounding'));

function checkPositions(stage: Stage, engine: Engine): void {
  const { model, judge } = stage;
  const all = toldBy(engine);
  for (const market of model.markets.keys()) {
    const { cash, fees } = moneyIn(stage, market);
    const told = all.get(market) ?? NOTHING;
    for (const [left, right] of [
      [told.cash, cash],
      [told.fees, fees],
    ] as const)
      if (!isNear(left, right))
        judge.tell('money', `${market}: ${formatMoney(left)} told, is ${formatMoney(right)}`);
  }
  for (const { symbol, quantity } of model.positions((id) => isKnown(stage, id)))
    if ((all.get(symbol)?.held ?? 0) !== quantity)
      judge.tell('position', `${symbol}: ${all.get(symbol)?.held} told, ${quantity} held`);
}
