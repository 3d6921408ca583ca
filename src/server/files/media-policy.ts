import { open } from 'node:fs/promises';
import { fileTypeFromBuffer } from 'file-type';
import { StintError } from '../../shared/errors.ts';

/** Which media types a server takes: `image/png`, or `image/*`. */
export interface MediaPolicy {
  /** Undefined for all but the denied. */
  readonly allowed?: readonly string[];
  /** Goes before what is allowed. */
  readonly denied?: readonly string[];
}

/** The first bytes, in which all formats that can be told apart show what they are. */
export const sniffedBytes = 4100;
const patternPattern = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/(?:\*|[a-z0-9][a-z0-9!#$&^_.+-]*)$/;

/** @throws StintError `invalid_input` naming what is no media type. */
export function parseMediaPatterns(text: string, option: string): string[] {
  const patterns = text
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '');
  for (const pattern of patterns)
    if (!patternPattern.test(pattern))
      throw new StintError(
        'invalid_input',
        `${option}: expected media types like image/png or image/*, separated by commas, found "${pattern}"`,
        { field: option },
      );
  return patterns;
}

/**
 * @param mediaType as a device announced it, or as the bytes show it; parameters after a semicolon don't count.
 * @throws StintError `media_refused`.
 */
export function assertMediaAllowed(policy: MediaPolicy, mediaType: string): void {
  const type = (mediaType.split(';')[0] ?? '').trim().toLowerCase();
  const isNamed = (patterns: readonly string[]): boolean =>
    patterns.some((pattern) =>
      pattern.endsWith('/*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern,
    );
  const isDenied = policy.denied !== undefined && isNamed(policy.denied);
  const isAllowed = policy.allowed === undefined || isNamed(policy.allowed);
  if (isDenied || !isAllowed)
    throw new StintError(
      'media_refused',
      `this server does not take files of the type ${type === '' ? 'unknown' : type}; ask its host, or hand the work in as another type`,
    );
}

/**
 * What a file's first bytes show, whatever was announced. Most text shows nothing, and passes: the announced type was
 * looked at before.
 * @throws StintError `media_refused`.
 */
export async function assertContentAllowed(policy: MediaPolicy, filePath: string): Promise<void> {
  const file = await open(filePath, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffedBytes), 0, sniffedBytes, 0);
    await assertBytesAllowed(policy, buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

/** The same for a file's first bytes in memory. */
export async function assertBytesAllowed(policy: MediaPolicy, bytes: Uint8Array): Promise<void> {
  // What is cut off in the middle of its beginning, or made up, shows nothing.
  const found = await fileTypeFromBuffer(bytes.subarray(0, sniffedBytes)).catch(() => undefined);
  if (found === undefined) return;
  // A container's own type says less than what was announced: many documents are ZIP archives, too.
  const isContainer = found.mime === 'application/zip';
  assertMediaAllowed(isContainer ? { denied: policy.denied ?? [] } : policy, found.mime);
}
