import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSubjects } from '../../../../src/main/workspace/history/history-subjects.ts';
import {
  addOrganization,
  assignTestTask,
  carryRows,
  openTestWorkspace,
  type TestOrganization,
  type TestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

let workspace: TestWorkspace;
let organization: TestOrganization;
let intern: string;
let employer: string;
let taskId: string;

beforeEach(async () => {
  workspace = await openTestWorkspace({ now: '2026-03-09T09:00:00.000Z' });
  organization = await addOrganization(workspace);
  intern = organization.intern.record.seatId;
  employer = organization.owner.record.seatId;
  taskId = await assignTestTask(workspace, organization, { title: 'Six shops' });
});
afterEach(() => workspace.close());

/** What every act of a seat was done to, by the act's name. */
async function listSubjects(seat: TestOrganization['intern']): Promise<Record<string, string>> {
  const rows = await seat.db
    .selectFrom('outbox')
    .select(['name', 'argsJson'])
    .orderBy('deviceSeq')
    .execute();
  const subjects = await loadSubjects(
    seat,
    rows.map(({ argsJson }) => argsJson),
  );
  return Object.fromEntries(rows.map(({ name }, index) => [name, subjects[index] ?? '']));
}

test('what was done to a timesheet, an amendment, a question or a request says whose or what it was', async () => {
  const { engagementId } = organization;
  const { timeEntryId } = await workspace.ask('hours.add', {
    seatId: intern,
    taskId,
    startedAt: '2026-03-02T09:00:00.000Z',
    endedAt: '2026-03-02T11:00:00.000Z',
  });
  await workspace.ask('hours.split', {
    seatId: intern,
    timeEntryId,
    parts: [
      { startedAt: '2026-03-02T09:00:00.000Z', endedAt: '2026-03-02T10:00:00.000Z' },
      { startedAt: '2026-03-02T10:00:00.000Z', endedAt: '2026-03-02T11:00:00.000Z' },
    ],
  });
  const { timesheetId } = await workspace.ask('timesheet.submit', {
    seatId: intern,
    engagementId,
    of: { from: '2026-03-02', to: '2026-03-08' },
  });
  await workspace.ask('timesheet.withdraw', { seatId: intern, timesheetId });
  const { amendmentId } = await workspace.ask('amendment.propose', {
    seatId: intern,
    engagementId,
    reason: 'More to do.',
    changes: { hourBudgetMinutes: 1500 },
  });
  const { questionId } = await workspace.ask('question.ask', {
    seatId: intern,
    taskId,
    text: 'Which shops?',
  });
  const { requestId } = await workspace.ask('extension.request', {
    seatId: intern,
    taskId,
    days: 1,
    minutes: 0,
    reason: 'Ill.',
  });
  await carryRows(organization.intern, organization.owner);
  await workspace.ask('amendment.decline', { seatId: employer, amendmentId, reason: 'No.' });
  await workspace.ask('question.answer', { seatId: employer, questionId, text: 'All six.' });
  await workspace.ask('extension.decline', { seatId: employer, requestId, reason: 'No.' });
  const engagement = await organization.owner.db
    .selectFrom('engagements')
    .select('invitedName')
    .where('id', '=', engagementId)
    .executeTakeFirstOrThrow();
  expect(await listSubjects(organization.intern)).toMatchObject({
    'time.add': 'Six shops',
    'time.rearrange': 'Six shops',
    'timesheet.submit': engagement.invitedName,
    'timesheet.withdraw': engagement.invitedName,
    'amendment.propose': engagement.invitedName,
  });
  expect(await listSubjects(organization.owner)).toMatchObject({
    'amendment.decline': engagement.invitedName,
    'question.answer': 'Six shops',
    'extension.decline': 'Six shops',
  });
});

test('held work says whose it is, and a change that is asked for what it would change', async () => {
  const { owner, intern: seat } = organization;
  const id = workspace.workspace.ports.randomness.uuid();
  const { displayName } = await owner.db
    .selectFrom('memberships')
    .select('displayName')
    .where('id', '=', seat.record.membershipId)
    .executeTakeFirstOrThrow();
  await owner.db
    .insertInto('quarantinedChanges')
    .values({
      orgId: owner.record.orgId,
      id,
      scope: '*',
      name: 'time.add',
      version: 1,
      mutationJson: '{}',
      membershipId: seat.record.membershipId,
      accountId: seat.record.accountId,
      deviceId: id,
      claimedAt: '2026-03-09T09:00:00.000Z',
      receivedAt: '2026-03-09T09:00:00.000Z',
      reason: 'access_ended',
      state: 'waiting',
      decidedBy: null,
      decidedAt: null,
      decisionReason: null,
      problem: null,
    })
    .execute();
  const change = { kind: 'add', args: { timeEntryId: id, taskId } };
  expect(
    await loadSubjects(owner, [
      JSON.stringify({ id }),
      JSON.stringify({ requestId: id, change, reason: 'Forgotten.' }),
      JSON.stringify({ exportId: id, engagementIds: [organization.engagementId] }),
      null,
    ]),
  ).toEqual([displayName, 'Six shops', expect.stringMatching(/./), '']);
});
