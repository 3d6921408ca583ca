import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspace } from '../engine/workspace.ts';
import { describeWriteFailure } from '../database/describe-write-failure.ts';
import { Turns } from '../sync/turns.ts';
import { eachSlice, encodeParts, makePiecesEntry } from './text-entry.ts';
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
    const turns = new Turns(() => workspace.ports.clock.monotonicMs());
    const pieces = await encodeParts(eachSlice(made.text), turns);
    const { sha256, sizeBytes } = await makePiecesEntry(made.name, pieces, turns);
    const partPath = join(folder, `${made.name}${made.ending}.part`);
    try {
      const file = await open(partPath, 'w', 0o600);
      try {
        for (const piece of pieces) await file.writeFile(piece);
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      await rm(partPath, { force: true });
      throw describeWriteFailure(error);
    }
    const named = await nameExport(workspace, partPath, made.name, made.ending, sha256);
    const written = { ...named, sizeBytes, sha256 };
    await recordExport(workspace, { ...written, seatId: made.seatId, engagementId: null });
    return written;
  });
}
