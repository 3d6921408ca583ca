/**
 * A table as RFC 4180: CRLF after each line, fields quoted where they need it. It begins with a byte order mark, without
 * which spreadsheets read UTF-8 as something else.
 */
export function computeCsv(rows: readonly (readonly string[])[]): string {
  return `${csvStart}${rows.map(computeCsvLine).join('')}`;
}

export const csvStart = '\uFEFF';

/** One line with its end, for tables that are written piece by piece after `csvStart`. */
export function computeCsvLine(cells: readonly string[]): string {
  return `${cells.map(computeCell).join(',')}\r\n`;
}

/** A cell that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, "CSV Injection"). */
function computeCell(value: string): string {
  const harmless = /^[=+\-@\t\r\n＝＋－＠]/u.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
