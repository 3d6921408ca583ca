import { foundMark } from '../../../shared/contract/search-requests.ts';

const parts = new RegExp(`${foundMark.begin}([^${foundMark.end}]*)${foundMark.end}`, 'u');

/** A title or an excerpt with what was found marked in it. */
export function FoundText({ text }: { readonly text: string }) {
  return text
    .split(parts)
    .map((part, index) => (index % 2 === 1 ? <mark key={`${index}:${part}`}>{part}</mark> : part));
}

export function stripMarks(text: string): string {
  return text.replaceAll(foundMark.begin, '').replaceAll(foundMark.end, '');
}

/** An excerpt of something written in Markdown, without the signs that say how it looks. Marks stay where they are. */
export function readAsPlain(text: string): string {
  return text
    .replaceAll(/(?:\|\s*)?(?::?-{3,}:?\s*\|\s*)+(?::?-{3,}:?\s*\|?)?/gu, '| ')
    .replaceAll(/(?:\s*\|\s*)+/gu, ' · ')
    .replaceAll(/`|\*\*/gu, '')
    .replaceAll(/(^|\n)\s*#{1,6}\s+/gu, '$1')
    .replaceAll(/^(…?) · | · (…?)$/gu, '$1$2');
}
