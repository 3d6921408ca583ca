import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeWriteFailure } from '../../../../src/main/workspace/database/describe-write-failure.ts';
import { seatMigrations } from '../../../../src/main/workspace/database/migration-lists.ts';
import { openDatabase } from '../../../../src/main/workspace/database/open-database.ts';
import type { SeatDatabase } from '../../../../src/main/workspace/database/seat-tables.ts';
import { computeCanonicalJson } from '../../../../src/shared/canonical-json.ts';
import { sha256Hex } from '../../../../src/main/workspace/ports/system-ports.ts';
import { SeatMutationStore } from '../../../../src/main/workspace/seats/seat-mutation-store.ts';
import { Seat } from '../../../../src/main/workspace/seats/seat.ts';
import {
  catchStintError,
  makeTemporaryFolder,
  ports,
  uuid,
} from '../../../support/sync/test-installation.ts';

let temporary: Awaited<ReturnType<typeof makeTemporaryFolder>>;
beforeEach(async () => {
  temporary = await makeTemporaryFolder();
});
afterEach(() => temporary.remove());

async function openSeat(path: string): Promise<Seat> {
  const opened = await openDatabase<SeatDatabase>(path, seatMigrations);
  const record = {
    seatId: uuid(),
    accountKey: uuid(),
    accountId: uuid(),
    orgId: '01890000-0000-7000-8000-000000000001',
    membershipId: uuid(),
    role: 'owner' as const,
    organizationName: 'Acorn',
    email: 'ada@example.org',
    serverUrl: 'http://127.0.0.1:9',
    isSample: false,
  };
  return new Seat(record, opened, ports, () => {});
}

const terms = {
  title: 'Research',
  brief: '',
  category: 'research' as const,
  categoryName: null,
  hourBudgetMinutes: 600,
  pay: { kind: 'unpaid' as const },
  timeZone: 'Europe/Berlin',
  startsOn: '2026-01-01',
  endsOn: '2026-02-01',
  graceMinutes: 0,
  latePolicy: '',
  roundsIncluded: 1,
  rubric: [],
  rounding: null,
};

test('SY-1 a change that the rules refuse leaves neither a row nor an outbox entry', async () => {
  const seat = await openSeat(join(temporary.path, 'seat.db'));
  const error = await catchStintError(() =>
    seat.mutate(
      'project.create',
      { projectId: uuid(), terms: { ...terms, endsOn: '2025-01-01' } },
      { subject: 'Research' },
    ),
  );
  expect(error).toMatchObject({ code: 'invalid_input', field: 'endsOn' });
  for (const table of ['outbox', 'outboxStates', 'undo', 'projects'] as const)
    expect(await seat.db.selectFrom(table).selectAll().execute()).toEqual([]);
  await seat.opened.close();
});

test('SY-1 what was answered as saved survives a kill, with its outbox row', async () => {
  const path = join(temporary.path, 'seat.db');
  const source = (name: string) =>
    JSON.stringify(new URL(`../../../../src/main/workspace/${name}`, import.meta.url).href);
  const script = join(temporary.path, 'write-until-killed.ts');
  await writeFile(
    script,
    `import { seatMigrations } from ${source('database/migration-lists.ts')};
     import { openDatabase } from ${source('database/open-database.ts')};
     import { createSystemPorts } from ${source('ports/system-ports.ts')};
     import { Seat } from ${source('seats/seat.ts')};
     const ports = createSystemPorts();
     const opened = await openDatabase(${JSON.stringify(path)}, seatMigrations);
     const orgId = '01890000-0000-7000-8000-000000000001';
     const seat = new Seat({ orgId, membershipId: orgId, accountId: orgId, role: 'owner' }, opened, ports, () => {});
     const terms = ${JSON.stringify(terms)};
     for (;;) {
       const projectId = ports.randomness.uuid();
       await seat.mutate('project.create', { projectId, terms }, { subject: '' });
       process.stdout.write(projectId + '\\n');
     }`,
  );
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.split('\n').length > 60) {
        child.kill('SIGKILL');
        resolve();
      }
    });
  });
  await new Promise((resolve) => child.once('close', resolve));
  const acknowledged = printed.split('\n').filter((line) => line.length === 36);
  expect(acknowledged.length).toBeGreaterThan(50);
  const seat = await openSeat(path);
  const projects = await seat.db.selectFrom('projects').select('id').execute();
  const outbox = await seat.db.selectFrom('outbox').select('argsJson').execute();
  const queued = outbox.map((row) => (JSON.parse(row.argsJson) as { projectId: string }).projectId);
  for (const projectId of acknowledged) {
    expect(projects.map((row) => row.id)).toContain(projectId);
    expect(queued).toContain(projectId);
  }
  expect(projects).toHaveLength(outbox.length);
  await seat.opened.close();
});

