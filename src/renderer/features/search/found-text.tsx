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
