/**
 * What may be formatted of one text, in marks: about half a second of the window, of which there is one. To format takes
 * the longer the more marks there are, whatever they come to.
 */
const mostMarks = 8000;
/** So much plain text takes as long as a mark. */
const charactersPerMark = 16;
/** Quotes and lists in each other that a line may begin with, in columns: each is an element in another, without end. */
const deepestColumns = 60;

const mark = /[*_~[\]()!<>&`|#+:@\\.$^=-]/g;
const lead = /^(?:[\t >]|[*+-](?=[\t ]|$)|\d{1,9}[).](?=[\t ]|$))*/;
const tableRule = /^[\t |:-]*\|[\t |:-]*$/;
/** An address that is named by others is gone through anew for each of them: it is not to be long. */
const longDefinition = /\]:[\t ]*(?:<[^>]{2000}|[^\t ]{2000})/;

export interface SplitText {
  /** The beginning, in whole lines. */
  readonly formatted: string;
  /** What stands as it was written: there is too much of it, or too much in each other. */
  readonly plain: string;
}

/** Tells apart what of a text in Markdown may be formatted without holding up the window. */
export function splitFormatted(text: string): SplitText {
  let marks = 0;
  /** Of a table each row has them all, also those that were not written. */
  let columns = 0;
  let previous = '';
  for (let from = 0; from < text.length;) {
    const lineFeed = text.indexOf('\n', from);
    const end = lineFeed === -1 ? text.length : lineFeed + 1;
    const line = text.slice(from, end).trimEnd();
    const written = (line.match(mark) ?? []).length;
    const opening = lead.exec(line)?.[0] ?? '';
    const rest = line.slice(opening.length);
    if (rest.includes('-') && tableRule.test(rest)) columns = rest.split('|').length;
    else if (rest === '') columns = 0;
    marks += 1 + Math.max(written, columns) + (end - from) / charactersPerMark;
    const defining = previous.endsWith(']:') ? `]:${rest}` : line;
    if (marks > mostMarks || isTooDeep(opening) || longDefinition.test(defining))
      return { formatted: text.slice(0, from), plain: text.slice(from) };
    previous = line;
    from = end;
  }
  return { formatted: text, plain: '' };
}

function isTooDeep(opening: string): boolean {
  return opening.trim() !== '' && opening.replaceAll('\t', '    ').length > deepestColumns;
}
