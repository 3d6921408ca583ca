import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { request as sendRequest } from 'node:http';
import { cp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createServerBackup } from '../../../src/server/backup/create-server-backup.ts';
import { createSmallFileIntake } from '../../../src/server/files/small-file-intake.ts';
import { createSystemClock } from '../../../src/server/ports/system-clock.ts';
import { collectServer, scrubServer } from '../../../src/server/upkeep/keep-up-server.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { decodeSmallFiles } from '../../../src/shared/protocol/small-file-frame.ts';
import {
  fetchedSmallFilesHeaderSchema,
  smallFileLimits,
} from '../../../src/shared/protocol/small-files.ts';
import { createHeldTime } from '../../support/server/held-ports.ts';
import { createLossyLink } from '../../support/server/lossy-link.ts';
import { openServerParts } from '../../support/server/open-server-parts.ts';
import { listRecords } from '../../support/server/test-database.ts';
import type { TestDevice } from '../../support/server/test-device.ts';
import { computeSha256 } from '../../support/server/test-ids.ts';
import {
  createManifestFile,
  createSubmissionArgs,
  TestOrganization,
} from '../../support/server/test-organization.ts';
import { createTestFolder, startTestServer } from '../../support/server/test-server.ts';
import { uploadContent } from '../../support/server/upload-content.ts';

interface Sent {
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

function encode(files: readonly Sent[]): Buffer {
  const header = Buffer.from(
    JSON.stringify({
      files: files.map(({ sha256, bytes }) => ({ sha256, sizeBytes: bytes.byteLength })),
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.byteLength);
  return Buffer.concat([length, header, ...files.map(({ bytes }) => bytes)]);
}

async function send(device: TestDevice, orgId: string, body: Buffer) {
  const response = await fetch(`${device.baseUrl}${endpoints.smallFiles(orgId)}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${device.token}`,
      'content-type': 'application/octet-stream',
    },
    body: new Uint8Array(body),
  });
  const answer = (await response.json()) as {
    arrived?: string[];
    error?: { code: string };
  };
  return { status: response.status, ...answer };
}

/** A request whose body never comes to its end. */
async function beginSending(device: TestDevice, orgId: string, stated: 'length' | 'nothing') {
  const request = sendRequest(`${device.baseUrl}${endpoints.smallFiles(orgId)}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${device.token}`,
      'content-type': 'application/octet-stream',
      ...(stated === 'length'
        ? { 'content-length': smallFileLimits.bodyBytes }
        : { 'transfer-encoding': 'chunked' }),
    },
  });
  const answered = new Promise<number | undefined>((resolve) => {
    request.once('response', (response) => resolve(response.resume().statusCode));
    request.once('error', () => resolve(undefined));
  });
  request.write(Buffer.alloc(1000));
  onTestFinished(() => void request.destroy());
  return { request, answered };
}

const make = (sizeBytes: number): Sent => {
  const bytes = randomBytes(sizeBytes);
  return { sha256: computeSha256(bytes), bytes };
};

test('SY-22 many small files arrive in one request, each verified, and what is not what it says is left out', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { orgId, owner } = organization;
  const files = Array.from({ length: 50 }, (_, index) => make(index * 7));
  const lie = { sha256: computeSha256(randomBytes(9)), bytes: randomBytes(9) };
  const sent = encode([...files, lie]);
  const { status, arrived } = await send(owner, orgId, sent);
  expect(status).toBe(200);
  expect(new Set(arrived)).toEqual(new Set(files.map(({ sha256 }) => sha256)));
  for (const { sha256 } of files)
    expect(
      existsSync(path.join(server.dataFolder, 'blobs', orgId, sha256.slice(0, 2), sha256)),
    ).toBe(true);
  expect(
    existsSync(path.join(server.dataFolder, 'blobs', orgId, lie.sha256.slice(0, 2), lie.sha256)),
  ).toBe(false);
  // One number, and one line in the log, for all of them.
  const [counted] = await listRecords(
    server,
    `select count(*) as "count" from "mutationLog" where "orgId" = ? and name = 'files.arrived'`,
    orgId,
  );
  expect(Number(counted?.['count'])).toBe(1);
  // Once more is harmless.
  expect((await send(owner, orgId, sent)).arrived).toHaveLength(files.length);
});

