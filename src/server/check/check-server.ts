import path from 'node:path';
import { StintError } from '../../shared/errors.ts';
import { assertDataFolder } from '../data-folder.ts';
import { keepContents } from '../database/contents-guard.ts';
import { describeUnavailable } from '../database/database-unavailable-error.ts';
import type { Head } from '../../shared/protocol/push.ts';
import {
  type DatabaseSnapshot,
  openDatabaseSnapshot,
  type StoredRow,
} from '../database/database-snapshot.ts';
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
    const contents = await checkContents(read.contents, blobs, problems);
    return { problems, contents, logEntries: read.logEntries };
  } catch (error) {
    throw describeUnavailable(error);
  } finally {
    release();
    blobs.close();
  }
}

/**
 * The log is checked as it is read. The snapshot ends before the contents are read, which may take hours: for as long as it
 * lasts, PostgreSQL clears nothing away of what the server replaces meanwhile.
 */
async function readTables(
  dataFolder: string,
  databaseUrl: string | undefined,
  problems: string[],
): Promise<{ readonly logEntries: number; readonly contents: Contents }> {
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

/** @returns how many entries there are. */
async function checkLog(snapshot: DatabaseSnapshot, problems: string[]): Promise<number> {
  const heads = await listHeads(snapshot);
  let count = 0;
  let chain: Chain = { orgId: '', head: emptyHead, isBroken: false };
  for await (const page of snapshot.readPages('mutationLog', ['orgId', 'seq']))
    for (const row of page) {
      const orgId = String(row['orgId']);
      if (orgId !== chain.orgId) {
        checkEnd(chain, heads, problems);
        chain = { orgId, head: emptyHead, isBroken: false };
      }
      follow(chain, row, problems);
      count += 1;
    }
  checkEnd(chain, heads, problems);
  for (const orgId of heads.keys())
    problems.push(`organization ${orgId}: the log is missing as a whole`);
  return count;
}

/** At which change the log of each organization that has any should end. */
async function listHeads(snapshot: DatabaseSnapshot): Promise<Map<string, number>> {
  const heads = new Map<string, number>();
  for await (const page of snapshot.readPages('organizationHeads'))
    for (const { orgId, seq } of page) if (Number(seq) > 0) heads.set(String(orgId), Number(seq));
  return heads;
}

/** Takes the organization out of `heads`. */
function checkEnd(
  { orgId, head, isBroken }: Chain,
  heads: Map<string, number>,
  problems: string[],
): void {
  const lastSeq = heads.get(orgId) ?? 0;
  heads.delete(orgId);
  if (!isBroken && head.seq < lastSeq)
    problems.push(`organization ${orgId}: the change ${head.seq + 1} of the log is missing`);
}

/** How far one organization's log was followed. */
interface Chain {
  readonly orgId: string;
  head: Head;
  /** Nothing after an entry that does not fit is worth asking. */
  isBroken: boolean;
}

function follow(chain: Chain, row: StoredRow, problems: string[]): void {
  const { orgId } = chain;
  const seq = Number(row['seq']);
  const argsHash = String(row['argsHash']);
  const wasErased = row['erasedAt'] !== null && row['erasedAt'] !== undefined;
  if (!wasErased && sha256Hex(String(row['argsJson'])) !== argsHash)
    problems.push(
      `organization ${orgId}: the change ${seq} of the log has other arguments than its hash says`,
    );
  if (chain.isBroken) return;
  const link = { id: String(row['mutationId']), argsHash, receivedAt: String(row['receivedAt']) };
  const next = computeLogHead(chain.head, link);
  chain.isBroken = next.seq !== seq || next.hash !== row['hash'];
  chain.head = next;
  if (next.seq !== seq)
    problems.push(`organization ${orgId}: the change ${next.seq} of the log is missing`);
  else if (chain.isBroken)
    problems.push(`organization ${orgId}: the log does not fit together at the change ${seq}`);
}

/** The hashes of what there should be, by organization. */
type Contents = ReadonlyMap<string, ReadonlySet<string>>;

async function listContents(snapshot: DatabaseSnapshot): Promise<Contents> {
  const contents = new Map<string, Set<string>>();
  for await (const page of snapshot.readPages('fileGrants'))
    for (const row of page) {
      const orgId = String(row['orgId']);
      const hashes = contents.get(orgId) ?? new Set();
      contents.set(orgId, hashes.add(String(row['sha256'])));
    }
  return contents;
}

/** @returns how many there should be. */
async function checkContents(
  contents: Contents,
  blobs: BlobStore,
  problems: string[],
): Promise<number> {
  let count = 0;
  for (const [orgId, hashes] of contents)
    for (const sha256 of hashes) {
      count += 1;
      const name = `the content ${sha256} of organization ${orgId}`;
      if ((await blobs.findSizeBytes(orgId, sha256)) === undefined)
        problems.push(`${name} is missing`);
      else if ((await findBlobSha256(blobs, orgId, sha256)) !== sha256)
        problems.push(`${name} is not what its hash says: the disk changed it`);
    }
  return count;
}
