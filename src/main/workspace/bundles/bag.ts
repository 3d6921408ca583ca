import { createHash } from 'node:crypto';
import type { ArchiveEntry, MadeEntry } from './archive-writer.ts';

/** One element of bag-info.txt (RFC 8493, section 2.2.2). */
export type BagInfo = readonly (readonly [label: string, value: string])[];

/**
 * Makes a bag (RFC 8493) of payload files: the tag files first, so that whoever reads the archive as a
 * stream has the manifests before the contents, then the payload in the given order, all in one base folder.
 *
 * @param payload paths below `data/`, with `/`.
 * @param info elements of bag-info.txt; `Payload-Oxum` is added.
 */
export function computeBagEntries(
  baseFolder: string,
  payload: readonly ArchiveEntry[],
  info: BagInfo,
): ArchiveEntry[] {
  const hashed = payload.map((entry) => ({
    path: `data/${entry.path}`,
    sha256: 'content' in entry ? computeSha256(entry.content) : entry.sha256,
    sizeBytes: 'content' in entry ? entry.content.byteLength : entry.sizeBytes,
  }));
  const payloadBytes = hashed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const tagFiles = [
    makeEntry('bagit.txt', 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'),
    makeEntry(
      'bag-info.txt',
      [...info, ['Payload-Oxum', `${payloadBytes}.${payload.length}`] as const]
        .map(([label, value]) => `${label}: ${value.replaceAll(/\s+/g, ' ').trim()}\n`)
        .join(''),
    ),
    makeEntry('manifest-sha256.txt', hashed.map(computeManifestLine).join('')),
  ];
  const tagManifest = makeEntry(
    'tagmanifest-sha256.txt',
    tagFiles
      .map(({ path, content }) => computeManifestLine({ path, sha256: computeSha256(content) }))
      .join(''),
  );
  return [
    ...[...tagFiles, tagManifest].map((entry) => ({
      ...entry,
      path: `${baseFolder}/${entry.path}`,
    })),
    ...payload.map((entry) => ({ ...entry, path: `${baseFolder}/data/${entry.path}` })),
  ];
}

/** RFC 8493, section 2.1.3: line breaks and per cent signs in a path are encoded, and nothing else. */
export function computeManifestPath(path: string): string {
  return path.replaceAll('%', '%25').replaceAll('\n', '%0A').replaceAll('\r', '%0D');
}

function computeManifestLine({ path, sha256 }: { path: string; sha256: string }): string {
  return `${sha256}  ${computeManifestPath(path)}\n`;
}

function makeEntry(path: string, text: string): MadeEntry {
  return { path, content: Buffer.from(text, 'utf8') };
}

function computeSha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
