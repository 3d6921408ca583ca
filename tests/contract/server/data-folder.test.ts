import { execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import type { PushResult } from '../../../src/shared/protocol/push.ts';
import { createId } from '../../support/server/test-ids.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { createHeldTime } from '../../support/server/held-ports.ts';
import { startServer } from '../../../src/server/start-server.ts';
import {
  createSubmissionArgs,
  testProjectTerms,
  TestOrganization,
} from '../../support/server/test-organization.ts';
import { inspectDatabase } from '../../support/server/test-database.ts';
import { createTestFolder, startTestServer } from '../../support/server/test-server.ts';

const startServerPath = path.resolve(import.meta.dirname, '../../../src/server/start-server.ts');

/** Starts a server in a process of its own and answers what it says: its address, or its error. */
async function startElsewhere(dataFolder: string, prelude = ''): Promise<Record<string, unknown>> {
  const script = `
    import { startServer } from ${JSON.stringify(startServerPath)};
    ${prelude}
    try {
      const server = await startServer({ dataFolder: ${JSON.stringify(dataFolder)}, logLevel: 'silent' });
      console.log(JSON.stringify({ url: server.url }));
      await server.close();
    } catch (error) {
      console.log(JSON.stringify({ code: error.code, message: error.message }));
    }`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--eval',
    script,
  ]);
  return JSON.parse(stdout) as Record<string, unknown>;
}

test('what was written is there after a restart', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { orgId } = organization;
  const { device: intern, engagementId } = await organization.addIntern();
  const task = await organization.assignTask(engagementId);
  const mutation = intern.createMutation('submission.create', createSubmissionArgs(task));
  const { head } = await intern.push(orgId, [mutation]);

  const restarted = await server.restart();
  const moved = intern.moveTo(restarted.url);
  expect((await moved.pull(orgId)).head).toEqual(head);
  expect((await moved.push(orgId, [mutation])).results).toMatchObject([
    { status: 'applied', repeated: true, seq: head.seq },
  ]);
});

test('a second server on one data folder is refused, in this process and in another', async () => {
  const server = await startTestServer();
  await expect(
    startServer({ dataFolder: server.dataFolder, logLevel: 'silent' }),
  ).rejects.toMatchObject({
    code: 'workspace_in_use',
    message: expect.stringContaining(String(process.pid)),
  });
  expect(await startElsewhere(server.dataFolder)).toMatchObject({ code: 'workspace_in_use' });
  await TestOrganization.create(server.url);
  await server.close();
  expect(await startElsewhere(server.dataFolder)).toHaveProperty('url');
});

test('a data folder that the server makes is open to nobody but its own user', async () => {
  const dataFolder = path.join(await createTestFolder(), 'data');
  await startTestServer({ dataFolder });
  expect(statSync(dataFolder).mode & 0o777).toBe(0o700);
});

test('a data folder that cannot be written is named, and left alone', async () => {
  const folder = await createTestFolder();
  writeFileSync(path.join(folder, 'a file'), '');
  await expect(
    startServer({ dataFolder: path.join(folder, 'a file', 'data'), logLevel: 'silent' }),
  ).rejects.toMatchObject({ code: 'workspace_unwritable' });

  const readOnly = path.join(folder, 'read-only');
  mkdirSync(readOnly);
  chmodSync(folder, 0o755);
  chmodSync(readOnly, 0o555);
  // The superuser may write everywhere, so another user tries.
  const prelude = process.getuid?.() === 0 ? 'process.setgid(65534); process.setuid(65534);' : '';
  expect(await startElsewhere(readOnly, prelude)).toMatchObject({
    code: 'workspace_unwritable',
    message: expect.stringContaining(readOnly),
  });
  expect(existsSync(path.join(readOnly, 'server.db'))).toBe(false);
});

