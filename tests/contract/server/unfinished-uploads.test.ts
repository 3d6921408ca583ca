import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { utimes, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { FileStore } from '@tus/file-store';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createUploadRegistry } from '../../../src/server/files/upload-registry.ts';
import { createSystemTimers } from '../../../src/server/ports/system-timers.ts';
import { catchError } from '../../support/catch-error.ts';
import { createHeldTime } from '../../support/server/held-ports.ts';
import { createLossyLink } from '../../support/server/lossy-link.ts';
import { openServerParts } from '../../support/server/open-server-parts.ts';
import { breakInserts, listRecords, runStatement } from '../../support/server/test-database.ts';
import { computeSha256, createId } from '../../support/server/test-ids.ts';
import { TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';
import { describeUploadError, uploadContent } from '../../support/server/upload-content.ts';

const stopAtOnce = { chunkSizeBytes: 1000, shouldStop: () => true };

test('SY-22 uploads that nobody came back to are forgotten after a month', async () => {
  const server = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(server.url);
  await uploadContent(owner, orgId, randomBytes(2000), {
    chunkSizeBytes: 1000,
    shouldStop: () => true,
  });
  const uploadsFolder = path.join(server.dataFolder, 'uploads');
  const soon = await server.restart();
  expect(readdirSync(uploadsFolder)).toHaveLength(2);
  const time = createHeldTime(Date.now() + 31 * 86_400_000);
  await soon.restart({ ports: { clock: time.clock } });
  expect(readdirSync(uploadsFolder)).toEqual([]);
});

test('SY-22 an upload is kept for a month from its last byte on, not from its first', async () => {
  const server = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(server.url);
  const begun = await uploadContent(owner, orgId, randomBytes(2000), stopAtOnce);
  const folder = path.join(server.dataFolder, 'uploads');
  const uploadPath = path.join(folder, path.basename(new URL(begun.uploadUrl ?? '').pathname));
  const inDays = (days: number) => Date.now() + days * 86_400_000;
  await utimes(uploadPath, inDays(20) / 1000, inDays(20) / 1000);
  const later = await server.restart({ ports: { clock: createHeldTime(inDays(45)).clock } });
  expect(existsSync(uploadPath)).toBe(true);
  await later.restart({ ports: { clock: createHeldTime(inDays(51)).clock } });
  expect(readdirSync(folder)).toEqual([]);
});

test('a device that comes back while its dead line still holds the upload does not busy the server', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const content = randomBytes(2000);
  const { uploadUrl } = await uploadContent(owner, orgId, content, stopAtOnce);
  const { hostname, port, host, pathname } = new URL(uploadUrl ?? '');
  const dead = connect(Number(port), hostname);
  onTestFinished(() => void dead.destroy());
  dead.write(
    `PATCH ${pathname} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${owner.token}\r\ntus-resumable: 1.0.0\r\nupload-offset: 1000\r\ncontent-type: application/offset+octet-stream\r\ncontent-length: 1000\r\n\r\n.`,
  );
  await wait(100);
  const asked = owner.fetch(pathname, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } });
  await wait(100);
  const before = performance.eventLoopUtilization();
  await wait(400);
  expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5);
  dead.destroy();
  expect((await asked).headers.get('upload-offset')).toBe('1001');
});

test('SY-22 an upload whose address its device lost is forgotten soon after the content was begun anew', async () => {
  const server = await startTestServer({ quotaBytes: 5000 });
  const { orgId, owner } = await TestOrganization.create(server.url);
  const content = randomBytes(2000);
  const lost = await uploadContent(owner, orgId, content, stopAtOnce);
  const begun = await uploadContent(owner, orgId, content, stopAtOnce);
  const folder = path.join(server.dataFolder, 'uploads');
  const listKept = () => readdirSync(folder).filter((name) => !name.endsWith('.json'));
  const nameOf = ({ uploadUrl }: { uploadUrl: string | null }) =>
    path.basename(new URL(uploadUrl ?? '').pathname);
  const soon = await server.restart();
  expect(listKept().toSorted()).toEqual([nameOf(lost), nameOf(begun)].toSorted());
  const clock = createHeldTime(Date.now() + 2 * 3_600_000).clock;
  const later = await soon.restart({ ports: { clock } });
  expect(listKept()).toEqual([nameOf(begun)]);
  const moved = owner.moveTo(later.url);
  const rest = await uploadContent(moved, orgId, content, {
    uploadUrl: (begun.uploadUrl ?? '').replace(server.url, later.url),
  });
  expect(rest.isComplete).toBe(true);
  // Neither the lost one nor the one that arrived keeps room besides the content itself.
  await uploadContent(moved, orgId, randomBytes(3000));
});

