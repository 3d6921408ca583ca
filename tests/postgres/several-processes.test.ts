import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { startServer } from '../../src/server/start-server.ts';
import { endpoints } from '../../src/shared/protocol/endpoints.ts';
import { createPostgresDatabase } from '../support/postgres/create-postgres-database.ts';
import { runOnPostgres } from '../support/postgres/run-on-postgres.ts';
import { openPokeStream } from '../support/server/poke-stream.ts';
import { listRecords } from '../support/server/test-database.ts';
import type { TestDevice } from '../support/server/test-device.ts';
import { computeSha256, createId } from '../support/server/test-ids.ts';
import { testProjectTerms, TestOrganization } from '../support/server/test-organization.ts';
import { createTestFolder, startTestServer } from '../support/server/test-server.ts';
import { uploadContent } from '../support/server/upload-content.ts';
import { stintProgram } from '../support/stint-program.ts';

/** Two servers on one database and one folder. */
async function startPair() {
  const one = await startTestServer();
  const { dataFolder, databaseUrl } = one;
  if (databaseUrl === undefined) throw new Error('this server does not run on PostgreSQL');
  const two = await startTestServer({ dataFolder, databaseUrl });
  return { one, two, dataFolder, databaseUrl };
}

/** `stint server` in a process of its own; answers its address. */
async function spawnServer(dataFolder: string, databaseUrl: string): Promise<string> {
  const child = spawn(
    process.execPath,
    [stintProgram, 'server', '--data', dataFolder, '--log-level', 'error'],
    { env: { ...process.env, DATABASE_URL: databaseUrl }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()));
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  return (JSON.parse(line) as { url: string }).url;
}

const createProject = (device: TestDevice) =>
  device.createMutation('project.create', { projectId: createId(), terms: testProjectTerms });

const createTusHeaders = (changes: Record<string, string> = {}) => ({
  'tus-resumable': '1.0.0',
  ...changes,
});

async function readOffset(device: TestDevice, uploadPath: string): Promise<number> {
  const head = await device.fetch(uploadPath, { method: 'HEAD', headers: createTusHeaders() });
  return Number(head.headers.get('upload-offset'));
}

async function beginUpload(device: TestDevice, orgId: string, content: Uint8Array) {
  const created = await device.fetch(endpoints.uploads(orgId), {
    method: 'POST',
    headers: createTusHeaders({
      'upload-metadata': `sha256 ${Buffer.from(computeSha256(content)).toString('base64')}`,
      'upload-length': String(content.byteLength),
    }),
  });
  return created.headers.get('location') ?? '';
}

async function downloadHash(device: TestDevice, orgId: string, sha256: string) {
  const answer = await device.fetch(endpoints.file(orgId, sha256));
  return computeSha256(new Uint8Array(await answer.arrayBuffer()));
}

test('SY-4 eight devices write through two processes, and who pulls through either sees every number once', async () => {
  const dataFolder = await createTestFolder();
  const databaseUrl = await createPostgresDatabase({ isEmpty: true });
  // At once, on an empty database: only one of them may migrate.
  const urls = await Promise.all([
    spawnServer(dataFolder, databaseUrl),
    spawnServer(dataFolder, databaseUrl),
  ]);
  const { orgId, owner } = await TestOrganization.create(urls[0] ?? '');
  const devices = urls.map((url) => owner.moveTo(url));
  let isWriting = true;
  const readers = devices.map(async (device) => {
    const numbers: number[] = [];
    let page = await device.pull(orgId);
    for (;;) {
      for (const { table, seq } of page.rows) if (table === 'projects') numbers.push(seq);
      const wasWriting = isWriting;
      page = await device.pull(orgId, { scopes: page.scopes, head: page.head });
      if (!wasWriting && page.complete && page.rows.length === 0) return numbers;
    }
  });
  const pushes = 15;
  const written = await Promise.all(
    Array.from({ length: 8 }, async (_, index) => {
      const device = owner.moveTo(urls[index % 2] ?? '');
      const numbers: (number | null)[] = [];
      for (let count = 0; count < pushes; count += 1) {
        const { results } = await device.push(orgId, [createProject(device)]);
        numbers.push(...results.map(({ seq }) => seq));
      }
      return numbers;
    }),
  );
  isWriting = false;
  // The organization is number 1, its first project number 2.
  const expected = Array.from({ length: 8 * pushes + 1 }, (_, index) => index + 2);
  const given = written.flat().sort((left, right) => Number(left) - Number(right));
  expect(given).toEqual(expected.slice(1));
  for (const numbers of await Promise.all(readers)) expect(numbers).toEqual(expected);
});

