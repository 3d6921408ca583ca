import { filesArrived } from '../../shared/mutations/file-mutations.ts';
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
import { assertRoomWithin, enterContents, hasRoomFor } from './content-ledger.ts';
import { computeContentLock } from './content-lock.ts';
import { assertBytesAllowed, assertMediaAllowed, type MediaPolicy } from './media-policy.ts';
import type { SmallFile } from './small-file-batch.ts';
import { getUploader } from './upload-right.ts';

/** What was taken is left to the system for so long after the last of it, which then has written most by itself. */
const settleAfterMs = 30_000;

/**
 * So many groups hold their locks at once. Each content's is one of the locks that PostgreSQL has room for in all
 * (`max_locks_per_transaction` times `max_connections`, 6,400 by default); without room no statement runs any more.
 */
const groupsAtOnce = 2;

export interface SmallFileIntake {
  /**
   * Takes in many small files at once: each verified by its hash, all of them on the disk before one transaction
   * grants them. Repeating it is harmless.
   * @returns the hashes of those that arrived; the others are to be sent one by one, which says why.
   * @throws StintError `forbidden`; nothing was taken then.
   */
  take(orgId: string, accountId: string, files: readonly SmallFile[]): Promise<string[]>;
  /** At the end: what is left to do is done at the next start. */
  stop(): Promise<void>;
}

