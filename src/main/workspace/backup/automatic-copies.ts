import { relative, join } from 'node:path';
import { StintError } from '../../../shared/errors.ts';
import { computeEpochMs } from '../../../shared/ports.ts';
import type { OpenedDatabase } from '../database/open-database.ts';
import type { WorkspaceDatabase } from '../database/workspace-tables.ts';
import type { WorkspacePorts } from '../ports/system-ports.ts';
import type { SeatRegistry } from '../seats/seat-registry.ts';
import type { Seat } from '../seats/seat.ts';
import {
  type CopyFolder,
  listCopyFolders,
  listDamagedFiles,
  loadCopyManifest,
} from './copy-folders.ts';
import type { CopyManifest } from './copy-format.ts';
import { type CopySource, createCopy } from './create-copy.ts';
import { removeSurplus } from './kept-copies.ts';

const intervalMs = 3_600_000;
/** The first look comes when the start is over and the first synchronisation mostly is. */
const firstLookMs = 60_000;

export const computeCopiesFolder = (workspaceFolder: string): string =>
  join(workspaceFolder, 'backups');

export interface AutomaticCopiesOptions {
  readonly workspaceFolder: string;
  readonly stintVersion: string;
  readonly ports: Pick<WorkspacePorts, 'clock' | 'timers' | 'sha256Hex'>;
  /** Called when `problem` changed. */
  onProblem(): void;
  /** Called when a database was found damaged while it was copied. */
  onDamaged(error: StintError): void;
}

/**
 * Copies of the databases in `<workspace>/backups`: each hour when something changed or the newest is damaged, and
 * before migrations. A copy that cannot be made is a line in the sync state, and is tried again an hour later; it never stops work.
 */
export class AutomaticCopies {
  readonly #options: AutomaticCopiesOptions;
  #problem: string | null = null;
  #cancel: (() => void) | undefined;
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: AutomaticCopiesOptions) {
    this.#options = options;
  }

  /** Why the last copy could not be made, in plain words; null when it could. */
  get problem(): string | null {
    return this.#problem;
  }

  /** SY-20: for `openDatabase`. The database is not migrated when this rejects. */
  async copyBeforeMigration(path: string): Promise<void> {
    const { workspaceFolder, stintVersion, ports } = this.#options;
    const name = relative(workspaceFolder, path).replaceAll('\\', '/');
    await createCopy({
      workspaceFolder,
      into: computeCopiesFolder(workspaceFolder),
      reason: 'before_migration',
      databases: [{ name, signature: null }],
      stintVersion,
      clock: ports.clock,
    });
  }

  start(database: OpenedDatabase<WorkspaceDatabase>, seats: SeatRegistry): void {
    const look = (delayMs: number) => {
      this.#cancel = this.#options.ports.timers.after(delayMs, () => {
        this.#running = this.copyIfChanged(database, seats).then(() => {
          if (!this.#isStopped) look(intervalMs);
        });
      });
    };
    look(firstLookMs);
  }

  /** Never rejects: what went wrong is `problem`. */
  async copyIfChanged(
    database: OpenedDatabase<WorkspaceDatabase>,
    seats: SeatRegistry,
  ): Promise<void> {
    try {
      await this.#copyIfChanged(database, seats);
      this.#setProblem(null);
    } catch (error) {
      this.#setProblem(describeProblem(error));
      if (error instanceof StintError && error.code === 'database_damaged')
        this.#options.onDamaged(error);
    }
  }

  async #copyIfChanged(
    database: OpenedDatabase<WorkspaceDatabase>,
    seats: SeatRegistry,
  ): Promise<void> {
    const { workspaceFolder, stintVersion, ports } = this.#options;
    const into = computeCopiesFolder(workspaceFolder);
    const before = await findNewest(into);
    const ageMs =
      before === undefined
        ? Number.POSITIVE_INFINITY
        : ports.clock.nowMs() - computeEpochMs(before.manifest.createdAt);
    // Also where the clock was put back: a copy from the future says nothing of the last hour.
    if (ageMs >= 0 && ageMs < intervalMs - firstLookMs) return;
    const databases: CopySource[] = [
      { name: 'workspace.db', signature: await signWorkspace(database, ports.sha256Hex) },
    ];
    for (const seat of seats.list())
      databases.push({
        name: `seats/${seat.record.seatId}/seat.db`,
        signature: await signSeat(seat, ports.sha256Hex),
      });
    if (
      before !== undefined &&
      isSame(before.manifest, databases) &&
      (await listDamagedFiles(before, before.manifest)).length === 0
    )
      return;
    await createCopy({
      workspaceFolder,
      into,
      reason: 'hourly',
      databases,
      stintVersion,
      clock: ports.clock,
    });
    await removeSurplus(into, ports.clock.nowMs());
  }

  #setProblem(problem: string | null): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#options.onProblem();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel?.();
    await this.#running;
  }
}

