import { createReadStream } from 'node:fs';
import { Upload } from 'tus-js-client';
import { type ErrorCode, StintError } from '../../../shared/errors.ts';
import { computeIsoInstant } from '../../../shared/ports.ts';
import { missingFilesResponseSchema } from '../../../shared/protocol/accounts.ts';
import { endpoints } from '../../../shared/protocol/endpoints.ts';
import type { UploadRow } from '../database/seat-tables.ts';
import type { WorkspacePorts } from '../ports/system-ports.ts';
import type { Seat } from '../seats/seat.ts';
import type { ServerClient } from '../sync/server-client.ts';
import type { TransferProgress } from '../sync/sync-service.ts';
import { EndedUploads } from './ended-uploads.ts';
import type { FileFolder } from './file-folder.ts';
import { createFileUpload } from './file-upload-stack.ts';
import { groupSmallFiles } from './group-small-files.ts';
import { computeMediaTypeByName } from './media-type-by-name.ts';
import { giveUpRefusedUploads } from './needless-uploads.ts';
import {
  finishUploads,
  isUploadWaiting,
  loadWaitingUploads,
  saveUpload,
} from './queued-uploads.ts';
import { RetryingRounds } from './retrying-rounds.ts';
import { runInLanes } from './run-in-lanes.ts';
import { sendSmallFiles } from './small-file-sender.ts';
import { StallWatch } from './stall-watch.ts';
import { TransferControl } from './transfer-control.ts';
import { TransferRate } from './transfer-rate.ts';
import { computeUploadUrl } from './upload-address.ts';
import { damagedHere, describeUploadFailure, missingHere } from './upload-failure.ts';

/** What one request of an upload carries: as much as may have to be sent again when the line breaks. */
const chunkBytes = 8 * 1024 * 1024;
const smallestChunkBytes = 64 * 1024;
const simultaneousUploads = 2;
/** What is looked at in one round; as many as the server may be asked about at once. */
const roundFiles = 1000;

/** After these there is no sense in asking for the next. */
const leavesNoHope: ReadonlySet<ErrorCode> = new Set([
  'server_unreachable',
  'not_signed_in',
  'account_closed',
]);

/** So long an end waits for what may have arrived just now; on a slow line it breaks off what moves. */
const endGraceMs = 1000;

/** After these the next group fares no better: without a server, or with one that takes smaller groups only. */
const inVain: ReadonlySet<ErrorCode> = new Set([
  'server_unreachable',
  'not_signed_in',
  'invalid_input',
  'too_large',
]);

interface RunningUpload {
  readonly row: UploadRow;
  readonly rate: TransferRate;
  sentBytes: number;
  abort: () => void;
  /** The person ended it. */
  isCancelled: boolean;
  readonly ended: PromiseWithResolvers<void>;
}

/** Small files that are on their way in one request. */
interface RunningGroup {
  readonly ending: AbortController;
  readonly ended: PromiseWithResolvers<void>;
}

/**
 * SY-22: brings the contents that a seat's person attached to the server, small ones first, each from the
 * byte where it stood. Stands apart from push and pull, so a stuck upload holds back nothing (SY-11). The
 * queue is a table: a kill loses no entry, and the server is asked for what it still needs before a byte goes.
 */
export class UploadQueue {
  readonly #seat: Seat;
  readonly #files: FileFolder;
  readonly #ports: WorkspacePorts;
  readonly #findClient: () => Promise<ServerClient | undefined>;
  readonly #control: TransferControl;
  /** Told what the server has now, of which every byte was read here. */
  readonly #onSent: (hashes: readonly string[]) => void;
  readonly #running = new Map<string, RunningUpload>();
  /** By the hash of each of their files. */
  readonly #groups = new Map<string, RunningGroup>();
  readonly #rounds: RetryingRounds;
  readonly #ended: EndedUploads;
  /** Ended by the person in this run: what a round took from the queue before that is looked up again. */
  readonly #declined = new Set<string>();
  /** Ends the small files that are on their way together, or wait for the rate that the person set. */
  #endingSmall = new AbortController();

