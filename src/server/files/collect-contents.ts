import { sql } from 'kysely';
import { computeIsoInstant } from '../../shared/ports.ts';
import { tryToReleaseContents } from '../database/contents-guard.ts';
import { compareColumns } from '../database/compare-columns.ts';
import type { ServerDatabase, ServerTransaction } from '../database/server-database.ts';
import type { ServerPorts } from '../ports/server-ports.ts';
import type { ProcessLink } from '../processes/process-link.ts';
import { runExclusively } from '../processes/run-exclusively.ts';
import { yieldToOthers } from '../sync/yield-to-others.ts';
import type { BlobStore } from './blob-store.ts';
import { changeUsedBytes, computeMiscount, recountUsedBytes } from './content-ledger.ts';
import { computeContentLock } from './content-lock.ts';
import { type ContentKey, isReferredTo } from './content-references.ts';

/** How long a content stays after the last that referred to it. */
export const keptLooseMs = 7 * 24 * 3_600_000;
/** How long what was set aside as damaged is kept for whoever wants to look at it. */
const keptAsideMs = 30 * 24 * 3_600_000;
const pageRows = 100;

export interface Collection {
  /** Nothing refers to them; they are kept until seven days have gone by. */
  readonly looseContents: number;
  readonly looseBytes: number;
  readonly collectedContents: number;
  readonly collectedBytes: number;
  /** In the store, and known to no table: what a process that died, or a restored database, left. */
  readonly collectedStrays: number;
  /** Why it ended early, if it did; it goes on the next time. */
  readonly postponed: string | null;
}

export interface CollectorDependencies {
  readonly database: ServerDatabase;
  readonly link: ProcessLink;
  readonly ports: Pick<ServerPorts, 'clock' | 'timers'>;
  readonly blobs: BlobStore;
  readonly dataFolder: string;
}

interface Candidate extends ContentKey {
  readonly sizeBytes: number;
}

const postponedBy = 'a backup or a check is reading the contents; they are collected later';
const postponedByEnd = 'the server was told to end; they are collected later';

/**
 * Removes the contents to which nothing has referred for seven days: no attachment, no draft that could bring it back,
 * no submission in quarantine, no upload. What decides is looked at once more in the transaction that takes the
 * grants away, with the organization locked as for a push: an attach comes before it, and keeps the content, or after,
 * and then the server asks its device for the file again. The bytes go after that, under the content's own lock, which
 * an upload of the same content waits for; and not while a backup reads.
 *
 * `isDryRun` changes nothing, and says what would be removed now.
 */
export async function collectContents(
  dependencies: CollectorDependencies,
  isDryRun = false,
): Promise<Collection> {
  const { database, link, ports, blobs } = dependencies;
  // What is collected must not come back out of a journal. What cannot be settled, its server tells at each start; a full
  // disk, for one, is no reason to collect nothing.
  if (!isDryRun) await blobs.settle().catch(() => undefined);
  const nowMs = ports.clock.nowMs();
  const now = computeIsoInstant(nowMs);
  const limit = computeIsoInstant(nowMs - keptLooseMs);
  const found = { looseContents: 0, looseBytes: 0, collectedContents: 0, collectedBytes: 0 };
  const answer = (collectedStrays: number, postponed: string | null): Collection => ({
    ...found,
    collectedStrays,
    postponed,
  });
  for await (const { loose, referred } of listByReference(database, limit)) {
    if (!isDryRun) await noteLoose(database, loose, referred, now);
    for (const candidate of loose) {
      if (link.ending.aborted) return answer(0, postponedByEnd);
      const isDue =
        candidate.looseSince !== null &&
        candidate.looseSince <= limit &&
        candidate.lastGivenAt <= limit;
      const isCollected = isDue && (isDryRun || (await collectOne(dependencies, candidate, limit)));
      if (isCollected === 'postponed') return answer(0, postponedBy);
      found[isCollected ? 'collectedContents' : 'looseContents'] += 1;
      found[isCollected ? 'collectedBytes' : 'looseBytes'] += candidate.sizeBytes;
    }
  }
  const strays = await collectStrays(dependencies, nowMs - keptLooseMs, isDryRun);
  if (strays === 'postponed') return answer(0, link.ending.aborted ? postponedByEnd : postponedBy);
  if (!isDryRun) {
    await blobs.removeSetAside(nowMs - keptAsideMs);
    await recount(database);
  }
  return answer(strays, null);
}

interface LooseContent extends Candidate {
  readonly looseSince: string | null;
  readonly lastGivenAt: string;
}

/**
 * The ledger in pages, by whether something refers to each. No one state of it: whoever takes a content away looks at it once
 * more, and others have their turn in between.
 */
async function* listByReference(
  database: ServerDatabase,
  limit: string,
): AsyncGenerator<{ loose: LooseContent[]; referred: Candidate[] }> {
  let after = { orgId: '', sha256: '' };
  for (;;) {
    const rows = await database.db
      .selectFrom('contents')
      .select(['orgId', 'sha256', 'sizeBytes', 'looseSince', 'storedAt'])
      .where(compareColumns(['orgId', 'sha256'], '>', [after.orgId, after.sha256]))
      .orderBy('orgId')
      .orderBy('sha256')
      .limit(pageRows)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    const loose: LooseContent[] = [];
    const referred: Candidate[] = [];
    for (const row of rows) {
      if (await isReferredTo(database.db, row, limit)) {
        if (row.looseSince !== null) referred.push(row);
        continue;
      }
      loose.push({ ...row, lastGivenAt: await findLastGivenAt(database, row) });
      // All that waits in quarantine was looked through for it.
      await yieldToOthers();
    }
    yield { loose, referred };
    await yieldToOthers();
    after = last;
  }
}

