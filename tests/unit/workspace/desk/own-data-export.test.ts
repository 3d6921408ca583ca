import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unpackArchive } from '../../../support/bundles/unpack-archive.ts';
import { makeTemporaryFolder } from '../../../support/sync/test-installation.ts';
import {
  addOrganization,
  assignTestTask,
  carryRows,
  openTestWorkspace,
  type TestOrganization,
  type TestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

let temporary: Awaited<ReturnType<typeof makeTemporaryFolder>>;
let workspace: TestWorkspace;
let organization: TestOrganization;
let seatId: string;

beforeEach(async () => {
  temporary = await makeTemporaryFolder();
  workspace = await openTestWorkspace({ now: '2026-03-02T09:00:00.000Z' });
  organization = await addOrganization(workspace);
  seatId = organization.owner.record.seatId;
});
afterEach(async () => {
  await workspace.close();
  await temporary.remove();
});

async function exportTables(): Promise<Record<string, Record<string, unknown>[]>> {
  const written = await workspace.ask('people.exportOwnData', { seatId });
  const files = await unpackArchive(written.path, path.join(temporary.path, 'unpacked'));
  const text = await readFile(files.find((file) => file.endsWith('data.json')) ?? '', 'utf8');
  return (JSON.parse(text) as { tables: Record<string, Record<string, unknown>[]> }).tables;
}

test('an employer takes along what they offered, promised, looked at and said of an intern', async () => {
  const { intern, owner, projectId, engagementId } = organization;
  const taskId = await assignTestTask(workspace, organization);
  const own = { seatId: intern.record.seatId, taskId };
  await workspace.ask('draft.writeNote', { ...own, note: 'Done.' });
  const { submissionId } = await workspace.ask('submission.create', own);
  await carryRows(intern, owner);
  await workspace.ask('review.promise', {
    seatId,
    submissionId,
    answerBy: { wall: '2026-03-03T17:00', zone: 'Europe/Berlin' },
  });
  await workspace.ask('review.claim', { seatId, submissionId });
  await workspace.ask('engagement.complete', { seatId, engagementId });
  await workspace.ask('evaluation.write', {
    seatId,
    engagementId,
    content: {
      side: 'employer',
      ratings: { quality: 5, reliability: null, communication: null, independence: null },
      wentWell: 'Careful work.',
      couldImprove: '',
      testimonial: '',
      offer: null,
    },
  });
  await workspace.ask('people.inviteIntern', { seatId, projectId, name: 'Ivo', email: null });
  const tables = await exportTables();
  const { membershipId } = owner.record;
  expect(tables['evaluations']).toMatchObject([{ writtenBy: membershipId }]);
  expect(tables['reviewClaims']).toMatchObject([{ heldBy: membershipId }]);
  expect(tables['submissions']).toMatchObject([{ promisedBy: membershipId }]);
  expect(tables['engagements']).toMatchObject([{ offeredBy: membershipId, invitedName: 'Ivo' }]);
});
