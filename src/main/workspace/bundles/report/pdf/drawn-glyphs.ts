import type { PdfDocument, PdfReference } from './pdfkit-parts.ts';

/** How wide a digit is drawn, and how high, in thousandths of the size. */
const digit = { width: 170, height: 270, gap: 70 } as const;
const bottom = -60;

/** Which of the seven strokes of a digit, a to g as on a clock radio, each digit has. */
const strokes = [
  'abcdef',
  'bc',
  'abged',
  'abgcd',
  'fgbc',
  'afgcd',
  'afgedc',
  'abc',
  'abcdefg',
  'abcfgd',
  'abcefg',
  'fgecd',
  'afed',
  'bcdeg',
  'afged',
  'afge',
] as const;

export interface DrawnGlyph {
  readonly codePoint: number;
  /** In thousandths of the size. */
  readonly width: number;
  /** Operators that draw it. */
  readonly drawing: string;
}

/** One font holds as many as a byte counts, without 0. */
interface DrawnFont {
  readonly id: string;
  readonly reference: PdfReference;
  readonly glyphs: DrawnGlyph[];
}

export interface DrawnGlyphPlace {
  readonly fontId: string;
  readonly font: PdfReference;
  readonly hex: string;
  readonly width: number;
}

/**
 * Characters that the fonts of the text do not have, each drawn by operators of its own (a Type 3 font): found and
 * copied as what it is. What no font has at all is a box with its Unicode number: nothing is left out silently, and
 * nothing is shown as another.
 */
export class DrawnGlyphs {
  readonly #document: PdfDocument;
  readonly #fonts: DrawnFont[] = [];

  constructor(document: PdfDocument) {
    this.#document = document;
  }

  addBox(codePoint: number): DrawnGlyphPlace {
    const width = computeWidth(codePoint);
    return this.add({ codePoint, width, drawing: drawBox(codePoint, width) });
  }

  add(glyph: DrawnGlyph): DrawnGlyphPlace {
    let font = this.#fonts.at(-1);
    if (font === undefined || font.glyphs.length === 255) {
      const id = `D${this.#fonts.length + 1}`;
      font = { id, reference: this.#document.ref({}), glyphs: [] };
      this.#fonts.push(font);
    }
    font.glyphs.push(glyph);
    const hex = font.glyphs.length.toString(16).padStart(2, '0');
    return { fontId: font.id, font: font.reference, hex, width: glyph.width };
  }

  /** Writes the fonts; called once, before the document ends. */
  finish(): void {
    for (const font of this.#fonts) this.#writeFont(font);
  }

  #writeFont({ id, reference, glyphs }: DrawnFont): void {
    const document = this.#document;
    const procedures: Record<string, PdfReference> = {};
    for (const [index, glyph] of glyphs.entries()) {
      const procedure = document.ref({});
      procedure.end(glyph.drawing);
      procedures[`c${index + 1}`] = procedure;
    }
    const bounds = [-300, -400, 2000, 1200];
    const descriptor = document.ref({
      Type: 'FontDescriptor',
      FontName: `Drawn${id}`,
      Flags: 4,
      FontBBox: bounds,
      ItalicAngle: 0,
      Ascent: 800,
      Descent: -220,
      CapHeight: 700,
      StemV: 0,
    });
    descriptor.end();
    const toUnicode = document.ref({});
    toUnicode.end(computeToUnicode(glyphs));
    reference.data = {
      Type: 'Font',
      Subtype: 'Type3',
      Name: id,
      FontBBox: bounds,
      FontMatrix: [0.001, 0, 0, 0.001, 0, 0],
      FontDescriptor: descriptor,
      CharProcs: procedures,
      Encoding: {
        Type: 'Encoding',
        Differences: [1, ...glyphs.map((_, index) => `c${index + 1}`)],
      },
      FirstChar: 1,
      LastChar: glyphs.length,
      Widths: glyphs.map(({ width }) => width),
      Resources: { ProcSet: ['PDF'] },
      ToUnicode: toUnicode,
    };
    reference.end();
  }
}

function computeDigits(codePoint: number): string {
  const text = codePoint.toString(16).toUpperCase();
  return text.padStart(text.length > 4 ? 6 : 4, '0');
}

function computeWidth(codePoint: number): number {
  const columns = computeDigits(codePoint).length / 2;
  return columns * (digit.width + digit.gap) + digit.gap + 160;
}

/** Two rows of digits in a frame. */
function drawBox(codePoint: number, width: number): string {
  const digits = computeDigits(codePoint);
  const columns = digits.length / 2;
  const height = 2 * digit.height + 3 * digit.gap;
  const lines = [
    `${width} 0 0 ${bottom - 60} ${width} ${bottom + height + 60} d1`,
    '1 J 1 j 26 w',
    `60 ${bottom} ${width - 120} ${height} re S`,
    '34 w',
  ];
  for (const [index, character] of Array.from(digits).entries()) {
    const left = 80 + digit.gap + (index % columns) * (digit.width + digit.gap);
    const low = bottom + digit.gap + (index < columns ? digit.height + digit.gap : 0);
    lines.push(drawDigit(Number.parseInt(character, 16), left, low));
  }
  return lines.join('\n');
}

function drawDigit(value: number, left: number, low: number): string {
  const right = left + digit.width;
  const high = low + digit.height;
  const middle = low + digit.height / 2;
  const lines = {
    a: [left, high, right, high],
    b: [right, high, right, middle],
    c: [right, middle, right, low],
    d: [left, low, right, low],
    e: [left, middle, left, low],
    f: [left, high, left, middle],
    g: [left, middle, right, middle],
  } as const;
  return Array.from(strokes[value] ?? '')
    .map((name) => lines[name as keyof typeof lines])
    .map(([fromX, fromY, toX, toY]) => `${fromX} ${fromY} m ${toX} ${toY} l S`)
    .join('\n');
}

function computeToUnicode(glyphs: readonly DrawnGlyph[]): string {
  const rows = glyphs.map(({ codePoint }, index) => {
    const units = Buffer.from(String.fromCodePoint(codePoint), 'utf16le').swap16().toString('hex');
    return `<${(index + 1).toString(16).padStart(2, '0')}> <${units}>`;
  });
  const groups: string[] = [];
  // A group has a hundred rows at most.
  for (let start = 0; start < rows.length; start += 100) {
    const group = rows.slice(start, start + 100);
    groups.push(`${group.length} beginbfchar\n${group.join('\n')}\nendbfchar`);
  }
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<00> <ff>
endcodespacerange
${groups.join('\n')}
endcmap
CMapName currentdict /CMap defineresource pop
end
end`;
}
