import { describe, expect, it } from 'vitest';
import {
  CODES,
  type Refusal,
  reasonOf,
  refusalOf,
  STATUSES,
  verdictOf,
  wordOf,
} from '../../../src/venues/kalshi/outcome-table.ts';

const code = (name: string) => ({ code: name, message: null });

describe('the rule of statuses', () => {
  it.each([
    [400, 'definite'],
    [401, 'definite'],
    [403, 'definite'],
    [404, 'definite'],
    [409, 'definite'],
    [410, 'definite'],
    [429, 'throttled'],
    [408, 'ambiguous'],
    [500, 'ambiguous'],
    [502, 'ambiguous'],
    [503, 'ambiguous'],
    [504, 'ambiguous'],
    // Nobody promises anything about these.
    [302, 'ambiguous'],
    [405, 'ambiguous'],
    [422, 'ambiguous'],
    [499, 'ambiguous'],
    [520, 'ambiguous'],
    [599, 'ambiguous'],
  ] satisfies readonly [number, Refusal][])('%d with an unknown code is %s', (status, refusal) => {
    expect(refusalOf(status, code('a_new_code'))).toBe(refusal);
    expect(refusalOf(status, code('constructor'))).toBe(refusal);
  });

  it('names every status of the table here', () => {
    expect(Object.keys(STATUSES).join(' ')).toBe('400 401 403 404 408 409 410 429 500 502 503 504');
  });
});

describe('codes', () => {
  it.each([...CODES])('%s is %s in any spelling, also in a batch', (name, refusal) => {
    expect(refusalOf(409, code(name))).toBe(refusal);
    expect(refusalOf(409, code(name.toUpperCase()))).toBe(refusal);
    expect(refusalOf(null, code(name))).toBe(refusal);
  });

  it('leaves doubt where the status does, and where the code does', () => {
    expect(refusalOf(500, code('invalid_order'))).toBe('ambiguous');
    expect(refusalOf(503, code('order_already_exists'))).toBe('ambiguous');
    expect(refusalOf(400, code('service_unavailable'))).toBe('ambiguous');
    expect(refusalOf(400, code('trading_is_paused'))).toBe('definite');
  });

  it('knows nothing of an order of a batch with an unknown code', () => {
    expect(refusalOf(null, code('a_new_code'))).toBe('ambiguous');
    expect(refusalOf(null, { code: null, message: null })).toBe('ambiguous');
  });
});

describe('the shapes of an error', () => {
  it.each([
    [
      { error: { code: 'invalid_order', message: 'invalid', details: 'post only cross' } },
      { code: 'invalid_order', message: 'invalid, post only cross' },
    ],
    [
      { code: 'bad_request', message: 'no JSON' },
      { code: 'bad_request', message: 'no JSON' },
    ],
    [{ error: 'too many requests' }, { code: 'too many requests', message: null }],
    ['INCORRECT_API_KEY_SIGNATURE', { code: 'INCORRECT_API_KEY_SIGNATURE', message: null }],
    [{ message: 'Forbidden' }, { code: null, message: 'Forbidden' }],
    [{ error: { code: 7, message: {} } }, { code: null, message: null }],
    ['<!DOCTYPE html><title>502</title>', null],
    ['a'.repeat(81), null],
    [undefined, null],
    [null, null],
    [[], null],
    [12, null],
  ])('%j', (body, word) => {
    expect(wordOf(body)).toEqual(word);
  });

  it('keeps what the venue said, and no more than a line of it', () => {
    expect(reasonOf(409, { code: 'A_New_Code', message: 'because' })).toBe('A_New_Code: because');
    expect(reasonOf(400, { code: null, message: null })).toBe('status 400');
    expect(reasonOf(400, { code: 'x', message: 'y'.repeat(999) })).toHaveLength(200);
  });
});

const answered = (status: number, body: unknown) =>
  verdictOf({ kind: 'answered', status, date: undefined, body });

describe('what is known of a write', () => {
  it('is doubt where somebody else may have answered', () => {
    expect(answered(404, '<html>').kind).toBe('ambiguous');
    expect(answered(403, undefined).kind).toBe('ambiguous');
    expect(answered(429, '<html>').kind).toBe('throttled');
    expect(answered(301, {}).kind).toBe('ambiguous');
  });

  it('is done with any 2xx, whose body is looked at next', () => {
    expect(answered(201, { order_id: 'x' })).toEqual({ kind: 'done', body: { order_id: 'x' } });
    expect(answered(200, '<html>').kind).toBe('done');
  });

  it('is what the transport knows, without an answer', () => {
    expect(verdictOf({ kind: 'notSent', reason: 'refused' })).toEqual({
      kind: 'notSent',
      reason: 'not sent: refused',
    });
    expect(verdictOf({ kind: 'unknown', reason: 'reset' })).toEqual({
      kind: 'ambiguous',
      reason: 'reset',
    });
  });
});
