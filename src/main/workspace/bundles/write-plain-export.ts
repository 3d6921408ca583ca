import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspace } from '../engine/workspace.ts';
import { describeWriteFailure } from '../database/describe-write-failure.ts';
import { yieldToOthers } from '../sync/turns.ts';
import {
  nameExport,
  prepareExportsFolder,
  recordExport,
  runAlone,
  type WrittenExport,
} from './write-export.ts';

/** Writes one file into the exports folder, whole or not at all, and records it; as `writeExport` does with an archive. */
export function writePlainExport(
  workspace: Workspace,
  made: {
    readonly seatId: string;
    readonly name: string;
    readonly ending: string;
    readonly text: string;
  },
): Promise<Omit<WrittenExport, 'resumedBytes'>> {
  return runAlone(workspace, async () => {
    const folder = await prepareExportsFolder(workspace);
    const content = Buffer.from(made.text.toWellFormed(), 'utf8');
    const sha256 = await computeHash(content);
    const partPath = join(folder, `${made.name}${made.ending}.part`);
    try {
      const file = await open(partPath, 'w', 0o600);
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      await rm(partPath, { force: true });
      throw describeWriteFailure(error);
    }
    const named = await nameExport(workspace, partPath, made.name, made.ending, sha256);
    const written = { ...named, sizeBytes: content.length, sha256 };
    await recordExport(workspace, { ...written, seatId: made.seatId, engagementId: null });
    return written;
  });
}

/** So much takes a few milliseconds. */
const pieceBytes = 4 * 1024 * 1024;

/** The SHA-256 of a content that may be large, with turns for others in between. */
async function computeHash(content: Buffer): Promise<string> {
  const hash = createHash('sha256');
  for (let from = 0; from < content.length; from += pieceBytes) {
    hash.update(content.subarray(from, from + pieceBytes));
    await yieldToOthers();
  }
  return hash.digest('hex');
}
