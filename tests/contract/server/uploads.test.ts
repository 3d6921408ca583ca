import { randomBytes } from 'node:crypto';
import fs, { existsSync, readdirSync, statSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { Readable } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { z } from 'zod';
import type {
  missingFilesResponseSchema,
  wantedFilesResponseSchema,
} from '../../../src/shared/protocol/accounts.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { runStatement } from '../../support/server/test-database.ts';
import { AnswerError, type TestDevice } from '../../support/server/test-device.ts';
import { computeSha256 } from '../../support/server/test-ids.ts';
import {
  createManifestFile,
  createSubmissionArgs,
  TestOrganization,
} from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';
import { describeUploadError, uploadContent } from '../../support/server/upload-content.ts';

type MissingFiles = z.infer<typeof missingFilesResponseSchema>;
type WantedFiles = z.infer<typeof wantedFilesResponseSchema>;

async function listMissing(device: TestDevice, orgId: string, content: Uint8Array) {
  const { missing } = await device.request<MissingFiles>('POST', endpoints.missingFiles(orgId), {
    files: [{ sha256: computeSha256(content), sizeBytes: content.byteLength }],
  });
  return missing;
}

const download = (device: TestDevice, orgId: string, sha256: string, headers = {}) =>
  device.fetch(endpoints.file(orgId, sha256), { headers });

const createTusHeaders = (metadata: string | undefined, length: string | undefined) => ({
  'tus-resumable': '1.0.0',
  ...(metadata === undefined ? {} : { 'upload-metadata': metadata }),
  ...(length === undefined ? {} : { 'upload-length': length }),
});

test('SY-22 an upload becomes a file that the employer can download, once it is part of a submission', async () => {
  const { url, dataFolder } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const { device: intern, engagementId } = await organization.addIntern();
  const content = randomBytes(3_000_000);
  const file = createManifestFile(content, 'résumé 🌱.bin');

  expect(await listMissing(intern, orgId, content)).toEqual([file.sha256]);
  const outcome = await uploadContent(intern, orgId, content, { chunkSizeBytes: 1_000_000 });
  expect(outcome.isComplete).toBe(true);
  expect(await listMissing(intern, orgId, content)).toEqual([]);
  expect((await download(owner, orgId, file.sha256)).status).toBe(404);

  const task = await organization.assignTask(engagementId);
  await intern.apply(orgId, ['submission.create', createSubmissionArgs(task, { files: [file] })]);
  const answer = await download(owner, orgId, file.sha256);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('etag')).toBe(`"${file.sha256}"`);
  expect(answer.headers.get('content-disposition')).toBe('attachment');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(computeSha256(new Uint8Array(await answer.arrayBuffer()))).toBe(file.sha256);
  expect(readdirSync(path.join(dataFolder, 'uploads'))).toEqual([]);
});

test('SY-9 a submission accepted before its files is complete once they have arrived', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const { device: intern, engagementId } = await organization.addIntern();
  const task = await organization.assignTask(engagementId);
  const contents = [randomBytes(1000), randomBytes(2000)];
  const files = contents.map((content, index) => createManifestFile(content, `${index}.bin`));

  await intern.apply(orgId, ['submission.create', createSubmissionArgs(task, { files })]);
  expect(await owner.list(orgId, 'submissions')).toMatchObject([{ filesCompleteAt: null }]);
  expect(await owner.list(orgId, 'receipts')).toHaveLength(1);
  await uploadContent(intern, orgId, contents[0] ?? Buffer.of());
  expect(await owner.list(orgId, 'submissions')).toMatchObject([{ filesCompleteAt: null }]);
  await uploadContent(intern, orgId, contents[1] ?? Buffer.of());
  const [complete] = await owner.list(orgId, 'submissions');
  expect(complete?.['filesCompleteAt']).toEqual(expect.any(String));
});

