/** What the venue refuses, and how it says so: a status, a code, words. */

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: string;
  readonly details: string | undefined;

  constructor(status: number, code: string, details?: string) {
    super(code.toLowerCase().replaceAll('_', ' '));
    this.status = status;
    this.code = code;
    this.details = details;
  }

  /** The error of a body, and of one order of a batch. */
  get error(): object {
    const { code, message, details } = this;
    return { code, message, ...(details === undefined ? {} : { details }) };
  }
}

export const invalidOrder = (details: string): Refusal =>
  new Refusal(400, 'invalid_order', details);

export const invalidParameters = (details: string): Refusal =>
  new Refusal(400, 'invalid_parameters', details);

export const notFound = (details: string): Refusal => new Refusal(404, 'not_found', details);

/** An answer as it goes on the wire; `body` is written as JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export const ok = (body: unknown, status = 200): Answer => ({ status, body });

export function answerOf(refusal: Refusal): Answer {
  const { status, error, code } = refusal;
  // Two bodies are unlike the others: no envelope, and a mere text.
  if (code === 'bad_request') return { status, body: error };
  if (status === 429) return { status, body: { error: 'too many requests' } };
  return { status, body: { error } };
}

export const TOO_MANY = new Refusal(429, 'too_many_requests');
