/** What must hold when all faults are healed, everything has ended and nothing is under way. */
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
  readonly operator: { readonly heardOfHalts: number };
}

/** Engine, disk and venue, compared. */
export function checkAtRest(stage: Stage, engine: Engine): void {
  checkFills(stage);
  checkPositions(stage, engine);
  const { model, judge } = stage;
  for (const { id, leaves } of model.open)
    if (isOurs(id)) judge.tell('recovery', `${id} rests with ${leaves}`);
  for (const { executionId, quantity } of engine.quantities())
    if (quantity.working + quantity.inDoubt > 0)
      judge.tell('recovery', `${executionId}: ${JSON.stringify(quantity)}`);
}

/** What a restored disk has forgotten is known to be strange: the engine has halted over it. */
export function checkOrphans({ disk, model, judge, operator }: Stage): void {
  const isStrange = (id: string): boolean => isOurs(id) && !disk.intents.has(id);
  const open = model.open.find(({ id }) => isStrange(id))?.id;
  // A disk without any order of ours is a new one: what an account did before is not judged.
  const filled = model.fills.find(
    ({ fill, reverted }) => disk.intents.size > 0 && isStrange(fill.clientOrderId) && !reverted,
  );
  const strange = open ?? filled?.fill.clientOrderId;
  if (strange !== undefined && operator.heardOfHalts === 0)
    judge.tell('bijection', `${strange} is nobody's, and nothing was halted`);
}

function checkFills({ disk, model, judge }: Stage): void {
  const standing = new Map(disk.standing().map((row) => [row.fillId, row]));
  for (const { fill, reverted } of model.fills) {
    if (!isOurs(fill.clientOrderId)) continue;
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

function checkPositions({ model, judge }: Stage, engine: Engine): void {
  const told = new Map<string, number>();
  engine.positions$
    .subscribe((views) => {
      for (const { market, yes, no } of views)
        told.set(market, Number(yes.quantity) - Number(no?.quantity ?? 0));
    })
    .unsubscribe();
  for (const { symbol, quantity } of model.positions(isOurs))
    if ((told.get(symbol) ?? 0) !== quantity)
      judge.tell('position', `${symbol}: ${told.get(symbol)} told, ${quantity} held`);
}