  constructor(
    seat: Seat,
    files: FileFolder,
    ports: WorkspacePorts,
    findClient: () => Promise<ServerClient | undefined>,
    control: TransferControl = new TransferControl(ports),
    onSent: (hashes: readonly string[]) => void = () => {},
  ) {
    this.#control = control;
    this.#onSent = onSent;
    this.#seat = seat;
    this.#files = files;
    this.#ports = ports;
    this.#findClient = findClient;
    this.#ended = new EndedUploads(seat, ports, findClient);
    this.#rounds = new RetryingRounds(ports, () => this.#run());
  }

  /** Looks at the queue. `isUrgent` forgets a back-off. */
  request(isUrgent: boolean): void {
    this.#ended.request(isUrgent);
    this.#rounds.request(isUrgent);
  }

  /** Ends what moves; it goes on from there when the pause is over. */
  interrupt(): void {
    this.#endingSmall.abort(new StintError('unavailable', 'files do not move just now: paused'));
    for (const running of this.#running.values()) running.abort();
  }

  /** Whether a person ended its sending; nothing but the person's own work queues it again. */
  async isDeclined(sha256: string): Promise<boolean> {
    return await this.#ended.isDeclined(sha256);
  }

  /**
   * Ends the sending of a content, and takes it off the queue. The server forgets what it has of it: at once, or, while
   * it can't be reached, when it can. What has all gone out may have arrived: that is waited for, for a moment.
   * @returns whether it waited or was moving; not where it has arrived.
   */
  async cancel(sha256: string): Promise<boolean> {
    await this.#endGroup(sha256);
    const running = this.#running.get(sha256);
    if (running !== undefined) {
      if (running.sentBytes >= running.row.sizeBytes)
        await this.#waitAtMost(endGraceMs, running.ended.promise);
      running.isCancelled = true;
      running.abort();
      await running.ended.promise;
    }
    if (!(await this.#ended.end(sha256))) {
      // Handed in meanwhile: then it has to arrive.
      if (running !== undefined) this.request(false);
      return false;
    }
    this.#declined.add(sha256);
    this.#seat.emit({ type: 'transfers' });
    this.#seat.emit({ type: 'sync' });
    this.#ended.request(true);
    return true;
  }

  /** Ends the request that carries this content, if one does; the others in it go in the next one. */
  async #endGroup(sha256: string): Promise<void> {
    const group = this.#groups.get(sha256);
    if (group === undefined) return;
    await this.#waitAtMost(endGraceMs, group.ended.promise);
    const isBrokenOff = this.#groups.get(sha256) === group;
    group.ending.abort(
      new StintError('unavailable', 'the person ended the sending of one of them'),
    );
    await group.ended.promise;
    if (isBrokenOff) await this.#waitAtMost(endGraceMs, this.#askWhetherArrived(sha256));
  }

  /** Where nobody knows what became of a request; without an answer it counts as not arrived, until a pull tells. */
  async #askWhetherArrived(sha256: string): Promise<void> {
    const client = await this.#findClient();
    const row = await this.#seat.db
      .selectFrom('uploads')
      .selectAll()
      .where('sha256', '=', sha256)
      .where('finishedAt', 'is', null)
      .executeTakeFirst();
    if (client === undefined || row === undefined) return;
    await this.#askMissing(client, [row]).catch(() => undefined);
  }

