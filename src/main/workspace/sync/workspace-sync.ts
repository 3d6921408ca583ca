import type { SeatSync } from '../../../shared/contract/shapes.ts';
import { StintError } from '../../../shared/errors.ts';
import type { AccountService } from '../accounts/account-service.ts';
import { attentionStates } from '../database/seat-tables.ts';
import { loadWaitedFor } from './refused-changes.ts';
import { listShownInVault } from '../vault/shown-in-vault.ts';
import { DownloadQueue } from '../files/download-queue.ts';
import type { FileFolder } from '../files/file-folder.ts';
import { TransferControl } from '../files/transfer-control.ts';
import { fileNeeded } from '../files/upload-failure.ts';
import { UploadQueue } from '../files/upload-queue.ts';
import { WantedFiles } from '../files/wanted-files.ts';
import type { WorkspacePorts } from '../ports/system-ports.ts';
import type { SeatRegistry } from '../seats/seat-registry.ts';
import type { Seat } from '../seats/seat.ts';
import { PokeListener } from './poke-listener.ts';
import { SeatLoop } from './seat-loop.ts';
import type { ServerClient } from './server-client.ts';
import type { SettleOutcome, SyncService, TransferProgress } from './sync-service.ts';

interface SyncedSeat {
  readonly seat: Seat;
  readonly loop: SeatLoop;
  readonly uploads: UploadQueue;
  readonly downloads: DownloadQueue;
  readonly wanted: WantedFiles;
}

const settlePollMs = 25;
/** How long requests under way may take to finish at the end; what they would have done is done next time. */
const stopGraceMs = 3000;

/** The sync of a whole workspace: a loop and two queues of files per seat, a line for pokes per account. */
export class WorkspaceSync implements SyncService {
  readonly control: TransferControl;
  readonly #endControl: () => void;
  readonly #seats: SeatRegistry;
  readonly #accounts: AccountService;
  readonly #files: FileFolder;
  readonly #ports: WorkspacePorts;
  readonly #synced = new Map<string, SyncedSeat>();
  readonly #listeners = new Map<string, PokeListener>();
  #isStopped = false;

  constructor(
    seats: SeatRegistry,
    accounts: AccountService,
    files: FileFolder,
    ports: WorkspacePorts,
    control: TransferControl = new TransferControl(ports),
  ) {
    this.control = control;
    this.#endControl = control.onChange(() => this.#followControl());
    this.#seats = seats;
    this.#accounts = accounts;
    this.#files = files;
    this.#ports = ports;
  }

