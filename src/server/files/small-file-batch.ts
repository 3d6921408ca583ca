import { StintError } from '../../shared/errors.ts';
import { decodeSmallFiles } from '../../shared/protocol/small-file-frame.ts';
import { smallFilesHeaderSchema } from '../../shared/protocol/small-files.ts';
import { sha256Hex } from '../sha256-hex.ts';

export interface SmallFile {
  readonly sha256: string;
  readonly mediaType: string | undefined;
  readonly bytes: Uint8Array;
  /** Whether the bytes are what was announced. */
  readonly isSound: boolean;
}

/**
 * Reads what one request carries.
 * @throws StintError `invalid_input` where it is not of that form.
 */
export function parseSmallFileBatch(body: Uint8Array): SmallFile[] {
  const files = new Map<string, SmallFile>();
  for (const { file, bytes } of decodeSmallFiles(body, parseHeader, createMalformed)) {
    const { sha256, mediaType } = file;
    files.set(sha256, { sha256, mediaType, bytes, isSound: sha256Hex(bytes) === sha256 });
  }
  // In one order for everybody: whoever takes several locks takes them in this one.
  return [...files.values()].toSorted((left, right) => (left.sha256 < right.sha256 ? -1 : 1));
}

function parseHeader(encoded: Uint8Array) {
  let header: unknown;
  try {
    header = JSON.parse(Buffer.from(encoded).toString());
  } catch {
    throw createMalformed('its header is not JSON');
  }
  const parsed = smallFilesHeaderSchema.safeParse(header);
  if (parsed.success) return parsed.data;
  throw createMalformed(`its header, ${parsed.error.issues[0]?.path.join('.') ?? ''}`);
}

function createMalformed(reason: string): StintError {
  return new StintError('invalid_input', `expected a batch of small files: ${reason}`, {
    field: 'body',
  });
}