test('SY-9 files given before the submission are arrived in it at once', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId } = organization;
  const { device: intern, engagementId } = await organization.addIntern();
  const task = await organization.assignTask(engagementId);
  const content = randomBytes(500);
  await uploadContent(intern, orgId, content);
  await intern.apply(
    orgId,
    ['draft.attach', { taskId: task.taskId, file: createManifestFile(content) }],
    ['submission.create', createSubmissionArgs(task, { files: [createManifestFile(content)] })],
  );
  const attachments = await intern.list(orgId, 'attachments');
  expect(attachments.map(({ ownerKind }) => String(ownerKind)).sort()).toEqual([
    'draft',
    'submission',
  ]);
  for (const { arrivedAt } of attachments) expect(arrivedAt).toEqual(expect.any(String));
  const [submission] = await intern.list(orgId, 'submissions');
  expect(submission?.['filesCompleteAt']).toEqual(expect.any(String));
});

test('SY-22 an upload that was cut off goes on where it was, also on a server started again', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { orgId, owner } = organization;
  const content = randomBytes(900_000);
  const begun = await uploadContent(owner, orgId, content, {
    chunkSizeBytes: 300_000,
    shouldStop: (sentBytes) => sentBytes >= 300_000,
  });
  expect(begun).toMatchObject({ isComplete: false });

  const restarted = await server.restart();
  const moved = owner.moveTo(restarted.url);
  const uploadPath = new URL(begun.uploadUrl ?? '').pathname;
  const head = await moved.fetch(uploadPath, {
    method: 'HEAD',
    headers: createTusHeaders(undefined, undefined),
  });
  expect(head.headers.get('upload-offset')).toBe(String(begun.sentBytes));
  const rest = await uploadContent(moved, orgId, content, {
    uploadUrl: `${restarted.url}${uploadPath}`,
  });
  expect(rest.isComplete).toBe(true);
  const answer = await download(moved, orgId, computeSha256(content));
  expect(computeSha256(new Uint8Array(await answer.arrayBuffer()))).toBe(computeSha256(content));
});

test('SY-22 a connection lost in the middle of a chunk keeps what had arrived', async () => {
  const { url, dataFolder } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const content = randomBytes(2_000_000);
  const created = await owner.fetch(endpoints.uploads(orgId), {
    method: 'POST',
    headers: createTusHeaders(
      `sha256 ${Buffer.from(computeSha256(content)).toString('base64')}`,
      String(content.byteLength),
    ),
  });
  expect(created.status).toBe(201);
  const uploadPath = created.headers.get('location') ?? '';
  const cut = new AbortController();
  const half = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(content.subarray(0, 1_000_000));
    },
  });
  const sending = owner.fetch(uploadPath, {
    method: 'PATCH',
    headers: {
      ...createTusHeaders(undefined, undefined),
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
    },
    body: half,
    duplex: 'half',
    signal: cut.signal,
  } as RequestInit);
  const failed = sending.catch((error: unknown) => error);
  const readOffset = async () => {
    const head = await owner.fetch(uploadPath, {
      method: 'HEAD',
      headers: createTusHeaders(undefined, undefined),
    });
    return Number(head.headers.get('upload-offset'));
  };
  // Asked of the disk, not of the server: asking it would make it let go of the connection.
  const storedPath = path.join(dataFolder, 'uploads', path.basename(uploadPath));
  await expect.poll(() => statSync(storedPath).size).toBe(1_000_000);
  cut.abort();
  expect(await failed).toMatchObject({ name: 'AbortError' });
  expect(await readOffset()).toBe(1_000_000);
  const rest = await uploadContent(owner, orgId, content, { uploadUrl: `${url}${uploadPath}` });
  expect(rest.isComplete).toBe(true);
  expect(await listMissing(owner, orgId, content)).toEqual([]);
});

