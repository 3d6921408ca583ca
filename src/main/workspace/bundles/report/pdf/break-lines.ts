import type { FaceName, Glyph, ReportFonts } from './report-fonts.ts';
import { readCharacters } from './report-fonts.ts';

export interface TextStyle {
  readonly face: FaceName;
  /** Red, green and blue, from 0 to 1, as an operator takes them. */
  readonly color: string;
  /** Where a link leads. */
  readonly address: string | undefined;
}

export interface TextRun {
  readonly text: string;
  readonly style: TextStyle;
}

export interface PlacedGlyph {
  readonly glyph: Glyph;
  readonly style: TextStyle;
}

export interface TextLine {
  readonly glyphs: readonly PlacedGlyph[];
  /** In points, without the space at its end. */
  readonly width: number;
}

const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;
const leftToRight = /[\p{L}\p{N}]/u;

/**
 * Breaks runs into lines no wider than `width`: at spaces, after hyphens and slashes, between characters that need no
 * spaces, and within a word that is wider than a line. A line feed ends its line.
 */
export function* breakLines(
  runs: readonly TextRun[],
  width: number,
  size: number,
  fonts: ReportFonts,
): Generator<TextLine> {
  let line: PlacedGlyph[] = [];
  let lineWidth = 0;
  /** How many glyphs the line has if it is broken at the last place where that is allowed. */
  let breakAt = 0;
  for (const { text, style } of runs)
    for (const character of readCharacters(text)) {
      if (character === '\n') {
        yield makeLine(line, size);
        line = [];
        lineWidth = 0;
        breakAt = 0;
        continue;
      }
      const glyph = fonts.get(character, style.face);
      const glyphWidth = (glyph.width * size) / 1000;
      const isSpace = character === ' ';
      if (!isSpace && lineWidth + glyphWidth > width && line.length > 0) {
        const end = breakAt > 0 ? breakAt : line.length;
        yield makeLine(line.slice(0, end), size);
        line = line.slice(end);
        lineWidth = computeWidth(line, size);
        breakAt = 0;
      }
      if (isUnspaced(glyph)) breakAt = line.length;
      line.push({ glyph, style });
      lineWidth += glyphWidth;
      if (isSpace || isUnspaced(glyph) || '-/–—'.includes(character)) breakAt = line.length;
    }
  if (line.length > 0) yield makeLine(line, size);
}

/** As wide as the runs are on one line each, by their line feeds. */
export function measureRuns(runs: readonly TextRun[], size: number, fonts: ReportFonts): number {
  let widest = 0;
  for (const line of breakLines(runs, Number.POSITIVE_INFINITY, size, fonts))
    widest = Math.max(widest, line.width);
  return widest;
}

/** Characters of scripts that put no spaces between words; a box says nothing of its script. */
function isUnspaced({ character, isBox }: Glyph): boolean {
  return (isBox && !rightToLeft.test(character)) || (character.codePointAt(0) ?? 0) >= 0x2e80;
}

function makeLine(glyphs: readonly PlacedGlyph[], size: number): TextLine {
  const isSpaceLast = glyphs.at(-1)?.glyph.character === ' ';
  const seen = isSpaceLast ? glyphs.slice(0, -1) : glyphs;
  return { glyphs: orderForReading(glyphs), width: computeWidth(seen, size) };
}

function computeWidth(glyphs: readonly PlacedGlyph[], size: number): number {
  return glyphs.reduce((sum, { glyph }) => sum + glyph.width, 0) * (size / 1000);
}

/**
 * Stretches that are read from right to left are put in the order in which they are seen, as PDF wants it. Numbers and
 * words of other scripts end a stretch; each stays as it is.
 */
function orderForReading(glyphs: readonly PlacedGlyph[]): readonly PlacedGlyph[] {
  if (!glyphs.some(({ glyph }) => rightToLeft.test(glyph.character))) return glyphs;
  const ordered = [...glyphs];
  for (let start = 0; start < ordered.length; start += 1) {
    if (!rightToLeft.test(ordered[start]?.glyph.character ?? '')) continue;
    let end = start + 1;
    for (let index = end; index < ordered.length; index += 1) {
      const character = ordered[index]?.glyph.character ?? '';
      if (rightToLeft.test(character)) end = index + 1;
      else if (leftToRight.test(character)) break;
    }
    ordered.splice(start, end - start, ...ordered.slice(start, end).reverse());
    start = end;
  }
  return ordered;
}
