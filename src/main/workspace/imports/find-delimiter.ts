import Papa from 'papaparse';

/** What spreadsheets write between cells. */
const delimiters = [',', ';', '\t', '|'] as const;

/**
 * The delimiter with which the first line names the most columns: what stands in the rows, commas in a text included,
 * says nothing. A comma where no delimiter is better than another.
 *
 * @param isColumn whether a cell of the first line, as the file has it, is the name of a column.
 */
export function findDelimiter(text: string, isColumn: (name: string) => boolean): string {
  const counts = delimiters.map((delimiter) => {
    const { data } = Papa.parse<string[]>(text, {
      delimiter,
      preview: 10,
      skipEmptyLines: 'greedy',
    });
    return (data[0] ?? []).filter(isColumn).length;
  });
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}
