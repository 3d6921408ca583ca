import { mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createServerBackup } from '../../../src/server/backup/create-server-backup.ts';
import { restoreServerBackup } from '../../../src/server/backup/restore-server-backup.ts';
import { verifyServerBackups } from '../../../src/server/backup/verify-server-backup.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { createPostgresDatabase } from '../../support/postgres/create-postgres-database.ts';
import { createHeldTime } from '../../support/server/held-ports.ts';
import { backUp, fillServer, listEverything, listFiles } from '../../support/server/test-backup.ts';
import { listRecords, runStatement } from '../../support/server/test-database.ts';
import {
  createManifestFile,
  createSubmissionArgs,
} from '../../support/server/test-organization.ts';
import { createTestFolder, startTestServer } from '../../support/server/test-server.ts';

/** Where a restore goes, on the storage that this run of the contract is about. */
async function createTarget() {
  const dataFolder = path.join(await createTestFolder(), 'restored');
  const databaseUrl =
    process.env['STINT_TEST_STORAGE'] === 'postgres'
      ? await createPostgresDatabase({ isEmpty: true })
      : undefined;
  return { dataFolder, databaseUrl };
}

const startRestored = (target: Awaited<ReturnType<typeof createTarget>>) =>
  startTestServer({
    dataFolder: target.dataFolder,
    ...(target.databaseUrl === undefined ? {} : { databaseUrl: target.databaseUrl }),
  });

