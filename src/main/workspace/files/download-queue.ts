import { createHash } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import { type ErrorCode, StintError } from '../../../shared/errors.ts';
import { PieceWriter } from '../../../shared/piece-writer.ts';
import { endpoints } from '../../../shared/protocol/endpoints.ts';
import type { WorkspacePorts } from '../ports/system-ports.ts';
import type { Seat } from '../seats/seat.ts';
import { describeNetworkFailure, type ServerClient } from '../sync/server-client.ts';
import type { TransferProgress } from '../sync/sync-service.ts';
import { findDiskFailure } from './disk-failure.ts';
import type { FileFolder } from './file-folder.ts';
import { groupSmallFiles, isSmall } from './group-small-files.ts';
import { listKeptContents } from './kept-contents.ts';
import { readPieces } from './read-pieces.ts';
import { RetryingRounds } from './retrying-rounds.ts';
import { runInLanes } from './run-in-lanes.ts';
import { fetchSmallFiles } from './small-file-fetcher.ts';
import { StallWatch } from './stall-watch.ts';
import { SteadyFlush } from './steady-flush.ts';
import type { SmallContent } from './store-together.ts';
import { TransferControl } from './transfer-control.ts';
import { TransferRate } from './transfer-rate.ts';

/** From so many files on, reading the folders (256 at most) is cheaper than a look at each file. */
const manyFiles = 100;
/** Of those that come by themselves: small ones would else spend their time on questions and answers. */
const simultaneousDownloads = 4;
/** While one is put on the disk, the next one comes. */
const simultaneousGroups = 2;

/** After these there is no sense in asking for the next. */
const leavesNoHope: ReadonlySet<ErrorCode> = new Set([
  'server_unreachable',
  'not_signed_in',
  'account_closed',
]);

interface RunningDownload {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly rate: TransferRate;
  readonly promise: Promise<void>;
  readonly abort: AbortController;
  movedBytes: number;
  /** A person waits for it: no pause holds it. */
  isAskedFor: boolean;
}

/**
 * Brings contents from the server: by range from where an earlier attempt stopped, verified before they
 * appear under their hash (SY-22). The files of tasks
 * that are due, or kept offline by the person, come by themselves, small ones first; a file that is asked for comes
 * at once.
 */
export class DownloadQueue {
  readonly #seat: Seat;
  readonly #files: FileFolder;
  readonly #ports: WorkspacePorts;
  readonly #findClient: () => Promise<ServerClient | undefined>;
  readonly #control: TransferControl;
  readonly #running = new Map<string, RunningDownload>();
  readonly #abort = new AbortController();
  /** Ends the small files that come together by themselves, or wait for the rate that the person set. */
  #endingSmall = new AbortController();
  readonly #rounds: RetryingRounds;
  #roomProblem: string | null = null;
  /** Contents whose coming a person ended: they don't come by themselves in this run. */
  readonly #declined = new Set<string>();
  /** Contents known to be here, so that the list of wanted ones costs no look at the disk each time. */
  readonly #here = new Set<string>();
  /** Contents that went in this run: only the disk says whether they are back. */
  readonly #removed = new Set<string>();

  constructor(
    seat: Seat,
    files: FileFolder,
    ports: WorkspacePorts,
    findClient: () => Promise<ServerClient | undefined>,
    control: TransferControl = new TransferControl(ports),
  ) {
    this.#control = control;
    this.#seat = seat;
    this.#files = files;
    this.#ports = ports;
    this.#findClient = findClient;
    this.#rounds = new RetryingRounds(ports, async () =>
      (await this.#fetchWanted()) === undefined ? 'done' : 'failed',
    );
  }

  request(isUrgent: boolean): void {
    this.#rounds.request(isUrgent);
  }

