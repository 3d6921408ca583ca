import { type Kysely, sql } from 'kysely';
import { StintError } from '../../../shared/errors.ts';
import { computeIsoInstant } from '../../../shared/ports.ts';
import type { WorkspacePorts } from '../ports/system-ports.ts';
import type { SeatDatabase } from '../database/seat-tables.ts';
import type { Seat } from '../seats/seat.ts';
import type { ServerClient } from '../sync/server-client.ts';
import { RetryingRounds } from './retrying-rounds.ts';
import { computeUploadPath } from './upload-address.ts';

/** Nothing that was handed in, and no task, names the content. */
const isOfDraftsAlone = (sha256: string) => sql<boolean>`not exists (
  select 1 from "attachments"
  where "attachments"."sha256" = ${sha256} and "ownerKind" <> 'draft' and "removedAt" is null)`;

/** Knowing a hash is no proof of having the file: what others gave is not what this person did. */
const isArrivedFrom = ({ orgId, membershipId }: Seat['record']) => sql<boolean>`(
  "attachments"."orgId" = ${orgId} and "attachments"."createdBy" = ${membershipId}
  and "attachments"."arrivedAt" is not null)`;

/**
 * What was on its way when it was ended may have arrived all the same: that was not undone, and is not kept for ended.
 * What the server had before, and asked for again, stays ended.
 */
export async function giveUpArrived(
  db: Kysely<SeatDatabase>,
  record: Seat['record'],
): Promise<void> {
  await db
    .deleteFrom('endedUploads')
    .where('wasThere', '=', 0)
    .where('uploadUrl', 'is', null)
    .where('sha256', 'in', ({ selectFrom }) =>
      selectFrom('attachments').select('sha256').where(isArrivedFrom(record)),
    )
    .execute();
}

/** A server forgets by itself what nobody came back to for thirty days. */
const keptMs = 31 * 24 * 3_600_000;

/**
 * Uploads that a person ended: they are not begun again by themselves, and the server is told to forget what it has of
 * them. Both outlast the program, since an end may be wished where there is no connection. Telling has rounds of its own:
 * a server that does not take it holds back no file.
 */
export class EndedUploads {
  readonly #seat: Seat;
  readonly #ports: WorkspacePorts;
  readonly #findClient: () => Promise<ServerClient | undefined>;
  readonly #rounds: RetryingRounds;

  constructor(
    seat: Seat,
    ports: WorkspacePorts,
    findClient: () => Promise<ServerClient | undefined>,
  ) {
    this.#seat = seat;
    this.#ports = ports;
    this.#findClient = findClient;
    this.#rounds = new RetryingRounds(ports, () => this.#tellServer());
  }

  request(isUrgent: boolean): void {
    this.#rounds.request(isUrgent);
  }

  /**
   * Takes a content off the queue, and notes that it was the person's wish: both or neither, and neither where it is more
   * than a draft's by now.
   * @returns whether it waited.
   */
  async end(sha256: string): Promise<boolean> {
    const endedAt = computeIsoInstant(this.#ports.clock.nowMs());
    return await this.#seat.db.transaction().execute(async (tx) => {
      const wasThere = await this.#hasArrived(tx, sha256);
      const row = await tx
        .deleteFrom('uploads')
        .where('sha256', '=', sha256)
        .where('finishedAt', 'is', null)
        .where(isOfDraftsAlone(sha256))
        .returning('uploadUrl')
        .executeTakeFirst();
      if (row === undefined) return false;
      await tx
        .insertInto('endedUploads')
        .values({ sha256, uploadUrl: row.uploadUrl, endedAt, wasThere: wasThere ? 1 : 0 })
        .execute();
      return true;
    });
  }

  /** No longer once the person's own work has queued it again, or it is more than a draft's, wherever that was done. */
  async isDeclined(sha256: string): Promise<boolean> {
    const row = await this.#seat.db
      .selectFrom('endedUploads')
      .select('sha256')
      .where('sha256', '=', sha256)
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('uploads').select('uploads.sha256').where('sha256', '=', sha256))),
      )
      .where(isOfDraftsAlone(sha256))
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** Whether the server took this content from this person, as far as was heard. */
  async #hasArrived(db: Kysely<SeatDatabase>, sha256: string): Promise<boolean> {
    const use = await db
      .selectFrom('attachments')
      .select('id')
      .where('sha256', '=', sha256)
      .where(isArrivedFrom(this.#seat.record))
      .limit(1)
      .executeTakeFirst();
    return use !== undefined;
  }

  async #tellServer(): Promise<'done' | 'failed'> {
    const outcome = await this.#forgetAll();
    await giveUpArrived(this.#seat.db, this.#seat.record);
    return outcome;
  }

  async #forgetAll(): Promise<'done' | 'failed'> {
    const limit = computeIsoInstant(this.#ports.clock.nowMs() - keptMs);
    const rows = await this.#seat.db
      .selectFrom('endedUploads')
      .select(['sha256', 'uploadUrl', 'endedAt'])
      .where('uploadUrl', 'is not', null)
      .execute();
    if (rows.length === 0) return 'done';
    const client = await this.#findClient();
    if (client === undefined) return 'done';
    let outcome: 'done' | 'failed' = 'done';
    for (const { sha256, uploadUrl, endedAt } of rows) {
      if (this.#rounds.isStopped) return 'done';
      if (uploadUrl === null) continue;
      if (endedAt < limit || (await this.#forget(client, uploadUrl)))
        await this.#seat.db
          .updateTable('endedUploads')
          .set({ uploadUrl: null })
          .where('sha256', '=', sha256)
          .where('uploadUrl', '=', uploadUrl)
          .execute();
      else outcome = 'failed';
    }
    return outcome;
  }

  /** Whether the server has nothing of it any more; one that is gone already is as good. */
  async #forget(client: ServerClient, uploadUrl: string): Promise<boolean> {
    try {
      await client.deleteUpload(
        computeUploadPath(this.#seat.record.orgId, uploadUrl),
        this.#rounds.stopSignal,
      );
      return true;
    } catch (error) {
      if (!(error instanceof StintError)) throw error;
      return error.code === 'not_found' || error.code === 'forbidden';
    }
  }

  async stop(): Promise<void> {
    await this.#rounds.stop(() => undefined);
  }
}
