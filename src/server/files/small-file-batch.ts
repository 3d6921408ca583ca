import { z } from 'zod';
import { mediaTypeSchema, sha256Schema } from '../../shared/domain/fields.ts';
import { StintError } from '../../shared/errors.ts';
import { smallFileLimits } from '../../shared/protocol/small-files.ts';
import { sha256Hex } from '../sha256-hex.ts';

export interface SmallFile {
  readonly sha256: string;
  readonly mediaType: string | undefined;
  readonly bytes: Buffer;
  /** Whether the bytes are what was announced. */
  readonly isSound: boolean;
}

const headerSchema = z.object({
  files: z
    .array(
      z.object({
        sha256: sha256Schema,
        sizeBytes: z.int().min(0).max(smallFileLimits.fileBytes),
        mediaType: mediaTypeSchema.optional(),
      }),
    )
    .min(1)
    .max(smallFileLimits.files),
});

/**
 * Reads what one request carries: the length of a header in four bytes, the header in JSON, and the contents one after
 * the other in its order (docs/sync-protocol.md, Files).
 * @throws StintError `invalid_input` where it is not of that form.
 */
export function parseSmallFileBatch(body: Buffer): SmallFile[] {
  const headerBytes = body.byteLength < 4 ? Number.POSITIVE_INFINITY : body.readUInt32BE(0);
  if (4 + headerBytes > body.byteLength) throw createMalformed('its header is not whole');
  let header: unknown;
  try {
    header = JSON.parse(body.toString('utf8', 4, 4 + headerBytes));
  } catch {
    throw createMalformed('its header is not JSON');
  }
  const parsed = headerSchema.safeParse(header);
  if (!parsed.success)
    throw createMalformed(`its header, ${parsed.error.issues[0]?.path.join('.') ?? ''}`);
  const files = new Map<string, SmallFile>();
  let position = 4 + headerBytes;
  for (const { sha256, sizeBytes, mediaType } of parsed.data.files) {
    const bytes = body.subarray(position, position + sizeBytes);
    if (bytes.byteLength !== sizeBytes) throw createMalformed('its contents are not whole');
    position += sizeBytes;
    files.set(sha256, { sha256, mediaType, bytes, isSound: sha256Hex(bytes) === sha256 });
  }
  if (position !== body.byteLength)
    throw createMalformed(`${body.byteLength - position} bytes are more than it announces`);
  // In one order for everybody: whoever takes several locks takes them in this one.
  return [...files.values()].toSorted((left, right) => (left.sha256 < right.sha256 ? -1 : 1));
}

function createMalformed(reason: string): StintError {
  return new StintError('invalid_input', `expected a batch of small files: ${reason}`, {
    field: 'body',
  });
}
