import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  seatMigrations,
  workspaceMigrations,
} from '../../../src/main/workspace/database/migration-lists.ts';
import {
  type OpenedDatabase,
  openDatabase,
} from '../../../src/main/workspace/database/open-database.ts';
import type { SeatDatabase } from '../../../src/main/workspace/database/seat-tables.ts';
import type { WorkspaceDatabase } from '../../../src/main/workspace/database/workspace-tables.ts';
import { FileSecretStore } from '../../../src/main/workspace/ports/file-secret-store.ts';
import { everythingScope } from '../../../src/shared/domain/scopes.ts';
import { dayMs, instantOf } from './generated-row.ts';
import { type GeneratedSeat, generateSeat, type SeatShape } from './seat-rows.ts';
import { SeededRandom } from './seeded-random.ts';
import { type ChangedTask, generateSettledChanges } from './settled-changes.ts';

export interface WorkspaceShape extends SeatShape {
  /** How many rows the seat's database holds; settled changes fill it up to exactly this. */
  readonly totalRows: number;
}

export interface BenchmarkWorkspace {
  readonly folder: string;
  readonly seatId: string;
  readonly orgId: string;
  readonly databaseFile: string;
  readonly rowCount: number;
  remove(): Promise<void>;
}

const seed = 20_261_123;

/**
 * A workspace folder with one seat, written straight into its databases. The seat's server is an address
 * that nobody answers at: being offline is a normal state.
 */
export async function createBenchmarkWorkspace(shape: WorkspaceShape): Promise<BenchmarkWorkspace> {
  const folder = await mkdtemp(path.join(tmpdir(), 'stint-bench-'));
  // Deadlines lie around the present day, so that some are over and some are not.
  const nowMs = Math.floor(Date.now() / dayMs) * dayMs;
  const generated = generateSeat(shape, seed, nowMs);
  const random = new SeededRandom(seed + 1);
  const seatId = random.uuid(nowMs);
  await writeInstallation(folder, seatId, generated, shape.role, nowMs);
  const seatFolder = path.join(folder, 'seats', seatId);
  await mkdir(seatFolder, { recursive: true, mode: 0o700 });
  const databaseFile = path.join(seatFolder, 'seat.db');
  const opened = await openDatabase<SeatDatabase>(databaseFile, seatMigrations);
  const rowCount = writeSeat(opened, generated, {
    random,
    nowMs,
    role: shape.role,
    totalRows: shape.totalRows,
  });
  await opened.close();
  return {
    folder,
    seatId,
    orgId: generated.orgId,
    databaseFile,
    rowCount,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function writeInstallation(
  folder: string,
  seatId: string,
  seat: GeneratedSeat,
  role: SeatShape['role'],
  nowMs: number,
): Promise<void> {
  const opened = await openDatabase<WorkspaceDatabase>(
    path.join(folder, 'workspace.db'),
    workspaceMigrations,
  );
  const accountKey = seat.accountId;
  await opened.db
    .insertInto('accounts')
    .values({
      accountKey,
      // The discard port: refused at once on any usual machine.
      serverUrl: 'http://127.0.0.1:9',
      accountId: seat.accountId,
      email: seat.email,
      deviceId: seatId,
      isSample: 0,
      signedOutAt: null,
    })
    .execute();
  await opened.db
    .insertInto('seats')
    .values({
      seatId,
      accountKey,
      orgId: seat.orgId,
      membershipId: seat.membershipId,
      role,
      organizationName: seat.organizationName,
      createdAt: instantOf(nowMs),
    })
    .execute();
  await opened.close();
  await new FileSecretStore(path.join(folder, 'secrets')).put(`token-${accountKey}`, 'none');
}

/** @returns how many rows the database holds then, but for what counts them itself (`seatState`). */
function writeSeat(
  { connection }: OpenedDatabase<SeatDatabase>,
  { rows }: GeneratedSeat,
  filling: {
    readonly random: SeededRandom;
    readonly nowMs: number;
    readonly role: SeatShape['role'];
    readonly totalRows: number;
  },
): number {
  const statements = new Map<string, (row: object) => void>();
  const insert = (table: string, row: object) => {
    let run = statements.get(table);
    if (run === undefined) {
      const columns = Object.keys(row);
      const statement = connection.prepare(
        `insert into "${table}" (${columns.map((column) => `"${column}"`).join(', ')})
         values (${columns.map((column) => `@${column}`).join(', ')})`,
      );
      run = (values) => void statement.run(values);
      statements.set(table, run);
    }
    run(row);
  };
  let left = filling.totalRows;
  if (rows.length > left)
    throw new RangeError(`expected at most ${left} rows, and ${rows.length} were generated`);
  const insertCounted = (table: string, row: object) => {
    if (left === 0) return;
    insert(table, row);
    left -= 1;
  };
  connection.transaction(() => {
    const tasks: ChangedTask[] = [];
    for (const { table, row } of rows) {
      insertCounted(table, row);
      if (table === 'tasks') tasks.push({ taskId: row.id, title: row.title });
    }
    const changes = generateSettledChanges(filling.random, tasks, {
      role: filling.role,
      beganMs: filling.nowMs - 90 * dayMs,
    });
    for (const { outbox, state, touches } of changes) {
      if (left === 0) break;
      insertCounted('outbox', outbox);
      insertCounted('outboxStates', state);
      for (const touch of touches) insertCounted('outboxTouches', touch);
    }
    insert('scopeCursors', { scope: everythingScope, seq: 200_000 });
    connection
      .prepare(`update "seatState" set "headSeq" = 200000, "headHash" = '', "lastSyncedAt" = ?`)
      .run(instantOf(filling.nowMs));
  })();
  return filling.totalRows - left;
}
