import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { DrawnGlyph } from './drawn-glyphs.ts';
import {
  formatPdfNumber,
  type PdfDocument,
  type PdfFace,
  type PdfGlyphOutline,
} from './pdfkit-parts.ts';

interface OutlineFile {
  readonly path: string;
  readonly ranges: readonly (readonly [first: number, last: number])[];
  face?: PdfFace;
}

/**
 * The typeface of the app, for letters that the text's own lacks, such as those of Vietnamese: its files cannot be
 * embedded as they are (WOFF 2), so the outlines of single letters are drawn.
 */
export class OutlineFonts {
  readonly #document: PdfDocument;
  #files: OutlineFile[] | undefined;

  constructor(document: PdfDocument) {
    this.#document = document;
  }

  find(character: string): DrawnGlyph | undefined {
    const codePoint = character.codePointAt(0) ?? 0;
    this.#files ??= listFiles();
    for (const file of this.#files) {
      if (!file.ranges.some(([first, last]) => codePoint >= first && codePoint <= last)) continue;
      file.face ??= this.#open(file.path);
      const { font } = file.face;
      if (!font.hasGlyphForCodePoint(codePoint)) continue;
      const glyph = font.glyphForCodePoint(codePoint);
      const scale = 1000 / font.unitsPerEm;
      const width = glyph.advanceWidth * scale;
      const drawing = `${formatPdfNumber(width)} 0 -300 -400 2000 1200 d1\n${drawOutline(glyph.path.commands, scale)}\nf`;
      return { codePoint, width, drawing };
    }
    return undefined;
  }

  #open(path: string): PdfFace {
    this.#document.font(path);
    return this.#document._font;
  }
}

function listFiles(): OutlineFile[] {
  const folder = dirname(
    createRequire(import.meta.url).resolve('@fontsource-variable/inter/package.json'),
  );
  const ranges = JSON.parse(readFileSync(join(folder, 'unicode.json'), 'utf8')) as Record<
    string,
    string
  >;
  return Object.entries(ranges).map(([name, text]) => ({
    path: join(folder, 'files', `inter-${name}-wght-normal.woff2`),
    ranges: [...text.matchAll(/U\+([0-9A-F]+)(?:-([0-9A-F]+))?/g)].map(
      ([, first = '0', last]) =>
        [Number.parseInt(first, 16), Number.parseInt(last ?? first, 16)] as const,
    ),
  }));
}

/** PDF knows cubic curves only; the quadratic ones of a font are exactly such ones too. */
function drawOutline(commands: PdfGlyphOutline['commands'], scale: number): string {
  let from: readonly [number, number] = [0, 0];
  const operators: string[] = [];
  const add = (operator: string, values: readonly number[]) => {
    operators.push(`${values.map(formatPdfNumber).join(' ')} ${operator}`.trim());
  };
  for (const { command, args } of commands) {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = args.map((value) => value * scale);
    if (command === 'moveTo' || command === 'lineTo') {
      add(command === 'moveTo' ? 'm' : 'l', [a, b]);
      from = [a, b];
    } else if (command === 'quadraticCurveTo') {
      const [x, y] = from;
      const third = (start: number, control: number) => start + ((control - start) * 2) / 3;
      add('c', [third(x, a), third(y, b), third(c, a), third(d, b), c, d]);
      from = [c, d];
    } else if (command === 'bezierCurveTo') {
      add('c', [a, b, c, d, e, f]);
      from = [e, f];
    } else {
      add('h', []);
    }
  }
  return operators.join('\n');
}
