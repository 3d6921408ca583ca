import { breakLines, type TextRun, type TextStyle } from './break-lines.ts';
import { type Cell, TableRows } from './lay-out-rows.ts';
import { readReportHtml } from './read-report-html.ts';
import type { ReportFonts } from './report-fonts.ts';
import { type Element, margins, pageBottom, pageSize, type TaggedPages } from './tagged-pages.ts';

const ink = '0.11 0.14 0.19';
const soft = '0.36 0.4 0.46';
const accent = '0.12 0.37 0.75';
const warn = '0.54 0.29 0';
const line = '0.85 0.87 0.9';

interface BlockStyle {
  readonly size: number;
  readonly before: number;
  readonly after: number;
  readonly isBold: boolean;
}

const text: BlockStyle = { size: 10, before: 0, after: 6, isBold: false };
const headings: Readonly<Record<string, BlockStyle>> = {
  h1: { size: 20, before: 0, after: 6, isBold: true },
  h2: { size: 14, before: 16, after: 6, isBold: true },
  h3: { size: 12, before: 12, after: 4, isBold: true },
  h4: { size: 10.5, before: 8, after: 4, isBold: true },
  h5: { size: 10, before: 6, after: 3, isBold: true },
  h6: { size: 10, before: 6, after: 3, isBold: true },
};
/** How these are called in the structure; what is not among them groups only. */
const types: Readonly<Record<string, string>> = {
  section: 'Sect',
  blockquote: 'BlockQuote',
  ul: 'L',
  ol: 'L',
};
const dotWidth = 16;
const termWidth = 132;
/** What is nested deeper stands no further to the right. */
const widestIndent = 220;

interface Block {
  readonly tag: string;
  readonly hasElement: boolean;
  readonly indent: number;
  /** Drawn along the left of it. */
  readonly bar: { readonly x: number; readonly color: string; from: number } | undefined;
  /** Of a list, the number of its next item. */
  next: number;
}

interface Mark {
  readonly tag: string;
  readonly change: Partial<Record<'bold' | 'italic', true>> & Partial<TextStyle>;
}

/** Lays the page of a report out on paper, block by block, in its order. */
export class ReportLayout {
  readonly #pages: TaggedPages;
  readonly #fonts: ReportFonts;
  readonly #blocks: Block[] = [];
  readonly #marks: Mark[] = [];
  #indent = 0;
  #runs: TextRun[] = [];
  #isPre = false;
  #isSkipped = false;
  #table: TableRows | undefined;
  #row: Cell[] = [];
  #isHeadCell = false;
  #isRightCell = false;
  #term: TextRun[] = [];
  /** A sentence that the page does not have, after its first paragraph. */
  #note: string | undefined;

  constructor(pages: TaggedPages, fonts: ReportFonts, note: string | undefined) {
    this.#pages = pages;
    this.#fonts = fonts;
    this.#note = note;
    pages.onBreak(() => this.#drawBars());
  }

  layOut(html: string): void {
    for (const token of readReportHtml(html)) {
      if (token.kind === 'text') this.#addText(token.text);
      else if (token.kind === 'open') this.#open(token.tag, token.attributes);
      else this.#close(token.tag);
    }
    this.#flush();
  }

  #open(tag: string, attributes: Readonly<Record<string, string>>): void {
    const change = this.#findMark(tag, attributes);
    if (change !== undefined) {
      this.#marks.push({ tag, change });
      return;
    }
    switch (tag) {
      case 'head':
        this.#isSkipped = true;
        return;
      case 'br':
        this.#runs.push({ text: '\n', style: this.#computeStyle(false) });
        return;
      case 'hr':
        this.#flush();
        this.#drawDivider();
        return;
      case 'table':
        this.#flush();
        this.#table = new TableRows(this.#pages, this.#fonts, this.#left, this.#width);
        return;
      case 'tr':
        this.#row = [];
        return;
      case 'dt':
      case 'dd':
        this.#runs = [];
        return;
      case 'th':
      case 'td':
        this.#isHeadCell = tag === 'th';
        this.#isRightCell = attributes['class'] === 'number';
        this.#runs = [];
        return;
      default:
        this.#flush();
        this.#openBlock(tag, attributes);
    }
  }

