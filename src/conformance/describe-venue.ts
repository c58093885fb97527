/**
 * The conformance kit: a card for each promise of the `Venue` port, to be run by any test runner or
 * by a loop. A card that cannot be played says why, and is never counted as kept.
 */
import { InputError } from '../domain/errors.ts';
import type { CardDefinition } from './card.ts';
import { CARDS } from './cards/all.ts';
import type { VenueContract } from './contract.ts';
import { Stage } from './stage.ts';

export interface Card {
  readonly name: string;
  readonly promise: string;
  /** Why it cannot be tried at this venue; null where it can. */
  readonly notApplicable: string | null;
  /**
   * Opens a world, plays, and closes it. Rejects with a `BrokenPromise`, with an `InputError` for a
   * contract that lacks something, and where the card is not applicable.
   */
  readonly run: () => Promise<void>;
}

type Register<Body> = (name: string, body: Body) => unknown;

/** The part of a test runner that is used: vitest, node:test and others have it. */
export interface TestRunner {
  readonly describe: Register<() => void>;
  readonly it: Register<() => Promise<void>> & { readonly skip?: Register<() => Promise<void>> };
}

/**
 * All cards, in the order in which an adapter is best built. Throws an `InputError` where something
 * is said to be impossible, and not why.
 */
export function venueCards(contract: VenueContract): readonly Card[] {
  for (const [need, reason] of Object.entries(contract.cannot ?? {}))
    if (reason.trim() === '')
      throw new InputError(
        'what a venue cannot do has a reason',
        reason,
        `say why: cannot.${need}`,
      );
  return CARDS.map((definition) => cardOf(contract, definition));
}

/** A test for each card; those that are not applicable are skipped, with the reason in the name. */
export function describeVenue(contract: VenueContract, { describe, it }: TestRunner): void {
  describe(`${contract.name} keeps the promises of a venue`, () => {
    for (const { name, promise, notApplicable, run } of venueCards(contract))
      if (notApplicable === null) it(`${name}: ${promise}`, run);
      else (it.skip ?? it)(`${name} (not applicable: ${notApplicable})`, async () => undefined);
  });
}

function cardOf(contract: VenueContract, definition: CardDefinition): Card {
  const { name, promise, needs } = definition;
  const reasons = needs.map((need) => contract.cannot?.[need]);
  const notApplicable = reasons.find((reason) => reason !== undefined) ?? null;
  const run = async (): Promise<void> => {
    if (notApplicable !== null) throw new Error(`${name} is not applicable: ${notApplicable}`);
    const world = await contract.open();
    const stage = new Stage({ contract, world, card: definition });
    try {
      await definition.play(stage);
    } finally {
      await stage.close();
    }
  };
  return { name, promise, notApplicable, run };
}
