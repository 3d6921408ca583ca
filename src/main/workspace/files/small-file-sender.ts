import fs from 'node:fs';
import { promisify } from 'node:util';
import { StintError } from '../../../shared/errors.ts';
import { endpoints } from '../../../shared/protocol/endpoints.ts';
import { encodeSmallFiles } from '../../../shared/protocol/small-file-frame.ts';
import { smallFilesResponseSchema } from '../../../shared/protocol/small-files.ts';
import type { UploadRow } from '../database/seat-tables.ts';
import type { ServerClient } from '../sync/server-client.ts';
import type { FileFolder } from './file-folder.ts';
import { computeMediaTypeByName } from './media-type-by-name.ts';
import { runInLanes } from './run-in-lanes.ts';

const simultaneousReads = 8;
/** For each of many small files: a handle of the promises' API takes the process twice as long. */
const readFile = promisify(fs.readFile);

/**
 * Sends a group in one request.
 * @returns the hashes of those that the server has now; undefined where it knows no such request.
 */
export async function sendSmallFiles(
  client: ServerClient,
  orgId: string,
  files: FileFolder,
  rows: readonly UploadRow[],
  signal: AbortSignal,
): Promise<Set<string> | undefined> {
  // What is not here, or was damaged here, is found and named where files go one by one.
  const contents = (await readAll(files, rows)).filter(
    ({ row, bytes }) => bytes.byteLength === row.sizeBytes,
  );
  if (contents.length === 0) return new Set();
  const header = {
    files: contents.map(({ row: { sha256, sizeBytes, name } }) => ({
      sha256,
      sizeBytes,
      mediaType: computeMediaTypeByName(name) ?? 'application/octet-stream',
    })),
  };
  const body = encodeSmallFiles(
    Buffer.from(JSON.stringify(header)),
    contents.map(({ bytes }) => bytes),
  );
  try {
    const answer = await client.postBytes(
      endpoints.smallFiles(orgId),
      body,
      smallFilesResponseSchema,
      signal,
    );
    // Of nothing else is anything proven by this answer.
    const arrived = new Set(answer.arrived);
    return new Set(contents.map(({ row }) => row.sha256).filter((sha256) => arrived.has(sha256)));
  } catch (error) {
    if (error instanceof StintError && error.code === 'not_found') return undefined;
    throw error;
  }
}

async function readAll(
  files: FileFolder,
  rows: readonly UploadRow[],
): Promise<{ row: UploadRow; bytes: Buffer }[]> {
  const contents: { row: UploadRow; bytes: Buffer }[] = [];
  await runInLanes(rows, simultaneousReads, async (row) => {
    const bytes = await readFile(files.path(row.sha256)).catch(() => undefined);
    if (bytes !== undefined) contents.push({ row, bytes });
  });
  return contents;
}