test('SY-22 a content whose hash is not the announced one is refused and gone, and can be sent again', async () => {
  const { url, dataFolder } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const content = randomBytes(1000);
  const damaged = Buffer.from(content);
  damaged[10] = (damaged[10] ?? 0) ^ 1;
  const failure = await uploadContent(owner, orgId, damaged, {
    sha256: computeSha256(content),
  }).catch((error: unknown) => error);
  expect(describeUploadError(failure)).toEqual({ status: 422, code: 'hash_mismatch' });
  expect(await listMissing(owner, orgId, content)).toEqual([computeSha256(content)]);
  expect(readdirSync(path.join(dataFolder, 'uploads'))).toEqual([]);
  expect((await download(owner, orgId, computeSha256(damaged))).status).toBe(404);
  expect((await uploadContent(owner, orgId, content)).isComplete).toBe(true);
});

test('SY-22 an empty file can be uploaded', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const empty = Buffer.of();
  await uploadContent(owner, orgId, empty);
  expect(await listMissing(owner, orgId, empty)).toEqual([]);
  const answer = await download(owner, orgId, computeSha256(empty));
  expect(answer.status).toBe(200);
  expect((await answer.arrayBuffer()).byteLength).toBe(0);
});

test('SY-22 an upload needs a length, a hash, and a size within the limit', async () => {
  const { url } = await startTestServer({ maximumFileBytes: 1000 });
  const { orgId, owner } = await TestOrganization.create(url);
  const metadata = `sha256 ${Buffer.from(computeSha256('x')).toString('base64')}`;
  const create = async (headers: Record<string, string>) => {
    try {
      return await owner
        .fetch(endpoints.uploads(orgId), { method: 'POST', headers })
        .then(async (response) => ({
          status: response.status,
          type: response.headers.get('content-type'),
          body: (await response.json()) as unknown,
        }));
    } catch (error) {
      return error;
    }
  };
  const type = 'application/json; charset=utf-8';
  expect(await create(createTusHeaders(metadata, undefined))).toMatchObject({
    status: 400,
    type,
    body: { error: { code: 'invalid_input' } },
  });
  expect(await create(createTusHeaders('sha256 bm90IGEgaGFzaA==', '1'))).toMatchObject({
    status: 400,
    type,
    body: { error: { code: 'invalid_input' } },
  });
  expect(await create(createTusHeaders(metadata, '1001'))).toMatchObject({
    status: 413,
    type,
    body: { error: { code: 'too_large' } },
  });
  expect(await create({ 'upload-metadata': metadata, 'upload-length': '1' })).toMatchObject({
    status: 400,
    body: { error: { code: 'invalid_input' } },
  });
  expect(
    await create({ ...createTusHeaders(metadata, undefined), 'upload-defer-length': '1' }),
  ).toMatchObject({ status: 400, body: { error: { code: 'invalid_input' } } });
});

test("SY-22 another person's upload does not exist for me", async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const { device: intern } = await organization.addIntern();
  const begun = await uploadContent(owner, orgId, randomBytes(2000), {
    chunkSizeBytes: 1000,
    shouldStop: () => true,
  });
  const uploadPath = new URL(begun.uploadUrl ?? '').pathname;
  for (const method of ['HEAD', 'PATCH', 'DELETE']) {
    const answer = await intern.fetch(uploadPath, {
      method,
      headers: {
        ...createTusHeaders(undefined, undefined),
        'upload-offset': '1000',
        'content-type': 'application/offset+octet-stream',
      },
    });
    expect([method, answer.status]).toEqual([method, 404]);
  }
  const mine = await owner.fetch(uploadPath, {
    method: 'HEAD',
    headers: createTusHeaders(undefined, undefined),
  });
  expect(mine.headers.get('upload-offset')).toBe('1000');
});

test('SY-22 knowing the hash of what somebody gave opens nothing', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const { device: intern, engagementId } = await organization.addIntern();
  const task = await organization.assignTask(engagementId);
  const content = randomBytes(1000);
  await uploadContent(owner, orgId, content);
  expect(await listMissing(intern, orgId, content)).toEqual([computeSha256(content)]);
  await intern.apply(orgId, [
    'draft.attach',
    { taskId: task.taskId, file: createManifestFile(content) },
  ]);
  expect((await download(intern, orgId, computeSha256(content))).status).toBe(404);
  await uploadContent(intern, orgId, content);
  expect((await download(intern, orgId, computeSha256(content))).status).toBe(200);
});

