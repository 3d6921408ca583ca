/** Text as HTML text or attribute value. Characters that turn the reading direction are shown by their number. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll(/[\u{202A}-\u{202E}\u{2066}-\u{2069}]/gu, (character) => {
      const number = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
      return `[U+${number}]`;
    });
}
