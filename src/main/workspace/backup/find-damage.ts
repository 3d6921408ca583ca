import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkspaceDamage } from '../../../shared/contract/recovery-requests.ts';
import { readDatabaseFileSize } from '../database/database-file-size.ts';
import { readFromCopy, readSeatIdentities } from '../database/read-unsent-rows.ts';
import { findDatabaseProblem } from '../database/run-database-task.ts';
import { computeCopiesFolder } from './automatic-copies.ts';
import { listCopies } from './copy-folders.ts';
import { listDatabases } from './create-copy.ts';

/**
 * Looks at every database of a workspace's folder, with SQLite's own check, in a thread of its own. Nothing is
 * written.
 * @param reported what an opening or a request said, for the case that the check finds nothing.
 * @returns undefined where all are whole.
 */
export async function findDamage(
  workspaceFolder: string,
  temporaryFolder: string,
  reported?: string,
): Promise<WorkspaceDamage | undefined> {
  const problems = new Map<string, string>();
  if (await isIndexMissing(workspaceFolder))
    problems.set('workspace.db', 'the file is missing or empty, and there is work beside it');
  for (const name of await listDatabases(workspaceFolder)) {
    const path = join(workspaceFolder, name);
    // One that cannot be looked at just now may be whole.
    const problem =
      (await findCutEnd(path)) ?? (await findDatabaseProblem(path).catch(() => undefined));
    if (problem !== undefined) problems.set(name, problem);
  }
  const identities = await readFromCopy(
    join(workspaceFolder, 'workspace.db'),
    temporaryFolder,
    readSeatIdentities,
  ).catch(() => undefined);
  const seatIds = identities?.seats.map(({ seatId }) => seatId) ?? [];
  for (const name of await listMissingSeats(workspaceFolder, seatIds))
    problems.set(name, 'the file is missing or empty, and a copy holds it');
  if (problems.size === 0) {
    const name = /((?:seats\/[0-9a-f-]{36}\/seat|workspace)\.db)/.exec(
      reported?.replaceAll('\\', '/') ?? '',
    )?.[1];
    if (reported === undefined || name === undefined) return undefined;
    problems.set(name, reported);
  }
  const databases = [...problems].map(([name, problem]) => ({
    name,
    organizationName:
      identities?.seats.find(({ seatId }) => name.includes(seatId))?.organizationName ?? null,
    problem,
  }));
  return {
    message: describeDamage(databases),
    databases,
    newestCopyId: await findNewestCopy(workspaceFolder, [...problems.keys()]),
  };
}

/** A workspace's own database is gone, or empty, while seats are there: opening would begin an empty workspace. */
export async function isIndexMissing(workspaceFolder: string): Promise<boolean> {
  const [first] = await listDatabases(workspaceFolder);
  return first !== undefined && first !== 'workspace.db';
}

/**
 * The databases of seats that are gone, or empty, while a copy holds them: opening would begin empty ones, without what was not
 * sent. One that no copy holds may never have been made.
 */
export async function listMissingSeats(
  workspaceFolder: string,
  seatIds: readonly string[],
): Promise<string[]> {
  const known = new Set(await listDatabases(workspaceFolder));
  const missing = seatIds
    .map((seatId) => `seats/${seatId}/seat.db`)
    .filter((name) => !known.has(name));
  if (missing.length === 0) return [];
  const copies = await listCopies(computeCopiesFolder(workspaceFolder));
  const held = new Set(
    copies.flatMap(({ manifest, problem }) =>
      problem === undefined ? (manifest?.databases.map(({ name }) => name) ?? []) : [],
    ),
  );
  return missing.filter((name) => held.has(name));
}

/**
 * SQLite takes a file that lost its end as it is until it reads a page that is not there. The header says how many
 * pages there are (sqlite.org/fileformat, section 1.3); with a write-ahead log beside it, the pages may be in that.
 */
async function findCutEnd(path: string): Promise<string | undefined> {
  const walBytes = (await stat(`${path}-wal`).catch(() => undefined))?.size ?? 0;
  if (walBytes > 0) return undefined;
  const size = await readDatabaseFileSize(path).catch(() => undefined);
  if (size === undefined || size.foundBytes >= size.expectedBytes) return undefined;
  return `the file is cut short: expected ${size.expectedBytes} bytes, found ${size.foundBytes}`;
}

function describeDamage(databases: WorkspaceDamage['databases']): string {
  const names = databases
    .map(({ name, organizationName }) =>
      organizationName === null ? name : `${name} (${organizationName})`,
    )
    .join(', ');
  return `a database of this workspace is damaged: ${names}; nothing was changed`;
}

/** The newest copy that holds every database which is damaged. */
async function findNewestCopy(
  workspaceFolder: string,
  names: readonly string[],
): Promise<string | null> {
  const copies = await listCopies(computeCopiesFolder(workspaceFolder));
  const usable = copies.find(
    ({ manifest, problem }) =>
      problem === undefined &&
      names.every((name) => manifest?.databases.some((database) => database.name === name)),
  );
  return usable?.name ?? null;
}
