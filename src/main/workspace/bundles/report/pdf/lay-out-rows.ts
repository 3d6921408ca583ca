import { breakLines, measureRuns, type TextLine, type TextRun } from './break-lines.ts';
import type { ReportFonts } from './report-fonts.ts';
import { margins, pageBottom, type TaggedPages } from './tagged-pages.ts';

export interface Cell {
  readonly runs: readonly TextRun[];
  readonly isHead: boolean;
  readonly isRight: boolean;
}

interface Column {
  readonly x: number;
  readonly width: number;
}

export const tableSize = 9;
const lineHeight = tableSize * 1.4;
const padding = 4;
const gap = 12;
const narrowest = 36;
/** So many rows decide how wide the columns are: the others follow, however many there are. */
const sampledRows = 60;
/** A head of more lines is not repeated: it would take the page. */
const repeatedHeadLines = 6;
const ruleColor = '0.85 0.87 0.9';

/** A table of which the rows come one after the other; its head stands again on each page. */
export class TableRows {
  readonly #pages: TaggedPages;
  readonly #fonts: ReportFonts;
  readonly #x: number;
  readonly #width: number;
  readonly #waiting: (readonly Cell[])[] = [];
  #columns: readonly Column[] | undefined;
  #head: readonly Cell[] | undefined;

  constructor(pages: TaggedPages, fonts: ReportFonts, x: number, width: number) {
    this.#pages = pages;
    this.#fonts = fonts;
    this.#x = x;
    this.#width = width;
    pages.begin('Table');
  }

  add(row: readonly Cell[]): void {
    if (this.#columns !== undefined) {
      this.#draw(row, this.#columns);
      return;
    }
    this.#waiting.push(row);
    if (this.#waiting.length >= sampledRows) this.#decide();
  }

  finish(): void {
    if (this.#columns === undefined) this.#decide();
    this.#pages.end();
    this.#pages.y += 8;
  }

  #decide(): void {
    const columns = this.#computeColumns();
    this.#columns = columns;
    for (const row of this.#waiting.splice(0)) this.#draw(row, columns);
  }

  #computeColumns(): Column[] {
    const count = Math.max(1, ...this.#waiting.map((row) => row.length));
    const natural = Array.from({ length: count }, (_, index) =>
      this.#waiting.reduce((widest, row) => {
        const runs = row[index]?.runs ?? [];
        return Math.max(widest, measureRuns(runs, tableSize, this.#fonts));
      }, narrowest / 2),
    );
    const room = Math.max(count * 8, this.#width - gap * (count - 1));
    const widths = shareWidth(natural, room);
    let x = this.#x;
    return widths.map((width) => {
      const column = { x, width };
      x += width + gap;
      return column;
    });
  }

  #draw(row: readonly Cell[], columns: readonly Column[]): void {
    const isHead = row.length > 0 && row.every((cell) => cell.isHead);
    drawRow(this.#pages, this.#break(row, columns), columns, {
      repeatHead: () => {
        if (this.#head !== undefined && !isHead) this.#repeatHead(this.#head, columns);
      },
    });
    if (isHead) this.#head = row;
  }

  #break(row: readonly Cell[], columns: readonly Column[]): BrokenCell[] {
    return row.slice(0, columns.length).map((cell, index) => ({
      type: cell.isHead ? 'TH' : 'TD',
      isRight: cell.isRight,
      lines: [...breakLines(cell.runs, columns[index]?.width ?? 0, tableSize, this.#fonts)],
    }));
  }

  #repeatHead(head: readonly Cell[], columns: readonly Column[]): void {
    const cells = this.#break(head, columns);
    if (cells.some(({ lines }) => lines.length > repeatedHeadLines)) return;
    const pages = this.#pages;
    pages.drawArtifact(() => {
      for (const [index, { lines, isRight }] of cells.entries())
        for (const [number, line] of lines.entries()) {
          const baseline = pages.y + padding + number * lineHeight + tableSize;
          pages.drawPlainLine(line, place(line, columns[index], isRight), baseline, tableSize);
        }
    }, 'Pagination');
    endRow(pages, Math.max(1, ...cells.map(({ lines }) => lines.length)), columns);
  }
}

export interface BrokenCell {
  readonly type: string;
  readonly isRight: boolean;
  readonly lines: readonly TextLine[];
}

/**
 * A row on one page where it fits on one, cell by cell, so that a reader of the text hears each whole; a row that no
 * page holds goes on over as many as it needs.
 */
function drawRow(
  pages: TaggedPages,
  cells: readonly BrokenCell[],
  columns: readonly Column[],
  { repeatHead }: { readonly repeatHead: () => void },
): void {
  pages.begin('TR');
  const count = Math.max(1, ...cells.map(({ lines }) => lines.length));
  const ofPage = Math.floor((pageBottom - margins.top - 80) / lineHeight);
  const elements = cells.map(({ type }) => {
    const element = pages.begin(type, type === 'TH' ? { O: 'Table', Scope: 'Column' } : undefined);
    // It stays open beside the others: its lines come page by page.
    pages.setAside();
    return element;
  });
  const height = Math.min(count, ofPage) * lineHeight + 2 * padding;
  if (pages.y + height > pageBottom) {
    pages.breakPage();
    repeatHead();
  }
  for (let start = 0; start < count;) {
    const room = Math.floor((pageBottom - pages.y - 2 * padding) / lineHeight);
    const end = Math.min(count, start + Math.max(1, room));
    for (const [index, { lines, isRight }] of cells.entries()) {
      const element = elements[index];
      if (element === undefined) continue;
      for (const [number, line] of lines.slice(start, end).entries()) {
        const baseline = pages.y + padding + number * lineHeight + tableSize;
        pages.drawLine(line, place(line, columns[index], isRight), baseline, tableSize, element);
      }
    }
    endRow(pages, end - start, columns);
    start = end;
    if (start < count) {
      pages.breakPage();
      repeatHead();
    }
  }
  for (const element of elements) pages.endAside(element);
  pages.end();
}

function endRow(pages: TaggedPages, lineCount: number, columns: readonly Column[]): void {
  pages.y += lineCount * lineHeight + 2 * padding;
  const first = columns[0];
  const last = columns.at(-1);
  if (first === undefined || last === undefined) return;
  pages.drawRule([first.x, pages.y], [last.x + last.width, pages.y], ruleColor, 0.5);
}

function place(line: TextLine, column: Column | undefined, isRight: boolean): number {
  const { x, width } = column ?? { x: margins.side, width: 0 };
  return isRight ? x + Math.max(0, width - line.width) : x;
}

/** What needs little has what it needs; the others share what is left by what they need. */
function shareWidth(natural: readonly number[], room: number): number[] {
  const whole = natural.reduce((sum, width) => sum + width, 0);
  if (whole <= room) return natural.map((width) => (width * room) / whole);
  const fair = room / natural.length;
  const modest = natural.map((width) => width <= fair);
  const taken = natural.reduce((sum, width, index) => sum + (modest[index] ? width : 0), 0);
  const asked = whole - taken;
  return natural.map((width, index) =>
    modest[index] ? width : Math.max(8, ((room - taken) * width) / asked),
  );
}