test('SY-22 downloads go on by range', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const content = randomBytes(1000);
  const sha256 = computeSha256(content);
  await uploadContent(owner, orgId, content);

  const part = await download(owner, orgId, sha256, {
    range: 'bytes=900-',
    'if-range': `"${sha256}"`,
  });
  expect(part.status).toBe(206);
  expect(part.headers.get('content-range')).toBe('bytes 900-999/1000');
  expect(Buffer.from(await part.arrayBuffer())).toEqual(content.subarray(900));

  const changed = await download(owner, orgId, sha256, {
    range: 'bytes=900-',
    'if-range': '"other"',
  });
  expect(changed.status).toBe(200);
  await changed.arrayBuffer();

  const outside = await download(owner, orgId, sha256, { range: 'bytes=1000-' });
  expect(outside.status).toBe(416);
  expect(outside.headers.get('content-range')).toBe('bytes */1000');

  const held = await download(owner, orgId, sha256, { 'if-none-match': `"${sha256}"` });
  expect(held.status).toBe(304);

  const head = await owner.fetch(endpoints.file(orgId, sha256), { method: 'HEAD' });
  expect(head.headers.get('content-length')).toBe('1000');
});

async function listWanted(device: TestDevice, orgId: string) {
  const { wanted } = await device.request<WantedFiles>('GET', endpoints.wantedFiles(orgId));
  return wanted.map(({ sha256 }) => sha256);
}

test('SY-22 a file that the disk cut short to nothing is no empty file: it is missing, and asked for again', async () => {
  const { url, dataFolder } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const content = randomBytes(1000);
  const sha256 = computeSha256(content);
  await uploadContent(owner, orgId, content);
  await writeFile(path.join(dataFolder, 'blobs', orgId, sha256.slice(0, 2), sha256), '');
  const answer = await download(owner, orgId, sha256);
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ error: { code: 'file_missing' } });
  expect(await listWanted(owner, orgId)).toEqual([sha256]);
  await uploadContent(owner, orgId, content);
  expect(Buffer.from(await (await download(owner, orgId, sha256)).arrayBuffer())).toEqual(content);
});

test.for([undefined, 'bytes=900-'])(
  'SY-22 a file that the disk cannot read is missing, and asked for again, whole or by range: %s',
  async (range) => {
    const { url } = await startTestServer();
    const { orgId, owner } = await TestOrganization.create(url);
    const content = randomBytes(1000);
    const sha256 = computeSha256(content);
    await uploadContent(owner, orgId, content);
    const failing = vi.spyOn(fs, 'createReadStream').mockImplementation(
      (() =>
        new Readable({
          read() {
            this.destroy(Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' }));
          },
        })) as never,
    );
    syncBuiltinESMExports();
    onTestFinished(() => {
      failing.mockRestore();
      syncBuiltinESMExports();
    });
    const answer = await download(owner, orgId, sha256, range === undefined ? {} : { range });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { code: 'file_missing' } });
    expect(await listWanted(owner, orgId)).toEqual([sha256]);
  },
);

test('SY-22 a device that did not hear of the end of its upload learns it by asking', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const content = randomBytes(1000);
  const { uploadUrl } = await uploadContent(owner, orgId, content);
  const again = await uploadContent(owner, orgId, content, { uploadUrl: uploadUrl ?? '' });
  expect(again).toMatchObject({ isComplete: true, uploadUrl });
});

test('SY-22 an upload is for members only', async () => {
  const { url } = await startTestServer();
  const { orgId } = await TestOrganization.create(url);
  const { owner: stranger } = await TestOrganization.create(url, 'Other');
  const failure = await uploadContent(stranger, orgId, randomBytes(10)).catch(
    (error: unknown) => error,
  );
  expect(describeUploadError(failure)).toEqual({ status: 403, code: 'forbidden' });
  await expect(listMissing(stranger, orgId, randomBytes(10))).rejects.toBeInstanceOf(AnswerError);
});