  start(): void {
    this.#isStopped = false;
    for (const seat of this.#seats.list()) this.adopt(seat.record.seatId);
  }

  adopt(seatId: string): void {
    const seat = this.#seats.find(seatId);
    // Who signs in while the program ends is taken up when it is started again.
    if (seat === undefined || this.#isStopped) return;
    const known = this.#synced.get(seatId);
    if (known !== undefined) {
      this.#kickSeat(known);
      this.#listeners.get(seat.record.accountKey)?.start();
      return;
    }
    const findClient = () => this.#accounts.findClient(seat.record.accountKey);
    const downloads = new DownloadQueue(seat, this.#files, this.#ports, findClient, this.control);
    const uploads = new UploadQueue(
      seat,
      this.#files,
      this.#ports,
      findClient,
      this.control,
      (hashes) => downloads.noteHere(hashes),
    );
    const wanted = new WantedFiles(seat, this.#files, this.#ports, findClient, uploads);
    const rekey = (refused: ServerClient) => this.#accounts.rekey(seat.record.accountKey, refused);
    const loop = new SeatLoop(seat, this.#ports, findClient, rekey, () => {
      void this.#takeOnRole(seat);
      if (!loop.isOnline || loop.state === 'signed_out') return;
      uploads.request(true);
      downloads.request(true);
      wanted.request(false);
    });
    const synced = { seat, loop, uploads, downloads, wanted };
    this.#synced.set(seatId, synced);
    seat.onMutated = () => {
      loop.request(false);
      uploads.request(false);
    };
    this.#listen(seat);
    this.#kickSeat(synced);
  }

  async #takeOnRole(seat: Seat): Promise<void> {
    if (await this.#seats.takeOnRole(seat).catch(() => false)) seat.announceChange(['memberships']);
  }

  #listen(seat: Seat): void {
    const { accountKey } = seat.record;
    if (this.#listeners.has(accountKey)) return;
    const listener = new PokeListener(
      this.#ports,
      () => this.#accounts.findClient(accountKey),
      (poke) => {
        for (const { seat: candidate, loop } of this.#synced.values())
          if (candidate.record.accountKey === accountKey && candidate.record.orgId === poke.orgId)
            loop.poke(poke.seq);
      },
      () => {
        for (const synced of this.#synced.values())
          if (synced.seat.record.accountKey === accountKey) this.#kickSeat(synced);
      },
    );
    this.#listeners.set(accountKey, listener);
    listener.start();
  }

  #kickSeat({ loop, uploads, downloads, wanted }: SyncedSeat): void {
    loop.request(true);
    uploads.request(true);
    downloads.request(true);
    wanted.request(true);
  }

  kick(seatId?: string): void {
    for (const [id, synced] of this.#synced)
      if (seatId === undefined || id === seatId) this.#kickSeat(synced);
    for (const listener of this.#listeners.values()) listener.start();
  }

  async settle(
    timeoutMs: number,
    options: { readonly checksDrift?: boolean } = {},
  ): Promise<SettleOutcome> {
    const deadlineMs = this.#ports.clock.monotonicMs() + timeoutMs;
    const isLate = () => this.#ports.clock.monotonicMs() >= deadlineMs;
    this.kick();
    let outcome = await this.#computeOutcome();
    while (!outcome.isSettled && !isLate()) {
      // What waits is not counted while it is being sent: of many changes, that would be most of the work.
      do await this.#pause();
      while (!this.#isAtRest() && !isLate());
      outcome = await this.#computeOutcome();
    }
    if (options.checksDrift !== true) return outcome;
    for (const { loop } of this.#synced.values()) loop.requestDriftCheck();
    const isChecked = () =>
      [...this.#synced.values()].every(({ loop }) => loop.drift !== null && loop.state === 'idle');
    while (!isChecked() && !isLate()) await this.#pause();
    return {
      ...(await this.#computeOutcome()),
      drift: [...this.#synced.values()].map(({ seat, loop }) => ({
        seatId: seat.record.seatId,
        organizationName: seat.record.organizationName,
        scopes: loop.drift,
      })),
    };
  }

  #isAtRest(): boolean {
    return [...this.#synced.values()].every(({ loop }) => loop.state === 'idle' && loop.isOnline);
  }

  async #pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#ports.timers.after(settlePollMs, resolve);
    });
  }

  async #computeOutcome(): Promise<SettleOutcome> {
    const total = {
      isSettled: true,
      sentChanges: 0,
      receivedRows: 0,
      waitingChanges: 0,
      waitingBytes: 0,
      attentionCount: 0,
      problem: null as string | null,
    };
    for (const synced of this.#synced.values()) {
      const counts = await countWaiting(synced.seat);
      const { loop } = synced;
      total.sentChanges += loop.sentChanges;
      total.receivedRows += loop.receivedRows;
      total.waitingChanges += counts.waitingChanges;
      total.waitingBytes += counts.waitingBytes;
      total.attentionCount += counts.attentionCount;
      total.problem ??= loop.lastProblem;
      const isDone =
        loop.state === 'idle' &&
        loop.isOnline &&
        counts.waitingChanges === counts.waitingForOthers &&
        counts.waitingUploads === 0 &&
        (await synced.downloads.listWanted()).length === 0;
      total.isSettled &&= isDone;
    }
    return total;
  }

  async computeSeatSync(seatId: string): Promise<SeatSync> {
    const synced = this.#synced.get(seatId);
    const seat = this.#seats.find(seatId);
    if (seat === undefined) throw new StintError('not_found', `there is no seat ${seatId}`);
    const counts = await countWaiting(seat);
    const isWaiting = counts.waitingChanges > 0 || counts.waitingUploads > 0;
    const loopState = synced?.loop.state;
    return {
      state:
        // There is nothing to sign in to any more once the account was closed.
        loopState === 'signed_out' && !counts.isAccountClosed
          ? 'signed_out'
          : loopState === 'update_needed'
            ? 'update_needed'
            : counts.attentionCount > 0
              ? 'attention'
              : !isWaiting
                ? counts.lastSyncedAt === null
                  ? 'waiting'
                  : 'saved'
                : loopState === 'running' || synced?.uploads.hasRunning() === true
                  ? 'syncing'
                  : 'waiting',
      isOnline: synced?.loop.isOnline ?? false,
      waitingChanges: counts.waitingChanges,
      waitingBytes: counts.waitingBytes,
      attentionCount: counts.attentionCount,
      lastSyncedAt: counts.lastSyncedAt,
      lastProblem: synced?.loop.lastProblem ?? null,
    };
  }

  findNextAttemptAt(seatId: string): string | null {
    return this.#synced.get(seatId)?.loop.nextAttemptAt ?? null;
  }

  listTransfers(seatId?: string): TransferProgress[] {
    return [...this.#synced.values()]
      .filter(({ seat }) => seatId === undefined || seat.record.seatId === seatId)
      .flatMap(({ uploads, downloads }) => [...uploads.list(), ...downloads.list()]);
  }

  async fetchFile(seatId: string, sha256: string, sizeBytes: number): Promise<void> {
    // SY-22: what the disk changed is not used; it comes again from the server, where that has it.
    if (await this.#files.isSound(sha256)) return;
    this.noteRemoved([sha256]);
    const synced = this.#synced.get(seatId);
    if (synced === undefined)
      throw new StintError('unavailable', 'this organization is not being synchronised');
    await synced.downloads.fetch(sha256, sizeBytes);
  }

  cancelFetch(seatId: string, sha256: string): boolean {
    return this.#synced.get(seatId)?.downloads.cancel(sha256) ?? false;
  }

  async cancelUpload(seatId: string, sha256: string): Promise<boolean> {
    return (await this.#synced.get(seatId)?.uploads.cancel(sha256)) ?? false;
  }

  requestFiles(): void {
    for (const { downloads } of this.#synced.values()) downloads.request(true);
  }

  async listWanted(): Promise<{ seatId: string; sha256: string; sizeBytes: number }[]> {
    const lists = await Promise.all(
      [...this.#synced.values()].map(async ({ seat, downloads }) =>
        (await downloads.listWanted()).map((content) => ({
          seatId: seat.record.seatId,
          ...content,
        })),
      ),
    );
    return lists.flat();
  }

  findRoomProblem(): string | null {
    for (const { downloads } of this.#synced.values())
      if (downloads.roomProblem !== null) return downloads.roomProblem;
    return null;
  }

  noteRemoved(hashes: readonly string[]): void {
    for (const { downloads } of this.#synced.values()) downloads.noteRemoved(hashes);
  }

  /** A pause holds at once; what it ended goes on from there. */
  #followControl(): void {
    for (const { seat, uploads, downloads } of this.#synced.values()) {
      if (this.control.isPaused) {
        uploads.interrupt();
        downloads.interrupt();
      } else {
        uploads.request(true);
        downloads.request(true);
      }
      seat.emit({ type: 'transfers' });
    }
  }

  hasRunningUpload(): boolean {
    return [...this.#synced.values()].some(({ uploads }) => uploads.hasRunning());
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#endControl();
    for (const listener of this.#listeners.values()) listener.stop();
    // A server that has fallen silent must not keep the program from ending.
    const cancelGrace = this.#ports.timers.after(stopGraceMs, () => this.#accounts.close());
    await Promise.all(
      [...this.#synced.values()].map(({ loop, uploads, downloads, wanted }) =>
        Promise.all([loop.stop(), uploads.stop(), downloads.stop(), wanted.stop()]),
      ),
    );
    cancelGrace();
    this.#synced.clear();
    this.#listeners.clear();
  }
}

async function countWaiting(seat: Seat) {
  const changes = await seat.db.selectFrom('outboxCounts').selectAll().execute();
  const uploads = await seat.db
    .selectFrom('uploads')
    .select([
      (row) => row.fn.countAll<number>().as('count'),
      (row) => row.fn.sum<number | null>('sizeBytes').as('sizeBytes'),
      (row) => row.fn.sum<number | null>('sentBytes').as('sentBytes'),
    ])
    .where('finishedAt', 'is', null)
    .executeTakeFirstOrThrow();
  const stuck = await seat.db
    .selectFrom('uploads')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('finishedAt', 'is', null)
    .where('problem', 'in', fileNeeded)
    .executeTakeFirstOrThrow();
  const state = await seat.db
    .selectFrom('seatState')
    .select(['lastSyncedAt', 'accountClosedAt'])
    .executeTakeFirstOrThrow();
  const shownElsewhere = new Set([
    ...(await listShownInVault(seat)),
    ...(await loadWaitedFor(seat)).keys(),
  ]);
  const unexported = await seat.db
    .selectFrom('vaultItems')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('exportedAt', 'is', null)
    .executeTakeFirstOrThrow();
  const count = (wanted: readonly string[]) =>
    changes.filter((row) => wanted.includes(row.state)).reduce((sum, row) => sum + row.count, 0);
  return {
    waitingChanges: count(['pending', 'applied']),
    waitingForOthers: changes.reduce((sum, row) => sum + row.forOthers, 0),
    isAccountClosed: state.accountClosedAt !== null,
    // What the organization decides on needs nothing of this person; what is held goes with what it waits for.
    attentionCount:
      count(attentionStates.filter((state) => state !== 'quarantined')) -
      shownElsewhere.size +
      unexported.count +
      stuck.count,
    waitingUploads: uploads.count,
    waitingBytes: (uploads.sizeBytes ?? 0) - (uploads.sentBytes ?? 0),
    lastSyncedAt: state.lastSyncedAt,
  };
}