  #close(tag: string): void {
    if (this.#marks.at(-1)?.tag === tag) {
      this.#marks.pop();
      return;
    }
    switch (tag) {
      case 'head':
        this.#isSkipped = false;
        return;
      case 'br':
      case 'hr':
        return;
      case 'th':
      case 'td':
        this.#row.push({
          runs: trimRuns(this.#runs),
          isHead: this.#isHeadCell,
          isRight: this.#isRightCell,
        });
        this.#runs = [];
        return;
      case 'tr':
        this.#table?.add(this.#row);
        return;
      case 'table':
        this.#table?.finish();
        this.#table = undefined;
        this.#runs = [];
        return;
      case 'dt':
        this.#term = this.#runs;
        this.#runs = [];
        return;
      case 'dd':
        this.#drawPair();
        return;
      default:
        this.#flush();
        this.#closeBlock(tag);
    }
  }

  get #left(): number {
    return margins.side + Math.min(widestIndent, this.#indent);
  }

  get #width(): number {
    return Math.max(60, pageSize.width - margins.side - this.#left);
  }

  #findMark(tag: string, attributes: Readonly<Record<string, string>>): Mark['change'] | undefined {
    if (tag === 'strong') return { bold: true };
    if (tag === 'em') return { italic: true };
    if (tag === 'a') return { address: computePdfAddress(attributes['href'] ?? ''), color: accent };
    if (tag === 'span') return { color: soft };
    if (tag === 'code' || tag === 'bdi') return {};
    return undefined;
  }

  #openBlock(tag: string, attributes: Readonly<Record<string, string>>): void {
    const isCard = attributes['class'] === 'card';
    const isWarning = attributes['class'] === 'warning';
    const hasBar = isCard || isWarning || tag === 'blockquote' || tag === 'pre';
    const type = types[tag] ?? (tag === 'dl' ? 'L' : undefined);
    if (tag === 'li') {
      this.#openItem();
      return;
    }
    if (hasBar) {
      this.#pages.ensure(30);
      this.#pages.y += 4;
    }
    if (type !== undefined) this.#pages.begin(type, computeListAttributes(tag));
    const indent = this.#indent;
    const bar = hasBar
      ? { x: this.#left + 2, color: isWarning ? warn : line, from: this.#pages.y }
      : undefined;
    if (hasBar) this.#indent += 14;
    if (tag === 'pre') this.#isPre = true;
    if (isWarning) this.#marks.push({ tag: 'warning', change: { color: warn } });
    if (attributes['class'] === 'soft') this.#marks.push({ tag: 'soft', change: { color: soft } });
    const next = Number(attributes['start'] ?? 1);
    this.#blocks.push({ tag, hasElement: type !== undefined, indent, bar, next });
  }

  #closeBlock(tag: string): void {
    if (tag === 'html' || tag === 'body') return;
    const block = this.#blocks.pop();
    if (block === undefined) return;
    if (tag === 'li') this.#pages.end();
    if (block.hasElement) this.#pages.end();
    if (this.#marks.at(-1)?.tag === 'soft' || this.#marks.at(-1)?.tag === 'warning')
      this.#marks.pop();
    if (tag === 'pre') this.#isPre = false;
    if (block.bar !== undefined) {
      this.#drawBar(block.bar);
      this.#pages.y += 8;
    }
    this.#indent = block.indent;
    if (tag === 'ul' || tag === 'ol' || tag === 'dl') this.#pages.y += 4;
    if (tag === 'header' && this.#note !== undefined) {
      this.#runs = [{ text: this.#note, style: { ...this.#computeStyle(false), color: soft } }];
      this.#flush();
      this.#note = undefined;
    }
  }

  #openItem(): void {
    const list = this.#blocks.at(-1);
    const label = list?.tag === 'ol' ? `${list.next}.` : '•';
    if (list !== undefined) list.next += 1;
    const pages = this.#pages;
    pages.ensure(2 * text.size * 1.45);
    pages.begin('LI');
    const element = pages.begin('Lbl');
    const style = this.#computeStyle(false);
    for (const each of breakLines([{ text: label, style }], 200, text.size, this.#fonts))
      pages.drawLine(each, this.#left, pages.y + text.size, text.size, element);
    pages.end();
    pages.begin('LBody');
    this.#blocks.push({
      tag: 'li',
      hasElement: true,
      indent: this.#indent,
      bar: undefined,
      next: 1,
    });
    this.#indent += Math.max(dotWidth, label.length * 6 + 4);
  }

  #addText(added: string): void {
    if (this.#isSkipped) return;
    const style = this.#computeStyle(this.#isHeadCell && this.#table !== undefined);
    if (this.#isPre) {
      this.#runs.push({ text: added, style });
      return;
    }
    const last = this.#runs.at(-1)?.text;
    const collapsed = added.replaceAll(/[ \t\n\r\f]+/g, ' ');
    const isAfterSpace = last === undefined || last.endsWith(' ') || last.endsWith('\n');
    const shown = isAfterSpace ? collapsed.replace(/^ /, '') : collapsed;
    if (shown !== '') this.#runs.push({ text: shown, style });
  }

  #computeStyle(isHeading: boolean): TextStyle {
    let bold = isHeading;
    let italic = false;
    let color = ink;
    let address: string | undefined;
    const block = this.#blocks.at(-1)?.tag ?? '';
    if (headings[block] !== undefined) bold = true;
    for (const { tag, change } of this.#marks) {
      if (tag === 'span') bold = false;
      bold ||= change.bold === true;
      italic ||= change.italic === true;
      color = change.color ?? color;
      address = change.address ?? address;
    }
    const face = bold ? (italic ? 'boldItalic' : 'bold') : italic ? 'italic' : 'regular';
    return { face, color, address };
  }

  /** Writes what has been gathered as a paragraph or a heading. */
  #flush(): void {
    const runs = this.#isPre ? dropLastBreak(this.#runs) : trimRuns(this.#runs);
    this.#runs = [];
    if (runs.length === 0) return;
    const tag = this.#blocks.at(-1)?.tag ?? '';
    const style = headings[tag] ?? text;
    const pages = this.#pages;
    const { y } = pages;
    const isHeading = headings[tag] !== undefined;
    if (isHeading) {
      // Not at a page's foot, with what it heads on the next.
      pages.ensure(style.before + style.size * 1.3 + 3 * text.size * 1.45);
      if (pages.y === y) pages.y += style.before;
      if (tag === 'h2') this.#addBookmark(runs);
    }
    const isItem = tag === 'li';
    const element = isItem ? pages.element : pages.begin(isHeading ? tag.toUpperCase() : 'P');
    this.#drawRuns(runs, style.size, element);
    if (!isItem) pages.end();
    pages.y += isItem ? 2 : style.after;
  }

  #drawRuns(runs: readonly TextRun[], size: number, element: Element): void {
    const pages = this.#pages;
    const height = size * (size > 12 ? 1.25 : 1.45);
    for (const each of breakLines(runs, this.#width, size, this.#fonts)) {
      pages.ensure(height);
      pages.drawLine(each, this.#left, pages.y + size, size, element);
      pages.y += height;
    }
  }

  #addBookmark(runs: readonly TextRun[]): void {
    const title = runs.map((run) => run.text).join('');
    this.#pages.document.outline.addItem(title.slice(0, 200), { top: this.#pages.y });
  }

  /** A term and what is said of it, beside each other. */
  #drawPair(): void {
    const term = trimRuns(this.#term).map((run) => ({
      ...run,
      style: { ...run.style, color: soft },
    }));
    const said = trimRuns(this.#runs);
    this.#runs = [];
    const pages = this.#pages;
    const height = text.size * 1.45;
    const terms = [...breakLines(term, termWidth - 12, text.size, this.#fonts)];
    pages.ensure(Math.max(1, terms.length) * height);
    pages.begin('LI');
    const label = pages.begin('Lbl');
    const from = pages.y;
    for (const [index, each] of terms.entries())
      pages.drawLine(each, this.#left, from + index * height + text.size, text.size, label);
    pages.end();
    const body = pages.begin('LBody');
    const page = pages.pageCount;
    this.#indent += termWidth;
    this.#drawRuns(said, text.size, body);
    this.#indent -= termWidth;
    pages.end();
    pages.end();
    if (pages.pageCount === page) pages.y = Math.max(pages.y, from + terms.length * height);
    pages.y += 2;
  }

  #drawDivider(): void {
    const pages = this.#pages;
    pages.ensure(16);
    pages.drawRule([this.#left, pages.y + 6], [this.#left + this.#width, pages.y + 6], line, 0.5);
    pages.y += 14;
  }

  /** At a page's end: along what is open, which goes on upon the next. */
  #drawBars(): void {
    for (const { bar } of this.#blocks) {
      if (bar === undefined) continue;
      this.#drawBar(bar);
      bar.from = margins.top;
    }
  }

  #drawBar({ x, color, from }: NonNullable<Block['bar']>): void {
    const to = Math.min(this.#pages.y - 3, pageBottom);
    if (to > from) this.#pages.drawRule([x, from], [x, to], color, 2);
  }
}

function computeListAttributes(tag: string): unknown {
  if (tag === 'ol') return { O: 'List', ListNumbering: 'Decimal' };
  if (tag === 'ul') return { O: 'List', ListNumbering: 'Disc' };
  return undefined;
}

/** From the first page of several reports PDF leads to PDF. */
function computePdfAddress(address: string): string {
  return address.replace(/^(\.\.\/engagements\/[^/]+\/report\/)index\.html$/, '$1report.pdf');
}

/** Without the spaces at both ends. */
function trimRuns(runs: readonly TextRun[]): TextRun[] {
  const trimmed = runs.filter((run) => run.text !== '');
  while (trimmed.length > 0 && trimmed[0]?.text.trimStart() === '') trimmed.shift();
  while (trimmed.length > 0 && trimmed.at(-1)?.text.trimEnd() === '') trimmed.pop();
  const first = trimmed[0];
  if (first !== undefined) trimmed[0] = { ...first, text: first.text.replace(/^[ \n]+/, '') };
  const last = trimmed.at(-1);
  if (last !== undefined)
    trimmed[trimmed.length - 1] = { ...last, text: last.text.replace(/[ \n]+$/, '') };
  return trimmed;
}

function dropLastBreak(runs: readonly TextRun[]): TextRun[] {
  const last = runs.at(-1);
  if (last === undefined || !last.text.endsWith('\n')) return [...runs];
  return [...runs.slice(0, -1), { ...last, text: last.text.slice(0, -1) }];
}
