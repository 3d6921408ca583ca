import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hoursExchangeHandlers } from '../../../../src/main/workspace/hours-exchange/hours-exchange-handlers.ts';
import { computeCanonicalJson } from '../../../../src/shared/canonical-json.ts';
import { parseAgreement } from '../../../../src/shared/domain/agreement.ts';
import { computeProjectTerms } from '../../../../src/shared/mutations/project-terms-mutations.ts';
import {
  makeTemporaryFolder,
  openTestInstallation,
  settle,
  uuid,
} from '../../../support/sync/test-installation.ts';
import { setUpPair, startTestServer, submit } from '../../../support/sync/test-organization.ts';
import {
  addOrganization,
  assignTestTask,
  carryRows,
  openTestWorkspace,
  type TestOrganization,
} from '../../../support/workspace/test-workspace.ts';

const quarters = { minutes: 15, mode: 'up', per: 'entry' } as const;
const sources = { id: uuid(), text: 'Sources', points: 10 };
const speed = { id: uuid(), text: 'Speed', points: 5 };
const week = { from: '2026-03-02', to: '2026-03-08' };

test('SY-18 grace and rounding are those that were agreed, whatever the project says by now', async () => {
  const temporary = await makeTemporaryFolder();
  onTestFinished(() => temporary.remove());
  const server = await startTestServer(`${temporary.path}/server`);
  onTestFinished(() => server.close());
  const desk = await openTestInstallation(`${temporary.path}/desk`);
  onTestFinished(() => desk.close());
  const laptop = await openTestInstallation(`${temporary.path}/laptop`);
  onTestFinished(() => laptop.close());
  const { employer, intern, employment, task } = await setUpPair(desk, laptop, server.url);
  const { projectId, engagementId } = employment;
  await employer.mutate(
    'project.edit',
    { projectId, patch: { graceMinutes: 0, rounding: quarters }, seen: {} },
    { subject: 'Market research' },
  );
  await settle(desk);
  await settle(laptop);
  const engagement = await intern.db
    .selectFrom('engagements')
    .selectAll()
    .executeTakeFirstOrThrow();
  expect(parseAgreement(engagement.agreementJson)).toMatchObject({
    graceMinutes: 720,
    rounding: null,
  });
  await submit(intern, task);
  const timeEntryId = uuid();
  await intern.mutate(
    'time.add',
    {
      timeEntryId,
      taskId: task.taskId,
      startedAt: '2026-06-01T09:00:00.000Z',
      endedAt: '2026-06-01T10:07:00.000Z',
      zone: 'Europe/Lisbon',
      source: 'manual',
      note: '',
    },
    { subject: 'Interviews' },
  );
  await intern.mutate(
    'timesheet.submit',
    {
      timesheetId: uuid(),
      engagementId,
      kind: 'period',
      startsOn: '2026-06-01',
      endsOn: '2026-06-01',
      zone: 'Europe/Lisbon',
      startsAt: '2026-05-31T23:00:00.000Z',
      endsAt: '2026-06-01T23:00:00.000Z',
      taskId: null,
      submissionId: null,
      note: '',
      timeEntryIds: [timeEntryId],
    },
    { subject: 'Market research' },
  );
  const forecast = await intern.db.selectFrom('timesheets').selectAll().executeTakeFirstOrThrow();
  expect(forecast.roundingMinutes).toBeNull();
  await settle(laptop);
  await settle(desk);
  const submission = await employer.db
    .selectFrom('submissions')
    .selectAll()
    .executeTakeFirstOrThrow();
  const sheet = await employer.db.selectFrom('timesheets').selectAll().executeTakeFirstOrThrow();
  expect(JSON.parse(submission.verdictInputsJson ?? '{}')).toMatchObject({ graceMinutes: 720 });
  expect(sheet.roundingMinutes).toBeNull();
});

