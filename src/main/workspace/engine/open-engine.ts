import { mkdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { EngineEvent } from '../../../shared/contract/events.ts';
import type { StagedFile } from '../../../shared/contract/shapes.ts';
import { closeAll } from '../../../shared/close-all.ts';
import { StintError } from '../../../shared/errors.ts';
import { computeIsoInstant } from '../../../shared/ports.ts';
import { AccountService } from '../accounts/account-service.ts';
import { AutomaticCopies } from '../backup/automatic-copies.ts';
import { isIndexMissing, listMissingSeats } from '../backup/find-damage.ts';
import { finishRestore } from '../backup/restore-journal.ts';
import { workspaceMigrations } from '../database/migration-lists.ts';
import { getBundleJobs } from '../bundles/bundle-jobs.ts';
import { getOpenBundles } from '../bundles/opened/open-bundles.ts';
import { openDatabase } from '../database/open-database.ts';
import type { WorkspaceDatabase } from '../database/workspace-tables.ts';
import { PromiseReminders } from '../desk/promise-reminders.ts';
import { isPausedByPerson } from '../files/file-handlers.ts';
import { FileFolder } from '../files/file-folder.ts';
import { ImportList } from '../files/import-list.ts';
import { computeMediaTypeByName } from '../files/media-type-by-name.ts';
import { stageStream } from '../files/staged-files.ts';
import { TransferControl } from '../files/transfer-control.ts';
import { FileSecretStore } from '../ports/file-secret-store.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import { clearPackParts, clearWorkFolders } from '../packs/work-folder.ts';
import { createSystemPorts, type WorkspacePorts } from '../ports/system-ports.ts';
import { takeBackSeats } from '../seats/take-back-seats.ts';
import { SeatRegistry } from '../seats/seat-registry.ts';
import { loadSettings } from '../setup/settings.ts';
import { searchAhead } from '../search/search-ahead.ts';
import { endSearchIndex, isIndexComplete, updateSearchIndex } from '../search/search-index.ts';
import type { SettleOutcome } from '../sync/sync-service.ts';
import { WorkspaceSync } from '../sync/workspace-sync.ts';
import { TimerService } from '../timer/timer-service.ts';
import { findKeptFile } from '../vault/find-kept-file.ts';
import { loadEngagements } from '../work/engagements.ts';
import { loadTaskOutlines } from '../work/task-outlines.ts';
import { type Audience, dispatch } from './dispatch.ts';
import { EventFeed } from './event-feed.ts';
import { lockFolder } from './folder-lock.ts';
import type { HostCapabilities } from './host-capabilities.ts';
import { hasRunningTimer } from './running-work.ts';
import { QuietKeeper } from './quiet-keeper.ts';
import { getSeat, type Workspace } from './workspace.ts';

export interface EngineOptions {
  /** The workspace folder; made if it is not there. */
  readonly folder: string;
  readonly version: string;
  readonly host: HostCapabilities;
  readonly ports?: WorkspacePorts;
  readonly secrets?: SecretStore;
  /** False for a command that only reads: nothing is synchronised then. */
  readonly startsSync?: boolean;
  /** False where nothing may run in threads of its own: no copies are made by the hour then. */
  readonly keepsCopies?: boolean;
  /** Called when a database is found damaged after all were opened. */
  readonly onDamaged?: (error: StintError) => void;
}

export interface ServedFile {
  readonly path: string;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** Where in the file the content begins, where it is a part of it: `sizeBytes` from there. */
  readonly startByte?: number;
}

/** The whole workspace behind one door; hosts, command line and tests hold nothing else. */
export interface Engine {
  dispatch(name: string, input: unknown, audience: Audience): Promise<unknown>;
  subscribe(listener: (event: EngineEvent) => void): () => void;
  importStream(
    name: string,
    source: AsyncIterable<Uint8Array>,
    /** With an id it can be watched and ended, and waits for room on a full disk. */
    known?: { readonly importId?: string | undefined; readonly sizeBytes?: number | undefined },
  ): Promise<StagedFile>;
  /** A file's content on this disk, fetched first when it is not here; or one of an open bundle, by the bundle's id. */
  openAttachment(seatId: string, attachmentId: string): Promise<ServedFile>;
  openExport(fileName: string): Promise<ServedFile>;
  listRunningWork(): Promise<{ hasTimer: boolean; hasUpload: boolean }>;
  settle(timeoutMs: number, options?: { readonly checksDrift?: boolean }): Promise<SettleOutcome>;
  close(): Promise<void>;
}

/**
 * Opens a workspace folder and begins to synchronise it.
 *
 * @throws StintError `workspace_in_use`, `workspace_unwritable`, `database_newer`, `database_damaged`,
 * `disk_full`; the folder is left as it was then.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const release = await lockFolder(options.folder);
  const closers: (() => Promise<void> | void)[] = [release];
  try {
    const workspace = await openWorkspace(options, closers);
    return makeEngine(workspace, () => closeAll(closers));
  } catch (error) {
    // Why it could not be opened says more than what its end met.
    await closeAll(closers).catch(() => {});
    throw error;
  }
}

interface OpenedWorkspace extends Workspace {
  readonly feed: EventFeed;
}

async function openWorkspace(
  options: EngineOptions,
  closers: (() => Promise<void> | void)[],
): Promise<OpenedWorkspace> {
  const { folder } = options;
  const ports = options.ports ?? createSystemPorts();
  const secrets = options.secrets ?? new FileSecretStore(join(folder, 'secrets'));
  const feed = new EventFeed(ports.timers);
  const emit = (event: EngineEvent) => feed.emit(event);
  await finishRestore(folder);
  if (await isIndexMissing(folder))
    throw new StintError(
      'database_damaged',
      `${join(folder, 'workspace.db')} is missing or empty, and there is work beside it; nothing was changed`,
    );
  const copies = new AutomaticCopies({
    workspaceFolder: folder,
    stintVersion: options.version,
    ports,
    onProblem: () => emit({ type: 'sync' }),
    onDamaged: options.onDamaged ?? (() => {}),
  });
  const copyBeforeMigration = (path: string) => copies.copyBeforeMigration(path);
  const opened = await openDatabase<WorkspaceDatabase>(
    join(folder, 'workspace.db'),
    workspaceMigrations,
    copyBeforeMigration,
  );
  closers.push(() => opened.close());
  const files = new FileFolder(join(folder, 'files'), ports.randomness);
  await files.prepare();
  const exportsFolder = join(folder, 'exports');
  await mkdir(exportsFolder, { recursive: true });
  await clearWorkFolders(exportsFolder, ports.clock.nowMs());
  await clearPackParts(exportsFolder);
  const accounts = new AccountService(opened, secrets, ports, emit);
  const seats = new SeatRegistry(join(folder, 'seats'), opened, ports, emit, copyBeforeMigration);
  closers.push(() => seats.closeAll());
  await takeBackSeats(folder, opened.db, computeIsoInstant(ports.clock.nowMs()));
  const known = await opened.db.selectFrom('seats').select('seatId').execute();
  const [missing] = await listMissingSeats(
    folder,
    known.map(({ seatId }) => seatId),
  );
  if (missing !== undefined)
    throw new StintError(
      'database_damaged',
      `${join(folder, missing)} is missing or empty, and a copy holds it; nothing was changed`,
    );
  await seats.openAll();
  const control = new TransferControl(ports);
  control.applySettings(await loadSettings({ db: opened.db }));
  if (await isPausedByPerson(opened.db)) control.pause();
  const imports = new ImportList(ports, () => emit({ type: 'transfers' }));
  closers.push(() => imports.stop());
  const sync = new WorkspaceSync(seats, accounts, files, ports, control);
  closers.push(() => sync.stop());
  const timer = new TimerService({
    ports,
    seats,
    emit,
    readIdleMs: options.host.readIdleMs?.bind(options.host),
  });
  closers.push(() => timer.close());
  await timer.recover();
  const workspace = {
    folder,
    version: options.version,
    db: opened.db,
    opened,
    ports,
    secrets,
    files,
    imports,
    accounts,
    seats,
    sync,
    timer,
    host: options.host,
    copies,
    exportsFolder,
    emit,
    feed,
  };
  const bundleJobs = getBundleJobs(workspace);
  closers.push(() => bundleJobs.close());
  const openBundles = getOpenBundles(workspace);
  closers.push(() => openBundles.closeAll());
  const quiet = new QuietKeeper(seats, ports.timers, [
    // What the first places show.
    async (seat) => void (await loadEngagements(seat, {})),
    async (seat) => void (await loadTaskOutlines(seat, {})),
    async (seat) => {
      if (isIndexComplete(seat)) return;
      await updateSearchIndex(seat);
      emit({ type: 'searchable' });
    },
    searchAhead,
  ]);
  closers.push(
    () => quiet.stop(),
    () => seats.list().forEach(endSearchIndex),
  );
  const reminders = new PromiseReminders(seats, ports);
  closers.push(() => reminders.stop());
  if (options.startsSync !== false) {
    quiet.note();
    reminders.note();
    feed.subscribe((event) => {
      if (event.type !== 'changed') return;
      quiet.note();
      if (event.tables.includes('submissions') || event.tables.includes('reviews'))
        reminders.note();
    });
    await wakeSample(workspace);
    sync.start();
    await bundleJobs.recover();
    if (options.keepsCopies !== false) copies.start(opened, seats);
    closers.push(() => copies.stop());
  }
  return workspace;
}

/** The sample's server lives on this machine: it comes up with the workspace that uses it. */
async function wakeSample(workspace: Workspace): Promise<void> {
  if (!workspace.seats.list().some((seat) => seat.record.isSample)) return;
  try {
    const access = await workspace.host.startSample(join(workspace.folder, 'sample'));
    await workspace.accounts.moveSampleServer(access.serverUrl);
    for (const seat of workspace.seats.list()) await workspace.seats.open(seat.record.seatId);
  } catch {
    // Without its server the sample is merely offline, and the sync state says so.
  }
}

function makeEngine(workspace: OpenedWorkspace, end: () => Promise<void>): Engine {
  let closing: Promise<void> | undefined;
  return {
    dispatch: async (name, input, audience) => {
      if (closing !== undefined)
        throw new StintError('unavailable', 'this workspace is being closed');
      return dispatch(workspace, name, input, audience);
    },
    subscribe: (listener) => workspace.feed.subscribe(listener),
    importStream: async (name, source, known) => stageStream(workspace, name, source, known),
    openAttachment: async (seatId, attachmentId) => {
      const bundled = getOpenBundles(workspace).findFile(seatId, attachmentId);
      if (bundled !== undefined) return bundled;
      const seat = getSeat(workspace, seatId);
      const attachment =
        (await seat.db
          .selectFrom('attachments')
          .select(['sha256', 'sizeBytes', 'name', 'mediaType'])
          .where('orgId', '=', seat.record.orgId)
          .where('id', '=', attachmentId)
          .executeTakeFirst()) ?? (await findKeptFile(seat, attachmentId));
      if (attachment === undefined)
        throw new StintError('not_found', `there is no file ${attachmentId} here`);
      const { sha256, sizeBytes, name, mediaType } = attachment;
      await workspace.sync.fetchFile(seatId, sha256, sizeBytes);
      return { path: workspace.files.path(sha256), name, mediaType, sizeBytes };
    },
    openExport: async (fileName) => {
      const path = join(workspace.exportsFolder, basename(fileName));
      const found = await stat(path).catch(() => undefined);
      if (found === undefined || !found.isFile())
        throw new StintError('not_found', 'there is no such export on this computer any more');
      return {
        path,
        name: basename(fileName),
        mediaType: computeMediaTypeByName(fileName) ?? 'application/octet-stream',
        sizeBytes: found.size,
      };
    },
    listRunningWork: async () => ({
      hasTimer: await hasRunningTimer(workspace),
      hasUpload: workspace.sync.hasRunningUpload(),
    }),
    settle: async (timeoutMs, settling) => workspace.sync.settle(timeoutMs, settling),
    close: () => {
      closing ??= end();
      return closing;
    },
  };
}
