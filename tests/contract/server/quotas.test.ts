import { randomBytes } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { listServerUsage, setServerQuota } from '../../../src/server/upkeep/keep-up-server.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { encodeSmallFiles } from '../../../src/shared/protocol/small-file-frame.ts';
import { catchError } from '../../support/catch-error.ts';
import { createPostgresDatabase } from '../../support/postgres/create-postgres-database.ts';
import { listRecords, runStatement } from '../../support/server/test-database.ts';
import type { TestDevice } from '../../support/server/test-device.ts';
import { computeSha256 } from '../../support/server/test-ids.ts';
import {
  createManifestFile,
  createSubmissionArgs,
  TestOrganization,
} from '../../support/server/test-organization.ts';
import {
  createTestFolder,
  startTestServer,
  type TestServer,
} from '../../support/server/test-server.ts';
import { describeUploadError, uploadContent } from '../../support/server/upload-content.ts';

const containing = (text: string) => expect.stringContaining(text) as string;

const placeOf = ({ dataFolder, databaseUrl }: TestServer) => ({ dataFolder, databaseUrl });

async function readUsedBytes(server: TestServer, orgId: string): Promise<number | undefined> {
  const usage = await listServerUsage(placeOf(server));
  return usage.find((entry) => entry.orgId === orgId)?.usedBytes;
}

async function sendTogether(
  device: TestDevice,
  orgId: string,
  contents: readonly Buffer[],
): Promise<string[]> {
  const files = contents.map((content) => ({
    sha256: computeSha256(content),
    sizeBytes: content.byteLength,
  }));
  const body = encodeSmallFiles(Buffer.from(JSON.stringify({ files })), contents);
  const answer = await device.fetch(endpoints.smallFiles(orgId), {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: new Uint8Array(body),
  });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { arrived: string[] }).arrived;
}

test('SY-22 what is over the quota is refused before a byte goes, and the submission that names it is recorded all the same', async () => {
  const server = await startTestServer({ quotaBytes: 10_000 });
  const organization = await TestOrganization.create(server.url);
  const { orgId } = organization;
  const { device: intern, engagementId } = await organization.addIntern();
  const task = await organization.assignTask(engagementId);
  const [small, large] = [randomBytes(6000), randomBytes(6000)];
  await uploadContent(intern, orgId, small);
  const failure = await catchError(() => uploadContent(intern, orgId, large));
  expect(describeUploadError(failure)).toEqual({ status: 507, code: 'quota_exceeded' });
  expect(String(failure)).toContain('10000 bytes');
  await intern.apply(orgId, [
    'submission.create',
    createSubmissionArgs(task, { files: [createManifestFile(large)] }),
  ]);
  expect(await readUsedBytes(server, orgId)).toBe(6000);
  // What is there already takes no more room, whoever gives it.
  await uploadContent(organization.owner, orgId, small);
  expect(await readUsedBytes(server, orgId)).toBe(6000);

  await setServerQuota(placeOf(server), orgId, 12_000);
  await uploadContent(intern, orgId, large);
  expect(await readUsedBytes(server, orgId)).toBe(12_000);
  expect(await intern.list(orgId, 'submissions')).toMatchObject([
    { filesCompleteAt: expect.any(String) },
  ]);
});

test('SY-22 uploads that begin at once never get more room than there is, in however many processes', async () => {
  const server = await startTestServer({ quotaBytes: 50_000 });
  const other =
    server.databaseUrl === undefined
      ? undefined
      : await startTestServer({
          quotaBytes: 50_000,
          dataFolder: server.dataFolder,
          databaseUrl: server.databaseUrl,
        });
  const { orgId, owner } = await TestOrganization.create(server.url);
  const devices = other === undefined ? [owner] : [owner, owner.moveTo(other.url)];
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) =>
      uploadContent(devices[index % devices.length] ?? owner, orgId, randomBytes(10_000)),
    ),
  );
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(outcomes.length - refused.length).toBe(5);
  for (const { reason } of refused) expect(describeUploadError(reason).code).toBe('quota_exceeded');
  expect(await readUsedBytes(server, orgId)).toBe(50_000);
});

test('SY-22 small files that come together at once never get more room than there is, in however many processes', async () => {
  const server = await startTestServer({ quotaBytes: 10_000 });
  const { dataFolder, databaseUrl } = server;
  const { orgId, owner } = await TestOrganization.create(server.url);
  const devices = [owner];
  // Each process knows only of what itself is putting down.
  if (databaseUrl !== undefined)
    for (let count = 0; count < 2; count += 1) {
      const other = await startTestServer({ quotaBytes: 10_000, dataFolder, databaseUrl });
      devices.push(owner.moveTo(other.url));
    }
  const groups = Array.from({ length: 18 }, () => [randomBytes(1000), randomBytes(1000)]);
  const answers = await Promise.all(
    groups.map((group, index) =>
      sendTogether(devices[index % devices.length] ?? owner, orgId, group),
    ),
  );
  const arrived = answers.flat().length;
  expect(arrived).toBeGreaterThan(0);
  expect(arrived).toBeLessThanOrEqual(10);
  expect(await readUsedBytes(server, orgId)).toBe(arrived * 1000);
  // What was refused left nothing behind that takes room: the next ones get all that is left, and no more.
  let later = arrived;
  for (const group of groups.slice(0, 8)) {
    const fresh = group.map((content) => Buffer.concat([content.subarray(1), Buffer.of(1)]));
    later += (await sendTogether(devices.at(-1) ?? owner, orgId, fresh)).length;
  }
  expect(later).toBe(10);
  expect(await readUsedBytes(server, orgId)).toBe(10_000);
});