async function openOrganization() {
  const workspace = await openTestWorkspace({ now: '2026-03-09T09:00:00.000Z' });
  onTestFinished(() => workspace.close());
  const organization = await addOrganization(workspace);
  const taskId = await assignTestTask(workspace, organization);
  const seatId = organization.intern.record.seatId;
  await workspace.ask('hours.add', {
    seatId,
    taskId,
    startedAt: '2026-03-03T09:00:00.000Z',
    endedAt: '2026-03-03T10:07:00.000Z',
  });
  const editProject = async () => {
    await workspace.ask('project.edit', {
      seatId: organization.owner.record.seatId,
      projectId: organization.projectId,
      patch: {
        graceMinutes: 0,
        latePolicy: 'Late work is not paid.',
        roundsIncluded: 0,
        rounding: quarters,
        rubric: [speed],
      },
      seen: {},
    });
    await carryRows(organization.owner, organization.intern);
  };
  return { workspace, organization, taskId, seatId, editProject };
}

/** As inviting does since agreements are written down. */
async function writeAgreement({ owner, intern, engagementId }: TestOrganization): Promise<void> {
  const project = await owner.db.selectFrom('projects').selectAll().executeTakeFirstOrThrow();
  await owner.db
    .updateTable('engagements')
    .set({
      agreementJson: computeCanonicalJson({
        format: 'stint-agreement-1',
        ...computeProjectTerms(project),
        rubric: [sources],
      }),
    })
    .where('id', '=', engagementId)
    .execute();
  await carryRows(owner, intern);
}

type Scene = Awaited<ReturnType<typeof openOrganization>>;

/** What the screens say of the terms. */
async function readShown({ workspace, organization, taskId, seatId }: Scene) {
  const { engagementId } = organization;
  const { graceMinutes, latePolicy, roundsIncluded, rubric } = await workspace.ask('task.get', {
    seatId,
    taskId,
  });
  const preview = await workspace.ask('timesheet.preview', { seatId, engagementId, of: week });
  const [one] = await workspace.ask('hours.budget', { seatId, engagementId });
  const [ofAll] = await workspace.ask('hours.budget', { seatId });
  const { path } = await hoursExchangeHandlers['hours.export'](
    { seatId, engagementId, ...week, format: 'csv' },
    workspace.workspace,
  );
  const lines = Papa.parse<Record<string, string>>((await readFile(path, 'utf8')).trim(), {
    header: true,
  }).data;
  return {
    graceMinutes,
    latePolicy,
    roundsIncluded,
    rubric,
    roundedSeconds: [preview, one, ofAll].map((shown) => shown?.roundedSeconds),
    rounded: lines.map((line) => line['rounded_hours']),
  };
}

describe('the terms that are shown for an engagement', () => {
  test('are those that were agreed, whatever the project says by now', async () => {
    const scene = await openOrganization();
    await writeAgreement(scene.organization);
    await scene.editProject();
    expect(await readShown(scene)).toEqual({
      graceMinutes: 30,
      latePolicy: 'Tell us early.',
      roundsIncluded: 2,
      rubric: [sources],
      roundedSeconds: [4020, 4020, 4020],
      rounded: ['1.1167'],
    });
  });

  test('are the project’s where nothing was written down', async () => {
    const scene = await openOrganization();
    await scene.editProject();
    expect(await readShown(scene)).toEqual({
      graceMinutes: 0,
      latePolicy: 'Late work is not paid.',
      roundsIncluded: 0,
      rubric: [speed],
      roundedSeconds: [4500, 4500, 4500],
      rounded: ['1.2500'],
    });
  });

  test('lose no score that was given by another line of the project’s', async () => {
    const scene = await openOrganization();
    const { workspace, organization, taskId, seatId } = scene;
    await writeAgreement(organization);
    await scene.editProject();
    await workspace.ask('draft.writeNote', { seatId, taskId, note: 'Done.' });
    const { submissionId } = await workspace.ask('submission.create', { seatId, taskId });
    await carryRows(organization.intern, organization.owner);
    const owner = { seatId: organization.owner.record.seatId };
    const { manifestHash } = await workspace.ask('submission.get', { ...owner, submissionId });
    await workspace.ask('review.decide', {
      ...owner,
      submissionId,
      manifestHash,
      decision: 'accepted',
      comment: '',
      comments: [],
      scores: [{ rubricCriterionId: speed.id, points: 4 }],
    });
    const { rubric } = await workspace.ask('task.get', { ...owner, taskId });
    expect(rubric).toEqual([sources, speed]);
  });
});
