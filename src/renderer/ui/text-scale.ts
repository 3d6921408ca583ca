const usualFontPx = 16;

/** How much larger than usual the reader's browser sets text, from the moment on at which it opened the page. */
const textScale =
  'document' in globalThis
    ? Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / usualFontPx
    : 1;

/** So many pixels where text has its usual size; more where the reader has asked for larger text. */
export function scaleWithText(px: number): number {
  return Math.round(px * textScale);
}
