import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Selectable } from 'kysely';
import { StintError } from '../../shared/errors.ts';
import { fileArrived } from '../../shared/mutations/file-mutations.ts';
import { computeIsoInstant } from '../../shared/ports.ts';
import type { ServerDatabase, ServerTransaction } from '../database/server-database.ts';
import type { ServerTables } from '../database/server-tables.ts';
import type { ServerPorts } from '../ports/server-ports.ts';
import type { ProcessLink } from '../processes/process-link.ts';
import { runExclusively } from '../processes/run-exclusively.ts';
import { createForbidden } from '../sync/membership-lookup.ts';
import type { OrganizationWriter } from '../sync/organization-writer.ts';
import { runServerMutation } from '../sync/run-server-mutation.ts';
import type { BlobStore } from './blob-store.ts';
import { enterContents, releaseRoom, reserveRoom } from './content-ledger.ts';
import { computeContentLock } from './content-lock.ts';
import { computeFileSha256 } from './file-hash.ts';
import { assertContentAllowed, type MediaPolicy, sniffedBytes } from './media-policy.ts';
import { listForgottenUploads } from './forgotten-uploads.ts';
import { getUploader } from './upload-right.ts';

export type UploadRow = Selectable<ServerTables['uploads']>;

/** An upload younger than this that has no content may just be on its way through another process. */
const keptEmptyMs = 3_600_000;
/** So many uploads of one account wait for their ends. A device begins few at a time, and finishes them. */
const mostBegun = 1000;

export interface UploadRegistry {
  readonly folder: string;
  /** @throws StintError `forbidden`, `quota_exceeded`, or `rate_limited` where too many were begun and not finished. */
  create(upload: {
    readonly id: string;
    readonly orgId: string;
    readonly accountId: string;
    readonly sha256: string;
    readonly sizeBytes: number;
  }): Promise<void>;
  /** Undefined for an id that does not exist, or is another person's or organization's. */
  find(orgId: string, accountId: string, uploadId: string): Promise<UploadRow | undefined>;
  /**
   * Takes a whole upload over: hash, move, grant, `file.arrived`. Each step can be repeated, so that it
   * goes on after a crash at any point.
   * @param receivedSha256 of all its bytes as they came, where that is known; else they are read.
   * @throws StintError `hash_mismatch`; the upload is gone then.
   */
  complete(uploadId: string, receivedSha256?: string): Promise<void>;
  /** Completes an upload whose bytes are all there though its end was never reached; else does nothing. */
  completeIfWhole(upload: UploadRow): Promise<void>;
  /** Ends an upload. Of this and its completion the first to be committed holds: nothing arrives, or all of it has. */
  remove(uploadId: string): Promise<void>;
  /**
   * Looks at what has come so far, once there is enough to tell its type.
   * @throws StintError `media_refused`; the upload is gone then.
   */
  assertMedia(upload: UploadRow): Promise<void>;
  /** At start: completes what was whole when the process ended, and forgets what is too old or has no content. */
  recover(reportFault: (error: unknown) => void): Promise<void>;
  /** From time to time: forgets what nobody comes back to any more. */
  sweep(): Promise<void>;
  /** Settles when nothing is being completed any more. */
  flush(): Promise<void>;
}

