/** Parameters of a WebSocket command, read by their kind. */
import { CommandError } from './command-error.ts';

export type Params = Readonly<Record<string, unknown>>;

/** null for what is no object. */
export const paramsOf = (value: unknown): Params | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : null;

export const isFlagOn = (params: Params, name: string): boolean => params[name] === true;

/** One text, or a list of them; both at once are one too many. */
export function textsOf(params: Params, one: string, many: string): readonly string[] {
  const [single, list] = [params[one], params[many]];
  if (single !== undefined && list !== undefined) throw new CommandError(11);
  const values: unknown = list ?? (single === undefined ? [] : [single]);
  if (!Array.isArray(values)) throw new CommandError(11);
  return values.map((value: unknown) => {
    if (typeof value !== 'string' || value === '') throw new CommandError(11);
    return value;
  });
}
