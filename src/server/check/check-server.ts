import path from 'node:path';
import { StintError } from '../../shared/errors.ts';
import { assertDataFolder } from '../data-folder.ts';
import { keepContents } from '../database/contents-guard.ts';
import { describeUnavailable } from '../database/database-unavailable-error.ts';
import { type DatabaseSnapshot, openDatabaseSnapshot } from '../database/database-snapshot.ts';
import { findBlobSha256 } from '../files/blob-hash.ts';
import { openBlobStore } from '../files/blob-location.ts';
import type { BlobStore } from '../files/blob-store.ts';
import { sha256Hex } from '../sha256-hex.ts';
import { computeLogHead, emptyHead } from '../sync/log-hash.ts';

export interface ServerCheck {
  /** One line each, fit for people: what is not as it was written. */
  readonly problems: readonly string[];
  readonly contents: number;
  readonly logEntries: number;
}

/**
 * Reads what a server keeps, and compares it with its hashes: every content that arrived (SY-22), and the log with its
 * chain (SY-15). Nothing is changed; the server may run meanwhile.
 * @throws StintError `not_found` for a folder that is no server's, `database_damaged`, `unavailable`.
 */
export async function checkServer(options: {
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
  /** Where the contents lie, if not in the folder. */
  readonly blobs?: string | undefined;
}): Promise<ServerCheck> {
  const { dataFolder, databaseUrl } = options;
  await assertDataFolder(dataFolder);
  const blobs = await openBlobStore(path.join(dataFolder, 'blobs'), options.blobs);
  // Before the state is chosen that is read: what it names must still be there when its turn comes.
  const release = keepContents(dataFolder);
  try {
    const problems: string[] = [];
    const read = await readTables(dataFolder, databaseUrl, problems);
    await checkContents(read.contents, blobs, problems);
    return { problems, contents: read.contents.length, logEntries: read.logEntries };
  } catch (error) {
    throw describeUnavailable(error);
  } finally {
    release();
    blobs.close();
  }
}

interface NamedContent {
  readonly orgId: string;
  readonly sha256: string;
}

/**
 * The log is checked as it is read. The snapshot ends before the contents are read, which may take hours: for as long as it
 * lasts, PostgreSQL clears nothing away of what the server replaces meanwhile.
 */
async function readTables(
  dataFolder: string,
  databaseUrl: string | undefined,
  problems: string[],
): Promise<{ readonly logEntries: number; readonly contents: readonly NamedContent[] }> {
  const snapshot = await openDatabaseSnapshot(path.join(dataFolder, 'server.db'), databaseUrl);
  try {
    if (!snapshot.tables.includes('mutationLog'))
      throw new StintError('not_found', 'the database holds no server');
    return {
      logEntries: await checkLog(snapshot, problems),
      contents: await listContents(snapshot),
    };
  } finally {
    await snapshot.close();
  }
}

interface LogLink {
  readonly id: string;
  readonly argsHash: string;
  readonly receivedAt: string;
  readonly hash: string;
}

/** @returns how many entries there are. */
async function checkLog(snapshot: DatabaseSnapshot, problems: string[]): Promise<number> {
  const links = new Map<string, Map<number, LogLink>>();
  let count = 0;
  for await (const page of snapshot.readPages('mutationLog'))
    for (const row of page) {
      const orgId = String(row['orgId']);
      const seq = Number(row['seq']);
      const argsHash = String(row['argsHash']);
      const wasErased = row['erasedAt'] !== null && row['erasedAt'] !== undefined;
      if (!wasErased && sha256Hex(String(row['argsJson'])) !== argsHash)
        problems.push(
          `organization ${orgId}: the change ${seq} of the log has other arguments than its hash says`,
        );
      const known = links.get(orgId) ?? new Map<number, LogLink>();
      links.set(orgId, known);
      known.set(seq, {
        id: String(row['mutationId']),
        argsHash,
        receivedAt: String(row['receivedAt']),
        hash: String(row['hash']),
      });
      count += 1;
    }
  for (const [orgId, known] of links) problems.push(...checkChain(orgId, known));
  return count;
}

function checkChain(orgId: string, links: ReadonlyMap<number, LogLink>): string[] {
  let head = emptyHead;
  for (let seq = 1; seq <= links.size; seq += 1) {
    const link = links.get(seq);
    if (link === undefined)
      return [`organization ${orgId}: the change ${seq} of the log is missing`];
    head = computeLogHead(head, link);
    if (head.hash !== link.hash)
      return [`organization ${orgId}: the log does not fit together at the change ${seq}`];
  }
  return [];
}

/** What there should be, each content once per organization. */
async function listContents(snapshot: DatabaseSnapshot): Promise<NamedContent[]> {
  const contents = new Map<string, NamedContent>();
  for await (const page of snapshot.readPages('fileGrants'))
    for (const row of page) {
      const content = { orgId: String(row['orgId']), sha256: String(row['sha256']) };
      contents.set(`${content.orgId}/${content.sha256}`, content);
    }
  return [...contents.values()];
}

async function checkContents(
  contents: readonly NamedContent[],
  blobs: BlobStore,
  problems: string[],
): Promise<void> {
  for (const { orgId, sha256 } of contents) {
    const name = `the content ${sha256} of organization ${orgId}`;
    if ((await blobs.findSizeBytes(orgId, sha256)) === undefined)
      problems.push(`${name} is missing`);
    else if ((await findBlobSha256(blobs, orgId, sha256)) !== sha256)
      problems.push(`${name} is not what its hash says: the disk changed it`);
  }
}
