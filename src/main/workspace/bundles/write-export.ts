import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../backup/durable-folder.ts';
import { computeNow, type Workspace } from '../engine/workspace.ts';
import { StintError } from '../../../shared/errors.ts';
import {
  type ArchiveEntry,
  type ArchiveWatch,
  describeWriteFailure,
  writeArchive,
} from './archive-writer.ts';

export interface WrittenExport {
  readonly fileName: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Bytes that an export before this one had written before it was killed. */
  readonly resumedBytes: number;
}

/** One export at a time in a workspace: names are chosen from what lies in the folder. */
const queues = new WeakMap<Workspace, Promise<unknown>>();

/**
 * Writes an archive into the exports folder and records it: to `<name>.zip.part`, flushed to the disk, and
 * only then under its name. An earlier export of the same name with the same bytes is replaced; with other
 * bytes it stays, and this one is called `<name> (2).zip`.
 */
export function writeExport(
  workspace: Workspace,
  made: {
    readonly seatId: string;
    readonly engagementId: string | null;
    readonly name: string;
    readonly day: string;
    readonly entries: readonly ArchiveEntry[];
    readonly watch?: ArchiveWatch;
  },
): Promise<WrittenExport> {
  return runAlone(workspace, () => writeExportInTurn(workspace, made));
}

/** Waits for the exports that are being written, then runs. */
export function runAlone<Result>(
  workspace: Workspace,
  run: () => Promise<Result>,
): Promise<Result> {
  const before = queues.get(workspace) ?? Promise.resolve();
  const written = before.catch(() => {}).then(run);
  queues.set(workspace, written);
  return written;
}

export async function prepareExportsFolder({ exportsFolder }: Workspace): Promise<string> {
  await mkdir(exportsFolder, { recursive: true, mode: 0o700 });
  return exportsFolder;
}

/** As `writeExport`, for who runs alone already. */
export async function writeExportInTurn(
  workspace: Workspace,
  made: Parameters<typeof writeExport>[1],
): Promise<WrittenExport> {
  const folder = await prepareExportsFolder(workspace);
  const partPath = join(folder, `${made.name}.zip.part`);
  const { sizeBytes, sha256, resumedBytes } = await writeArchive(
    partPath,
    made.entries,
    made.day,
    made.watch,
  );
  const { fileName, path } = await nameExport(workspace, partPath, made.name, '.zip', sha256);
  const { seatId, engagementId } = made;
  await recordExport(workspace, { fileName, sizeBytes, sha256, seatId, engagementId });
  return { fileName, path, sizeBytes, sha256, resumedBytes };
}

export async function recordExport(
  workspace: Workspace,
  exported: Omit<WrittenExport, 'path' | 'resumedBytes'> & {
    readonly seatId: string;
    readonly engagementId: string | null;
  },
): Promise<void> {
  const { fileName, sizeBytes, sha256, seatId, engagementId } = exported;
  const exportedAt = computeNow(workspace);
  const row = { fileName, seatId, engagementId, exportedAt, sizeBytes, sha256 };
  await workspace.db
    .insertInto('exports')
    .values(row)
    .onConflict((conflict) => conflict.column('fileName').doUpdateSet(row))
    .execute();
}

/**
 * Gives what lies whole at `partPath` its name, for good.
 * @throws StintError `workspace_unwritable` where the folder went away meanwhile, or takes no more files.
 */
export async function nameExport(
  workspace: Workspace,
  partPath: string,
  name: string,
  ending: string,
  sha256: string,
): Promise<{ readonly fileName: string; readonly path: string }> {
  const folder = workspace.exportsFolder;
  try {
    const fileName = await chooseExportName(workspace, name, ending, sha256);
    const path = join(folder, fileName);
    await rename(partPath, path);
    await syncFolder(folder);
    return { fileName, path };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw describeWriteFailure(error);
    throw new StintError(
      'workspace_unwritable',
      `the folder ${folder} was taken away while the file was written; export again`,
      { cause: error },
    );
  }
}

/** A name that nothing has yet, or that has the same bytes. */
async function chooseExportName(
  workspace: Workspace,
  name: string,
  ending: string,
  sha256: string,
): Promise<string> {
  const present = new Set(await readdir(workspace.exportsFolder));
  const same = await workspace.db
    .selectFrom('exports')
    .select('fileName')
    .where('sha256', '=', sha256)
    .execute();
  const replaceable = new Set(same.map(({ fileName }) => fileName));
  for (let number = 1; ; number += 1) {
    const fileName = number === 1 ? `${name}${ending}` : `${name} (${number})${ending}`;
    if (!present.has(fileName) || replaceable.has(fileName)) return fileName;
  }
}
