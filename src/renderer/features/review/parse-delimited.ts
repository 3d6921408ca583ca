/** Rows of fields, as RFC 4180 defines them; fields may hold line breaks in quotes. */
export interface DelimitedTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const delimiters = [',', ';', '\t', '|'] as const;

/** The delimiter that occurs most on the first line, outside quotes. Spreadsheets in Europe write `;`. */
function findDelimiter(text: string): string {
  const counts = new Map<string, number>();
  let isQuoted = false;
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (character === '\n' || character === '\r')) break;
    else if (!isQuoted) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  return delimiters.toSorted((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))[0] ?? ',';
}

/**
 * The first `maxRows` rows below the header. With `isCut`, the text ends anywhere, and the last, maybe
 * torn, row is left out.
 */
export function parseDelimited(text: string, maxRows: number, isCut: boolean): DelimitedTable {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const delimiter = findDelimiter(source);
  const records: string[][] = [];
  let record: string[] = [];
  let field = '';
  let isQuoted = false;
  const endRecord = () => {
    record.push(field);
    field = '';
    if (record.length > 1 || record[0] !== '') records.push(record);
    record = [];
  };
  let index = 0;
  for (; index < source.length && records.length <= maxRows; index += 1) {
    const character = source[index];
    if (isQuoted) {
      if (character !== '"') field += character;
      else if (source[index + 1] === '"') {
        field += '"';
        index += 1;
      } else isQuoted = false;
    } else if (character === '"' && field === '') isQuoted = true;
    else if (character === delimiter) {
      record.push(field);
      field = '';
    } else if (character === '\n' || character === '\r') {
      if (character === '\r' && source[index + 1] === '\n') index += 1;
      endRecord();
    } else field += character;
  }
  const isAtEnd = index >= source.length;
  if (isAtEnd && !isCut && (field !== '' || record.length > 0)) endRecord();
  const [header = [], ...rows] = records;
  return { header, rows: rows.slice(0, maxRows) };
}
