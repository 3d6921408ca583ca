import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type DrawnGlyph, DrawnGlyphs } from './drawn-glyphs.ts';
import { OutlineFonts } from './outline-fonts.ts';
import type { PdfDocument, PdfFace, PdfReference } from './pdfkit-parts.ts';

export type FaceName = 'regular' | 'bold' | 'italic' | 'boldItalic';

export interface Glyph {
  readonly fontId: string;
  readonly font: PdfReference;
  /** As it stands in a text operator. */
  readonly hex: string;
  /** In thousandths of the size. */
  readonly width: number;
  readonly character: string;
  /** Whether it is a box in the place of a character that no font here has. */
  readonly isBox: boolean;
}

/** Latin, Cyrillic and Greek, under the SIL Open Font License. */
const files: Readonly<Record<FaceName, string>> = {
  regular: 'LiberationSans-Regular.ttf',
  bold: 'LiberationSans-Bold.ttf',
  italic: 'LiberationSans-Italic.ttf',
  boldItalic: 'LiberationSans-BoldItalic.ttf',
};

/** Characters that share a glyph with another one: they are read back as that one, whichever stood first. */
const sameGlyphs: Readonly<Record<string, string>> = {
  '\u00A0': ' ',
  '\u2010': '-',
  '\u2011': '-',
  '\u2219': '\u00B7',
  '\u2215': '\u2044',
};

export function findFontPath(name: FaceName): string {
  const folder = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
  return join(folder, 'standard_fonts', files[name]);
}

/**
 * The characters of a text as they are drawn: composed, without those that nobody sees, and tabs as spaces.
 * Half of a pair of surrogates is replaced by U+FFFD.
 */
export function readCharacters(text: string): string[] {
  const visible = text
    .toWellFormed()
    .normalize('NFC')
    .replaceAll('\t', '    ')
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '');
  return Array.from(visible, (character) => sameGlyphs[character] ?? character);
}

/** Glyphs by character: from the fonts that are embedded, drawn by their outlines, or as boxes. */
export class ReportFonts {
  readonly #document: PdfDocument;
  readonly #outlines: OutlineFonts;
  readonly #drawn: DrawnGlyphs;
  readonly #faces = new Map<FaceName, PdfFace>();
  readonly #glyphs = new Map<string, Glyph>();
  readonly #drawnGlyphs = new Map<string, Glyph>();
  readonly #foundOutlines = new Map<string, DrawnGlyph | undefined>();

  constructor(document: PdfDocument) {
    this.#document = document;
    this.#outlines = new OutlineFonts(document);
    this.#drawn = new DrawnGlyphs(document);
  }

  get(character: string, face: FaceName): Glyph {
    const key = `${face} ${character}`;
    const known = this.#glyphs.get(key);
    if (known !== undefined) return known;
    const glyph = this.#isEmbedded(character)
      ? this.#embed(character, face)
      : this.#draw(character);
    this.#glyphs.set(key, glyph);
    return glyph;
  }

  /** Whether it is shown as a letter, not as a box. */
  has(character: string): boolean {
    return this.#isEmbedded(character) || this.#findOutline(character) !== undefined;
  }

  /** Writes what the document's own end does not. */
  finish(): void {
    this.#drawn.finish();
  }

  #isEmbedded(character: string): boolean {
    return (
      !isControl(character) &&
      this.#getFace('regular').font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0)
    );
  }

  #embed(character: string, name: FaceName): Glyph {
    const face = this.#getFace(name);
    const [[hex = '0000'], [position]] = face.encode(character);
    const width = position?.advanceWidth ?? 0;
    return { fontId: face.id, font: face.ref(), hex, width, character, isBox: false };
  }

  #draw(character: string): Glyph {
    const known = this.#drawnGlyphs.get(character);
    if (known !== undefined) return known;
    const outline = this.#findOutline(character);
    const place =
      outline === undefined
        ? this.#drawn.addBox(character.codePointAt(0) ?? 0)
        : this.#drawn.add(outline);
    const glyph = { ...place, character, isBox: outline === undefined };
    this.#drawnGlyphs.set(character, glyph);
    return glyph;
  }

  #findOutline(character: string): DrawnGlyph | undefined {
    if (isControl(character)) return undefined;
    if (!this.#foundOutlines.has(character))
      this.#foundOutlines.set(character, this.#outlines.find(character));
    return this.#foundOutlines.get(character);
  }

  #getFace(name: FaceName): PdfFace {
    const known = this.#faces.get(name);
    if (known !== undefined) return known;
    this.#document.font(findFontPath(name));
    const face = this.#document._font;
    this.#faces.set(name, face);
    return face;
  }
}

function isControl(character: string): boolean {
  return /\p{Cc}/u.test(character);
}
