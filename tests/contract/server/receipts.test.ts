import { createPublicKey, verify } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { computeCanonicalJson } from '../../../src/shared/canonical-json.ts';
import { computeDerivedId } from '../../../src/shared/domain/derived-id.ts';
import { receiptStatementSchema } from '../../../src/shared/domain/receipt.ts';
import { computeInstant, computeSha256, createId } from '../../support/server/test-ids.ts';
import {
  createManifestFile,
  createSubmissionArgs,
  TestOrganization,
} from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

test('SY-9 every submission gets a receipt that the organization’s key has signed', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const { device: intern, engagementId } = await organization.addIntern();
  const task = await organization.assignTask(engagementId);
  const file = createManifestFile('the work', 'résumé.txt');
  const args = createSubmissionArgs(task, { files: [file] });
  const mutation = intern.createMutation('submission.create', args, {
    claimedAt: computeInstant(-60_000),
  });
  await intern.push(orgId, [mutation]);

  const [receipt] = await intern.list(orgId, 'receipts');
  const [submission] = await owner.list(orgId, 'submissions');
  const [home] = await intern.list(orgId, 'organizations');
  const statementJson = String(receipt?.['statementJson']);
  const statement = receiptStatementSchema.parse(JSON.parse(statementJson));
  expect(statementJson).toBe(computeCanonicalJson(statement));
  expect(statement).toEqual({
    format: 'stint-receipt-2',
    orgId,
    submissionId: args.submissionId,
    taskId: task.taskId,
    revision: 1,
    manifestHash: submission?.['manifestHash'],
    claimedAt: mutation.claimedAt,
    receivedAt: submission?.['receivedAt'],
    verdict: 'on_time',
    verdictInputs: JSON.parse(String(submission?.['verdictInputsJson'])),
    files: [{ name: file.name, sha256: file.sha256, sizeBytes: file.sizeBytes }],
  });
  expect(receipt?.['id']).toBe(computeDerivedId(mutation.id, 'receipt', computeSha256));

  const spki = Buffer.from(String(home?.['receiptPublicKey']), 'base64');
  const key = createPublicKey({ key: spki, type: 'spki', format: 'der' });
  const signature = Buffer.from(String(receipt?.['signature']), 'base64');
  expect(verify(null, Buffer.from(statementJson), key, signature)).toBe(true);
  expect(verify(null, Buffer.from(`${statementJson} `), key, signature)).toBe(false);
  expect(home?.['receiptKeyId']).toBe(computeSha256(spki).slice(0, 16));
  expect(receipt?.['keyId']).toBe(home?.['receiptKeyId']);
});

test('SY-8 a submission lands when its task was cancelled, its engagement ended and its deadline passed meanwhile', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const { device: intern, engagementId } = await organization.addIntern();
  const task = await organization.assignTask(engagementId, {
    deadline: { wall: '2020-01-01T09:00', zone: 'Europe/Berlin' },
  });
  await owner.apply(
    orgId,
    ['task.cancel', { taskId: task.taskId }],
    ['engagement.withdraw', { engagementId }],
    ['project.close', { projectId: organization.projectId }],
  );
  await intern.apply(orgId, ['submission.create', createSubmissionArgs(task)]);
  const [submission] = await owner.list(orgId, 'submissions');
  expect(submission).toMatchObject({ revision: 1, verdict: 'late' });
  expect(JSON.parse(String(submission?.['marksJson']))).toEqual([
    'task_cancelled',
    'engagement_ended',
    'project_closed',
  ]);
  expect(await owner.list(orgId, 'receipts')).toHaveLength(1);
});

test('the same work sent twice is one submission with one receipt', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const { device: intern, engagementId } = await organization.addIntern();
  const task = await organization.assignTask(engagementId);
  await intern.apply(
    orgId,
    ['submission.create', createSubmissionArgs(task)],
    ['submission.create', createSubmissionArgs(task, { submissionId: createId() })],
  );
  expect(await owner.list(orgId, 'submissions')).toHaveLength(1);
  expect(await owner.list(orgId, 'receipts')).toHaveLength(1);
});

test('the key that signs receipts is the same after a restart, and readable by its user alone', async () => {
  const server = await startTestServer();
  const first = await TestOrganization.create(server.url);
  const [before] = await first.owner.list(first.orgId, 'organizations');
  const restarted = await server.restart();
  const second = await TestOrganization.create(restarted.url, 'Later');
  const [after] = await second.owner.list(second.orgId, 'organizations');
  expect(after?.['receiptPublicKey']).toBe(before?.['receiptPublicKey']);
  const keyPath = path.join(server.dataFolder, 'keys', 'receipts-ed25519.pem');
  expect(readFileSync(keyPath, 'utf8')).toContain('PRIVATE KEY');
  if (process.platform !== 'win32') expect(statSync(keyPath).mode & 0o777).toBe(0o600);
});
