/**
 * The parts of pdfkit that a report is written with, which its own types leave out. The version is pinned; the tests
 * that read the reports with other programs notice where one of these changes.
 */
export interface PdfReference {
  data: unknown;
  write(chunk: string | Uint8Array): void;
  end(chunk?: string | Uint8Array): void;
}

export interface PdfGlyphOutline {
  readonly commands: readonly {
    readonly command: 'moveTo' | 'lineTo' | 'quadraticCurveTo' | 'bezierCurveTo' | 'closePath';
    readonly args: readonly number[];
  }[];
}

export interface PdfFace {
  readonly id: string;
  readonly font: {
    readonly unitsPerEm: number;
    hasGlyphForCodePoint(codePoint: number): boolean;
    glyphForCodePoint(codePoint: number): {
      readonly advanceWidth: number;
      readonly path: PdfGlyphOutline;
    };
  };
  /** Glyphs of the text as four hexadecimal digits each, and how far each advances, in thousandths of the size. */
  encode(text: string): [glyphs: string[], positions: { readonly advanceWidth: number }[]];
  ref(): PdfReference;
}

export interface PdfPage {
  readonly fonts: Record<string, PdfReference>;
  readonly annotations: PdfReference[];
  readonly dictionary: PdfReference & { data: Record<string, unknown> };
}

export interface PdfOutline {
  addItem(title: string, options?: { readonly top: number }): PdfOutline;
}

export interface PdfDocument {
  readonly page: PdfPage;
  readonly outline: PdfOutline;
  readonly _root: { readonly data: Record<string, unknown> };
  readonly _font: PdfFace;
  _id: Uint8Array;
  _offset: number;
  /** A text is a line of it. */
  _write(data: string | Uint8Array): void;
  read(): Uint8Array | null;
  push(chunk: Uint8Array | null): boolean;
  endMetadata(): void;
  ref(data?: unknown): PdfReference;
  font(path: string): unknown;
  addPage(): unknown;
  addContent(operators: string): unknown;
  end(): void;
}

/** A text inside a PDF: pdfkit writes a plain string as a name. */
export function makePdfText(text: string): unknown {
  return new String(text);
}

/** A number as an operator of a page takes it. */
export function formatPdfNumber(value: number): string {
  return String(Math.round(value * 100) / 100);
}