test('SY-22 an upload that was begun keeps its room until it ends, and one that begins anew takes it over', async () => {
  const server = await startTestServer({ quotaBytes: 10_000 });
  const { orgId, owner } = await TestOrganization.create(server.url);
  const content = randomBytes(6000);
  const begun = await uploadContent(owner, orgId, content, {
    chunkSizeBytes: 1000,
    shouldStop: () => true,
  });
  expect(await readUsedBytes(server, orgId)).toBe(6000);
  const failure = await catchError(() => uploadContent(owner, orgId, randomBytes(6000)));
  expect(describeUploadError(failure).code).toBe('quota_exceeded');
  // Its device has forgotten where it was.
  const again = await uploadContent(owner, orgId, content, {
    chunkSizeBytes: 1000,
    shouldStop: () => true,
  });
  expect(await readUsedBytes(server, orgId)).toBe(6000);
  for (const { uploadUrl } of [begun, again])
    await owner.fetch(new URL(uploadUrl ?? '').pathname, {
      method: 'DELETE',
      headers: { 'tus-resumable': '1.0.0' },
    });
  expect(await readUsedBytes(server, orgId)).toBe(0);
  await uploadContent(owner, orgId, content);
  expect(await readUsedBytes(server, orgId)).toBe(6000);
});

test('SY-22 what was refused for its hash gives its room back', async () => {
  const server = await startTestServer({ quotaBytes: 10_000 });
  const { orgId, owner } = await TestOrganization.create(server.url);
  const content = randomBytes(6000);
  await catchError(() =>
    uploadContent(owner, orgId, content, { sha256: computeSha256(randomBytes(1)) }),
  );
  expect(await readUsedBytes(server, orgId)).toBe(0);
});

test('a server takes no file that is too large, or of a type it does not take, whatever it is called', async () => {
  const server = await startTestServer({
    maximumFileBytes: 100_000,
    mediaPolicy: { denied: ['application/x-msdownload', 'image/*'] },
  });
  const { orgId, owner } = await TestOrganization.create(server.url);
  const large = await catchError(() => uploadContent(owner, orgId, randomBytes(100_001)));
  expect(describeUploadError(large)).toEqual({ status: 413, code: 'too_large' });
  expect(String(large)).toContain('100000 bytes');
  const begin = async (type: string) =>
    await owner.fetch(endpoints.uploads(orgId), {
      method: 'POST',
      headers: {
        'tus-resumable': '1.0.0',
        'upload-length': '10',
        'upload-metadata': `sha256 ${btoa(computeSha256(randomBytes(10)))},filetype ${btoa(type)}`,
      },
    });
  expect((await begin('image/png')).status).toBe(415);
  expect((await begin('text/plain')).status).toBe(201);
  // Announced as nothing in particular; its first bytes say what it is, before the rest has come.
  const png = Buffer.concat([
    Buffer.from(
      '89504e470d0a1a0a0000000d4948445200000001000000010806000000000000000000c35049444154',
      'hex',
    ),
    randomBytes(50_000),
  ]);
  let sentBytes = 0;
  const hidden = await catchError(() =>
    uploadContent(owner, orgId, png, {
      chunkSizeBytes: 10_000,
      shouldStop: (sent) => {
        sentBytes = sent;
        return false;
      },
    }),
  );
  expect(describeUploadError(hidden)).toEqual({ status: 415, code: 'media_refused' });
  expect(sentBytes).toBe(10_000);
  expect(await readUsedBytes(server, orgId)).toBe(10);
});

test('a command beside a server leaves a database of an older version as it is, and says what brings it up to date', async () => {
  const server = await startTestServer();
  const { orgId } = await TestOrganization.create(server.url);
  const listApplied = () => listRecords(server, 'select "name" from "kysely_migration"');
  const applied = await listApplied();
  await runStatement(
    server,
    `delete from "kysely_migration" where "name" >= '0003-desk-hours-files'`,
  );
  const left = await listApplied();
  expect(left.length).toBeLessThan(applied.length);
  await expect(setServerQuota(placeOf(server), orgId, 12_000)).rejects.toMatchObject({
    code: 'conflict',
    message: containing("stop its server and start this version's"),
  });
  expect(await listApplied()).toEqual(left);
});

test('a command beside a server makes no server where there is none', async () => {
  const isPostgres = process.env['STINT_TEST_STORAGE'] === 'postgres';
  const databaseUrl = isPostgres ? await createPostgresDatabase({ isEmpty: true }) : undefined;
  const place = { dataFolder: await createTestFolder(), databaseUrl };
  if (!isPostgres) {
    await expect(listServerUsage(place)).rejects.toMatchObject({ code: 'not_found' });
    expect(await readdir(place.dataFolder)).toEqual([]);
    await writeFile(path.join(place.dataFolder, 'server.db'), '');
  }
  for (const _time of ['once', 'again'])
    await expect(listServerUsage(place)).rejects.toMatchObject({ code: 'not_found' });
});