describe('SY-15 a backup of a server', () => {
  test('SY-15 brings back accounts, rows, heads, contents and the key, and people go on without signing in', async () => {
    const server = await startTestServer();
    const { organization, intern, file } = await fillServer(server);
    const { orgId, owner } = organization;
    const to = await createTestFolder();
    const made = await backUp(server, to);
    expect(made).toMatchObject({ contents: 1, newContents: 1, absent: [] });
    const before = await listEverything(owner, orgId);
    const { head } = await owner.pull(orgId);
    await server.close();

    const target = await createTarget();
    await restoreServerBackup({ from: to, ...target });
    const restored = await startRestored(target);
    const ownerThere = owner.moveTo(restored.url);
    expect(await listEverything(ownerThere, orgId)).toEqual(before);
    expect((await ownerThere.pull(orgId)).head).toEqual(head);
    const download = await intern.moveTo(restored.url).fetch(endpoints.file(orgId, file.sha256));
    expect(await download.text()).toBe('fifty answers');
    const key = (folder: string) =>
      readFile(path.join(folder, 'keys', 'receipts-ed25519.pem'), 'utf8');
    expect(await key(target.dataFolder)).toBe(await key(server.dataFolder));
    expect((await stat(target.dataFolder)).mode & 0o777).toBe(0o700);
    await ownerThere.apply(orgId, ['project.close', { projectId: organization.projectId }]);
  });

  test('SY-15 is one state of the database, taken while people push', async () => {
    const server = await startTestServer();
    const { organization, intern, task } = await fillServer(server);
    const to = await createTestFolder();
    let isDone = false;
    const pushing = (async () => {
      while (!isDone)
        await intern.apply(organization.orgId, ['submission.create', createSubmissionArgs(task)]);
    })();
    const made = await backUp(server, to);
    isDone = true;
    await pushing;
    const target = await createTarget();
    await restoreServerBackup({ from: path.join(to, made.snapshot), ...target });
    const [head] = await listRecords(target, 'select "seq", "hash" from "organizationHeads"');
    const log = await listRecords(target, 'select "seq", "hash" from "mutationLog" order by "seq"');
    expect(log.at(-1)).toEqual(head);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_row, index) => index + 1));
    const counts = await listRecords(
      target,
      `select (select count(*) from "submissions") as "submissions",
              (select count(*) from "receipts") as "receipts"`,
    );
    expect(counts[0]?.['submissions']).toBe(counts[0]?.['receipts']);
  });

  test('SY-15 keeps texts, nulls and whole numbers of any size as they are', async () => {
    const server = await startTestServer();
    await fillServer(server);
    const text = 'quotes "\' \\ and \u2028 lines\nand 🌱 müsli';
    await runStatement(
      server,
      `insert into "organizationHeads" ("orgId", "seq", "hash") values ('big', 9007199254740993, '${text.replaceAll("'", "''")}')`,
    );
    const to = await createTestFolder();
    await backUp(server, to);
    const target = await createTarget();
    await restoreServerBackup({ from: to, ...target });
    const query = `select cast("seq" as text) as "seq", "hash" from "organizationHeads" where "orgId" = 'big'`;
    expect(await listRecords(target, query)).toEqual([{ seq: '9007199254740993', hash: text }]);
    const nulls = `select count(*) as "count" from "sessions" where "revokedAt" is null`;
    expect(await listRecords(target, nulls)).toEqual(await listRecords(server, nulls));
  });

  test('holds each content once for all snapshots, and removes with --keep what no snapshot names', async () => {
    const server = await startTestServer();
    await fillServer(server, 'the first');
    const to = await createTestFolder();
    const first = await backUp(server, to);
    await fillServer(server, 'the second');
    const second = await backUp(server, to);
    expect(second).toMatchObject({ contents: 2, newContents: 1 });
    expect(await listFiles(path.join(to, 'contents'))).toHaveLength(2);
    await runStatement(server, `delete from "fileGrants" where "sizeBytes" = 9`);
    const third = await backUp(server, to, 1);
    expect(third.removedSnapshots).toEqual([first.snapshot, second.snapshot]);
    expect(third.removedContents).toBe(1);
    expect(await readdir(path.join(to, 'snapshots'))).toEqual([third.snapshot]);
    expect(await verifyServerBackups(to)).toMatchObject([{ isWhole: true, contents: 1 }]);
  });

  test('copies a content anew within twenty-nine days that changed where the backups lie, and keeps its size', async () => {
    const server = await startTestServer();
    const { file } = await fillServer(server);
    const to = await createTestFolder();
    const made = await backUp(server, to);
    const kept = path.join(to, 'contents', file.sha256.slice(0, 2), file.sha256);
    await writeFile(kept, 'fifty ANSWERS');
    const newContents: number[] = [];
    for (let day = 0; day < 29; day += 1) {
      const { clock } = createHeldTime(Date.now() + day * 86_400_000);
      const { dataFolder, databaseUrl } = server;
      newContents.push(
        (await createServerBackup({ dataFolder, databaseUrl, to, clock })).newContents,
      );
    }
    expect(newContents.filter((count) => count > 0)).toEqual([1]);
    expect(await readFile(kept, 'utf8')).toBe('fifty answers');
    expect((await verifyServerBackups(path.join(to, made.snapshot)))[0]).toMatchObject({
      isWhole: true,
    });
  });

  test('--keep never removes the snapshot that was just made, though a clock was ahead when the others were', async () => {
    const server = await startTestServer();
    await fillServer(server, 'the first');
    const to = await createTestFolder();
    const snapshots = path.join(to, 'snapshots');
    const ahead = ['20990101T000000000Z', '20990102T000000000Z'];
    for (const name of ahead) {
      const { snapshot } = await backUp(server, to);
      await rename(path.join(snapshots, snapshot), path.join(snapshots, name));
    }
    await fillServer(server, 'the second');
    const made = await backUp(server, to, 2);
    expect(made.removedSnapshots).toEqual([ahead[0]]);
    expect((await readdir(snapshots)).sort()).toEqual([made.snapshot, ahead[1]]);
    expect(await verifyServerBackups(path.join(to, made.snapshot))).toMatchObject([
      { isWhole: true, contents: 2 },
    ]);
  });

  test('removes no content while the list of a snapshot that stays cannot be read', async () => {
    const server = await startTestServer();
    await fillServer(server);
    const to = await createTestFolder();
    const first = await backUp(server, to);
    await writeFile(path.join(to, 'snapshots', first.snapshot, 'contents.jsonl'), '');
    await runStatement(server, `delete from "fileGrants"`);
    const second = await backUp(server, to, 5);
    expect(second.removedContents).toBe(0);
    expect(second.pruneProblem).toContain(first.snapshot);
    expect(await listFiles(path.join(to, 'contents'))).toHaveLength(1);
  });

  test('names what is missing or changed, and restores nothing then', async () => {
    const server = await startTestServer();
    const { file } = await fillServer(server);
    const to = await createTestFolder();
    const { snapshot } = await backUp(server, to);
    const content = `contents/${file.sha256.slice(0, 2)}/${file.sha256}`;
    await rm(path.join(to, content));
    const table = path.join(to, 'snapshots', snapshot, 'tables', 'tasks.jsonl');
    await writeFile(table, (await readFile(table, 'utf8')).replace('Survey', 'Survoy'));
    const [verdict] = await verifyServerBackups(to);
    expect(verdict).toMatchObject({
      isWhole: false,
      missing: [content],
      changed: [`snapshots/${snapshot}/tables/tasks.jsonl`],
    });
    const target = await createTarget();
    await expect(restoreServerBackup({ from: to, ...target })).rejects.toThrow(
      new RegExp(`missing: ${content}\nchanged: snapshots/${snapshot}/tables/tasks.jsonl`),
    );
    await expect(readdir(target.dataFolder)).rejects.toThrow('ENOENT');
    const manifest = path.join(to, 'snapshots', snapshot, 'manifest.json');
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('"rows": 1', '"rows": 2'));
    expect((await verifyServerBackups(to))[0]?.problems).toHaveLength(1);
  });

  test('says which contents the server itself had lost or damaged, and backs up the rest', async () => {
    const server = await startTestServer();
    const { organization, file } = await fillServer(server);
    const other = await fillServer(server, 'whole');
    const blob = path.join(
      server.dataFolder,
      'blobs',
      organization.orgId,
      file.sha256.slice(0, 2),
      file.sha256,
    );
    await writeFile(blob, 'fifty answerz');
    const to = await createTestFolder();
    const made = await backUp(server, to);
    expect(made.absent).toEqual([
      { orgId: organization.orgId, sha256: file.sha256, reason: 'changed' },
    ]);
    const target = await createTarget();
    const result = await restoreServerBackup({ from: to, ...target });
    expect(result.absent).toEqual(made.absent);
    expect(await listFiles(path.join(target.dataFolder, 'blobs'))).toEqual([
      path.join(other.organization.orgId, other.file.sha256.slice(0, 2), other.file.sha256),
    ]);
  });

  test('a content that the disk cannot read is named, and the rest is backed up', async ({
    skip,
  }) => {
    skip(process.platform !== 'linux', 'only Linux has a file that cannot be read here');
    const server = await startTestServer();
    const { organization, file } = await fillServer(server);
    await fillServer(server, 'whole');
    const blob = path.join(
      server.dataFolder,
      'blobs',
      organization.orgId,
      file.sha256.slice(0, 2),
      file.sha256,
    );
    await rm(blob);
    // A file whose first byte cannot be read: EIO, as from a bad sector.
    await symlink('/proc/self/mem', blob);
    const to = await createTestFolder();
    const made = await backUp(server, to);
    expect(made).toMatchObject({
      contents: 1,
      absent: [{ orgId: organization.orgId, sha256: file.sha256, reason: 'changed' }],
    });
    expect(await verifyServerBackups(to)).toMatchObject([{ isWhole: true, contents: 1 }]);
  });

  test('what a killed backup left behind is no snapshot, and goes with the next', async () => {
    const server = await startTestServer();
    await fillServer(server);
    const to = await createTestFolder();
    const left = path.join(to, 'snapshots', '.incoming-20260101T000000000Z');
    await mkdir(left, { recursive: true });
    await writeFile(path.join(left, 'manifest.json'), '{}');
    await expect(verifyServerBackups(to)).rejects.toThrow('there is no backup');
    const { snapshot } = await backUp(server, to);
    expect(await readdir(path.join(to, 'snapshots'))).toEqual([snapshot]);
  });

  test('a restore refuses what is not empty', async () => {
    const server = await startTestServer();
    await fillServer(server);
    const to = await createTestFolder();
    await backUp(server, to);
    await expect(
      restoreServerBackup({ from: to, dataFolder: server.dataFolder, databaseUrl: undefined }),
    ).rejects.toThrow('is not empty');
    if (server.databaseUrl === undefined) return;
    const { dataFolder } = await createTarget();
    await expect(
      restoreServerBackup({ from: to, dataFolder, databaseUrl: server.databaseUrl }),
    ).rejects.toThrow('is not empty');
    await expect(readdir(dataFolder)).rejects.toThrow('ENOENT');
  });

  test('a server does not start on a folder whose restore did not end', async () => {
    const dataFolder = await createTestFolder();
    await writeFile(path.join(dataFolder, 'restore-unfinished'), '');
    await expect(startTestServer({ dataFolder })).rejects.toThrow('did not end');
  });

  test('SY-20 a backup of an older version is restored in that version, and then migrated', async () => {
    const server = await startTestServer();
    await fillServer(server);
    const to = await createTestFolder();
    const { snapshot } = await backUp(server, to);
    await makeOlder(path.join(to, 'snapshots', snapshot));
    const target = await createTarget();
    await restoreServerBackup({ from: to, ...target });
    const migrations = await listRecords(
      target,
      'select "name" from "kysely_migration" order by "name"',
    );
    expect(migrations.map(({ name }) => name)).toEqual(
      (await listRecords(server, 'select "name" from "kysely_migration" order by "name"')).map(
        ({ name }) => name,
      ),
    );
    const [submission] = await listRecords(target, 'select "verdictInputsJson" from "submissions"');
    expect(submission).toEqual({ verdictInputsJson: null });
    await startRestored(target);
  });

  test('SY-20 a backup of a newer version is refused, with what it has', async () => {
    const server = await startTestServer();
    await fillServer(server);
    const to = await createTestFolder();
    await runStatement(
      server,
      `insert into "kysely_migration" ("name", "timestamp") values ('9999-from-the-future', '2099')`,
    );
    await backUp(server, to);
    await expect(restoreServerBackup({ from: to, ...(await createTarget()) })).rejects.toThrow(
      '9999-from-the-future',
    );
  });

  test('submissions made after the backup are unknown to the restored server, and it says so', async () => {
    const server = await startTestServer();
    const { organization, intern, task } = await fillServer(server);
    const to = await createTestFolder();
    await backUp(server, to);
    await intern.apply(organization.orgId, [
      'submission.create',
      createSubmissionArgs(task, { files: [createManifestFile('later')] }),
    ]);
    const { head } = await intern.pull(organization.orgId);
    const target = await createTarget();
    await restoreServerBackup({ from: to, ...target });
    const restored = await startRestored(target);
    const there = intern.moveTo(restored.url);
    expect((await there.pull(organization.orgId)).head.seq).toBeLessThan(head.seq);
  });
});

