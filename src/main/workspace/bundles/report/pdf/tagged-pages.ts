import {
  formatPdfNumber,
  makePdfText,
  type PdfDocument,
  type PdfPage,
  type PdfReference,
} from './pdfkit-parts.ts';
import type { TextLine, TextStyle } from './break-lines.ts';

export const pageSize = { width: 595.28, height: 841.89 } as const;
export const margins = { top: 56, bottom: 64, side: 56 } as const;
export const pageBottom = pageSize.height - margins.bottom;

/** An element of the document's structure while it is open: what reads the page aloud follows these. */
export interface Element {
  readonly reference: PdfReference;
  readonly type: string;
  readonly parent: PdfReference;
  readonly attributes: unknown;
  readonly kids: unknown[];
}

/**
 * Pages with their structure beside them (ISO 32000-1, 14.7): each stretch of text belongs to an element, and what
 * decorates belongs to none. Elements are written when they close, and pages when the next begins, so that a report
 * of any length takes little memory.
 */
export class TaggedPages {
  y = pageBottom;
  readonly #document: PdfDocument;
  readonly #footer: (number: number) => void;
  readonly #root: PdfReference;
  readonly #open: Element[] = [];
  /** By key: the element of an annotation, or those of a page by the numbers of its stretches. */
  readonly #parents: PdfReference[] = [];
  #ofPage: { readonly reference: PdfReference; elements: PdfReference[] } | undefined;
  /** The operators of the page so far. */
  readonly #drawn: string[] = [];
  #ended: PdfPage['dictionary'] | undefined;
  #marked: Element | undefined;
  #pageCount = 0;
  #beforeBreak: () => void = () => {};

  constructor(document: PdfDocument, footer: (number: number) => void) {
    this.#document = document;
    this.#footer = footer;
    this.#root = document.ref({});
    document._root.data['MarkInfo'] = document.ref({ Marked: true });
    document._root.data['StructTreeRoot'] = this.#root;
  }

  get document(): PdfDocument {
    return this.#document;
  }

  get pageCount(): number {
    return this.#pageCount;
  }

  get element(): Element {
    const element = this.#open.at(-1);
    if (element === undefined) throw new TypeError('no element is open');
    return element;
  }

  /** Called before a page ends, for what is drawn along it. */
  onBreak(draw: () => void): void {
    this.#beforeBreak = draw;
  }

  begin(type: string, attributes?: unknown): Element {
    const parent = this.#open.at(-1)?.reference ?? this.#root;
    const element = {
      reference: this.#document.ref({}),
      type,
      parent,
      attributes,
      kids: [],
    };
    this.#open.push(element);
    return element;
  }

  /** Ends the element that was begun last. */
  end(): void {
    const element = this.#open.pop();
    if (element === undefined) throw new TypeError('no element is open');
    this.endAside(element);
  }

  /** Puts the element that was begun last aside: it is written to along with others, until `endAside`. */
  setAside(): void {
    this.#open.pop();
  }

