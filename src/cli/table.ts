/** Text tables: columns as wide as their widest cell, numbers to the right, no borders. */

export interface Column<Row> {
  readonly title: string;
  readonly align?: 'right';
  readonly cell: (row: Row) => string;
}

export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const texts = columns.map(({ title, cell }) => [title, ...rows.map(cell)]);
  const widths = texts.map((column) => Math.max(...column.map((text) => text.length)));
  const line = (index: number): string =>
    columns
      .map(({ align }, column) => {
        const [text, width] = [texts[column]?.[index] ?? '', widths[column] ?? 0];
        return align === 'right' ? text.padStart(width) : text.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return Array.from({ length: rows.length + 1 }, (_, index) => line(index)).join('\n');
}
