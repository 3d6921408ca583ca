import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import type { TestDevice } from '../../support/server/test-device.ts';
import {
  createManifestFile,
  createSubmissionArgs,
  TestOrganization,
} from '../../support/server/test-organization.ts';
import { computeSha256 } from '../../support/server/test-ids.ts';
import { startTestServer } from '../../support/server/test-server.ts';
import { uploadContent } from '../../support/server/upload-content.ts';

test('SY-22 an upload cannot be reached through the address of another', async () => {
  const { url, dataFolder } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const { device: intern } = await organization.addIntern();
  const begin = async (device: TestDevice) => {
    const begun = await uploadContent(device, orgId, randomBytes(2000), {
      chunkSizeBytes: 1000,
      shouldStop: () => true,
    });
    return path.basename(new URL(begun.uploadUrl ?? '').pathname);
  };
  const ownersId = await begin(owner);
  const ownId = await begin(intern);
  const answer = await intern.fetch(`${endpoints.uploads(orgId)}/${ownId}?/${ownersId}`, {
    method: 'DELETE',
    headers: { 'tus-resumable': '1.0.0' },
  });
  expect(answer.status).toBe(204);
  const left = readdirSync(path.join(dataFolder, 'uploads'));
  expect(left.sort()).toEqual([ownersId, `${ownersId}.json`]);
});

test('SY-9 a manifest that lies about the size of a file is never complete', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId } = organization;
  const { device: intern, engagementId } = await organization.addIntern();
  const content = randomBytes(5000);
  const lie = () => ({ ...createManifestFile(content), sizeBytes: 1 });
  const early = await organization.assignTask(engagementId);
  await intern.apply(orgId, [
    'submission.create',
    createSubmissionArgs(early, { files: [lie(), createManifestFile(content)] }),
  ]);
  await uploadContent(intern, orgId, content);
  const later = await organization.assignTask(engagementId);
  await intern.apply(orgId, ['submission.create', createSubmissionArgs(later, { files: [lie()] })]);
  const attachments = await intern.list(orgId, 'attachments');
  expect(
    attachments
      .map(({ sizeBytes, arrivedAt }) => `${String(sizeBytes)} ${arrivedAt !== null}`)
      .sort(),
  ).toEqual(['1 false', '1 false', '5000 true']);
  for (const submission of await intern.list(orgId, 'submissions'))
    expect(submission['filesCompleteAt']).toBeNull();
});

test('SY-22 a long list of what is held already does not hold up the server', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const content = randomBytes(1000);
  await uploadContent(owner, orgId, content);
  const sha256 = computeSha256(content);
  const held = `"x"${' '.repeat(15_000)}y , "${sha256}"`;
  const begunMs = performance.now();
  const answer = await owner.fetch(endpoints.file(orgId, sha256), {
    headers: { 'if-none-match': held },
  });
  expect(answer.status).toBe(304);
  expect(performance.now() - begunMs).toBeLessThan(250);
});
