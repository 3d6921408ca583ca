/**
 * The one place where a file's name is made safe for a disk, a bundle and a browser's "save as". People always
 * see the name as it came (`hidden-characters.ts`).
 */

/** Windows keeps these for devices, whatever extension follows ("Naming Files, Paths, and Namespaces", Microsoft). */
const reservedOnWindows = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])$/i;

const longestName = 100;
/** ext4 and APFS take 255 bytes for a name; the rest is room for a number and for what others put in front. */
const longestNameBytes = 200;
const longestExtension = 16;

/**
 * A file's own name made safe for Windows, macOS and Linux, and as close to the original as that allows:
 * accents, spaces and emoji stay. Without path separators, control and direction-changing characters,
 * reserved names, and dots or spaces at the end; never empty. A per cent sign becomes a full-width one:
 * BagIt writes it encoded in its manifests (RFC 8493, section 2.1.3), which `sha256sum -c` does not read.
 *
 * @param longest in UTF-16 code units; a long name is cut in front of its extension.
 */
export function computeSafeFileName(name: string, longest = longestName): string {
  const cleaned = name
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Bidi_Control}\u{2028}\u{2029}\u{FEFF}\u{200B}]/gu, '')
    .replaceAll(/[<>:"/\\|?*\u{FFFD}]/gu, '_')
    .replaceAll('%', '％');
  const { stem, extension } = splitName(trimEnds(cleaned));
  const cut = shorten(stem, computeRoom(extension, longest));
  // What is cut must not end as another kind of file than the whole name says: `….exe` of `….exe-and-more`.
  const isRevealed = cut !== stem && extension === '' && splitName(cut).extension !== '';
  const shortened = trimEnds((isRevealed ? cut.replace(/\.(?=[^.]*$)/, '_') : cut) + extension);
  if (/^\p{Default_Ignorable_Code_Point}*$/u.test(shortened)) return 'file';
  const beforeFirstDot = (shortened.split('.')[0] ?? '').trimEnd();
  return reservedOnWindows.test(beforeFirstDot) ? `_${shortened}` : shortened;
}

/**
 * Hands out names within one folder: what is equal but for case, Unicode form or characters that nobody sees
 * gets ` (2)`, ` (3)` …, because macOS and Windows would take the two for one file.
 */
export class NamesInFolder {
  readonly #taken = new Set<string>();
  /** The number to begin with: a draft may hold two thousand files of one name. */
  readonly #next = new Map<string, number>();

  take(name: string): string {
    const safe = computeSafeFileName(name);
    const folded = computeFoldedName(safe);
    let candidate = safe;
    let number = this.#next.get(folded) ?? 2;
    for (; this.#taken.has(computeFoldedName(candidate)); number += 1) {
      const { stem, extension } = splitName(safe);
      const suffix = ` (${number})`;
      candidate = `${shorten(stem, computeRoom(suffix + extension))}${suffix}${extension}`;
    }
    this.#taken.add(computeFoldedName(candidate));
    this.#next.set(folded, number);
    return candidate;
  }
}

/** For the archive's own name and top folder: letters and digits, in lower case, with hyphens between. */
export function computeSlug(text: string): string {
  const words = text
    .toWellFormed()
    .normalize('NFKD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-');
  const cut = shorten(words.replaceAll(/^-+|-+$/g, ''), { characters: 60, bytes: 120 });
  return cut.replaceAll(/^-+|-+$/g, '');
}

function computeFoldedName(name: string): string {
  return name
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC');
}

function trimEnds(name: string): string {
  return name.replaceAll(/^\s+|[.\s]+$/gu, '');
}

function splitName(name: string): { stem: string; extension: string } {
  const dot = name.lastIndexOf('.');
  const extension = name.slice(dot);
  if (dot <= 0 || extension.length > longestExtension || /\s/u.test(extension))
    return { stem: name, extension: '' };
  return { stem: name.slice(0, dot), extension };
}

function computeRoom(ending: string, longest = longestName): { characters: number; bytes: number } {
  return {
    characters: longest - ending.length,
    bytes: longestNameBytes - computeByteLength(ending),
  };
}

/** In UTF-8. */
function computeByteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x8_00 ? 2 : code < 0x1_00_00 ? 3 : 4;
  }
  return bytes;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Cuts between what a person sees as characters, so that no accent and no emoji is torn apart. */
function shorten(text: string, room: { characters: number; bytes: number }): string {
  if (text.length <= room.characters && computeByteLength(text) <= room.bytes) return text;
  let kept = '';
  let bytes = 0;
  for (const { segment } of graphemes.segment(text)) {
    bytes += computeByteLength(segment);
    if (kept.length + segment.length > room.characters || bytes > room.bytes) break;
    kept += segment;
  }
  return kept.trimEnd();
}
