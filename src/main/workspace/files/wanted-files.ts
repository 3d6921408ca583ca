import { StintError } from '../../../shared/errors.ts';
import { computeIsoInstant } from '../../../shared/ports.ts';
import { wantedFilesResponseSchema } from '../../../shared/protocol/accounts.ts';
import { endpoints } from '../../../shared/protocol/endpoints.ts';
import type { WorkspacePorts } from '../ports/system-ports.ts';
import type { Seat } from '../seats/seat.ts';
import type { ServerClient } from '../sync/server-client.ts';
import type { FileFolder } from './file-folder.ts';
import type { UploadQueue } from './upload-queue.ts';
import { RetryingRounds } from './retrying-rounds.ts';

/** Asked this often at most, unless somebody waits for it; what comes in between is asked for at its end. */
const restMs = 60_000;

/**
 * SY-22: hears from the server which contents it lacks (its disk lost or changed them, or they were collected before
 * they were attached again), and sends those that are on this computer once more, however long ago they were sent.
 * Whoever holds a file may bring it back, not only who gave it first; the hash decides.
 */
export class WantedFiles {
  readonly #seat: Seat;
  readonly #files: FileFolder;
  readonly #ports: WorkspacePorts;
  readonly #findClient: () => Promise<ServerClient | undefined>;
  readonly #uploads: Pick<UploadQueue, 'request' | 'isDeclined'>;
  readonly #rounds: RetryingRounds;
  #askedMs = Number.NEGATIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;

  constructor(
    seat: Seat,
    files: FileFolder,
    ports: WorkspacePorts,
    findClient: () => Promise<ServerClient | undefined>,
    uploads: Pick<UploadQueue, 'request' | 'isDeclined'>,
  ) {
    this.#seat = seat;
    this.#files = files;
    this.#ports = ports;
    this.#findClient = findClient;
    this.#uploads = uploads;
    this.#rounds = new RetryingRounds(ports, () => this.#ask());
  }

  request(isUrgent: boolean): void {
    // A round of the loop may end after this was stopped; a timer begun then would hold the program for a minute.
    if (this.#rounds.isStopped) return;
    const waitMs = this.#askedMs + restMs - this.#ports.clock.monotonicMs();
    if (isUrgent || waitMs <= 0) {
      this.#rounds.request(isUrgent);
      return;
    }
    this.#cancelTimer ??= this.#ports.timers.after(waitMs, () => {
      this.#cancelTimer = undefined;
      this.#rounds.request(false);
    });
  }

  async #ask(): Promise<'done' | 'failed'> {
    const client = await this.#findClient();
    if (client === undefined) return 'done';
    this.#askedMs = this.#ports.clock.monotonicMs();
    const wanted = await this.#loadWanted(client);
    let isQueued = false;
    for (const { sha256, sizeBytes } of wanted) {
      if (this.#rounds.isStopped) return 'done';
      // The person ended its sending.
      if (await this.#uploads.isDeclined(sha256)) continue;
      // Not only by its size: a file that the disk here changed as well is of no use to anyone.
      if ((await this.#files.findSize(sha256)) !== sizeBytes) continue;
      isQueued = (await this.#queue(sha256, sizeBytes)) || isQueued;
    }
    if (isQueued) this.#uploads.request(true);
    return 'done';
  }

  async #loadWanted(client: ServerClient): Promise<{ sha256: string; sizeBytes: number }[]> {
    const path = endpoints.wantedFiles(this.#seat.record.orgId);
    try {
      return (await client.get(path, wantedFilesResponseSchema, this.#rounds.stopSignal)).wanted;
    } catch (error) {
      // An older server asks for nothing, and who is no member any more is asked for nothing.
      if (error instanceof StintError && ['not_found', 'forbidden'].includes(error.code)) return [];
      throw error;
    }
  }

  /** What waits already goes on as it is. */
  async #queue(sha256: string, sizeBytes: number): Promise<boolean> {
    const again = { uploadUrl: null, sentBytes: 0, attempts: 0, problem: null, finishedAt: null };
    const { numUpdatedRows } = await this.#seat.db
      .updateTable('uploads')
      .set(again)
      .where('sha256', '=', sha256)
      .where('finishedAt', 'is not', null)
      .executeTakeFirst();
    if (numUpdatedRows > 0n) return true;
    const { numInsertedOrUpdatedRows } = await this.#seat.db
      .insertInto('uploads')
      .values({
        sha256,
        sizeBytes,
        name: await this.#findName(sha256),
        queuedAt: computeIsoInstant(this.#ports.clock.nowMs()),
        ...again,
      })
      .onConflict((conflict) => conflict.column('sha256').doNothing())
      .executeTakeFirst();
    return (numInsertedOrUpdatedRows ?? 0n) > 0n;
  }

  async #findName(sha256: string): Promise<string> {
    const use = await this.#seat.db
      .selectFrom('attachments')
      .select('name')
      .where('sha256', '=', sha256)
      .limit(1)
      .executeTakeFirst();
    return use?.name ?? sha256;
  }

  async stop(): Promise<void> {
    this.#cancelTimer?.();
    await this.#rounds.stop(() => undefined);
  }
}
