/** Letters that are written from right to left: Hebrew, Arabic and their neighbours, with their presentation forms. */
const rightToLeft =
  /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]|[\u{10800}-\u{10FFF}]|[\u{1E800}-\u{1EFFF}]/u;

const firstStrongIsolate = '\u2068';
const popIsolate = '\u2069';

/**
 * What somebody has written, to stand in a sentence of the interface: what comes before and after it keeps its place,
 * whichever way the words themselves are read. Without a letter from right to left it is the same text.
 */
export function isolate(text: string): string {
  return rightToLeft.test(text) ? `${firstStrongIsolate}${text}${popIsolate}` : text;
}

/** "Ines Sharma, Market research": each in its place, also where several are written from right to left. */
export function joinNames(...names: readonly string[]): string {
  return names.map((name) => isolate(name)).join(', ');
}

/** The text as somebody would type it. */
export function removeIsolates(text: string): string {
  return text.replaceAll(firstStrongIsolate, '').replaceAll(popIsolate, '');
}