test('SY-3 outbox rows form a chain of hashes, and the database refuses to rewrite one', async () => {
  const seat = await openSeat(join(temporary.path, 'seat.db'));
  for (let index = 0; index < 3; index += 1)
    await seat.mutate('project.create', { projectId: uuid(), terms }, { subject: 'Research' });
  const rows = await seat.db.selectFrom('outbox').selectAll().orderBy('deviceSeq').execute();
  expect(rows.map((row) => row.deviceSeq)).toEqual([1, 2, 3]);
  let previousHash = '';
  for (const { rowHash, anchorJson, ...columns } of rows) {
    const content = { ...columns, ...(anchorJson === null ? {} : { anchorJson }) };
    expect(content.previousHash).toBe(previousHash);
    expect(rowHash).toBe(sha256Hex(computeCanonicalJson(content)));
    expect(content.argsHash).toBe(sha256Hex(content.argsJson));
    expect(content.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    previousHash = rowHash;
  }
  await expect(
    seat.db.updateTable('outbox').set({ argsJson: '{}' }).where('deviceSeq', '=', 2).execute(),
  ).rejects.toThrow('never rewritten');
  await seat.opened.close();
});

test('SY-1 on a full disk a change is refused in plain words, and nothing of it stays', async () => {
  const seat = await openSeat(join(temporary.path, 'seat.db'));
  const { connection } = seat.opened;
  const setMaximumPages = (count: number) => connection.pragma(`max_page_count = ${count}`);
  const change = () =>
    seat.mutate(
      'project.create',
      { projectId: uuid(), terms: { ...terms, brief: 'b'.repeat(100_000) } },
      { subject: 'Research' },
    );
  setMaximumPages(connection.pragma('page_count', { simple: true }) as number);
  const error = await change().catch((found: unknown) => describeWriteFailure(found));
  expect(error).toMatchObject({ code: 'disk_full' });
  expect(await seat.db.selectFrom('outbox').selectAll().execute()).toEqual([]);
  setMaximumPages(1_000_000);
  await change();
  expect(await seat.db.selectFrom('projects').selectAll().execute()).toHaveLength(1);
  await seat.opened.close();
});

test('SY-7 a change may read more rows than one statement takes values', async () => {
  const seat = await openSeat(join(temporary.path, 'seat.db'));
  const mutationId = await seat.mutate(
    'project.create',
    { projectId: uuid(), terms },
    { subject: 'Research' },
  );
  const touched = 8200;
  await seat.db.transaction().execute(async (tx) => {
    const store = new SeatMutationStore(tx, seat.record.orgId);
    for (let index = 0; index < touched; index += 1) await store.find('tasks', `task ${index}`);
    await store.saveReads(mutationId);
  });
  const { count } = await seat.db
    .selectFrom('outboxTouches')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('tableName', '=', 'tasks')
    .executeTakeFirstOrThrow();
  expect(count).toBe(touched);
  await seat.opened.close();
});
