/**
 * Texts as criteria of a brief: each on one line, without the tabs and the invisible marks of direction that come along
 * when something is pasted. Empty ones are left out.
 */
export function listCriteria(texts: readonly string[]): string[] {
  return texts
    .map((text) =>
      text
        .replaceAll(/\p{Bidi_Control}/gu, '')
        .replaceAll(/\p{Cc}+/gu, ' ')
        .trim(),
    )
    .filter((text) => text !== '');
}
