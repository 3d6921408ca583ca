import Papa from 'papaparse';
import { maximumImportRows, type ImportPreview } from '../../../shared/contract/import-requests.ts';
import { describeBrokenQuotes, numberRecords } from './csv-records.ts';
import { describeSurplus } from './describe-surplus.ts';
import { findDelimiter } from './find-delimiter.ts';

/** One row, by the names of the columns that it was asked for; cells are trimmed, missing ones are empty. */
export interface CsvRow<Column extends string> {
  /** The line of the file on which it begins; the header is line 1. */
  readonly line: number;
  readonly cells: Readonly<Record<Column, string>>;
  /** What is wrong with the row as a whole: its cells may stand in other columns than they are read in. */
  readonly problems: ImportPreview['rows'][number]['problems'];
}

export interface CsvTable<Column extends string> {
  readonly rows: readonly CsvRow<Column>[];
  readonly unknownColumns: readonly string[];
  readonly problem: string | null;
}

const failed = <Column extends string>(problem: string): CsvTable<Column> => ({
  rows: [],
  unknownColumns: [],
  problem,
});

const normalize = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/gu, ' ');

/**
 * Reads a file as RFC 4180 has it, with whatever delimiter the spreadsheet wrote. Columns are found by their names,
 * in any order; empty lines are passed over.
 *
 * @param columns the names of each column, its own first; a file may use any of them.
 */
export function parseCsv<Column extends string>(
  text: string,
  columns: Readonly<Record<Column, readonly string[]>>,
  required: readonly NoInfer<Column>[],
): CsvTable<Column> {
  const names = Object.keys(columns) as Column[];
  const findColumn = (name: string): Column | undefined =>
    names.find((column) => columns[column].includes(normalize(name)));
  const content = text.replace(/^\uFEFF/u, '');
  const { data, errors } = Papa.parse<string[]>(content, {
    delimiter: findDelimiter(content, (name) => findColumn(name) !== undefined),
    skipEmptyLines: false,
  });
  const broken = describeBrokenQuotes(errors);
  if (broken !== undefined) return failed(broken);
  const [header] = data;
  if (header === undefined || header.every((cell) => cell.trim() === ''))
    return failed('the file is empty; its first line has to name the columns');
  const found = header.map(findColumn);
  const doubled = found.find(
    (column, index) => column !== undefined && found.indexOf(column) !== index,
  );
  if (doubled !== undefined) return failed(`two columns of the file are both read as "${doubled}"`);
  const missing = required.filter((column) => !found.includes(column));
  if (missing.length > 0)
    return failed(
      `the first line has to name ${missing.map((column) => `"${column}"`).join(' and ')}; it names ${header.map((name) => `"${name.trim()}"`).join(', ')}`,
    );
  const rows: CsvRow<Column>[] = [];
  for (const { line, cells: record } of numberRecords(data).slice(1)) {
    const surplus = describeSurplus(header, record);
    rows.push({
      line,
      problems: surplus === undefined ? [] : [{ column: 'row', message: surplus }],
      cells: Object.fromEntries(
        names.map((column) => [column, (record[found.indexOf(column)] ?? '').trim()]),
      ) as Record<Column, string>,
    });
    if (rows.length > maximumImportRows)
      return failed(`the file has more than ${maximumImportRows} rows; import it in parts`);
  }
  if (rows.length === 0) return failed('the file names columns and has no rows below them');
  return {
    rows,
    unknownColumns: header.filter(
      (name, index) => found[index] === undefined && name.trim() !== '',
    ),
    problem: null,
  };
}