test('SY-13 a change through one process pokes who listens at the other', async () => {
  const { one, two } = await startPair();
  const { orgId, owner } = await TestOrganization.create(one.url);
  const stream = await openPokeStream(owner.moveTo(two.url));
  await expect.poll(() => stream.pokes.at(-1)).toEqual({ orgId, seq: 2 });
  await owner.push(orgId, [createProject(owner)]);
  await expect.poll(() => stream.pokes.at(-1)).toEqual({ orgId, seq: 3 });
  await Promise.all(Array.from({ length: 40 }, () => owner.push(orgId, [createProject(owner)])));
  await expect.poll(() => stream.pokes.at(-1)).toEqual({ orgId, seq: 43 });
});

test('SY-13 a session ended through one process ends its stream at the other', async () => {
  const { one, two } = await startPair();
  const { owner } = await TestOrganization.create(one.url);
  const stream = await openPokeStream(owner.moveTo(two.url));
  await owner.request('DELETE', endpoints.session);
  await stream.ended;
});

test('SY-22 an upload begun at one process is finished at the other', async () => {
  const { one, two } = await startPair();
  const { orgId, owner } = await TestOrganization.create(one.url);
  const content = randomBytes(900_000);
  const begun = await uploadContent(owner, orgId, content, {
    chunkSizeBytes: 300_000,
    shouldStop: (sentBytes) => sentBytes >= 300_000,
  });
  const uploadPath = new URL(begun.uploadUrl ?? '').pathname;
  const elsewhere = owner.moveTo(two.url);
  expect(await readOffset(elsewhere, uploadPath)).toBe(begun.sentBytes);
  const rest = await uploadContent(elsewhere, orgId, content, {
    uploadUrl: `${two.url}${uploadPath}`,
  });
  expect(rest.isComplete).toBe(true);
  expect(await downloadHash(owner, orgId, computeSha256(content))).toBe(computeSha256(content));
});

test('SY-22 an upload that hangs at one process is let go of for the other', async () => {
  const { one, two, dataFolder } = await startPair();
  const { orgId, owner } = await TestOrganization.create(one.url);
  const content = randomBytes(600_000);
  const uploadPath = await beginUpload(owner, orgId, content);
  const half = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(content.subarray(0, 200_000)),
  });
  const hanging = owner
    .fetch(uploadPath, {
      method: 'PATCH',
      headers: createTusHeaders({
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
      }),
      body: half,
      duplex: 'half',
    } as RequestInit)
    .catch((error: unknown) => error);
  const storedPath = path.join(dataFolder, 'uploads', path.basename(uploadPath));
  await expect.poll(() => statSync(storedPath).size).toBe(200_000);
  const elsewhere = owner.moveTo(two.url);
  expect(await readOffset(elsewhere, uploadPath)).toBe(200_000);
  const rest = await uploadContent(elsewhere, orgId, content, {
    uploadUrl: `${two.url}${uploadPath}`,
  });
  expect(rest.isComplete).toBe(true);
  await hanging;
  expect(await downloadHash(owner, orgId, computeSha256(content))).toBe(computeSha256(content));
});

test('SY-22 an upload whose end both processes are asked for arrives once', async () => {
  const { one, two, dataFolder, databaseUrl } = await startPair();
  const { orgId, owner } = await TestOrganization.create(one.url);
  const content = randomBytes(2_000_000);
  const uploadPath = await beginUpload(owner, orgId, content);
  // As if the last bytes had come, and nobody had looked at them.
  await writeFile(path.join(dataFolder, 'uploads', path.basename(uploadPath)), content);
  const devices = [owner, owner.moveTo(two.url), owner, owner.moveTo(two.url)];
  const offsets = await Promise.all(devices.map((device) => readOffset(device, uploadPath)));
  expect(offsets).toEqual(devices.map(() => content.byteLength));
  expect(
    await listRecords(
      { dataFolder, databaseUrl },
      `select name from "mutationLog" where "orgId" = ? and name = 'file.arrived'`,
      orgId,
    ),
  ).toHaveLength(1);
});

