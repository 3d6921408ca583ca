/** A piece of a text: as it reads, or one character that cannot be seen or turns what follows around. */
export interface TextPiece {
  readonly text: string;
  /** What it is called, for example `U+202E`; undefined for what can be read. */
  readonly code: string | undefined;
}

/**
 * Control characters, those that change the direction of writing, line separators, and what has no width. The
 * joiners stay: emoji and several scripts are written with them.
 */
const hidden =
  /[\p{Cc}\p{Cs}\p{Bidi_Control}\u{2028}\u{2029}\u{FEFF}\u{200B}\u{2060}-\u{2064}\u{AD}\u{3164}]|^\s+|\s+$/gu;

/**
 * Takes a name apart so that nothing in it can deceive: `invoice⟨U+202E⟩fdp.exe` is shown as what it is, and
 * not as `invoiceexe.pdf`. Spaces at either end are named, too.
 */
export function splitHiddenCharacters(name: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const found of name.matchAll(hidden)) {
    if (found.index > end) pieces.push({ text: name.slice(end, found.index), code: undefined });
    for (const character of found[0]) pieces.push({ text: character, code: nameCode(character) });
    end = found.index + found[0].length;
  }
  if (end < name.length) pieces.push({ text: name.slice(end), code: undefined });
  return pieces;
}

/** The name for labels, titles and sentences, where a mark of its own cannot be drawn. */
export function computeReadableName(name: string): string {
  return splitHiddenCharacters(name)
    .map(({ text, code }) => (code === undefined ? text : `⟨${code}⟩`))
    .join('');
}

function nameCode(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/**
 * Spaces, what programs draw nothing for unless they know better, the marks of annotations, and the empty cell of Braille.
 * Taken away from a text, what is left is what can be seen.
 */
const unseen =
  /[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Bidi_Control}\u{FFF9}-\u{FFFB}\u{2800}]/gu;

export const hasVisibleText = (text: string): boolean => text.replaceAll(unseen, '') !== '';

/** Breaks a line as a line end does, though no control character. */
export const hasLineSeparator = (text: string): boolean => /[\u{2028}\u{2029}]/u.test(text);
