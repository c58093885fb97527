/**
 * A planted change of one built file: a piece of its text, replaced as it is loaded. A piece that
 * is not there exactly once throws, so that no plant outlives the code that it was made for.
 */

export interface Plant {
  /** Path of the source below the repository: `src/engine/turn/commit.ts`. */
  readonly file: string;
  /** Text without types, so that the build holds it too; how it is broken into lines is free. */
  readonly find: string;
  readonly replace: string;
}

const escaped = (text: string): string => text.replace(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);

/** The text with the plant in it. */
export function planted(text: string, { file, find, replace }: Plant): string {
  const pattern = new RegExp(find.trim().split(/\s+/).map(escaped).join(String.raw`\s+`), 'g');
  const found = [...text.matchAll(pattern)];
  if (found.length !== 1)
    throw new Error(`a plant must match once in ${file}, not ${found.length} times: ${find}`);
  return text.replace(pattern, () => replace);
}

/** The built module that a source becomes. */
export const builtPath = (file: string): string => file.replace(/\.ts$/, '.js');
