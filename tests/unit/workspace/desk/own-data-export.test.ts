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

interface OwnData {
  readonly tables: Record<string, Record<string, unknown>[]>;
  readonly keptWork: Record<string, unknown>[];
  readonly runningTimer: Record<string, unknown> | null;
  readonly timerQuestions: Record<string, unknown>[];
}

async function exportData(
  ofSeatId: string,
): Promise<{ data: OwnData; files: string[]; missing: readonly string[] }> {
  const written = await workspace.ask('people.exportOwnData', { seatId: ofSeatId });
  const files = await unpackArchive(written.path, path.join(temporary.path, 'unpacked'));
  const text = await readFile(files.find((file) => file.endsWith('data.json')) ?? '', 'utf8');
  return { data: JSON.parse(text) as OwnData, files, missing: written.missing };
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
  const { tables } = (await exportData(seatId)).data;
  const { membershipId } = owner.record;
  expect(tables['evaluations']).toMatchObject([{ writtenBy: membershipId }]);
  expect(tables['reviewClaims']).toMatchObject([{ heldBy: membershipId }]);
  expect(tables['submissions']).toMatchObject([{ promisedBy: membershipId }]);
  expect(tables['engagements']).toMatchObject([{ offeredBy: membershipId, invitedName: 'Ivo' }]);
});

test('what is kept on the computer alone is taken along: work on tasks out of sight with its files, the timer and its questions', async () => {
  const { intern } = organization;
  const taskId = await assignTestTask(workspace, organization);
  const own = intern.record.seatId;
  await workspace.ask('timer.start', { seatId: own, taskId, note: 'At the shop' });
  const question = { taskId, timeEntryId: taskId, note: 'Asleep?', zone: 'Europe/Berlin' };
  await intern.db
    .insertInto('timerQuestions')
    .values({
      questionId: taskId,
      kind: 'asleep',
      ...question,
      startedAt: '2026-03-02T07:00:00.000Z',
      endedAt: '2026-03-02T08:00:00.000Z',
      fromMs: null,
      untilMs: null,
    })
    .execute();
  const here = await workspace.stage('prices.txt', 'muesli 3.49');
  const makeFile = (name: string, sha256: string) => ({
    attachmentId: taskId,
    name,
    sha256,
    sizeBytes: here.sizeBytes,
    mediaType: 'text/plain',
  });
  const content = {
    format: 'stint-vault-item',
    version: 1,
    organization: 'Haferwerk',
    project: 'Market research',
    task: 'Survey',
    instructions: '',
    criteria: [],
    note: 'Half done.',
    noteOnServer: '',
    files: [makeFile('prices.txt', here.sha256), makeFile('photo.txt', '0'.repeat(64))],
    unsent: [],
  };
  await intern.db
    .insertInto('vaultItems')
    .values({
      vaultId: taskId,
      taskId,
      taskTitle: 'Survey',
      projectTitle: 'Market research',
      contentJson: JSON.stringify(content),
      movedAt: '2026-03-02T08:00:00.000Z',
      exportedAt: null,
    })
    .execute();
  const { data, files, missing } = await exportData(own);
  expect(data.keptWork).toEqual([{ movedAt: '2026-03-02T08:00:00.000Z', ...content }]);
  expect(data.runningTimer).toMatchObject({ taskId, note: 'At the shop' });
  expect(data.timerQuestions).toMatchObject([question]);
  expect(files.some((file) => file.endsWith('/files/prices.txt'))).toBe(true);
  expect(missing).toEqual(['photo.txt']);
});
