import { existsSync } from 'node:fs';
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { textWidth } from '../../visualizations/text-metrics.ts';

const fonts = '/usr/share/fonts/truetype/dejavu';
describe.skipIf(!existsSync(`${fonts}/DejaVuSans-Bold.ttf`))(
  'the table of widths (skipped where DejaVu Sans is not installed)',
  () => {
    const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
    const characters = [...printable, ...Array.from('·→←↻⟳•…–—×≤≥’‘')];
    const drawnWidth = (text: string, weight: number): number => {
      const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
      const svg =
        '<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="200">' +
        `<text x="9" y="99" xml:space="preserve" font-size="10" font-weight="${weight}">` +
        `${escaped}</text></svg>`;
      const fontFiles = [`${fonts}/DejaVuSans.ttf`, `${fonts}/DejaVuSans-Bold.ttf`];
      const font = { fontFiles, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' };
      return new Resvg(svg, { font }).getBBox()?.width ?? 0;
    };

    it.each([400, 700])(
      'is never too narrow, and at most a fifth too wide, at weight %i',
      (weight) => {
        for (const one of characters) {
          // The difference of two long texts: what the edges of the outer letters add cancels out.
          const drawn = (drawnWidth(`H${one.repeat(30)}H`, weight) - drawnWidth('HH', weight)) / 30;
          const told = textWidth(one, 10, weight === 700);
          expect(told, `width of "${one}"`).toBeGreaterThanOrEqual(drawn - 0.01);
          expect(told, `width of "${one}"`).toBeLessThanOrEqual(drawn * 1.2 + 0.01);
        }
      },
    );
  },
);