  async #waitAtMost(limitMs: number, settled: Promise<void>): Promise<void> {
    const late = Promise.withResolvers<void>();
    const cancelTimer = this.#ports.timers.after(limitMs, late.resolve);
    await Promise.race([settled, late.promise]);
    cancelTimer();
  }

  hasRunning(): boolean {
    return this.#running.size > 0;
  }

  list(): TransferProgress[] {
    return [...this.#running.values()].map(({ row, rate, sentBytes }) => ({
      seatId: this.#seat.record.seatId,
      direction: 'up',
      sha256: row.sha256,
      sizeBytes: row.sizeBytes,
      movedBytes: sentBytes,
      bytesPerSecond: rate.compute(sentBytes),
      state: 'moving',
      problem: null,
    }));
  }

  /** The reasons of what fails stand with the uploads, or with the seat's loop. */
  async #run(): Promise<'done' | 'failed'> {
    // Whoever resumes asks for the next round.
    if (this.#control.isPaused) return 'done';
    const client = await this.#findClient();
    if (client === undefined) return 'done';
    const waiting = await loadWaitingUploads(this.#seat.db, roundFiles);
    if (waiting.length === 0) return 'done';
    const needed = await this.#askMissing(client, waiting);
    const rest = await this.#sendSmall(client, needed);
    if (rest.length < waiting.length && waiting.length === roundFiles) this.#rounds.request(false);
    const lanes = Array.from({ length: simultaneousUploads }, () => this.#runLane(client, rest));
    const failures = await Promise.all(lanes);
    return failures.every((failure) => failure === undefined) ? 'done' : 'failed';
  }

  /** What the server has from this person already needs no upload. */
  async #askMissing(client: ServerClient, waiting: UploadRow[]): Promise<UploadRow[]> {
    const { missing } = await client
      .post(
        endpoints.missingFiles(this.#seat.record.orgId),
        { files: waiting.map(({ sha256, sizeBytes }) => ({ sha256, sizeBytes })) },
        missingFilesResponseSchema,
        this.#rounds.stopSignal,
      )
      .catch(async (error: unknown) => {
        if (error instanceof StintError && error.code === 'forbidden')
          await giveUpRefusedUploads(this.#seat.db);
        throw error;
      });
    const isMissing = new Set(missing);
    await this.#finish(
      waiting.map(({ sha256 }) => sha256).filter((sha256) => !isMissing.has(sha256)),
    );
    return waiting.filter((row) => isMissing.has(row.sha256));
  }

  /**
   * Small files go many in a request, since requests would take most of the time.
   * @returns what is still to be sent, one by one: larger files, and what did not arrive this way.
   */
  async #sendSmall(client: ServerClient, needed: readonly UploadRow[]): Promise<UploadRow[]> {
    const arrived = new Set<string>();
    const later = new Set<string>();
    const groups = groupSmallFiles(needed.filter(({ uploadUrl }) => uploadUrl === null));
    const isEnded = () => this.#rounds.isStopped || this.#control.isPaused;
    this.#endingSmall = new AbortController();
    const { signal } = this.#endingSmall;
    let isInVain = false;
    // While the server takes one group, the next one is read.
    await runInLanes(groups, simultaneousUploads, async (group) => {
      if (isInVain || isEnded()) return;
      await this.#control.up.take(
        group.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
        signal,
      );
      if (signal.aborted || isEnded()) return;
      const running = { ending: new AbortController(), ended: Promise.withResolvers<void>() };
      // Before the look at the queue: whoever takes one of them off it from here on finds them running.
      for (const { sha256 } of group) this.#groups.set(sha256, running);
      const ending = AbortSignal.any([signal, running.ending.signal]);
      try {
        const wanted = await this.#leaveOutDeclined(group);
        if (wanted.length === 0) return;
        const { orgId } = this.#seat.record;
        const taken = await sendSmallFiles(client, orgId, this.#files, wanted, ending);
        // An older server.
        if (taken === undefined) isInVain = true;
        const sent = [...(taken ?? [])];
        await this.#finish(sent);
        for (const sha256 of sent) arrived.add(sha256);
        this.#onSent(sent);
      } catch (error) {
        if (!(error instanceof StintError)) throw error;
        if (running.ending.signal.aborted) {
          for (const { sha256 } of group) later.add(sha256);
          return;
        }
        // Sent one by one they say what is wrong, and hold back no others.
        isInVain ||= inVain.has(error.code);
      } finally {
        for (const { sha256 } of group) this.#groups.delete(sha256);
        running.ended.resolve();
        this.#seat.emit({ type: 'transfers' });
      }
    });
    if (later.size > 0) this.#rounds.request(false);
    if (arrived.size > 0) this.#seat.emit({ type: 'sync' });
    if (isEnded()) return [];
    return needed.filter(({ sha256 }) => !arrived.has(sha256) && !later.has(sha256));
  }

  /**
   * Sends one file after the other. A file that is refused must not hold back those behind it; only without
   * a server, or without a session, is there no sense in going on.
   *
   * @returns the first failure, for the back-off.
   */
  async #runLane(client: ServerClient, queue: UploadRow[]): Promise<StintError | undefined> {
    let firstFailure: StintError | undefined;
    for (let row = queue.shift(); row !== undefined; row = queue.shift()) {
      if (this.#rounds.isStopped || this.#control.isPaused) return firstFailure;
      // Taken off the queue while it waited its turn.
      if (this.#declined.has(row.sha256) && !(await isUploadWaiting(this.#seat.db, row.sha256)))
        continue;
      const failure = await this.#uploadOne(client, row);
      firstFailure ??= failure;
      if (failure !== undefined && leavesNoHope.has(failure.code)) return failure;
    }
    return firstFailure;
  }

  async #uploadOne(client: ServerClient, row: UploadRow): Promise<StintError | undefined> {
    const foundBytes = await this.#files.findSize(row.sha256);
    if (foundBytes !== row.sizeBytes) {
      await this.#files.setAsideIfDamaged(row.sha256);
      const problem = (await this.#files.wasDamaged(row.sha256)) ? damagedHere : missingHere;
      await saveUpload(this.#seat.db, row, { problem, attempts: row.attempts + 1 });
      return undefined;
    }
    const running: RunningUpload = {
      row,
      rate: new TransferRate(this.#ports.clock, row.sentBytes),
      sentBytes: row.sentBytes,
      abort: () => {},
      isCancelled: false,
      ended: Promise.withResolvers<void>(),
    };
    this.#running.set(row.sha256, running);
    this.#seat.emit({ type: 'transfers' });
    try {
      // Taken off the queue just now; whoever does so from here on finds it running.
      if (!(await isUploadWaiting(this.#seat.db, row.sha256))) return undefined;
      // Whoever ended or paused it in between found nothing that could be broken off.
      if (running.isCancelled || this.#rounds.isStopped || this.#control.isPaused) return undefined;
      await this.#send(client, running);
      await this.#finish([row.sha256]);
      return undefined;
    } catch (error) {
      // Paused or at the program's end: nothing is wrong with it.
      if (running.isCancelled || this.#control.isPaused || this.#rounds.isStopped) return undefined;
      const failure = describeUploadFailure(error, client.serverUrl);
      // A content that the server found to be another than announced is begun again from the first byte.
      const isMismatch = failure.code === 'hash_mismatch';
      const restart = isMismatch ? { uploadUrl: null, sentBytes: 0 } : {};
      // Where it is the disk here that changed it, sending it again would go on for ever.
      const isDamaged = isMismatch && (await this.#files.setAsideIfDamaged(row.sha256));
      const problem = isDamaged ? damagedHere : failure.message;
      await saveUpload(this.#seat.db, row, { problem, attempts: row.attempts + 1, ...restart });
      return failure;
    } finally {
      running.ended.resolve();
      this.#running.delete(row.sha256);
      this.#seat.emit({ type: 'transfers' });
      this.#seat.emit({ type: 'sync' });
    }
  }

  async #send(client: ServerClient, running: RunningUpload): Promise<void> {
    const { row } = running;
    const endpoint = `${client.serverUrl}${endpoints.uploads(this.#seat.record.orgId)}`;
    const path = this.#files.path(row.sha256);
    const { uploadStack } = this.#ports;
    const content = uploadStack === undefined ? undefined : createReadStream(path);
    let saving: Promise<void> = Promise.resolve();
    let stall: StallWatch | undefined;
    const ending = new AbortController();
    const save = (patch: Partial<UploadRow>) => {
      saving = saving.then(() => saveUpload(this.#seat.db, row, patch)).catch(() => {});
    };
    try {
      await new Promise<void>((resolve, reject) => {
        stall = new StallWatch(this.#ports.timers, () => {
          void upload.abort();
          reject(new StintError('server_unreachable', 'the upload stood still; it goes on later'));
        });
        const noteProgress = () => stall?.noteProgress();
        const upload = new Upload(content ?? Buffer.alloc(0), {
          endpoint,
          ...(row.uploadUrl === null
            ? {}
            : { uploadUrl: computeUploadUrl(endpoint, row.uploadUrl) }),
          headers: client.computeHeaders(),
          metadata: {
            sha256: row.sha256,
            filetype: computeMediaTypeByName(row.name) ?? 'application/octet-stream',
          },
          uploadSize: row.sizeBytes,
          chunkSize: this.#computeChunkBytes(),
          onBeforeRequest: async (request) => {
            if (request.getMethod() !== 'PATCH') return;
            const pieceBytes = Math.min(this.#computeChunkBytes(), row.sizeBytes);
            await this.#control.up.take(pieceBytes, ending.signal, noteProgress);
            ending.signal.throwIfAborted();
          },
          ...(uploadStack === undefined ? createFileUpload(path) : { httpStack: uploadStack }),
          // The queue itself decides when to try again.
          retryDelays: null,
          onUploadUrlAvailable: () => {
            noteProgress();
            if (upload.url === null) return;
            upload.url = computeUploadUrl(endpoint, upload.url);
            save({ uploadUrl: upload.url });
          },
          onProgress: (sentBytes) => {
            noteProgress();
            running.sentBytes = sentBytes;
            this.#seat.emit({ type: 'transfers' });
          },
          onChunkComplete: (newBytes, acceptedBytes) => {
            // Whoever keeps nothing of what came would be sent the same piece for ever, as fast as the line allows.
            if (newBytes <= 0) {
              void upload.abort();
              reject(new StintError('server_error', 'the server keeps nothing of what it is sent'));
            }
            noteProgress();
            save({ sentBytes: acceptedBytes });
          },
          onError: reject,
          onSuccess: () => resolve(),
        });
        running.abort = () => {
          ending.abort();
          void upload.abort();
          reject(new StintError('unavailable', 'the upload was interrupted; it goes on later'));
        };
        upload.start();
      });
    } finally {
      stall?.stop();
      content?.destroy();
      await saving;
    }
  }

  /** Where a limit is set, what goes in one piece takes about a second: the line is shared with others. */
  #computeChunkBytes(): number {
    const limit = this.#control.up.bytesPerSecond;
    return limit === null ? chunkBytes : Math.min(chunkBytes, Math.max(smallestChunkBytes, limit));
  }

  /** Without those that were taken off the queue while they waited their turn. */
  async #leaveOutDeclined(rows: readonly UploadRow[]): Promise<UploadRow[]> {
    const wanted: UploadRow[] = [];
    for (const row of rows)
      if (!this.#declined.has(row.sha256) || (await isUploadWaiting(this.#seat.db, row.sha256)))
        wanted.push(row);
    return wanted;
  }

  async #finish(hashes: readonly string[]): Promise<void> {
    const finishedAt = computeIsoInstant(this.#ports.clock.nowMs());
    await finishUploads(this.#seat.db, hashes, finishedAt);
  }

  async stop(): Promise<void> {
    await Promise.all([
      this.#ended.stop(),
      this.#rounds.stop(() => {
        this.#endingSmall.abort(new StintError('unavailable', 'the program ends'));
        for (const running of this.#running.values()) running.abort();
      }),
    ]);
  }
}
