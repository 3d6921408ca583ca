import type { ParseError } from 'papaparse';

export interface CsvRecord {
  /** On which it begins in the file; the first is 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * The records of a file that hold any text, by the lines on which they begin: empty lines, and breaks within quotation
 * marks, count.
 *
 * @param records all of the file, the first line and empty ones included.
 */
export function numberRecords(records: readonly (readonly string[])[]): CsvRecord[] {
  const numbered: CsvRecord[] = [];
  let line = 1;
  for (const cells of records) {
    if (cells.some((cell) => cell.trim() !== '')) numbered.push({ line, cells });
    line += 1 + countBreaks(cells);
  }
  return numbered;
}

/** Lines that a record takes beyond its first, by line breaks inside of quotes. */
const countBreaks = (record: readonly string[]): number =>
  record.reduce((sum, cell) => sum + (cell.match(/\r\n|\r|\n/gu)?.length ?? 0), 0);

/**
 * What is wrong with the quotation marks of a file: behind one that is never closed, whole records are read as one cell.
 * Undefined where nothing is.
 */
export function describeBrokenQuotes(errors: readonly ParseError[]): string | undefined {
  const broken = errors.find(({ type }) => type === 'Quotes');
  return broken === undefined
    ? undefined
    : `a quotation mark is never closed, or stands where none may be, near line ${(broken.row ?? 0) + 1}`;
}