async function findNewest(
  into: string,
): Promise<(CopyFolder & { readonly manifest: CopyManifest }) | undefined> {
  for (const copy of (await listCopyFolders(into)).toReversed()) {
    const manifest = await loadCopyManifest(copy).catch(() => undefined);
    if (manifest?.reason === 'hourly') return { ...copy, manifest };
  }
  return undefined;
}

function isSame(before: CopyManifest, databases: readonly CopySource[]): boolean {
  return (
    before.databases.length === databases.length &&
    databases.every(({ name, signature }) =>
      before.databases.some((known) => known.name === name && known.signature === signature),
    )
  );
}

function describeProblem(error: unknown): string {
  if (error instanceof StintError && error.code === 'disk_full')
    return 'There is no room for the hourly copy of this workspace. Your work is saved; make room on this disk.';
  if (error instanceof StintError && error.code === 'database_damaged')
    return 'A database of this workspace is damaged. Close Stint and open it again to repair it.';
  return 'The hourly copy of this workspace could not be made. Your work is saved.';
}

type Sha256 = WorkspacePorts['sha256Hex'];

/** Small tables: all of them, but for what changes without anybody doing anything. */
async function signWorkspace(
  { db }: OpenedDatabase<WorkspaceDatabase>,
  sha256Hex: Sha256,
): Promise<string> {
  const rows = await Promise.all([
    db.selectFrom('accounts').selectAll().orderBy('accountKey').execute(),
    db.selectFrom('seats').selectAll().orderBy('seatId').execute(),
    db.selectFrom('settings').selectAll().orderBy('name').execute(),
    db.selectFrom('exports').select('fileName').orderBy('fileName').execute(),
    db.selectFrom('stagedFiles').select('stagedId').orderBy('stagedId').execute(),
  ]);
  return sha256Hex(JSON.stringify(rows));
}

/** What a person did and what the server said; not when it was last asked, and not the timer's heartbeat. */
async function signSeat({ db }: Seat, sha256Hex: Sha256): Promise<string> {
  const states = await db
    .selectFrom('outboxCounts')
    .select(['state', 'count'])
    .where('count', '>', 0)
    .orderBy('state')
    .execute();
  const outbox = await db
    .selectFrom('outbox')
    .select((row) => row.fn.max<number | null>('deviceSeq').as('deviceSeq'))
    .executeTakeFirst();
  const head = await db
    .selectFrom('seatState')
    .select(['headSeq', 'headHash', 'accessLostAt'])
    .executeTakeFirst();
  const timers = await db.selectFrom('timers').select(['timeEntryId', 'note']).execute();
  const cursors = await db.selectFrom('scopeCursors').selectAll().orderBy('scope').execute();
  const vault = await db.selectFrom('vaultItems').select('vaultId').orderBy('vaultId').execute();
  return sha256Hex(JSON.stringify([states, outbox, head, timers, cursors, vault]));
}