async function fetchTogether(device: TestDevice, orgId: string, hashes: readonly string[]) {
  const response = await fetch(`${device.baseUrl}${endpoints.fetchSmallFiles(orgId)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${device.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ hashes }),
  });
  const body = new Uint8Array(await response.arrayBuffer());
  if (!response.ok) return { status: response.status, came: new Map<string, Uint8Array>() };
  const decoded = decodeSmallFiles(
    body,
    (header) => fetchedSmallFilesHeaderSchema.parse(JSON.parse(Buffer.from(header).toString())),
    (reason) => new Error(reason),
  );
  return {
    status: response.status,
    came: new Map(decoded.map(({ file, bytes }) => [file.sha256, bytes])),
  };
}

test('bodies that come slowly take room in memory of one account up to a limit, and give it back', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { orgId, owner } = organization;
  const { device: intern } = await organization.addIntern();
  const held = await Promise.all(
    Array.from({ length: 9 }, (_, index) =>
      beginSending(owner, orgId, index % 2 === 0 ? 'length' : 'nothing'),
    ),
  );
  // Eight take all of it, and the ninth is refused.
  expect(await Promise.race(held.map(({ answered }) => answered))).toBe(429);
  const file = make(1000);
  const sendOne = (device: TestDevice) => send(device, orgId, encode([file]));
  expect(await sendOne(owner)).toMatchObject({ status: 429, error: { code: 'rate_limited' } });
  expect(await sendOne(intern)).toMatchObject({ status: 200, arrived: [file.sha256] });
  for (const { request } of held) request.destroy();
  await expect.poll(async () => (await sendOne(owner)).status).toBe(200);
  // What was answered takes none any more.
  for (let count = 0; count < 10; count += 1)
    expect((await send(owner, orgId, Buffer.alloc(smallFileLimits.bodyBytes))).status).toBe(400);
  expect((await sendOne(owner)).status).toBe(200);
});

test('SY-22 small files come many in one answer: only those that this person may read, and that are sound', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { orgId, owner } = organization;
  const intern = await organization.addIntern();
  const files = Array.from({ length: 20 }, (_, index) => make(index * 9));
  const large = make(300 * 1024);
  await send(owner, orgId, encode(files));
  await uploadContent(owner, orgId, large.bytes);
  const hashes = [...files, large].map(({ sha256 }) => sha256);
  const { came } = await fetchTogether(owner, orgId, [...hashes, computeSha256('of nobody')]);
  expect(came.size).toBe(files.length);
  for (const { sha256, bytes } of files) expect(Buffer.from(came.get(sha256) ?? [])).toEqual(bytes);
  // Given by the owner, and used in nothing that the intern sees.
  expect(await fetchTogether(intern.device, orgId, hashes)).toEqual({
    status: 200,
    came: new Map(),
  });
  // A bit that the server's disk flipped.
  const changed = files[19] ?? make(1);
  const flipped = Buffer.from(changed.bytes);
  flipped[0] = (flipped[0] ?? 0) ^ 1;
  await writeFile(
    path.join(server.dataFolder, 'blobs', orgId, changed.sha256.slice(0, 2), changed.sha256),
    flipped,
  );
  const again = await fetchTogether(owner, orgId, hashes);
  expect(again.came.has(changed.sha256)).toBe(false);
  expect(again.came.size).toBe(files.length - 1);
  expect((await fetchTogether(owner, orgId, [])).status).toBe(400);
});

test('SY-22 a small file that the disk cannot read is left out, and the others come', async ({
  skip,
}) => {
  skip(process.platform !== 'linux', 'only Linux has a file that cannot be read here');
  const server = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(server.url);
  const files = Array.from({ length: 20 }, (_, index) => make(100 + index));
  await send(owner, orgId, encode(files));
  const unreadable = files[7] ?? make(1);
  const place = path.join(
    server.dataFolder,
    'blobs',
    orgId,
    unreadable.sha256.slice(0, 2),
    unreadable.sha256,
  );
  await rm(place);
  // A file whose first byte cannot be read: EIO, as from a bad sector.
  await symlink('/proc/self/mem', place);
  const { status, came } = await fetchTogether(
    owner,
    orgId,
    files.map(({ sha256 }) => sha256),
  );
  expect(status).toBe(200);
  expect(came.size).toBe(files.length - 1);
  expect(came.has(unreadable.sha256)).toBe(false);
});

test('SY-1 small files that were acknowledged and that a power cut took from their places are there at the next start', async () => {
  const server = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(server.url);
  const files = Array.from({ length: 12 }, (_, index) => make(100 + index));
  expect((await send(owner, orgId, encode(files))).arrived).toHaveLength(12);
  await server.close();
  const blobs = path.join(server.dataFolder, 'blobs');
  // What may become of files that were written, and never flushed: not there, empty, or full of zeros.
  for (const [index, { sha256, bytes }] of files.entries()) {
    const place = path.join(blobs, orgId, sha256.slice(0, 2), sha256);
    if (index % 4 === 0) await rm(place);
    if (index % 4 === 1) await writeFile(place, '');
    if (index % 4 === 2) await writeFile(place, Buffer.alloc(bytes.byteLength));
  }
  const again = await server.restart();
  const { came } = await fetchTogether(
    owner.moveTo(again.url),
    orgId,
    files.map(({ sha256 }) => sha256),
  );
  for (const { sha256, bytes } of files) expect(Buffer.from(came.get(sha256) ?? [])).toEqual(bytes);
  expect(readdirSync(path.join(blobs, '.journal'))).toEqual([]);
});

test('SY-1 a backup, a scrub and a collection after a power cut find what the journal has still', async () => {
  const server = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(server.url);
  const files = Array.from({ length: 3 }, (_, index) => make(100 + index));
  await send(owner, orgId, encode(files));
  await server.close();
  const { dataFolder, databaseUrl } = server;
  const blobs = path.join(dataFolder, 'blobs');
  const journal = path.join(blobs, '.journal');
  const kept = path.join(await createTestFolder(), 'journal');
  await cp(journal, kept, { recursive: true });
  const place = { dataFolder, databaseUrl };
  const to = path.join(await createTestFolder(), 'backups');
  const backUp = () => createServerBackup({ ...place, to, clock: createSystemClock() });
  const cutPower = async (): Promise<void> => {
    await rm(path.join(blobs, orgId), { recursive: true, force: true });
    await cp(kept, journal, { recursive: true });
  };
  await cutPower();
  expect(await backUp()).toMatchObject({ contents: 3, absent: [] });
  await cutPower();
  expect(await scrubServer(place)).toMatchObject({ contents: 3, damaged: [], awaited: 0 });
  await cutPower();
  await collectServer({ ...place, isDryRun: false });
  expect(await countStored(blobs, orgId)).toBe(3);
  expect(readdirSync(journal)).toEqual([]);
});

async function countStored(blobs: string, orgId: string): Promise<number> {
  const names = await readdir(path.join(blobs, orgId), { recursive: true });
  return names.filter((name) => /[0-9a-f]{64}$/.test(name)).length;
}

test('SY-22 a batch that is malformed, or beyond the quota, takes nothing', async () => {
  const server = await startTestServer({ quotaBytes: 1000 });
  const { orgId, owner } = await TestOrganization.create(server.url);
  const whole = encode([make(100), make(200)]);
  for (const body of [
    Buffer.alloc(2),
    whole.subarray(0, -1),
    Buffer.concat([whole, Buffer.alloc(1)]),
    Buffer.from('\u0000\u0000\u0000\u0002[}'),
  ])
    expect(await send(owner, orgId, body)).toMatchObject({
      status: 400,
      error: { code: 'invalid_input' },
    });
  expect((await send(owner, orgId, encode([make(600), make(600)]))).arrived).toEqual([]);
  // Not even on the disk, for whoever fills it in groups that are refused.
  const blobs = path.join(server.dataFolder, 'blobs');
  expect(existsSync(path.join(blobs, orgId))).toBe(false);
  expect(existsSync(path.join(blobs, '.journal'))).toBe(false);
  // Of groups at once, each of which would have room alone, no more is taken than there is room for.
  await Promise.all(
    Array.from({ length: 4 }, () => send(owner, orgId, encode([make(300), make(300)]))),
  );
  expect(await countStored(blobs, orgId)).toBeLessThanOrEqual(2);
  expect((await send(owner, orgId, whole)).arrived).toHaveLength(2);
});

test('SY-10 small files of a person whose access ends while they are put down are granted to nobody', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { orgId, owner } = organization;
  const intern = await organization.addIntern();
  const task = await organization.assignTask(intern.engagementId);
  const [promised, other] = [make(100), make(200)];
  await owner.apply(orgId, ['member.remove', { membershipId: intern.membershipId, reason: null }]);
  // Sent after that, and waiting for the employer: its file may come, and no other.
  const args = createSubmissionArgs(task, {
    files: [createManifestFile(Buffer.from(promised.bytes))],
  });
  await intern.device.push(orgId, [intern.device.createMutation('submission.create', args)]);
  await server.close();

  const { blobs, ...parts } = await openServerParts(server);
  const { database } = parts;
  const setStatus = async (status: 'active' | 'removed'): Promise<void> => {
    await database.db
      .updateTable('memberships')
      .set({ status })
      .where('id', '=', intern.membershipId)
      .execute();
  };
  const { accountId } = await database.db
    .selectFrom('memberships')
    .select('accountId')
    .where('id', '=', intern.membershipId)
    .executeTakeFirstOrThrow();
  const intake = createSmallFileIntake({
    ...parts,
    blobs: {
      ...blobs,
      async takeAll(...taken) {
        await blobs.takeAll(...taken);
        await setStatus('removed');
      },
    },
    quotaBytes: undefined,
    onHealed: () => undefined,
    onArrived: () => undefined,
    mediaPolicy: {},
    reportFault: () => undefined,
  });
  onTestFinished(() => intake.stop());
  await setStatus('active');
  const files = [promised, other].map((file) => ({ ...file, mediaType: undefined, isSound: true }));
  await expect(intake.take(orgId, accountId, files)).rejects.toMatchObject({ code: 'forbidden' });
  const grants = await database.db
    .selectFrom('fileGrants')
    .select('sha256')
    .where('membershipId', '=', intern.membershipId)
    .execute();
  expect(grants).toEqual([]);
});

test('small files that are put down when the server has ended no longer keep it from ending', async () => {
  const server = await startTestServer();
  const { orgId } = await TestOrganization.create(server.url);
  await server.close();
  const { blobs, ports, ...parts } = await openServerParts(server);
  const { accountId } = await parts.database.db
    .selectFrom('memberships')
    .select('accountId')
    .executeTakeFirstOrThrow();
  const time = createHeldTime();
  const intake = createSmallFileIntake({
    ...parts,
    ports: { ...ports, timers: time.timers },
    blobs: {
      ...blobs,
      async takeAll(...taken) {
        await blobs.takeAll(...taken);
        await intake.stop();
      },
    },
    quotaBytes: undefined,
    onHealed: () => undefined,
    onArrived: () => undefined,
    mediaPolicy: {},
    reportFault: () => undefined,
  });
  await intake.take(orgId, accountId, [{ ...make(10), mediaType: undefined, isSound: true }]);
  expect(time.waiting).toBe(0);
});

test('SY-23 small files whose locks are lost while they are put down are granted to nobody', async () => {
  const server = await startTestServer();
  const { orgId } = await TestOrganization.create(server.url);
  await server.close();
  const { blobs, ...parts } = await openServerParts(server);
  const { accountId } = await parts.database.db
    .selectFrom('memberships')
    .select('accountId')
    .executeTakeFirstOrThrow();
  const { link, lose } = createLossyLink(parts.link);
  const intake = createSmallFileIntake({
    ...parts,
    link,
    blobs: {
      ...blobs,
      async takeAll(...taken) {
        await blobs.takeAll(...taken);
        lose();
      },
    },
    quotaBytes: undefined,
    onHealed: () => undefined,
    onArrived: () => undefined,
    mediaPolicy: {},
    reportFault: () => undefined,
  });
  onTestFinished(() => intake.stop());
  const files = [make(10), make(20)].map((file) => ({
    ...file,
    mediaType: undefined,
    isSound: true,
  }));
  await expect(intake.take(orgId, accountId, files)).rejects.toMatchObject({ code: 'lock_lost' });
  expect(await parts.database.db.selectFrom('fileGrants').selectAll().execute()).toEqual([]);
});