test('a database of a newer version is refused and stays as it was', async () => {
  const server = await startTestServer();
  await TestOrganization.create(server.url);
  await server.close();
  const query = 'select name from sqlite_master order by name';
  const before = inspectDatabase(server.dataFolder, (connection) => {
    connection
      .prepare('insert into kysely_migration (name, timestamp) values (?, ?)')
      .run('9999-from-the-future', '2030-01-01T00:00:00.000Z');
    return connection.prepare(query).all();
  });
  const failure = await startServer({ dataFolder: server.dataFolder, logLevel: 'silent' }).catch(
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({
    code: 'database_newer',
    message: expect.stringContaining('9999-from-the-future'),
  });
  expect(
    inspectDatabase(server.dataFolder, (connection) => connection.prepare(query).all()),
  ).toEqual(before);
  inspectDatabase(server.dataFolder, (connection) =>
    connection.exec(`delete from kysely_migration where name = '9999-from-the-future'`),
  );
  // The folder was let go of: it can be opened again.
  await startTestServer({ dataFolder: server.dataFolder });
});

test('a file that is no database is named, and left as it is', async () => {
  const folder = await createTestFolder();
  const filePath = path.join(folder, 'server.db');
  const content = 'this is no database, '.repeat(100);
  writeFileSync(filePath, content);
  await expect(startServer({ dataFolder: folder, logLevel: 'silent' })).rejects.toMatchObject({
    code: 'database_damaged',
    message: expect.stringContaining(filePath),
  });
  expect(readFileSync(filePath, 'utf8')).toBe(content);
});

test('a port that is taken is said, and the data folder is let go of', async () => {
  const server = await startTestServer();
  const folder = await createTestFolder();
  const port = Number(new URL(server.url).port);
  await expect(startServer({ dataFolder: folder, port, logLevel: 'silent' })).rejects.toMatchObject(
    { code: 'EADDRINUSE' },
  );
  await startTestServer({ dataFolder: folder });
});

test('a request whose body never ends does not keep the server from closing', async () => {
  const time = createHeldTime();
  const server = await startTestServer({ ports: { timers: time.timers } });
  const { orgId, owner } = await TestOrganization.create(server.url);
  const sending = owner
    .fetch(endpoints.pull(orgId), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(Buffer.from('{'));
        },
      }),
      duplex: 'half',
    } as RequestInit)
    .catch((error: unknown) => error);
  // The server has the request once it has answered a later one on the same address.
  await owner.pull(orgId);
  const closing = server.close();
  const isClosed = closing.then(() => true);
  await expect
    .poll(async () => {
      time.advance(1000);
      return await Promise.race([isClosed, Promise.resolve(false)]);
    })
    .toBe(true);
  expect(await sending).toBeInstanceOf(Error);
});

test('SY-6 what was acknowledged survives a SIGKILL, and the folder is free at once', async () => {
  const dataFolder = await createTestFolder();
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { startServer } from ${JSON.stringify(startServerPath)};
       const { url } = await startServer({ dataFolder: ${JSON.stringify(dataFolder)}, logLevel: 'silent' });
       console.log(url);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const url = await new Promise<string>((resolve) =>
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())),
  );
  const { orgId, owner } = await TestOrganization.create(url);
  const sent: unknown[] = [];
  const acknowledged: PushResult[] = [];
  const pushing = (async () => {
    for (;;) {
      const mutation = owner.createMutation('project.create', {
        projectId: createId(),
        terms: testProjectTerms,
      });
      sent.push(mutation);
      acknowledged.push(...(await owner.push(orgId, [mutation])).results);
    }
  })().catch((error: unknown) => error);
  await expect.poll(() => acknowledged.length).toBeGreaterThan(20);
  child.kill('SIGKILL');
  expect(await pushing).toBeInstanceOf(Error);

  const server = await startTestServer({ dataFolder });
  const { results } = await owner.moveTo(server.url).push(orgId, sent);
  expect(results.slice(0, acknowledged.length)).toEqual(
    acknowledged.map((result) => ({ ...result, repeated: true })),
  );
  expect(results.map(({ status }) => status)).toEqual(sent.map(() => 'applied'));
  expect(await owner.moveTo(server.url).list(orgId, 'projects')).toHaveLength(sent.length + 1);
});