  /** Ends an element that was set aside; it is the next one in the element that is open. */
  endAside(element: Element): void {
    if (this.#marked === element) this.#endMarked();
    this.#open.at(-1)?.kids.push(element.reference);
    const { reference, type, parent, attributes, kids } = element;
    reference.data = {
      Type: 'StructElem',
      S: type,
      P: parent,
      ...(attributes === undefined ? {} : { A: attributes }),
      K: kids,
    };
    if (this.#open.length === 0)
      this.#root.data = {
        Type: 'StructTreeRoot',
        K: [reference],
        ParentTree: this.#document.ref({}),
        ParentTreeNextKey: 0,
      };
    reference.end();
    reference.data = undefined;
  }

  /** Begins a page where less than `height` is left on this one. */
  ensure(height: number): void {
    if (this.y + height > pageBottom) this.breakPage();
  }

  breakPage(): void {
    this.#endPage();
    const before = this.#ended;
    this.#document.addPage();
    // It is written now, and known by its number alone from here on.
    if (before !== undefined) before.data = {};
    const { dictionary } = this.#document.page;
    const key = this.#parents.length;
    const reference = this.#document.ref([]);
    this.#parents.push(reference);
    dictionary.data['StructParents'] = key;
    this.#ofPage = { reference, elements: [] };
    this.#pageCount += 1;
    this.y = margins.top;
  }

  /** Draws a line of text at x, with its baseline at `baseline`, for `element`; a link in it has an element of its own. */
  drawLine(line: TextLine, x: number, baseline: number, size: number, element: Element): void {
    let left = x;
    for (const group of groupByLink(line)) {
      const width = group.glyphs.reduce((sum, { glyph }) => sum + glyph.width, 0) * (size / 1000);
      if (group.address === undefined) {
        this.#mark(element);
        this.#drawText(group.glyphs, left, baseline, size);
      } else {
        const parent = element;
        const link: Element = {
          reference: this.#document.ref({}),
          type: 'Link',
          parent: parent.reference,
          attributes: undefined,
          kids: [],
        };
        this.#mark(link);
        this.#drawText(group.glyphs, left, baseline, size);
        this.#endMarked();
        this.#addLink(link, group, [left, baseline - size, left + width, baseline + size * 0.3]);
        parent.kids.push(link.reference);
        link.reference.data = {
          Type: 'StructElem',
          S: 'Link',
          P: parent.reference,
          K: link.kids,
        };
        link.reference.end();
        link.reference.data = undefined;
      }
      left += width;
    }
  }

  /** What is seen and belongs to no element: lines, page numbers, what is repeated. */
  drawArtifact(draw: () => void, type?: 'Pagination' | 'Layout'): void {
    this.#endMarked();
    this.#draw(type === undefined ? '/Artifact BMC' : `/Artifact <</Type /${type}>> BDC`);
    draw();
    this.#draw('EMC');
  }

  drawPlainLine(line: TextLine, x: number, baseline: number, size: number): void {
    this.#drawText(line.glyphs, x, baseline, size);
  }

  /** A line from one point to another, as an artifact. */
  drawRule(
    from: readonly [number, number],
    to: readonly [number, number],
    color: string,
    width: number,
  ): void {
    const [fromX, fromY] = from.map(formatPdfNumber);
    const [toX, toY] = to.map(formatPdfNumber);
    this.drawArtifact(() => {
      this.#draw(`${color} RG ${formatPdfNumber(width)} w ${fromX} ${fromY} m ${toX} ${toY} l S`);
    }, 'Layout');
  }

  finish(): void {
    this.#endPage();
    const root = this.#root.data as Record<string, unknown>;
    const tree = root['ParentTree'] as PdfReference;
    tree.data = { Nums: this.#parents.flatMap((reference, key) => [key, reference]) };
    tree.end();
    root['ParentTreeNextKey'] = this.#parents.length;
  }

  #draw(operators: string): void {
    this.#drawn.push(operators);
  }

  #endPage(): void {
    if (this.#ofPage === undefined) return;
    this.#beforeBreak();
    this.#footer(this.#pageCount);
    this.#endMarked();
    this.#document.addContent(this.#drawn.splice(0).join('\n'));
    const { reference, elements } = this.#ofPage;
    reference.data = elements;
    reference.end();
    reference.data = undefined;
    this.#ofPage = undefined;
    this.#ended = this.#document.page.dictionary;
  }

  #mark(element: Element): void {
    if (this.#marked === element) return;
    this.#endMarked();
    if (this.#ofPage === undefined) throw new TypeError('there is no page to write on');
    const number = this.#ofPage.elements.length;
    this.#ofPage.elements.push(element.reference);
    element.kids.push({ Type: 'MCR', Pg: this.#document.page.dictionary, MCID: number });
    this.#draw(`/${element.type} <</MCID ${number}>> BDC`);
    this.#marked = element;
  }

  #endMarked(): void {
    if (this.#marked === undefined) return;
    this.#draw('EMC');
    this.#marked = undefined;
  }

  #drawText(glyphs: TextLine['glyphs'], x: number, baseline: number, size: number): void {
    const { fonts } = this.#document.page;
    const operators = [`BT 1 0 0 -1 ${formatPdfNumber(x)} ${formatPdfNumber(baseline)} Tm`];
    let fontId: string | undefined;
    let color: string | undefined;
    let hex = '';
    const show = () => {
      if (hex !== '') operators.push(`<${hex}> Tj`);
      hex = '';
    };
    for (const { glyph, style } of glyphs) {
      if (glyph.fontId !== fontId || style.color !== color) {
        show();
        fonts[glyph.fontId] = glyph.font;
        if (glyph.fontId !== fontId) operators.push(`/${glyph.fontId} ${formatPdfNumber(size)} Tf`);
        // The lines of a box are strokes.
        if (style.color !== color) operators.push(`${style.color} rg ${style.color} RG`);
        ({ fontId } = glyph);
        ({ color } = style);
      }
      hex += glyph.hex;
    }
    show();
    operators.push('ET');
    this.#draw(operators.join('\n'));
  }

  #addLink(link: Element, group: LinkGroup, [left, top, right, low]: readonly number[]): void {
    const { page } = this.#document;
    const key = this.#parents.length;
    this.#parents.push(link.reference);
    const annotation = this.#document.ref({
      Type: 'Annot',
      Subtype: 'Link',
      Rect: [left, pageSize.height - (low ?? 0), right, pageSize.height - (top ?? 0)],
      Border: [0, 0, 0],
      F: 4,
      Contents: makePdfText(group.glyphs.map(({ glyph }) => glyph.character).join('')),
      A: { S: 'URI', URI: makePdfText(computeAddress(group.address ?? '')) },
      StructParent: key,
    });
    page.annotations.push(annotation);
    link.kids.push({ Type: 'OBJR', Obj: annotation, Pg: page.dictionary });
    annotation.end();
    annotation.data = undefined;
  }
}

interface LinkGroup {
  readonly address: TextStyle['address'];
  readonly glyphs: TextLine['glyphs'];
}

function groupByLink({ glyphs }: TextLine): LinkGroup[] {
  const groups: { address: TextStyle['address']; glyphs: TextLine['glyphs'][number][] }[] = [];
  for (const placed of glyphs) {
    const group = groups.at(-1);
    if (group !== undefined && group.address === placed.style.address) group.glyphs.push(placed);
    else groups.push({ address: placed.style.address, glyphs: [placed] });
  }
  return groups;
}

/** An address inside a PDF has ASCII characters only. */
function computeAddress(address: string): string {
  return address.toWellFormed().replaceAll(/[^\u0021-\u007E]/gu, encodeURIComponent);
}
