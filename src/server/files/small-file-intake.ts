import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileArrived } from '../../shared/mutations/file-mutations.ts';
import { StintError } from '../../shared/errors.ts';
import { computeIsoInstant } from '../../shared/ports.ts';
import type { ServerDatabase } from '../database/server-database.ts';
import type { ServerPorts } from '../ports/server-ports.ts';
import type { ProcessLink } from '../processes/process-link.ts';
import { runExclusively } from '../processes/run-exclusively.ts';
import { createForbidden } from '../sync/membership-lookup.ts';
import type { OrganizationSession, OrganizationWriter } from '../sync/organization-writer.ts';
import { runServerMutation } from '../sync/run-server-mutation.ts';
import type { BlobStore } from './blob-store.ts';
import { assertRoomWithin, enterContent } from './content-ledger.ts';
import { computeContentLock } from './content-lock.ts';
import { assertContentAllowed, assertMediaAllowed, type MediaPolicy } from './media-policy.ts';
import type { SmallFile } from './small-file-batch.ts';
import { getUploader } from './upload-right.ts';

const suffix = '.small';
/** What a process that was killed left; no request takes so long. */
const keptMs = 3_600_000;

export interface SmallFileIntake {
  /**
   * Takes in many small files at once: each verified by its hash, all of them on the disk before one transaction
   * grants them. Repeating it is harmless.
   * @returns the hashes of those that arrived; the others are to be sent one by one, which says why.
   * @throws StintError `forbidden`; nothing was taken then.
   */
  take(orgId: string, accountId: string, files: readonly SmallFile[]): Promise<string[]>;
  /** At start: removes what a killed process left. */
  sweep(): Promise<void>;
}

export function createSmallFileIntake(dependencies: {
  readonly database: ServerDatabase;
  readonly link: ProcessLink;
  readonly ports: ServerPorts;
  readonly writer: OrganizationWriter;
  readonly blobs: BlobStore;
  readonly folder: string;
  /** For organizations that have none of their own; undefined for none. */
  readonly quotaBytes: number | undefined;
  readonly onHealed: () => void;
  readonly mediaPolicy: MediaPolicy;
}): SmallFileIntake {
  const { database, link, ports, writer, blobs, folder, quotaBytes, onHealed, mediaPolicy } =
    dependencies;
  const hasPolicy = mediaPolicy.allowed !== undefined || mediaPolicy.denied !== undefined;

  async function isAllowed(file: SmallFile, sourcePath: string): Promise<boolean> {
    if (!hasPolicy) return true;
    try {
      assertMediaAllowed(mediaPolicy, file.mediaType ?? 'application/octet-stream');
      await assertContentAllowed(mediaPolicy, sourcePath);
      return true;
    } catch (error) {
      if (error instanceof StintError && error.code === 'media_refused') return false;
      throw error;
    }
  }

  /** Nobody may collect a content between its move and the grant that keeps it. */
  async function holdLocks<Result>(
    orgId: string,
    files: readonly SmallFile[],
    action: () => Promise<Result>,
  ): Promise<Result> {
    const [file, ...rest] = files;
    if (file === undefined) return await action();
    const key = computeContentLock({ orgId, sha256: file.sha256 });
    return await runExclusively(link, ports.timers, key, () => holdLocks(orgId, rest, action));
  }

  async function register(
    session: OrganizationSession,
    accountId: string,
    files: readonly SmallFile[],
  ): Promise<boolean> {
    const { trx, orgId } = session;
    const at = computeIsoInstant(ports.clock.nowMs());
    // Access may have ended while the bytes were written.
    const membership = await getUploader(trx, orgId, accountId);
    await trx
      .insertInto('fileGrants')
      .values(
        files.map(({ sha256, bytes }) => ({
          orgId,
          membershipId: membership.id,
          sha256,
          sizeBytes: bytes.byteLength,
          grantedAt: at,
        })),
      )
      .onConflict((conflict) => conflict.columns(['orgId', 'membershipId', 'sha256']).doNothing())
      .execute();
    const actor = { accountId, membershipId: membership.id, role: membership.role };
    let isHealed = false;
    for (const { sha256, bytes } of files) {
      const content = { sha256, sizeBytes: bytes.byteLength };
      await runServerMutation(session, ports, fileArrived, content, actor);
      const entered = await enterContent(trx, orgId, content, at);
      isHealed ||= entered.isHealed;
    }
    await assertRoomWithin(trx, orgId, quotaBytes);
    return isHealed;
  }

  async function takeSound(
    orgId: string,
    accountId: string,
    files: readonly SmallFile[],
    computePath: (file: SmallFile) => string,
  ): Promise<string[]> {
    await holdLocks(orgId, files, async () => {
      await blobs.adoptAll(
        orgId,
        files.map((file) => ({ sha256: file.sha256, sourcePath: computePath(file) })),
      );
      const isHealed = await writer.write(orgId, async (session) => {
        if (session === undefined) throw createForbidden();
        return await register(session, accountId, files);
      });
      if (isHealed) onHealed();
    });
    return files.map(({ sha256 }) => sha256);
  }

  return {
    async take(orgId, accountId, files) {
      const membership = await getUploader(database.db, orgId, accountId);
      // Whose access has ended may give what they sent alone: asked for each of them, one by one.
      if (membership.status !== 'active') return [];
      await mkdir(folder, { recursive: true });
      const batchId = ports.randomness.uuid();
      const computePath = ({ sha256 }: SmallFile): string =>
        path.join(folder, `${batchId}.${sha256}${suffix}`);
      const sound = files.filter(({ isSound }) => isSound);
      try {
        await Promise.all(
          sound.map((file) => writeFile(computePath(file), file.bytes, { mode: 0o600 })),
        );
        const areAllowed = await Promise.all(
          sound.map((file) => isAllowed(file, computePath(file))),
        );
        const allowed = sound.filter((_file, index) => areAllowed[index]);
        if (allowed.length === 0) return [];
        return await takeSound(orgId, accountId, allowed, computePath);
      } catch (error) {
        // One by one, some of them may find room still.
        if (error instanceof StintError && error.code === 'quota_exceeded') return [];
        throw error;
      } finally {
        await Promise.all(sound.map((file) => rm(computePath(file), { force: true })));
      }
    },
    async sweep() {
      const names = await readdir(folder).catch(() => []);
      for (const name of names.filter((candidate) => candidate.endsWith(suffix))) {
        const found = await stat(path.join(folder, name)).catch(() => undefined);
        const isOld = found !== undefined && found.mtimeMs < ports.clock.nowMs() - keptMs;
        if (isOld || !link.isShared) await rm(path.join(folder, name), { force: true });
      }
    },
  };
}
