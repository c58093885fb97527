/** Small texts that more than one part of the command line writes. */

/** One line, whatever came from outside: a terminal obeys control characters. */
export const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');

/** Milliseconds as seconds with 1 to 3 places, rounded to the nearest. */
export function seconds(ms: number, places: number): string {
  const perSecond = 10 ** places;
  const count = Math.round((ms * perSecond) / 1_000);
  const rest = String(count % perSecond).padStart(places, '0');
  return `${Math.floor(count / perSecond)}.${rest}`;
}
