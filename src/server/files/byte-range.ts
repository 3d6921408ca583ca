import type { ByteSpan } from './blob-store.ts';

/**
 * What a `Range` header asks for (RFC 9110, section 14.2): one span of bytes; `unsatisfiable` when it
 * lies outside; undefined when the header is to be ignored, which the section allows for other units,
 * several spans and what cannot be read.
 */
export function computeByteSpan(
  header: string | undefined,
  sizeBytes: number,
): ByteSpan | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.replaceAll(' ', '') ?? '');
  if (match === null) return undefined;
  const [, from, to] = match;
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined;
  if (from === '') {
    const suffixBytes = Number(to);
    if (suffixBytes === 0 || sizeBytes === 0) return 'unsatisfiable';
    return { first: Math.max(0, sizeBytes - suffixBytes), last: sizeBytes - 1 };
  }
  const first = Number(from);
  const last = to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (to !== '' && Number(to) < first) return undefined;
  return first >= sizeBytes ? 'unsatisfiable' : { first, last };
}
