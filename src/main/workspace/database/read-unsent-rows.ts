import { copyFile, mkdir, rm, truncate } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { StintError } from '../../../shared/errors.ts';
import { readDatabaseFileSize } from './database-file-size.ts';

/**
 * Reads what a seat has not sent, from a database that may be damaged: what SQLite can still read comes, and
 * what it cannot is said. Nothing is written to it.
 */
export interface UnsentReading {
  /** Outbox rows with their state, in the order in which they were made. Columns as they stand in the tables. */
  readonly rows: readonly UnsentRow[];
  /** Contents that were still to be brought to the server. */
  readonly uploads: readonly { sha256: string; sizeBytes: number; name: string }[];
  readonly problems: readonly string[];
  /** Time that is no change yet, in plain words; undefined where that could not be read. */
  readonly unrecorded: readonly string[] | undefined;
}

export interface UnsentRow {
  readonly outbox: Readonly<Record<string, unknown>>;
  /** Undefined where it could not be read: it may have been sent. */
  readonly state: Readonly<Record<string, unknown>> | undefined;
  readonly touches: readonly Readonly<Record<string, unknown>>[];
}

type Row = Record<string, unknown>;

/** @param states those in which a change has not come back from a server. */
export function readUnsentRows(
  connection: Database.Database,
  states: readonly string[],
): UnsentReading {
  const problems: string[] = [];
  const quick = attempt(() => readHealthy(connection, states));
  if (quick !== undefined) return quick;
  const found = new Map<number, Row>();
  const take = (row: Row) => found.set(Number(row['deviceSeq']), row);
  if (!readAll(connection, 'select * from "outbox" not indexed order by "deviceSeq"', take)) {
    // From the other end: a damaged page in the middle stops a reading, and does not hide what lies behind it.
    readAll(connection, 'select * from "outbox" not indexed order by "deviceSeq" desc', take);
    problems.push('not every change could be read');
  }
  const stateById = new Map<string, Row>();
  if (
    !readAll(connection, 'select * from "outboxStates" not indexed', (row) =>
      stateById.set(String(row['mutationId']), row),
    )
  )
    problems.push('of some changes it could not be read whether they were sent; they are included');
  const touches = new Map<string, Row[]>();
  readAll(connection, 'select * from "outboxTouches"', (row) => {
    const id = String(row['mutationId']);
    touches.set(id, [...(touches.get(id) ?? []), row]);
  });
  const uploads: Row[] = [];
  if (
    !readAll(connection, 'select * from "uploads" where "finishedAt" is null', (row) =>
      uploads.push(row),
    )
  )
    problems.push('the list of files that were still to be sent could not be read');
  const rows = [...found.values()]
    .sort((one, other) => Number(one['deviceSeq']) - Number(other['deviceSeq']))
    .flatMap((outbox) => {
      const id = String(outbox['id']);
      const state = stateById.get(id);
      if (state !== undefined && !states.includes(String(state['state']))) return [];
      return [{ outbox, state, touches: touches.get(id) ?? [] }];
    });
  const unrecorded = attempt(() => readUnrecordedTime(connection));
  return { rows, uploads: uploads.map(toUpload), problems, unrecorded };
}

const pageRows = 200;
/** A header that was damaged may say anything. */
const longestLostBytes = 16 * 1024 ** 3;

function readHealthy(connection: Database.Database, states: readonly string[]): UnsentReading {
  const rows: UnsentRow[] = [];
  for (;;) {
    const page = readUnsentPage(connection, states, Number(rows.at(-1)?.outbox['deviceSeq'] ?? 0));
    if (page.length > 0) {
      rows.push(...page);
      continue;
    }
    const unrecorded = attempt(() => readUnrecordedTime(connection));
    return { rows, uploads: readUnsentUploads(connection), problems: [], unrecorded };
  }
}

/** The next 200 changes after a device sequence number, of a database that is whole. */
export function readUnsentPage(
  connection: Database.Database,
  states: readonly string[],
  afterDeviceSeq: number,
): UnsentRow[] {
  const list = states.map(() => '?').join(', ');
  const stateRows = connection
    .prepare(
      `select * from "outboxStates" where "state" in (${list}) and "deviceSeq" > ?
       order by "deviceSeq" limit ${pageRows}`,
    )
    .all(...states, afterDeviceSeq) as Row[];
  const getOutbox = connection.prepare('select * from "outbox" where "id" = ?');
  const getTouches = connection.prepare('select * from "outboxTouches" where "mutationId" = ?');
  return stateRows.map((state) => {
    const outbox = getOutbox.get(state['mutationId']) as Row | undefined;
    if (outbox === undefined) throw new Error('a state without its change');
    return { outbox, state, touches: getTouches.all(state['mutationId']) as Row[] };
  });
}

