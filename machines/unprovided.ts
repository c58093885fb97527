import { InvariantError } from '../src/domain/errors.ts';

/**
 * The placeholder of an effect: a chart names its commands and the engine provides them. One that
 * was forgotten fails at its first use, loudly.
 */
export const unprovided = (name: string) => (): void => {
  throw new InvariantError(`the engine provides every effect, missing was ${name}`);
};