/** The snapshot as a server of the first version would have made it: without what the second one added. */
async function makeOlder(snapshot: string): Promise<void> {
  const { createHash } = await import('node:crypto');
  const added: Record<string, readonly string[]> = {
    submissions: [
      'verdictInputsJson',
      'decidedVerdict',
      'decidedBy',
      'decidedAt',
      'decisionReason',
    ],
    accounts: ['closedAt'],
    mutationLog: ['erasedAt'],
    mutationResults: ['deviceSeq'],
    sessions: ['lastUsedAt', 'expiresAt'],
  };
  const { createDomainSchemaV1 } = await import('../../../src/shared/database/domain-schema-v1.ts');
  const columns = await listColumns(createDomainSchemaV1);
  const manifestPath = path.join(snapshot, 'manifest.json');
  const manifest = JSON.parse(await readFile(manifestPath, 'utf8')) as {
    migrations: string[];
    tables: { name: string; rows: number; sizeBytes: number; sha256: string }[];
  };
  manifest.migrations = ['0001-initial'];
  manifest.tables = manifest.tables.filter(({ name }) => columns.has(name) || !isAdded(name));
  for (const table of manifest.tables) {
    const file = path.join(snapshot, 'tables', `${table.name}.jsonl`);
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n').filter(Boolean);
    const known = columns.get(table.name);
    const text = lines
      .map((line) => {
        const row = Object.entries(JSON.parse(line) as Record<string, unknown>).filter(([name]) =>
          known === undefined ? added[table.name]?.includes(name) !== true : known.has(name),
        );
        return `${JSON.stringify(Object.fromEntries(row))}\n`;
      })
      .join('');
    await writeFile(file, text);
    table.sizeBytes = Buffer.byteLength(text);
    table.sha256 = createHash('sha256').update(text).digest('hex');
  }
  const text = JSON.stringify(manifest);
  await writeFile(manifestPath, text);
  const hash = createHash('sha256').update(text).digest('hex');
  await writeFile(path.join(snapshot, 'manifest.sha256'), `${hash}\n`);
}

const firstServerTables = new Set([
  'organizationHeads',
  'rowIndex',
  'mutationLog',
  'mutationResults',
  'accounts',
  'sessions',
  'fileGrants',
]);
const isAdded = (table: string): boolean => !firstServerTables.has(table);

/** The columns of the domain tables as version 1 had them. */
async function listColumns(
  create: (db: never) => Promise<void>,
): Promise<Map<string, ReadonlySet<string>>> {
  const { default: Database } = await import('better-sqlite3');
  const { Kysely } = await import('kysely');
  const { ImmediateSqliteDialect } =
    await import('../../../src/shared/database/immediate-sqlite-dialect.ts');
  const db = new Kysely<never>({
    dialect: new ImmediateSqliteDialect({ database: new Database(':memory:') }),
  });
  await create(db as never);
  const tables = await db.introspection.getTables();
  await db.destroy();
  return new Map(
    tables.map(({ name, columns }) => [name, new Set(columns.map((column) => column.name))]),
  );
}
