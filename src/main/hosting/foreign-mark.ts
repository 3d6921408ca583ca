import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** How a system is told that a file came from somewhere else. */
export type ForeignMark =
  | { readonly kind: 'stream'; readonly path: string; readonly content: string }
  | { readonly kind: 'command'; readonly program: string; readonly args: readonly string[] };

/** Zone 3 is the internet: Office opens such a file without its macros, and programs are asked about. */
const zoneIdentifier = '[ZoneTransfer]\r\nZoneId=3\r\n';
/** Came from the network, and nobody has agreed to it yet. */
const quarantineFlags = '0081';
const markTimeoutMs = 5_000;

/**
 * The mark of a platform: an alternate stream of NTFS on Windows, an attribute on macOS; none elsewhere.
 *
 * @param file a whole path.
 * @param nowMs since 1970, for the attribute.
 */
export function computeForeignMark(
  file: string,
  platform: NodeJS.Platform,
  nowMs: number,
): ForeignMark | undefined {
  if (platform === 'win32')
    return { kind: 'stream', path: `${file}:Zone.Identifier`, content: zoneIdentifier };
  if (platform !== 'darwin') return undefined;
  const seconds = Math.floor(nowMs / 1000).toString(16);
  const value = `${quarantineFlags};${seconds};Stint;`;
  // The system's own, whatever stands first on PATH.
  return {
    kind: 'command',
    program: '/usr/bin/xattr',
    args: ['-w', 'com.apple.quarantine', value, file],
  };
}

/**
 * Marks a file as somebody else's before another program gets it. A disk that keeps no such marks, as FAT does,
 * keeps none of this one either: the file is there all the same.
 */
export async function markAsForeign(
  file: string,
  platform: NodeJS.Platform = process.platform,
): Promise<void> {
  const mark = computeForeignMark(file, platform, Date.now());
  if (mark === undefined) return;
  const marking: Promise<unknown> =
    mark.kind === 'stream'
      ? writeFile(mark.path, mark.content)
      : promisify(execFile)(mark.program, [...mark.args], { timeout: markTimeoutMs });
  await marking.catch(() => undefined);
}