test('SY-22 an upload that the disk has no room to begin is not kept, and keeps no room', async () => {
  const server = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(server.url);
  const full = vi
    .spyOn(FileStore.prototype, 'create')
    .mockRejectedValueOnce(Object.assign(new Error('no room'), { code: 'ENOSPC' }));
  onTestFinished(() => full.mockRestore());
  const refused = await catchError(() => uploadContent(owner, orgId, randomBytes(2000)));
  expect(describeUploadError(refused)).toEqual({ status: 507, code: 'disk_full' });
  expect(await listRecords(server, 'select "id" from "uploads"')).toEqual([]);
  expect(await listRecords(server, 'select "usedBytes" from "organizationStorage"')).toMatchObject([
    { usedBytes: 0 },
  ]);
});

test('SY-22 one account begins a thousand uploads without finishing them, others begin theirs, and what it ends makes room', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { orgId, owner } = organization;
  const { device: intern, membershipId } = await organization.addIntern();
  const first = await uploadContent(intern, orgId, randomBytes(2000), stopAtOnce);
  const [begun] = await listRecords(server, 'select * from "uploads"');
  const columns = ['id', 'orgId', 'membershipId', 'accountId', 'sha256', 'sizeBytes', 'createdAt'];
  const rows = Array.from({ length: 999 }, (_, index) => {
    const values = { ...begun, membershipId, id: createId(), sha256: computeSha256(`${index}`) };
    return `(${columns.map((column) => `'${String((values as Record<string, unknown>)[column])}'`).join(', ')})`;
  });
  await runStatement(
    server,
    `insert into "uploads" (${columns.map((column) => `"${column}"`).join(', ')}) values ${rows.join(', ')}`,
  );
  const refused = await catchError(() => uploadContent(intern, orgId, randomBytes(2000)));
  expect(describeUploadError(refused)).toEqual({ status: 429, code: 'rate_limited' });
  expect(readdirSync(path.join(server.dataFolder, 'uploads'))).toHaveLength(2);
  expect((await uploadContent(owner, orgId, randomBytes(2000))).isComplete).toBe(true);
  const ended = await intern.fetch(new URL(first.uploadUrl ?? '').pathname, {
    method: 'DELETE',
    headers: { 'tus-resumable': '1.0.0' },
  });
  expect(ended.status).toBe(204);
  expect((await uploadContent(intern, orgId, randomBytes(2000))).isComplete).toBe(true);
});

test('SY-22 an upload that is ended while the server verifies it leaves nothing, though others gave that content', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { orgId, owner } = organization;
  const { device: intern, membershipId } = await organization.addIntern();
  const content = randomBytes(5000);
  const sha256 = computeSha256(content);
  await uploadContent(owner, orgId, content);
  const begun = await uploadContent(intern, orgId, content, stopAtOnce);
  const uploadId = path.basename(new URL(begun.uploadUrl ?? '').pathname);
  await server.close();

  const { blobs, folder, ...parts } = await openServerParts(server);
  await writeFile(path.join(folder.uploads, uploadId), content);
  const uploads = createUploadRegistry({
    ...parts,
    folder: folder.uploads,
    blobs: {
      ...blobs,
      async adopt(...moved) {
        await blobs.adopt(...moved);
        await uploads.remove(uploadId);
      },
    },
    quotaBytes: undefined,
    onHealed: () => undefined,
    mediaPolicy: {},
  });
  await expect(uploads.complete(uploadId)).rejects.toMatchObject({ code: 'not_found' });
  const grants = await parts.database.db
    .selectFrom('fileGrants')
    .select('membershipId')
    .where('sha256', '=', sha256)
    .execute();
  expect(grants.some((grant) => grant.membershipId === membershipId)).toBe(false);
  expect(grants).toHaveLength(1);
  // What the other person gave is whole, and counts once.
  expect(await blobs.findSizeBytes(orgId, sha256)).toBe(content.byteLength);
  const storage = await parts.database.db
    .selectFrom('organizationStorage')
    .select('usedBytes')
    .executeTakeFirstOrThrow();
  expect(storage.usedBytes).toBe(content.byteLength);
});