test('SY-22 a process that starts leaves the uploads alone that others are receiving', async () => {
  const { one, dataFolder, databaseUrl } = await startPair();
  const { orgId, owner } = await TestOrganization.create(one.url);
  const content = randomBytes(2000);
  const begun = await uploadContent(owner, orgId, content, {
    chunkSizeBytes: 1000,
    shouldStop: () => true,
  });
  // One whose first byte has not come yet.
  const uploadId = createId();
  await runOnPostgres(
    databaseUrl,
    `insert into uploads select $1, "orgId", "membershipId", "accountId", sha256, "sizeBytes",
       "createdAt", null, null from uploads limit 1`,
    [uploadId],
  );
  await startTestServer({ dataFolder, databaseUrl });
  const uploads = await listRecords({ dataFolder, databaseUrl }, 'select id from uploads');
  expect(uploads.map(({ id }) => id)).toContain(uploadId);
  const rest = await uploadContent(owner, orgId, content, { uploadUrl: begun.uploadUrl ?? '' });
  expect(rest.isComplete).toBe(true);
});

test('SY-23 processes that share a folder sign receipts with one key', async () => {
  const dataFolder = await createTestFolder();
  const databaseUrl = await createPostgresDatabase();
  const servers = await Promise.all(
    [1, 2, 3].map(() => startTestServer({ dataFolder, databaseUrl })),
  );
  const keys = await Promise.all(
    servers.map(async ({ url }) => {
      const { orgId, owner } = await TestOrganization.create(url);
      return (await owner.list(orgId, 'organizations'))[0]?.['receiptKeyId'];
    }),
  );
  expect(keys[0]).toEqual(expect.any(String));
  expect(new Set(keys).size).toBe(1);
});

test('SY-23 a database that goes away is told as unavailable, and is used again when it is back', async () => {
  const { one, two, databaseUrl } = await startPair();
  const { orgId, owner } = await TestOrganization.create(one.url);
  const stream = await openPokeStream(owner.moveTo(two.url));
  await expect.poll(() => stream.pokes.length).toBeGreaterThan(0);
  const url = new URL(databaseUrl);
  const name = url.pathname.slice(1);
  url.pathname = '/postgres';
  const administer = (statement: string) => runOnPostgres(url.href, statement);

  await administer(`alter database ${name} allow_connections false`);
  await administer(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
  );
  const mutation = createProject(owner);
  await expect(owner.push(orgId, [mutation])).rejects.toMatchObject({
    status: 503,
    code: 'unavailable',
  });
  expect((await fetch(`${two.url}/healthz`)).status).toBe(503);

  await administer(`alter database ${name} allow_connections true`);
  const { results } = await owner.push(orgId, [mutation]);
  expect(results).toMatchObject([{ status: 'applied', seq: 3 }]);
  // Nobody announced it to the other process while there was no link; it asks by itself.
  await expect.poll(() => stream.pokes.at(-1)).toEqual({ orgId, seq: 3 });
  await owner.push(orgId, [createProject(owner)]);
  await expect.poll(() => stream.pokes.at(-1)).toEqual({ orgId, seq: 4 });
});

test('SY-7 a text that PostgreSQL cannot keep is refused alone', async () => {
  const { one } = await startPair();
  const { orgId, owner } = await TestOrganization.create(one.url);
  const { results } = await owner.push(orgId, [
    owner.createMutation('project.create', {
      projectId: createId(),
      terms: { ...testProjectTerms, brief: 'zero \u0000 zero' },
    }),
    createProject(owner),
  ]);
  expect(results).toMatchObject([
    { status: 'rejected', code: 'invalid_input' },
    { status: 'applied' },
  ]);
});

test('a database where nobody answers is said, without its password', async () => {
  const dataFolder = await createTestFolder();
  const failure = await startServer({
    dataFolder,
    // Port 1 is reserved, and nobody listens there.
    databaseUrl: 'postgres://ida:secret@127.0.0.1:1/stint',
    logLevel: 'silent',
  }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'unavailable' });
  expect(String(failure)).toContain('ECONNREFUSED');
  expect(String(failure)).not.toContain('secret');
});

test('SY-23 a server that waits at its start for another process ends when it is told to', async () => {
  const databaseUrl = await createPostgresDatabase();
  const holder = new Client({ connectionString: databaseUrl });
  await holder.connect();
  onTestFinished(() => holder.end());
  await holder.query("select pg_advisory_lock(hashtextextended('stint migration', 0))");
  const child = spawn(
    process.execPath,
    [stintProgram, 'server', '--data', await createTestFolder()],
    {
      env: { ...process.env, DATABASE_URL: databaseUrl },
      stdio: 'ignore',
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  await expect
    .poll(() =>
      runOnPostgres(
        databaseUrl,
        `select 1 from pg_stat_activity
         where datname = current_database() and query like '%pg_try_advisory_lock%' and pid <> pg_backend_pid()`,
      ),
    )
    .toHaveLength(1);
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});
