/**
 * Why risk said no: the rule, the value that broke it and what was allowed, all as text for people.
 */
export interface Refusal {
  readonly kind: 'refused';
  readonly rule: string;
  readonly value: string;
  readonly limit: string;
}

export const refused = (rule: string, value: string, limit: string): Refusal => ({
  kind: 'refused',
  rule,
  value,
  limit,
});
