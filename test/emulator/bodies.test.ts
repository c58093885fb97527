/** What a new order's body may hold, and how the rest is refused. */
import { describe, expect, it } from 'vitest';
import { Desk, ORDER } from './desk.ts';

describe('bodies', () => {
  const desk = new Desk();
  const raw = (body: string) => {
    const path = '/trade-api/v2/portfolio/events/orders';
    const headers = desk.headers('POST', path);
    return desk.router.answer({
      method: 'POST',
      path,
      query: new URLSearchParams(),
      headers,
      body,
    });
  };

  it('that are no JSON object are refused without an envelope', () => {
    for (const body of ['{', '[]', '"text"', 'null'])
      expect(raw(body)).toMatchObject({ status: 400, body: { code: 'bad_request' } });
  });

  it.each([
    ['price', '0.4'],
    ['price', '.41'],
    ['price', '0.41000'],
    ['price', 0.41],
    ['price', '1e-1'],
    ['count', '1.005'],
    ['count', '-1'],
    ['count', 10],
    ['side', 'yes'],
    ['time_in_force', 'gtt'],
    ['post_only', 'true'],
    ['subaccount', 64],
    ['client_order_id', 'x'.repeat(65)],
  ])('with %s %o are refused', (name, value) => {
    const { status, body } = raw(JSON.stringify({ ...ORDER, [name]: value })) as {
      readonly status: number;
      readonly body: { readonly error: { readonly code: string } };
    };
    expect([status, body.error.code]).toEqual([400, 'invalid_parameters']);
  });

  it('may say that an order expires only where it rests', () => {
    const change = { time_in_force: 'immediate_or_cancel', expiration_time: 2_000_000_000 };
    const { body } = raw(JSON.stringify({ ...ORDER, ...change }));
    expect(body).toMatchObject({ error: { code: 'invalid_order' } });
  });
});
