/** How much of what is left over is shown. */
const shownCharacters = 60;

/**
 * What is wrong with a record that has more cells than the first line names columns: mostly a delimiter within a text
 * that is not in quotation marks. Undefined where all that is left over is empty.
 */
export function describeSurplus(
  header: readonly string[],
  record: readonly string[],
): string | undefined {
  const surplus = record.slice(header.length).map((cell) => cell.trim());
  const first = surplus.find((cell) => cell !== '');
  if (first === undefined) return undefined;
  const expected = `${header.length} ${header.length === 1 ? 'cell' : 'cells'}`;
  return `expected ${expected} as in the first line, and found ${record.length}, with "${first.slice(0, shownCharacters)}" left over; a text that has the delimiter in it needs quotation marks around it`;
}
