/** A table begins with this byte order mark, without which spreadsheets read UTF-8 as something else. */
export const csvStart = '\uFEFF';

/** One line of a table as RFC 4180, with its end: fields are quoted where they need it. */
export function computeCsvLine(cells: readonly string[]): string {
  return `${cells.map(computeCell).join(',')}\r\n`;
}

const mayBeginFormula = /(?:^|[;\t\r\n])"*[=+\-@＝＋－＠]/u;

/**
 * A cell that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, "CSV Injection"), and so does what
 * would begin a cell within it: where a comma is the decimal sign, spreadsheets take semicolons for the separators, and
 * the quotes around a cell then stand in the middle of another, where they hold no line together.
 */
function computeCell(value: string): string {
  // To look behind each letter takes ten times as long, and hardly a cell needs it.
  const marked = mayBeginFormula.test(value)
    ? value.replaceAll(/(?<=^|[;\t\r\n])(?="*[=+\-@＝＋－＠])/gu, "'")
    : value;
  const harmless = marked.replace(/^[\t\r\n]/, "'$&");
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
