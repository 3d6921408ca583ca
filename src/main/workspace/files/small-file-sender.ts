import { readFile } from 'node:fs/promises';
import { StintError } from '../../../shared/errors.ts';
import { endpoints } from '../../../shared/protocol/endpoints.ts';
import { smallFileLimits, smallFilesResponseSchema } from '../../../shared/protocol/small-files.ts';
import type { UploadRow } from '../database/seat-tables.ts';
import type { ServerClient } from '../sync/server-client.ts';
import type { FileFolder } from './file-folder.ts';
import { computeMediaTypeByName } from './media-type-by-name.ts';

/** Of contents; the header comes on top. */
const batchBytes = smallFileLimits.bodyBytes - 64 * 1024;

/** Small files that were not begun, in groups of which each fits into one request. */
export function groupSmallFiles(rows: readonly UploadRow[]): UploadRow[][] {
  const groups: UploadRow[][] = [];
  let group: UploadRow[] = [];
  let sizeBytes = 0;
  for (const row of rows) {
    if (row.sizeBytes > smallFileLimits.fileBytes || row.uploadUrl !== null) continue;
    if (group.length === smallFileLimits.files || sizeBytes + row.sizeBytes > batchBytes) {
      groups.push(group);
      group = [];
      sizeBytes = 0;
    }
    group.push(row);
    sizeBytes += row.sizeBytes;
  }
  // One alone goes as any other file does.
  if (group.length > 1) groups.push(group);
  return groups;
}

/**
 * Sends a group in one request.
 * @returns the hashes of those that the server has now; undefined where it knows no such request.
 */
export async function sendSmallFiles(
  client: ServerClient,
  orgId: string,
  files: FileFolder,
  rows: readonly UploadRow[],
): Promise<Set<string> | undefined> {
  const contents: { row: UploadRow; bytes: Buffer }[] = [];
  for (const row of rows) {
    const bytes = await readFile(files.path(row.sha256)).catch(() => undefined);
    // What is not here, or was damaged here, is found and named where files go one by one.
    if (bytes?.byteLength === row.sizeBytes) contents.push({ row, bytes });
  }
  if (contents.length === 0) return new Set();
  const header = Buffer.from(
    JSON.stringify({
      files: contents.map(({ row: { sha256, sizeBytes, name } }) => ({
        sha256,
        sizeBytes,
        mediaType: computeMediaTypeByName(name) ?? 'application/octet-stream',
      })),
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.byteLength);
  const body = Buffer.concat([length, header, ...contents.map(({ bytes }) => bytes)]);
  try {
    const answer = await client.postBytes(
      endpoints.smallFiles(orgId),
      body,
      smallFilesResponseSchema,
    );
    return new Set(answer.arrived);
  } catch (error) {
    if (error instanceof StintError && error.code === 'not_found') return undefined;
    throw error;
  }
}