async function findLastGivenAt(
  { db }: ServerDatabase,
  { orgId, sha256, storedAt }: ContentKey & { readonly storedAt: string },
): Promise<string> {
  const given = await db
    .selectFrom('fileGrants')
    .select((grant) => grant.fn.max('grantedAt').as('at'))
    .where('orgId', '=', orgId)
    .where('sha256', '=', sha256)
    .executeTakeFirst();
  return given?.at ?? storedAt;
}

async function noteLoose(
  database: ServerDatabase,
  loose: readonly LooseContent[],
  referred: readonly Candidate[],
  now: string,
): Promise<void> {
  const fresh = loose.filter(({ looseSince }) => looseSince === null);
  if (fresh.length + referred.length === 0) return;
  await database.write(async (trx) => {
    for (const [contents, looseSince] of [
      [fresh, now],
      [referred, null],
    ] as const)
      for (const { orgId, sha256 } of contents)
        await trx
          .updateTable('contents')
          .set({ looseSince })
          .where('orgId', '=', orgId)
          .where('sha256', '=', sha256)
          .execute();
  });
}

/** Whether it was collected; not if something came to refer to it meanwhile. */
async function collectOne(
  { database, link, ports, blobs, dataFolder }: CollectorDependencies,
  candidate: Candidate,
  limit: string,
): Promise<boolean | 'postponed'> {
  const key = computeContentLock(candidate);
  return await runExclusively(link, ports.timers, key, async (assertHeld) => {
    const release = tryToReleaseContents(dataFolder);
    if (release === undefined) return 'postponed';
    try {
      const isTaken = await database.write(async (trx) => {
        const isTakenNow = await takeFromTables(database, trx, candidate, limit);
        await assertHeld();
        return isTakenNow;
      });
      // Somebody may be giving it again by now: what is left then belongs to no table, and is collected as such.
      await assertHeld();
      if (isTaken) await blobs.remove(candidate.orgId, candidate.sha256);
      return isTaken;
    } finally {
      release();
    }
  });
}

async function takeFromTables(
  database: ServerDatabase,
  trx: ServerTransaction,
  { orgId, sha256, sizeBytes }: Candidate,
  limit: string,
): Promise<boolean> {
  await database.lockHead(trx, orgId);
  if (await isReferredTo(trx, { orgId, sha256 }, limit)) return false;
  const fresh = await trx
    .selectFrom('fileGrants')
    .select('sha256')
    .where('orgId', '=', orgId)
    .where('sha256', '=', sha256)
    .where('grantedAt', '>', limit)
    .limit(1)
    .executeTakeFirst();
  if (fresh !== undefined) return false;
  const { numDeletedRows } = await trx
    .deleteFrom('contents')
    .where('orgId', '=', orgId)
    .where('sha256', '=', sha256)
    .executeTakeFirst();
  // Another collection was quicker: what it took of the quota has come back.
  if (numDeletedRows === 0n) return false;
  await trx
    .deleteFrom('fileGrants')
    .where('orgId', '=', orgId)
    .where('sha256', '=', sha256)
    .execute();
  await changeUsedBytes(trx, orgId, -sizeBytes);
  return true;
}

/** What no table knows, and is older than any upload under way could make it. */
async function collectStrays(
  { database, link, ports, blobs, dataFolder }: CollectorDependencies,
  beforeMs: number,
  isDryRun: boolean,
): Promise<number | 'postponed'> {
  let count = 0;
  for await (const blob of blobs.list()) {
    if (link.ending.aborted) return 'postponed';
    if (blob.storedAtMs >= beforeMs || (await isKnown(database, blob))) continue;
    if (isDryRun) {
      count += 1;
      continue;
    }
    const isRemoved = await runExclusively(
      link,
      ports.timers,
      computeContentLock(blob),
      async (assertHeld) => {
        const release = tryToReleaseContents(dataFolder);
        if (release === undefined) return 'postponed' as const;
        try {
          if (await isKnown(database, blob)) return false;
          await assertHeld();
          await blobs.remove(blob.orgId, blob.sha256);
          return true;
        } finally {
          release();
        }
      },
    );
    if (isRemoved === 'postponed') return 'postponed';
    if (isRemoved) count += 1;
  }
  return count;
}

async function isKnown(
  database: ServerDatabase,
  { orgId, sha256 }: { readonly orgId: string; readonly sha256: string },
): Promise<boolean> {
  for (const table of ['contents', 'fileGrants', 'uploads'] as const) {
    const found = await database.db
      .selectFrom(table)
      .select('sha256')
      .where('orgId', '=', orgId)
      .where('sha256', '=', sha256)
      .limit(1)
      .executeTakeFirst();
    if (found !== undefined) return true;
  }
  return false;
}

async function recount(database: ServerDatabase): Promise<void> {
  const { rows } = await sql<{ orgId: string }>`
    select "orgId" from "organizationStorage"`.execute(database.db);
  for (const { orgId } of rows) {
    // Mostly it is right, and what is only read waits for no disk.
    if ((await database.read((trx) => computeMiscount(trx, orgId))) !== 0)
      await database.write((trx) => recountUsedBytes(trx, orgId));
    await yieldToOthers();
  }
}