export function readUnsentUploads(connection: Database.Database): UnsentReading['uploads'] {
  const rows = connection
    .prepare('select * from "uploads" where "finishedAt" is null')
    .all() as Row[];
  return rows.map(toUpload);
}

/**
 * What a seat knows of worked time and has not made a change of: a timer that runs, and what it asks. No change carries
 * it, and so nothing that is made of changes.
 */
export function readUnrecordedTime(connection: Database.Database): string[] {
  const timers = connection
    .prepare(
      `select r."startedAt", k."title" from "timers" r left join "tasks" k on k."id" = r."taskId"`,
    )
    .all() as { startedAt: string; title: string | null }[];
  const asked = Number(connection.prepare('select count(*) from "timerQuestions"').pluck().get());
  return [
    ...timers.map(
      ({ startedAt, title }) =>
        `the timer that was started on "${title ?? 'a task'}" at ${startedAt.slice(0, 16).replace('T', ' ')} UTC runs: its time is not in this file before it is stopped`,
    ),
    ...(asked === 0
      ? []
      : [
          `${asked === 1 ? 'a question of the timer waits' : `${asked} questions of the timer wait`} for an answer: what is said of that time then is not in this file`,
        ]),
  ];
}

const toUpload = (row: Row) => ({
  sha256: String(row['sha256']),
  sizeBytes: Number(row['sizeBytes']),
  name: String(row['name']),
});

/** Whether the statement came to its end; what it gave before it failed was taken all the same. */
function readAll(connection: Database.Database, text: string, take: (row: Row) => void): boolean {
  try {
    for (const row of connection.prepare(text).iterate() as IterableIterator<Row>) take(row);
    return true;
  } catch {
    return false;
  }
}

function attempt<Value>(action: () => Value): Value | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

/**
 * Opens a copy of a database file and its write-ahead log, so that the file itself stays as it is, byte for byte.
 * @returns what `action` does with it; undefined where not even a copy can be opened.
 * @throws StintError `disk_full` where there is no room for the copy: that says nothing of the file.
 */
export async function readFromCopy<Value>(
  path: string,
  temporaryFolder: string,
  action: (connection: Database.Database) => Value,
): Promise<Value | undefined> {
  const copied = join(temporaryFolder, basename(path));
  let connection: Database.Database | undefined;
  try {
    await mkdir(temporaryFolder, { recursive: true, mode: 0o700 });
    await copyFile(path, copied);
    await copyFile(`${path}-wal`, `${copied}-wal`).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    // SQLite reads nothing of a file that lost its end. With an end of zeros, it reads all but those pages.
    const size = await readDatabaseFileSize(copied);
    if (size !== undefined && size.foundBytes < size.expectedBytes)
      await truncate(copied, Math.min(size.expectedBytes, size.foundBytes + longestLostBytes));
    connection = new Database(copied);
    return action(connection);
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    if (!['ENOSPC', 'EDQUOT', 'SQLITE_FULL'].includes(code)) return undefined;
    throw new StintError(
      'disk_full',
      `there is no room in ${dirname(temporaryFolder)} to read a copy of ${path}; make room and try again`,
      { cause: error },
    );
  } finally {
    connection?.close();
    await rm(temporaryFolder, { recursive: true, force: true });
  }
}

export interface SeatIdentity {
  readonly seatId: string;
  readonly serverUrl: string;
  readonly accountId: string;
  readonly orgId: string;
  readonly membershipId: string;
  readonly email: string;
  readonly organizationName: string;
  readonly role: string;
}

/** Whose seats a workspace's database knows. @throws where it cannot be read. */
export function readSeatIdentities(connection: Database.Database): {
  readonly seats: readonly SeatIdentity[];
  readonly deviceName: string;
} {
  const seats = connection
    .prepare(
      `select s."seatId", a."serverUrl", a."accountId", s."orgId", s."membershipId", a."email",
        s."organizationName", s."role"
       from "seats" s join "accounts" a on a."accountKey" = s."accountKey" order by s."createdAt", s."seatId"`,
    )
    .all() as SeatIdentity[];
  const setting = connection
    .prepare(`select "valueJson" from "settings" where "name" = 'deviceName'`)
    .pluck()
    .get() as string | undefined;
  const deviceName: unknown = setting === undefined ? '' : JSON.parse(setting);
  return { seats, deviceName: typeof deviceName === 'string' ? deviceName : '' };
}
