/** The known name that somebody may have meant. */

/** Letters to change, add or leave out to make one text of the other. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [index, letter] of left.split('').entries()) {
    const next = [index + 1];
    for (let at = 0; at < right.length; at += 1)
      next.push(
        Math.min(
          (next[at] ?? 0) + 1,
          (row[at + 1] ?? 0) + 1,
          (row[at] ?? 0) + (letter === right[at] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}

const plain = (name: string): string => name.replaceAll('_', '').toLowerCase();

/** "did you mean maxPosition?", or all names where none is near. */
export function suggestion(wrong: string, known: readonly string[]): string {
  // Longer than any name of ours: the distance of a whole text would only cost time.
  const given = plain(wrong).slice(0, 64);
  const nearest = known
    .map((name) => ({ name, changes: distance(given, plain(name)) }))
    .toSorted((left, right) => left.changes - right.changes)[0];
  if (nearest !== undefined && nearest.changes <= Math.max(2, Math.floor(given.length / 3)))
    return `did you mean ${nearest.name}?`;
  return known.length === 0 ? 'leave it out' : `it has ${known.join(', ')}`;
}
