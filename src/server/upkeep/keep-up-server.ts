import { access } from 'node:fs/promises';
import path from 'node:path';
import { closeAll } from '../../shared/close-all.ts';
import { StintError } from '../../shared/errors.ts';
import { resetPassword } from '../accounts/reset-password.ts';
import { assertDataFolder, prepareDataFolder } from '../data-folder.ts';
import { describeUnavailable } from '../database/database-unavailable-error.ts';
import { openServerStorage, type ServerStorage } from '../database/open-server-storage.ts';
import { openBlobStore } from '../files/blob-location.ts';
import type { BlobStore } from '../files/blob-store.ts';
import { type Collection, collectContents } from '../files/collect-contents.ts';
import { ensureStorageRow } from '../files/content-ledger.ts';
import { createContentScrubber, type Scrub } from '../files/content-scrubber.ts';
import { createServerPorts, type ServerPorts } from '../ports/server-ports.ts';

/** Where a server keeps what it keeps; the same as its own options. */
export interface ServerPlace {
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
  readonly blobs?: string | undefined;
  readonly ports?: Partial<ServerPorts>;
}

interface OpenedPlace extends ServerStorage {
  readonly blobs: BlobStore;
  readonly ports: ServerPorts;
}

/**
 * `beside` opens the SQLite file of a server that runs as well: its own connection waits for the server's writes, as
 * SQLite lets any two do. What has to keep uploads out must have the folder to itself.
 * @throws StintError `not_found` where there is no server, `conflict` for a database of an older version, which a server of
 * that version may be using, `unavailable` where PostgreSQL does not answer, or goes away meanwhile.
 */
async function openPlace<Result>(
  place: ServerPlace,
  beside: boolean,
  action: (opened: OpenedPlace) => Promise<Result>,
): Promise<Result> {
  await assertDataFolder(place.dataFolder);
  if (place.databaseUrl === undefined)
    await access(path.join(place.dataFolder, 'server.db')).catch(() => {
      throw new StintError('not_found', `there is no server in ${place.dataFolder}`);
    });
  const folder = prepareDataFolder(place.dataFolder);
  const ports = createServerPorts(place.ports);
  const storage = await openServerStorage(folder, place.databaseUrl, ports.timers, {
    beside,
    keepsVersion: true,
  });
  const closers: (() => Promise<void> | void)[] = [() => storage.close()];
  try {
    const blobs = await openBlobStore(path.join(place.dataFolder, 'blobs'), place.blobs, {
      clock: ports.clock,
      link: storage.link,
    });
    closers.push(() => blobs.close());
    return await action({ ...storage, blobs, ports });
  } catch (error) {
    throw describeUnavailable(error);
  } finally {
    await closeAll(closers);
  }
}

/** Reads all contents, and marks what is damaged, so that the server asks the devices for it. */
export async function scrubServer(place: ServerPlace): Promise<Scrub> {
  return await openPlace(place, true, (opened) =>
    createContentScrubber(opened).scrub({ everything: true }),
  );
}

/** @throws StintError `workspace_in_use` where a server runs on SQLite in the folder: it collects by itself. */
export async function collectServer(
  place: ServerPlace & { readonly isDryRun: boolean },
): Promise<Collection> {
  const { dataFolder, isDryRun } = place;
  return await openPlace(place, isDryRun, (opened) =>
    collectContents({ ...opened, dataFolder }, isDryRun),
  );
}

export interface OrganizationUsage {
  readonly orgId: string;
  readonly name: string | null;
  readonly usedBytes: number;
  /** Null where the server's own holds. */
  readonly quotaBytes: number | null;
}

export async function listServerUsage(place: ServerPlace): Promise<OrganizationUsage[]> {
  return await openPlace(place, true, ({ database }) =>
    database.db
      .selectFrom('organizationHeads')
      .leftJoin('organizations', 'organizations.orgId', 'organizationHeads.orgId')
      .leftJoin('organizationStorage', 'organizationStorage.orgId', 'organizationHeads.orgId')
      .select((row) => [
        'organizationHeads.orgId',
        'organizations.name',
        row.fn.coalesce('organizationStorage.usedBytes', row.val(0)).as('usedBytes'),
        'organizationStorage.quotaBytes',
      ])
      .orderBy('usedBytes', 'desc')
      .execute(),
  );
}

/** @throws StintError `not_found` for an organization that does not exist. */
export async function setServerQuota(
  place: ServerPlace,
  orgId: string,
  quotaBytes: number | null,
): Promise<void> {
  await openPlace(place, true, ({ database }) =>
    database.write(async (trx) => {
      if ((await database.lockHead(trx, orgId)) === undefined)
        throw new StintError('not_found', `there is no organization ${orgId} on this server`);
      await ensureStorageRow(trx, orgId);
      await trx
        .updateTable('organizationStorage')
        .set({ quotaBytes })
        .where('orgId', '=', orgId)
        .execute();
    }),
  );
}

/**
 * Gives the account with this e-mail address, in lower case, a new password; answers it and how many sessions were ended.
 * Processes on PostgreSQL are told which, and end their streams at once; one on SQLite finds it out by itself.
 * @throws StintError `not_found` where no account that is open has this address.
 */
export async function resetServerPassword(
  place: ServerPlace,
  email: string,
  options: { readonly keepsSessions: boolean },
): Promise<{ password: string; endedSessions: number }> {
  return await openPlace(place, true, async ({ database, link, ports }) => {
    const { password, endedSessionIds } = await resetPassword({ database, ports }, email, options);
    for (const sessionId of endedSessionIds) link.announce('session_ended', sessionId);
    return { password, endedSessions: endedSessionIds.length };
  });
}
