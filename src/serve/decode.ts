/**
 * One line of input: `unknown` until every part of it is known to be good; nothing is done here.
 */
import { z } from 'zod';
import { InputError } from '../domain/errors.ts';
import type { RequestId, ServeRequest } from './protocol.ts';

/** Longer than any id or reason of a person; what is kept of each is kept for ever. */
const TEXT_MAX = 1_000;
const ID_MAX = 200;
const LEVELS_MAX = 100;
const SHOWN_MAX = 80;

const id = z.union([z.string().min(1).max(ID_MAX), z.int().nonnegative()]);
const text = z.string().min(1).max(TEXT_MAX);
const sequence = z.int().nonnegative();
const scope = {
  venue: text.optional(),
  market: text.optional(),
  execution: text.optional(),
};
const signed = { actor: text, reason: text };

const SHAPES = {
  hello: { id: id.optional(), after: sequence.optional() },
  ack: { id, through: sequence },
  signal: { id, signal: z.looseObject({}) },
  cancel: {
    id,
    signalId: text.optional(),
    executionId: text.optional(),
    reason: text.optional(),
  },
  halt: { id, ...scope, reason: text, actor: text.optional(), everything: z.boolean().optional() },
  resume: { id, ...scope, ...signed },
  enable: { id, venue: text.optional(), market: text, ...signed },
  settle: { id, clientOrderId: text, verdict: z.literal('never-accepted'), ...signed },
  continue: { id, executionId: text, actor: text },
  cancelOrphan: { id, clientOrderId: text, actor: text },
  status: { id },
  capabilities: { id },
  book: {
    id,
    venue: text.optional(),
    market: text,
    levels: z.int().min(1).max(LEVELS_MAX).optional(),
  },
} satisfies Readonly<Record<ServeRequest['type'], z.ZodRawShape>>;

const READERS = new Map(
  Object.entries(SHAPES).map(([type, shape]) => [
    type,
    { schema: z.object({ type: z.string(), ...shape }), fields: Object.keys(shape) },
  ]),
);

const TYPES = Object.keys(SHAPES).join(', ');

/** The object in a line. Throws an `InputError` for whatever else is there. */
export function objectIn(line: string): Readonly<Record<string, unknown>> {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    throw notAnObject(line);
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) throw notAnObject(line);
  return read as Readonly<Record<string, unknown>>;
}

const notAnObject = (line: string): InputError =>
  new InputError('a line is one JSON object', line.slice(0, SHOWN_MAX), 'correct or leave it out');

/** The id that an answer names, whatever else is wrong with the request. */
export function idOf(given: Readonly<Record<string, unknown>>): RequestId | null {
  const read = id.safeParse(given['id']);
  return read.success ? read.data : null;
}

/** Throws an `InputError` that names the field, its value and the rule. */
export function decodeRequest(given: Readonly<Record<string, unknown>>): ServeRequest {
  const { type } = given;
  const reader = typeof type === 'string' ? READERS.get(type) : undefined;
  if (typeof type !== 'string' || reader === undefined)
    throw new InputError('a request has a type that is known', type, `give one of ${TYPES}`);
  const { schema, fields } = reader;
  const wayOut = `a ${type} has ${fields.join(', ')}`;
  // Not by zod, which passes over a "__proto__".
  const unknown = Object.keys(given).find((key) => key !== 'type' && !fields.includes(key));
  if (unknown !== undefined) throw new InputError(`a ${type} has no such field`, unknown, wayOut);
  const read = schema.safeParse(given);
  if (read.success) return read.data as ServeRequest;
  const [issue] = read.error.issues;
  const field = String(issue?.path[0]);
  const value = given[field];
  if (value === undefined) throw new InputError(`${type}: ${field} is given`, 'nothing', wayOut);
  throw new InputError(`${type}.${field}: ${issue?.message ?? 'invalid'}`, value, wayOut);
}