export function createUploadRegistry(dependencies: {
  readonly database: ServerDatabase;
  readonly link: ProcessLink;
  readonly ports: ServerPorts;
  readonly writer: OrganizationWriter;
  readonly blobs: BlobStore;
  readonly folder: string;
  /** For organizations that have none of their own; undefined for none. */
  readonly quotaBytes: number | undefined;
  /** Called when a content that was damaged has come again. */
  readonly onHealed: () => void;
  readonly mediaPolicy: MediaPolicy;
}): UploadRegistry {
  const { database, link, ports, writer, blobs, folder, quotaBytes, onHealed, mediaPolicy } =
    dependencies;
  const now = (): string => computeIsoInstant(ports.clock.nowMs());
  const computePath = (uploadId: string): string => path.join(folder, uploadId);

  async function remove(uploadId: string): Promise<void> {
    await database.write(async (trx) => {
      const removed = await trx
        .selectFrom('uploads')
        .select('orgId')
        .where('id', '=', uploadId)
        .executeTakeFirst();
      if (removed === undefined) return;
      await releaseRoom(trx, removed.orgId, uploadId);
      await trx.deleteFrom('uploads').where('id', '=', uploadId).execute();
    });
    await rm(computePath(uploadId), { force: true });
    await rm(`${computePath(uploadId)}.json`, { force: true });
  }

  async function assertMedia(upload: UploadRow): Promise<void> {
    if (mediaPolicy.allowed === undefined && mediaPolicy.denied === undefined) return;
    try {
      await assertContentAllowed(mediaPolicy, computePath(upload.id));
    } catch (error) {
      if (error instanceof StintError && error.code === 'media_refused') await remove(upload.id);
      throw error;
    }
  }

  async function verify(upload: UploadRow, receivedSha256?: string): Promise<void> {
    await assertMedia(upload);
    const found = receivedSha256 ?? (await computeFileSha256(computePath(upload.id)));
    if (found !== upload.sha256) {
      await remove(upload.id);
      throw new StintError(
        'hash_mismatch',
        `the upload was announced with the SHA-256 ${upload.sha256} but has ${found}; it was removed, send the file again from its start`,
      );
    }
    // Noted before the move: after a crash, a content that is in its place proves what this person gave.
    await database.db
      .updateTable('uploads')
      .set({ verifiedAt: now() })
      .where('id', '=', upload.id)
      .execute();
  }

  /**
   * The grant, the arrival and the end of the upload are one transaction.
   * @param assertHeld throws where the content's lock was lost: then it may have been collected meanwhile.
   */
  async function register(upload: UploadRow, assertHeld: () => Promise<void>): Promise<void> {
    const isHealed = await writer.write(upload.orgId, async (session) => {
      if (session === undefined) throw createForbidden();
      await session.trx
        .insertInto('fileGrants')
        .values({
          orgId: upload.orgId,
          membershipId: upload.membershipId,
          sha256: upload.sha256,
          sizeBytes: upload.sizeBytes,
          grantedAt: now(),
        })
        .onConflict((conflict) => conflict.columns(['orgId', 'membershipId', 'sha256']).doNothing())
        .execute();
      const membership = await session.trx
        .selectFrom('memberships')
        .select('role')
        .where('orgId', '=', upload.orgId)
        .where('id', '=', upload.membershipId)
        .executeTakeFirstOrThrow();
      await runServerMutation(
        session,
        ports,
        fileArrived,
        { sha256: upload.sha256, sizeBytes: upload.sizeBytes },
        { accountId: upload.accountId, membershipId: upload.membershipId, role: membership.role },
      );
      const content = { sha256: upload.sha256, sizeBytes: upload.sizeBytes };
      const entered = await enterContents(session.trx, upload.orgId, [content], now());
      const { numUpdatedRows } = await session.trx
        .updateTable('uploads')
        .set({ finishedAt: now() })
        .where('id', '=', upload.id)
        .executeTakeFirst();
      // Ended by its person while it was looked at: that came first, and nothing has arrived.
      if (numUpdatedRows === 0n) throw createNoSuchUpload();
      await releaseRoom(session.trx, upload.orgId, upload.id);
      await assertHeld();
      return entered.isHealed;
    });
    if (isHealed) onHealed();
  }

  const completing = new Map<string, Promise<void>>();

  /** A device that lost its connection may ask for the end twice: both wait for the one that runs. */
  function complete(uploadId: string, receivedSha256?: string): Promise<void> {
    const running = completing.get(uploadId);
    if (running !== undefined) return running;
    // The same among processes: the second one waits, and finds the upload finished.
    const started = runExclusively(link, ports.timers, `upload end ${uploadId}`, () =>
      runSteps(uploadId, receivedSha256),
    ).finally(() => completing.delete(uploadId));
    completing.set(uploadId, started);
    return started;
  }

  async function runSteps(uploadId: string, receivedSha256?: string): Promise<void> {
    const upload = await database.db
      .selectFrom('uploads')
      .selectAll()
      .where('id', '=', uploadId)
      .executeTakeFirst();
    // Another process may have looked at it before, and refused it.
    if (upload === undefined) throw createNoSuchUpload();
    if (upload.finishedAt !== null) return;
    // Access may have ended while the bytes were on their way.
    await getUploader(database.db, upload.orgId, upload.accountId, upload);
    if (upload.verifiedAt === null) await verify(upload, receivedSha256);
    // Nobody may collect a content between its move and the grant that keeps it.
    await runExclusively(link, ports.timers, computeContentLock(upload), async (assertHeld) => {
      const foundBytes = await findFileSizeBytes(computePath(upload.id));
      if (foundBytes !== undefined)
        await blobs.adopt(upload.orgId, upload.sha256, computePath(upload.id));
      // Moved before, or ended by its person while it was looked at: then nothing has arrived.
      else if ((await blobs.findSizeBytes(upload.orgId, upload.sha256)) !== upload.sizeBytes)
        throw createNoSuchUpload();
      await register(upload, assertHeld);
    });
    await rm(`${computePath(upload.id)}.json`, { force: true });
  }

  /** Whether all its bytes are there: where they arrive, or, verified, in their place already. */
  async function isWhole(upload: UploadRow): Promise<boolean> {
    if ((await findFileSizeBytes(computePath(upload.id))) === upload.sizeBytes) return true;
    return (
      upload.verifiedAt !== null &&
      (await blobs.findSizeBytes(upload.orgId, upload.sha256)) === upload.sizeBytes
    );
  }

  async function recoverOne(upload: UploadRow): Promise<void> {
    if (upload.finishedAt !== null) return;
    if (await isWhole(upload)) await complete(upload.id);
    else if (
      (await findFileSizeBytes(computePath(upload.id))) === undefined &&
      !mayBeBeginning(upload)
    )
      await remove(upload.id);
  }

  function mayBeBeginning({ createdAt }: UploadRow): boolean {
    return link.isShared && createdAt > computeIsoInstant(ports.clock.nowMs() - keptEmptyMs);
  }

  async function sweep(): Promise<void> {
    const forgotten = await listForgottenUploads(database, folder, ports.clock.nowMs());
    for (const id of forgotten) if (!completing.has(id)) await remove(id);
  }

  return {
    folder,
    remove,
    complete,
    sweep,
    async assertMedia(upload) {
      const arrivedBytes = (await findFileSizeBytes(computePath(upload.id))) ?? 0;
      if (arrivedBytes >= sniffedBytes) await assertMedia(upload);
    },
    async completeIfWhole(upload) {
      if (completing.has(upload.id) || (upload.finishedAt === null && (await isWhole(upload))))
        await complete(upload.id);
    },
    async flush() {
      await Promise.allSettled(completing.values());
    },
    async create({ id, orgId, accountId, sha256, sizeBytes }) {
      await mkdir(folder, { recursive: true });
      await database.write(async (trx) => {
        const membership = await getUploader(trx, orgId, accountId, { sha256, sizeBytes });
        await assertFewBegun(trx, accountId);
        const reservedBytes = await reserveRoom(
          trx,
          { orgId, membershipId: membership.id },
          { sha256, sizeBytes },
          quotaBytes,
        );
        await trx
          .insertInto('uploads')
          .values({
            id,
            orgId,
            membershipId: membership.id,
            accountId,
            sha256,
            sizeBytes,
            createdAt: now(),
            verifiedAt: null,
            finishedAt: null,
            reservedBytes,
          })
          .execute();
      });
    },
    find: (orgId, accountId, uploadId) =>
      database.db
        .selectFrom('uploads')
        .selectAll()
        .where('id', '=', uploadId)
        .where('orgId', '=', orgId)
        .where('accountId', '=', accountId)
        .executeTakeFirst(),
    async recover(reportFault) {
      const uploads = await database.db.selectFrom('uploads').selectAll().execute();
      for (const upload of uploads) {
        try {
          await recoverOne(upload);
        } catch (error) {
          // One that cannot be completed must not keep the server from starting.
          reportFault(error);
        }
      }
      await sweep();
    },
  };
}

/** Each takes a row and two files, also where nothing of it ever comes. */
async function assertFewBegun(trx: ServerTransaction, accountId: string): Promise<void> {
  const { count } = await trx
    .selectFrom('uploads')
    .select((row) => row.fn.countAll().as('count'))
    .where('accountId', '=', accountId)
    .where('finishedAt', 'is', null)
    .executeTakeFirstOrThrow();
  if (Number(count) >= mostBegun)
    throw new StintError(
      'rate_limited',
      `this account has begun ${mostBegun} uploads that are not finished; finish or end some of them first`,
    );
}

const createNoSuchUpload = (): StintError =>
  new StintError('not_found', 'there is no such upload of this account');

async function findFileSizeBytes(filePath: string): Promise<number | undefined> {
  try {
    return (await stat(filePath)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
