import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import Database from 'better-sqlite3';
import { Client } from 'pg';
import { seatMigrations } from '../../../src/main/workspace/database/migration-lists.ts';
import { openDatabase } from '../../../src/main/workspace/database/open-database.ts';
import { openSqliteServerDatabase } from '../../../src/server/database/sqlite-server-database.ts';
import { createBenchFolder } from './bench-folder.ts';
import type { BenchmarkOrganization } from './server-fixture.ts';

/** How many rows or changes the program itself puts into one transaction and one exchange. */
const pageRows = 2000;
const batchChanges = 500;

/**
 * The least that a first synchronisation needs: the rows' JSON over loopback in pages, parsed, and inserted into
 * the workspace's own tables by prepared statements, one durable transaction for each page. No validation, no
 * cursors, no forecasts, and a server that has its answer ready.
 */
export async function measureRawFirst(organization: BenchmarkOrganization): Promise<number> {
  const folder = await createBenchFolder();
  const opened = await openDatabase(path.join(folder.path, 'raw.db'), seatMigrations);
  const pages: string[] = [];
  for (let start = 0; start < organization.rows.length; start += pageRows)
    pages.push(JSON.stringify(organization.rows.slice(start, start + pageRows)));
  const server = await startBareServer((index) => pages[index] ?? '[]');
  try {
    const { connection } = opened;
    const statements = new Map<string, Database.Statement>();
    const beganMs = performance.now();
    for (const index of pages.keys()) {
      const answer = await fetch(`${server.url}/${index}`, { method: 'POST', body: '{}' });
      const rows = (await answer.json()) as { table: string; row: Record<string, unknown> }[];
      connection.exec('begin immediate');
      for (const { table, row } of rows) {
        let statement = statements.get(table);
        if (statement === undefined) {
          statement = prepareInsert(connection, table, Object.keys(row));
          statements.set(table, statement);
        }
        statement.run(Object.values(row));
      }
      connection.exec('commit');
    }
    return performance.now() - beganMs;
  } finally {
    await server.close();
    await opened.close();
    await folder.remove();
  }
}

/**
 * The least that the pushing of `count` changes needs on SQLite: their bytes over loopback, and for each change
 * one row of its own and its rows in the index, the log and the answers, inserted by prepared statements in
 * one durable transaction for each batch.
 */
export async function measureRawPushOnSqlite(count: number): Promise<number> {
  const folder = await createBenchFolder();
  const file = path.join(folder.path, 'raw.db');
  await (await openSqliteServerDatabase(file)).close();
  const connection = new Database(file);
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  const server = await startBareServer(() => '{}');
  try {
    const prepared = rawTables.map((table) => {
      const [row] = createRawRows(table, 0, 1);
      return { table, statement: prepareInsert(connection, table, Object.keys(row ?? {})) };
    });
    const beganMs = performance.now();
    for (let start = 0; start < count; start += batchChanges) {
      const size = Math.min(batchChanges, count - start);
      await sendBatch(server.url, start, size);
      connection.exec('begin immediate');
      for (const { table, statement } of prepared)
        for (const row of createRawRows(table, start, size)) statement.run(Object.values(row));
      connection.exec('commit');
    }
    return performance.now() - beganMs;
  } finally {
    connection.close();
    await server.close();
    await folder.remove();
  }
}

/** The same on PostgreSQL, with one statement of many rows for each table and batch. */
export async function measureRawPushOnPostgres(
  databaseUrl: string,
  count: number,
): Promise<number> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const server = await startBareServer(() => '{}');
  try {
    const beganMs = performance.now();
    for (let start = 0; start < count; start += batchChanges) {
      const size = Math.min(batchChanges, count - start);
      await sendBatch(server.url, start, size);
      await client.query('begin');
      for (const table of rawTables)
        await client.query(
          `insert into "${table}" select * from json_populate_recordset(null::"${table}", $1::json)`,
          [JSON.stringify(createRawRows(table, start, size))],
        );
      await client.query('commit');
    }
    return performance.now() - beganMs;
  } finally {
    await client.end();
    await server.close();
  }
}

async function sendBatch(url: string, start: number, size: number): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    body: JSON.stringify(createRawRows('mutationLog', start, size)),
  });
  await answer.text();
}

const rawTables = ['timeEntries', 'rowIndex', 'mutationLog', 'mutationResults'] as const;
const rawOrgId = '00000000-0000-7000-8000-000000000000';
const rawInstant = '2026-01-05T09:00:00.000Z';
const rawHash = 'a'.repeat(64);

const rawId = (number: number): string =>
  `019b0000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;

function createRawRows(
  table: (typeof rawTables)[number],
  start: number,
  size: number,
): Record<string, unknown>[] {
  return Array.from({ length: size }, (_, index) => createRawRow(table, start + index + 1));
}

function createRawRow(table: (typeof rawTables)[number], number: number): Record<string, unknown> {
  const id = rawId(number);
  const scope = `engagement:${rawId(0)}`;
  switch (table) {
    case 'timeEntries':
      return {
        orgId: rawOrgId,
        id,
        scope,
        engagementId: rawId(0),
        taskId: rawId(0),
        membershipId: rawId(0),
        startedAt: rawInstant,
        endedAt: rawInstant,
        zone: 'Europe/Berlin',
        source: 'manual',
        note: `Looked at shop ${number}.`,
        createdAt: rawInstant,
        updatedAt: rawInstant,
        deletedAt: null,
        revivedAt: null,
      };
    case 'rowIndex':
      return { orgId: rawOrgId, tableName: 'timeEntries', rowId: id, scope, seq: number };
    case 'mutationLog':
      return {
        orgId: rawOrgId,
        seq: number,
        mutationId: id,
        name: 'time.add',
        version: 1,
        argsJson: JSON.stringify(createRawRow('timeEntries', number)),
        argsHash: rawHash,
        actorMembershipId: rawId(0),
        accountId: rawId(0),
        deviceId: rawId(0),
        deviceSeq: number,
        claimedAt: rawInstant,
        receivedAt: rawInstant,
        hash: rawHash,
      };
    case 'mutationResults':
      return {
        orgId: rawOrgId,
        mutationId: id,
        argsHash: rawHash,
        membershipId: rawId(0),
        deviceId: rawId(0),
        name: 'time.add',
        version: 1,
        status: 'applied',
        seq: number,
        code: null,
        message: null,
        field: null,
        receivedAt: rawInstant,
        deviceSeq: number,
      };
  }
}

function prepareInsert(
  connection: Database.Database,
  table: string,
  columns: readonly string[],
): Database.Statement {
  return connection.prepare(
    `insert into "${table}" (${columns.map((column) => `"${column}"`).join(', ')})
     values (${columns.map(() => '?').join(', ')})`,
  );
}

async function startBareServer(
  answer: (index: number) => string,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end(answer(Number((request.url ?? '').slice(1))));
    });
  });
  // A page's inserts hold this process longer than a connection may be idle by default, where there are a million rows.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