  /** Spares the look at the disk for contents of which somebody just read every byte; not where one may be gone since. */
  noteHere(hashes: readonly string[]): void {
    for (const sha256 of hashes) if (!this.#removed.has(sha256)) this.#here.add(sha256);
  }

  list(): TransferProgress[] {
    return [...this.#running.values()].map(({ sha256, sizeBytes, movedBytes, rate }) => ({
      seatId: this.#seat.record.seatId,
      direction: 'down',
      sha256,
      sizeBytes,
      movedBytes,
      bytesPerSecond: rate.compute(movedBytes),
      state: 'moving',
      problem: null,
    }));
  }

  /** Ends what came by itself; it goes on from there. What a person waits for comes all the same. */
  interrupt(): void {
    this.#endingSmall.abort(new StintError('unavailable', 'files do not move just now: paused'));
    for (const running of this.#running.values())
      if (!running.isAskedFor)
        running.abort.abort(new StintError('unavailable', 'files do not move just now: paused'));
  }

  /** Ends one, and keeps it from coming by itself. What came of it stays, to go on from. @returns whether it moved. */
  cancel(sha256: string): boolean {
    const running = this.#running.get(sha256);
    if (running === undefined) return false;
    this.#declined.add(sha256);
    running.abort.abort(new StintError('cancelled', 'the file was not fetched: it was cancelled'));
    return true;
  }

  /** In words, as long as what should come by itself finds no room on the disk here. */
  get roomProblem(): string | null {
    return this.#roomProblem;
  }

  /** They are looked for on the disk again. */
  noteRemoved(hashes: readonly string[]): void {
    for (const sha256 of hashes) {
      this.#here.delete(sha256);
      this.#removed.add(sha256);
    }
  }

  async #fetchWanted(): Promise<StintError | undefined> {
    const wanted = await this.listWanted();
    if (wanted.length === 0 || this.#control.isPaused) return undefined;
    const queue = await this.#fetchSmall(wanted);
    const lanes = Array.from({ length: simultaneousDownloads }, () => this.#runLane(queue));
    const failures = (await Promise.all(lanes)).filter((failure) => failure !== undefined);
    // Only now: what is tried again is no news, and a reason that comes and goes cannot be read.
    this.#roomProblem = failures.find(({ code }) => code === 'disk_full')?.message ?? null;
    return failures[0];
  }

  /**
   * Small files come many in an answer, since questions and answers would take most of the time.
   * @returns what is still to be fetched, one by one: larger files, and what did not come this way.
   */
  async #fetchSmall(
    wanted: { sha256: string; sizeBytes: number }[],
  ): Promise<{ sha256: string; sizeBytes: number }[]> {
    const client = await this.#findClient();
    if (client === undefined || wanted.filter(isSmall).length < 2) return wanted;
    // What was begun by itself goes on by itself.
    const begun = await this.#files.listPartials(this.#seat.record.seatId);
    const groups = groupSmallFiles(wanted.filter(({ sha256 }) => !begun.has(sha256)));
    this.#endingSmall = new AbortController();
    const signal = AbortSignal.any([this.#abort.signal, this.#endingSmall.signal]);
    const isEnded = () => signal.aborted || this.#control.isPaused;
    let isUnknown = false;
    try {
      await runInLanes(groups, simultaneousGroups, async (group) => {
        if (isUnknown || isEnded()) return;
        await this.#control.down.take(
          group.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
          signal,
        );
        if (isEnded()) return;
        const came = await fetchSmallFiles(client, this.#seat.record.orgId, group, signal);
        // An older server.
        if (came === undefined) isUnknown = true;
        else await this.#keepSmall(came);
      });
    } catch (error) {
      // Fetched one by one they say what is wrong: a full disk may have room for some of them.
      if (!(error instanceof StintError)) throw error;
    }
    return wanted.filter(({ sha256 }) => !this.#here.has(sha256));
  }

  async #keepSmall(contents: readonly SmallContent[]): Promise<void> {
    await this.#files.storeAll(contents);
    for (const { sha256 } of contents) this.#here.add(sha256);
    this.#seat.emit({ type: 'transfers' });
    this.#seat.announceChange(['attachments']);
  }

  /**
   * One that cannot be had must not hold back the others; without a server there is no sense in going on.
   *
   * @returns the first failure, for the back-off.
   */
  async #runLane(queue: { sha256: string; sizeBytes: number }[]): Promise<StintError | undefined> {
    let firstFailure: StintError | undefined;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { sha256, sizeBytes } = next;
      if (this.#abort.signal.aborted || this.#control.isPaused) return firstFailure;
      try {
        await this.#share(sha256, sizeBytes, false);
      } catch (error) {
        if (!(error instanceof StintError)) throw error;
        // Whoever resumes asks for the next round.
        if (this.#control.isPaused) return firstFailure;
        if (error.code === 'cancelled') continue;
        if (firstFailure === undefined || error.code === 'disk_full') firstFailure = error;
        if (leavesNoHope.has(error.code)) return error;
      }
    }
    return firstFailure;
  }

  /** What should come by itself and is not here yet, small ones first. */
  async listWanted(): Promise<{ sha256: string; sizeBytes: number }[]> {
    const candidates = await listKeptContents(this.#seat, this.#control.keepsDueOffline);
    const unknown = candidates.filter(
      ({ sha256 }) => !this.#here.has(sha256) && !this.#declined.has(sha256),
    );
    await this.#noteHere(unknown.map(({ sha256 }) => sha256));
    return unknown.filter(({ sha256 }) => !this.#here.has(sha256));
  }

  async #noteHere(hashes: readonly string[]): Promise<void> {
    const listed = hashes.length < manyFiles ? undefined : await this.#files.listHashes();
    for (const sha256 of hashes)
      if (listed?.has(sha256) ?? (await this.#files.has(sha256))) this.#here.add(sha256);
  }

  /**
   * Resolves when the content is here, whole and verified; two who ask share one download.
   * @throws StintError `not_signed_in`, `server_unreachable`, `hash_mismatch`, `not_found`, `disk_full`.
   */
  async fetch(sha256: string, sizeBytes: number): Promise<void> {
    this.#declined.delete(sha256);
    await this.#share(sha256, sizeBytes, true);
  }

  async #share(sha256: string, sizeBytes: number, isAskedFor: boolean): Promise<void> {
    if (await this.#files.has(sha256)) return;
    const known = this.#running.get(sha256);
    if (known !== undefined) {
      known.isAskedFor ||= isAskedFor;
      return known.promise;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const running: RunningDownload = {
      sha256,
      sizeBytes,
      rate: new TransferRate(this.#ports.clock, 0),
      promise,
      abort: new AbortController(),
      movedBytes: 0,
      isAskedFor,
    };
    this.#running.set(sha256, running);
    this.#download(running).then(resolve, reject);
    try {
      await promise;
      this.#here.add(sha256);
    } finally {
      this.#running.delete(sha256);
      this.#seat.emit({ type: 'transfers' });
    }
    this.#seat.announceChange(['attachments']);
  }

  async #download(running: RunningDownload): Promise<void> {
    const client = await this.#findClient();
    if (client === undefined)
      throw new StintError('not_signed_in', 'sign in again to bring files to this computer');
    const path = this.#files.partialPath(running.sha256, this.#seat.record.seatId);
    const hash = createHash('sha256');
    const startBytes = await hashPartial(path, running.sizeBytes, hash);
    running.movedBytes = startBytes;
    if (startBytes >= running.sizeBytes) {
      await this.#adopt(running, path, hash.digest('hex'));
      return;
    }
    const standstill = new AbortController();
    const signal = AbortSignal.any([this.#abort.signal, running.abort.signal, standstill.signal]);
    const stall = new StallWatch(this.#ports.timers, () =>
      standstill.abort(new DOMException('nothing came for too long', 'TimeoutError')),
    );
    try {
      const response = await client.open(
        'GET',
        endpoints.file(this.#seat.record.orgId, running.sha256),
        {
          signal,
          isLarge: true,
          headers: { accept: '*/*', ...(startBytes > 0 ? { range: `bytes=${startBytes}-` } : {}) },
        },
      );
      // A server that does not honour the range sends everything: begin again.
      const isContinued = startBytes === 0 || response.status === 206;
      await this.#append(
        running,
        response,
        path,
        isContinued ? hash : createHash('sha256'),
        isContinued ? startBytes : 0,
        client,
        stall,
        signal,
      );
    } catch (error) {
      // Where nothing of an answer was read, nobody else ends its line.
      standstill.abort();
      throw error;
    } finally {
      stall.stop();
    }
  }

  async #append(
    running: RunningDownload,
    response: Response,
    path: string,
    hash: ReturnType<typeof createHash>,
    startBytes: number,
    client: ServerClient,
    stall: StallWatch,
    signal: AbortSignal,
  ): Promise<void> {
    const file = await open(path, startBytes > 0 ? 'r+' : 'w', 0o600);
    const flush = new SteadyFlush(file);
    const writer = new PieceWriter(file, startBytes);
    let isTooLong = false;
    try {
      for await (const chunk of response.body ?? []) {
        const bytes = chunk as Uint8Array;
        const { byteLength } = bytes;
        // A stream that does not end would fill the disk.
        if (writer.end + byteLength > running.sizeBytes) {
          isTooLong = true;
          break;
        }
        hash.update(bytes);
        await writer.add(bytes);
        flush.note(byteLength);
        running.movedBytes = writer.end;
        stall.noteProgress();
        this.#seat.emit({ type: 'transfers' });
        await this.#control.down.take(byteLength, signal, () => stall.noteProgress());
      }
      await writer.finish();
      await flush.end();
    } catch (error) {
      // What came before the line broke is kept, to go on from.
      await writer.finish().catch(() => undefined);
      const failure = findDiskFailure(error);
      if (failure?.code === 'disk_full')
        throw new StintError(
          'disk_full',
          'there is no room on this disk for the file; what came so far is kept, and it goes on when there is room',
        );
      if (failure !== undefined) throw failure;
      throw describeNetworkFailure(error, client.serverUrl);
    } finally {
      await flush.settle();
      await file.close();
      if (flush.hasFailed) await rm(path, { force: true });
    }
    if (isTooLong) {
      await rm(path, { force: true });
      throw new StintError(
        'hash_mismatch',
        `a file came longer from the server than the ${running.sizeBytes} bytes that were announced; it is fetched again`,
      );
    }
    await this.#adopt(running, path, hash.digest('hex'));
  }

  async #adopt(running: RunningDownload, path: string, sha256: string): Promise<void> {
    if (sha256 === running.sha256) {
      await this.#files.adoptPartial(sha256, this.#seat.record.seatId);
      return;
    }
    await rm(path, { force: true });
    throw new StintError(
      'hash_mismatch',
      `a file came damaged from the server: expected SHA-256 ${running.sha256}, found ${sha256}; it is fetched again`,
    );
  }

  async stop(): Promise<void> {
    await this.#rounds.stop(() => this.#abort.abort());
    await Promise.allSettled([...this.#running.values()].map(({ promise }) => promise));
  }
}

/** Hashes what an earlier attempt left, and says how much it is; one that is too long is of no use. */
async function hashPartial(
  path: string,
  sizeBytes: number,
  hash: ReturnType<typeof createHash>,
): Promise<number> {
  let partBytes = 0;
  try {
    partBytes = (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
  if (partBytes === 0 || partBytes > sizeBytes) return 0;
  for await (const piece of readPieces(path)) hash.update(piece);
  return partBytes;
}
