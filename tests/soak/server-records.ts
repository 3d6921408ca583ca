import path from 'node:path';
import Database from 'better-sqlite3';
import { runOnPostgres } from '../support/postgres/run-on-postgres.ts';

export interface LogEntry {
  readonly mutationId: string;
  readonly name: string;
  readonly argsJson: string;
  readonly deviceId: string | null;
}

/** What the server holds at the end, wherever it keeps it. */
export interface ServerRecords {
  readonly log: readonly LogEntry[];
  readonly timeEntrySeconds: number;
  readonly timeEntryCount: number;
  readonly submissionCount: number;
  readonly submissionsAwaitingFiles: number;
  readonly receiptCount: number;
  readonly grantedHashes: readonly string[];
  /** What the database says about itself; empty where all is well. */
  readonly damage: readonly string[];
}

type Query = (text: string) => Promise<Readonly<Record<string, unknown>>[]>;

/** The server has to be closed, or at rest. */
export async function loadServerRecords(
  dataFolder: string,
  databaseUrl: string | undefined,
): Promise<ServerRecords> {
  if (databaseUrl !== undefined) return await load((text) => runOnPostgres(databaseUrl, text), []);
  const connection = new Database(path.join(dataFolder, 'server.db'));
  try {
    const found = connection.pragma('integrity_check', { simple: true });
    return await load(
      (text) => Promise.resolve(connection.prepare(text).all() as Record<string, unknown>[]),
      found === 'ok' ? [] : [`server.db: ${String(found)}`],
    );
  } finally {
    connection.close();
  }
}

async function load(query: Query, damage: readonly string[]): Promise<ServerRecords> {
  const log = await query('select "mutationId", "name", "argsJson", "deviceId" from "mutationLog"');
  const entries = await query('select "startedAt", "endedAt" from "timeEntries"');
  const submissions = await query('select "filesCompleteAt" from "submissions"');
  const receipts = await query('select "id" from "receipts"');
  const grants = await query('select distinct "sha256" from "fileGrants"');
  return {
    log: log as unknown as LogEntry[],
    timeEntryCount: entries.length,
    timeEntrySeconds: entries.reduce(
      (sum, row) =>
        sum + (Date.parse(String(row['endedAt'])) - Date.parse(String(row['startedAt']))) / 1000,
      0,
    ),
    submissionCount: submissions.length,
    submissionsAwaitingFiles: submissions.filter((row) => row['filesCompleteAt'] === null).length,
    receiptCount: receipts.length,
    grantedHashes: grants.map((row) => String(row['sha256'])),
    damage,
  };
}