export function createSmallFileIntake(dependencies: {
  readonly database: ServerDatabase;
  readonly link: ProcessLink;
  readonly ports: ServerPorts;
  readonly writer: OrganizationWriter;
  readonly blobs: BlobStore;
  /** For organizations that have none of their own; undefined for none. */
  readonly quotaBytes: number | undefined;
  readonly onHealed: () => void;
  /** Called with how many bytes of contents have arrived together. */
  readonly onArrived: (sizeBytes: number) => void;
  readonly mediaPolicy: MediaPolicy;
  readonly reportFault: (error: unknown) => void;
}): SmallFileIntake {
  const { database, link, ports, writer, blobs, quotaBytes, onHealed, onArrived } = dependencies;
  const { mediaPolicy, reportFault } = dependencies;
  const hasPolicy = mediaPolicy.allowed !== undefined || mediaPolicy.denied !== undefined;

  /** What is being put down and not entered yet, by organization: groups at once must not all take the same room. */
  const promisedBytes = new Map<string, number>();

  let cancelSettling = (): void => undefined;
  let settling: Promise<void> = Promise.resolve();
  let isStopped = false;

  function settleLater(): void {
    cancelSettling();
    // A request whose line was cut goes on until it meets the closed database.
    if (isStopped) return;
    cancelSettling = ports.timers.after(settleAfterMs, () => {
      settling = blobs.settle().catch(reportFault);
    });
  }

  let groupsUnderWay = 0;
  const waitingGroups: (() => void)[] = [];

  async function takeTurn<Result>(action: () => Promise<Result>): Promise<Result> {
    if (groupsUnderWay < groupsAtOnce) groupsUnderWay += 1;
    else await new Promise<void>((resolve) => waitingGroups.push(resolve));
    try {
      return await action();
    } finally {
      // Whoever waits takes over the place.
      const next = waitingGroups.shift();
      if (next === undefined) groupsUnderWay -= 1;
      else next();
    }
  }

  async function isAllowed(file: SmallFile): Promise<boolean> {
    if (!hasPolicy) return true;
    try {
      assertMediaAllowed(mediaPolicy, file.mediaType ?? 'application/octet-stream');
      await assertBytesAllowed(mediaPolicy, file.bytes);
      return true;
    } catch (error) {
      if (error instanceof StintError && error.code === 'media_refused') return false;
      throw error;
    }
  }

  /**
   * Nobody may collect a content between its move and the grant that keeps it.
   * @param action gets what throws where one of the locks was lost.
   */
  async function holdLocks<Result>(
    orgId: string,
    files: readonly SmallFile[],
    action: (assertHeld: () => Promise<void>) => Promise<Result>,
  ): Promise<Result> {
    const [file, ...rest] = files;
    if (file === undefined) return await action(() => Promise.resolve());
    const key = computeContentLock({ orgId, sha256: file.sha256 });
    return await runExclusively(link, ports.timers, key, (assertHeld) =>
      holdLocks(orgId, rest, (assertRestHeld) =>
        action(async () => {
          await Promise.all([assertHeld(), assertRestHeld()]);
        }),
      ),
    );
  }

  async function register(
    session: OrganizationSession,
    accountId: string,
    files: readonly SmallFile[],
  ): Promise<boolean> {
    const { trx, orgId } = session;
    const at = computeIsoInstant(ports.clock.nowMs());
    // Access may have ended while the bytes were written: what was sent before that is asked for one by one.
    const membership = await getUploader(trx, orgId, accountId);
    if (membership.status !== 'active') throw createForbidden();
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
    const contents = files.map(({ sha256, bytes }) => ({ sha256, sizeBytes: bytes.byteLength }));
    await runServerMutation(session, ports, filesArrived, { files: contents }, actor);
    const { isHealed } = await enterContents(trx, orgId, contents, at);
    await assertRoomWithin(trx, orgId, quotaBytes);
    return isHealed;
  }

  /** Runs the action where there is room for these files, before a byte of them lies on the disk. */
  async function withinRoom(
    orgId: string,
    files: readonly SmallFile[],
    action: () => Promise<string[]>,
  ): Promise<string[]> {
    const known = await database.db
      .selectFrom('contents')
      .select('sha256')
      .where('orgId', '=', orgId)
      .where(
        'sha256',
        'in',
        files.map(({ sha256 }) => sha256),
      )
      .execute();
    const isKnown = new Set(known.map(({ sha256 }) => sha256));
    const neededBytes = files
      .filter(({ sha256 }) => !isKnown.has(sha256))
      .reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
    // Counted before the look, so that of two at once at least one sees the other.
    const promised = (promisedBytes.get(orgId) ?? 0) + neededBytes;
    promisedBytes.set(orgId, promised);
    try {
      // One by one, some of them may find room still.
      if (neededBytes > 0 && !(await hasRoomFor(database.db, orgId, promised, quotaBytes)))
        return [];
      return await action();
    } finally {
      const rest = (promisedBytes.get(orgId) ?? 0) - neededBytes;
      if (rest > 0) promisedBytes.set(orgId, rest);
      else promisedBytes.delete(orgId);
    }
  }

  async function takeSound(
    orgId: string,
    accountId: string,
    files: readonly SmallFile[],
  ): Promise<string[]> {
    await holdLocks(orgId, files, async (assertHeld) => {
      await blobs.takeAll(orgId, files);
      settleLater();
      const isHealed = await writer.write(orgId, async (session) => {
        if (session === undefined) throw createForbidden();
        const isHealedNow = await register(session, accountId, files);
        await assertHeld();
        return isHealedNow;
      });
      if (isHealed) onHealed();
    });
    onArrived(files.reduce((sum, { bytes }) => sum + bytes.byteLength, 0));
    return files.map(({ sha256 }) => sha256);
  }

  return {
    async take(orgId, accountId, files) {
      const membership = await getUploader(database.db, orgId, accountId);
      // Whose access has ended may give what they sent alone: asked for each of them, one by one.
      if (membership.status !== 'active') return [];
      const sound = files.filter(({ isSound }) => isSound);
      const areAllowed = await Promise.all(sound.map(isAllowed));
      const allowed = sound.filter((_file, index) => areAllowed[index]);
      if (allowed.length === 0) return [];
      try {
        return await withinRoom(orgId, allowed, () =>
          takeTurn(() => takeSound(orgId, accountId, allowed)),
        );
      } catch (error) {
        // Others were quicker.
        if (error instanceof StintError && error.code === 'quota_exceeded') return [];
        throw error;
      }
    },
    async stop() {
      isStopped = true;
      cancelSettling();
      await settling;
    },
  };
}
