import type { WorkspaceCopy } from '../../../shared/contract/recovery-requests.ts';
import { computeCopiesFolder } from './automatic-copies.ts';
import { listCopies } from './copy-folders.ts';

/** The automatic copies of a workspace as the contract tells of them, newest first. */
export async function describeCopies(workspaceFolder: string): Promise<WorkspaceCopy[]> {
  const copies = await listCopies(computeCopiesFolder(workspaceFolder));
  return copies.map(({ name, manifest, problem }) => ({
    copyId: name,
    createdAt: manifest?.createdAt ?? null,
    reason: manifest?.reason ?? null,
    databases: manifest?.databases.map((database) => database.name) ?? [],
    sizeBytes: manifest?.databases.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) ?? 0,
    problem: problem ?? null,
  }));
}