test('SY-22 what was whole when the server died is completed at the next start', async () => {
  const server = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(server.url);
  const content = randomBytes(5000);
  const begun = await uploadContent(owner, orgId, content, {
    chunkSizeBytes: 1000,
    shouldStop: () => true,
  });
  await server.close();
  const uploadId = path.basename(new URL(begun.uploadUrl ?? '').pathname);
  // As if the last bytes had come, and the process died before it looked at them.
  await writeFile(path.join(server.dataFolder, 'uploads', uploadId), content);

  const restarted = await server.restart();
  const moved = owner.moveTo(restarted.url);
  expect(await listMissing(moved, orgId, content)).toEqual([]);
  expect((await download(moved, orgId, computeSha256(content))).status).toBe(200);
  expect(existsSync(path.join(server.dataFolder, 'uploads', uploadId))).toBe(false);
});

test('SY-22 a crash between the move of a content and its registration is made good at the next start', async () => {
  const server = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(server.url);
  const content = randomBytes(5000);
  const sha256 = computeSha256(content);
  await uploadContent(owner, orgId, content);
  await server.close();
  // The state after the rename and before the last transaction.
  await runStatement(server, 'delete from "fileGrants"; update uploads set "finishedAt" = null');
  const restarted = await server.restart();
  const moved = owner.moveTo(restarted.url);
  expect(await listMissing(moved, orgId, content)).toEqual([]);
  expect((await download(moved, orgId, sha256)).status).toBe(200);
});

test("SY-22 an upload whose content is gone proves nothing, though somebody else's lies in its place", async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { orgId, owner } = organization;
  const { device: intern } = await organization.addIntern();
  const content = randomBytes(5000);
  await uploadContent(owner, orgId, content);
  const begun = await uploadContent(intern, orgId, content, {
    chunkSizeBytes: 1000,
    shouldStop: () => true,
  });
  await server.close();
  const uploadPath = new URL(begun.uploadUrl ?? '').pathname;
  await rm(path.join(server.dataFolder, 'uploads', path.basename(uploadPath)));
  const moved = intern.moveTo((await server.restart()).url);
  expect(await listMissing(moved, orgId, content)).toEqual([computeSha256(content)]);
  const head = await moved.fetch(uploadPath, {
    method: 'HEAD',
    headers: createTusHeaders(undefined, undefined),
  });
  // Gone, where another process might still have been writing it.
  expect([404, 410]).toContain(head.status);
});

test('an upload under way is cut off when the server closes, and goes on at the next', async () => {
  const server = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(server.url);
  const content = randomBytes(1_000_000);
  const created = await owner.fetch(endpoints.uploads(orgId), {
    method: 'POST',
    headers: createTusHeaders(
      `sha256 ${Buffer.from(computeSha256(content)).toString('base64')}`,
      String(content.byteLength),
    ),
  });
  const uploadPath = created.headers.get('location') ?? '';
  const half = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(content.subarray(0, 500_000));
    },
  });
  const sending = owner
    .fetch(uploadPath, {
      method: 'PATCH',
      headers: {
        ...createTusHeaders(undefined, undefined),
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
      },
      body: half,
      duplex: 'half',
    } as RequestInit)
    .catch((error: unknown) => error);
  const storedPath = path.join(server.dataFolder, 'uploads', path.basename(uploadPath));
  await expect.poll(() => statSync(storedPath).size).toBe(500_000);
  const restarted = await server.restart();
  expect(await sending).toBeInstanceOf(Error);
  const rest = await uploadContent(owner.moveTo(restarted.url), orgId, content, {
    uploadUrl: `${restarted.url}${uploadPath}`,
  });
  expect(rest.isComplete).toBe(true);
});
