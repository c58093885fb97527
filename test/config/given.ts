/** A configuration from files in memory. */
import { expect } from 'vitest';
import { ConfigError, type ConfigProblem } from '../../src/config/config-error.ts';
import { type ConfigRequest, type LoadedConfig, loadConfig } from '../../src/config/load-config.ts';
import { InputError } from '../../src/domain/errors.ts';

export type Given = Omit<ConfigRequest, 'readFile'> & {
  /** Text, or an object that is written as JSON. */
  readonly files?: Readonly<Record<string, unknown>>;
};

export const load = ({ files = {}, ...request }: Given = {}): LoadedConfig =>
  loadConfig({
    ...request,
    readFile: (path) => {
      const content = Object.hasOwn(files, path) ? files[path] : null;
      if (content instanceof Error) throw content;
      return typeof content === 'string' || content === null ? content : JSON.stringify(content);
    },
  });

export function errorOf(given: Given): ConfigError {
  try {
    load(given);
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown;
    throw thrown;
  }
  throw new Error('the configuration was taken');
}

export const problemsOf = (given: Given): readonly ConfigProblem[] => errorOf(given).errors;

/** An algorithm with one parameter. */
export const walker = {
  name: 'walker',
  parameters(given: Readonly<Record<string, unknown>>) {
    const wrong = Object.keys(given).find((name) => name !== 'maxWalks');
    if (wrong !== undefined)
      throw new InputError('walker has no such parameter', wrong, 'it has 1');
    if (given['maxWalks'] === 0) throw new InputError('maxWalks must be above 0', 0, 'try 1');
  },
};

/** Some text, typed as what it stands for. */
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

export const FILE = 'depthwalker.config.json';