test('SY-23 an upload whose lock is lost before it was entered is not entered then, and ends when it is gone on with', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { orgId, owner } = organization;
  const content = randomBytes(5000);
  const begun = await uploadContent(owner, orgId, content, stopAtOnce);
  const uploadId = path.basename(new URL(begun.uploadUrl ?? '').pathname);
  await server.close();

  const { blobs, folder, ...parts } = await openServerParts(server);
  await writeFile(path.join(folder.uploads, uploadId), content);
  const { link, lose } = createLossyLink(parts.link);
  const uploads = createUploadRegistry({
    ...parts,
    link,
    folder: folder.uploads,
    blobs: {
      ...blobs,
      async adopt(...moved) {
        await blobs.adopt(...moved);
        lose();
      },
    },
    quotaBytes: undefined,
    onHealed: () => undefined,
    mediaPolicy: {},
  });
  await expect(uploads.complete(uploadId)).rejects.toMatchObject({ code: 'lock_lost' });
  const listGrants = () => parts.database.db.selectFrom('fileGrants').select('sha256').execute();
  expect(await listGrants()).toEqual([]);
  await uploads.complete(uploadId);
  expect(await listGrants()).toEqual([{ sha256: computeSha256(content) }]);
});

test('SY-22 an upload that the database could not enter when it was whole ends when its device asks, without being sent again', async () => {
  const server = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(server.url);
  const content = randomBytes(5000);
  const begun = await uploadContent(owner, orgId, content, { ...stopAtOnce, chunkSizeBytes: 4000 });
  const uploadUrl = begun.uploadUrl ?? '';
  const repair = await breakInserts(server, 'fileGrants');
  await catchError(() => uploadContent(owner, orgId, content, { uploadUrl }));
  await repair();
  const asked = await owner.fetch(new URL(uploadUrl).pathname, {
    method: 'HEAD',
    headers: { 'tus-resumable': '1.0.0' },
  });
  expect(asked.status).toBe(200);
  expect(asked.headers.get('upload-offset')).toBe('5000');
  expect(await listRecords(server, 'select "sha256" from "fileGrants"')).toEqual([
    { sha256: computeSha256(content) },
  ]);
});

test('SY-22 an upload that was refused is answered, also where the rest of it never comes', async () => {
  const system = createSystemTimers();
  const { url } = await startTestServer({
    // What is waited for ten seconds is waited for a moment here.
    ports: { timers: { after: (ms, action) => system.after(ms === 10_000 ? 200 : ms, action) } },
  });
  const { orgId, owner } = await TestOrganization.create(url);
  const begun = await uploadContent(owner, orgId, randomBytes(2000), stopAtOnce);
  const place = new URL(begun.uploadUrl ?? '');
  const socket = connect(Number(place.port), place.hostname);
  onTestFinished(() => void socket.destroy());
  let answer = '';
  socket.on('data', (piece) => (answer += String(piece)));
  socket.on('error', () => undefined);
  socket.write(
    [
      `PATCH ${place.pathname} HTTP/1.1`,
      `Host: ${place.host}`,
      `Authorization: Bearer ${owner.token}`,
      'Tus-Resumable: 1.0.0',
      // So much of it is not here yet.
      'Upload-Offset: 1500',
      'Content-Type: application/offset+octet-stream',
      'Content-Length: 500',
      '',
      'the beginning of it',
    ].join('\r\n'),
  );
  await expect.poll(() => answer).toMatch(/^HTTP\/1\.1 409 /u);
});
