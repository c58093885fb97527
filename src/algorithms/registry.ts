/**
 * The algorithms that an engine knows by name: the built-in ones and its user's own. One per
 * engine.
 */
import { InputError } from '../domain/errors.ts';
import type { AlgorithmDefinition } from './algorithm.ts';
import { dynamicDepthWalker } from './dynamic-depth-walker.ts';
import { market } from './market.ts';
import { simpleLimit } from './simple-limit.ts';

export const BUILT_IN_ALGORITHMS: readonly AlgorithmDefinition[] = [
  simpleLimit,
  dynamicDepthWalker,
  market,
];

const NAME = /^[a-z][a-z0-9_]{0,63}$/;

export class AlgorithmRegistry {
  readonly #definitions = new Map<string, AlgorithmDefinition>();

  constructor(definitions: readonly AlgorithmDefinition[] = BUILT_IN_ALGORITHMS) {
    for (const definition of definitions) this.registerAlgorithm(definition);
  }

  /** Names in the order they were registered. */
  get names(): readonly string[] {
    return [...this.#definitions.keys()];
  }

  /** Throws an `InputError` for a name that is taken: an algorithm is never replaced silently. */
  registerAlgorithm(definition: AlgorithmDefinition): void {
    const { name, version } = definition;
    if (!NAME.test(name))
      throw new InputError(
        'an algorithm is named in lower case and _',
        name,
        'write it like "my_algorithm"',
      );
    if (!Number.isSafeInteger(version) || version < 1)
      throw new InputError(
        `the version of ${name} must be a whole number above 0`,
        version,
        'start at 1',
      );
    if (this.#definitions.has(name))
      throw new InputError('an algorithm is registered once', name, 'choose another name');
    this.#definitions.set(name, definition);
  }

  /** Throws an `InputError` that lists the known names. */
  algorithmNamed(name: string): AlgorithmDefinition {
    const definition = this.#definitions.get(name);
    if (definition === undefined)
      throw new InputError('no such algorithm', name, `choose one of ${this.names.join(', ')}`);
    return definition;
  }
}
