/**
 * The text of a file. Older spreadsheets write Windows-1252; every byte has a meaning there.
 *
 * @param isCut there is more of the file: a character torn at the end is left out instead of being an error.
 */
export function decodeText(bytes: Uint8Array<ArrayBuffer>, isCut = false): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut });
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
