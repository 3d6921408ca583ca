import { StintError } from '../../../shared/errors.ts';
import { endpoints } from '../../../shared/protocol/endpoints.ts';
import { decodeSmallFiles } from '../../../shared/protocol/small-file-frame.ts';
import {
  fetchedSmallFilesHeaderSchema,
  smallFileLimits,
} from '../../../shared/protocol/small-files.ts';
import { sha256Hex } from '../ports/system-ports.ts';
import type { ServerClient } from '../sync/server-client.ts';
import type { SmallContent } from './store-together.ts';

/**
 * Fetches a group in one request.
 * @returns those that came, each found to have its hash; undefined where the server knows no such request.
 */
export async function fetchSmallFiles(
  client: ServerClient,
  orgId: string,
  group: readonly { readonly sha256: string }[],
  signal: AbortSignal,
): Promise<SmallContent[] | undefined> {
  const asked = new Set(group.map(({ sha256 }) => sha256));
  let body: Uint8Array;
  try {
    body = await client.postForBytes(
      endpoints.fetchSmallFiles(orgId),
      { hashes: [...asked] },
      smallFileLimits.bodyBytes,
      signal,
    );
  } catch (error) {
    if (error instanceof StintError && error.code === 'not_found') return undefined;
    throw error;
  }
  const contents: SmallContent[] = [];
  for (const { file, bytes } of decodeSmallFiles(body, parseHeader, createMalformed)) {
    // Each once, and nothing that was not asked for.
    if (!asked.delete(file.sha256)) continue;
    // What came damaged is fetched by itself, and named there.
    if (sha256Hex(bytes) === file.sha256) contents.push({ sha256: file.sha256, bytes });
  }
  return contents;
}

function parseHeader(encoded: Uint8Array) {
  let header: unknown;
  try {
    header = JSON.parse(Buffer.from(encoded).toString());
  } catch {
    throw createMalformed('its header is not JSON');
  }
  const parsed = fetchedSmallFilesHeaderSchema.safeParse(header);
  if (parsed.success) return parsed.data;
  throw createMalformed(`its header, ${parsed.error.issues[0]?.path.join('.') ?? ''}`);
}

function createMalformed(reason: string): StintError {
  return new StintError(
    'not_a_stint_server',
    `the server answered small files in a form that cannot be read: ${reason}`,
  );
}
