/** What a route is: a method, a path with names in it, and what answers. */
import type { Account } from './account.ts';
import type { Answer } from './refusal.ts';
import type { World } from './world.ts';

export interface Visit {
  readonly world: World;
  /** Of the caller; on public routes that of the first account where nobody signed. */
  readonly account: Account;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: string;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/trade-api/v2`; ":name" stands for one part. */
  readonly path: string;
  readonly isPublic: boolean;
  /** How many orders it is about: a batch costs as many times as much. */
  readonly weight?: (body: string) => number;
  readonly answer: (visit: Visit) => Answer;
}

type Handler = Route['answer'];

const route =
  (method: Route['method'], isPublic: boolean) =>
  (path: string, answer: Handler, weight?: Route['weight']): Route => ({
    method,
    path,
    isPublic,
    answer,
    ...(weight === undefined ? {} : { weight }),
  });

export const publicly = route('GET', true);
export const get = route('GET', false);
export const post = route('POST', false);
export const put = route('PUT', false);
export const del = route('DELETE', false);

/** The names' values, or null where the path is another one. */
export function paramsOf(pattern: string, path: string): Readonly<Record<string, string>> | null {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decoded(value);
    else if (part !== value) return null;
  }
  return params;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
