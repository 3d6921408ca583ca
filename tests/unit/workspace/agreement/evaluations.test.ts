import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RequestInput } from '../../../../src/shared/contract/contract.ts';
import {
  addOrganization,
  assignTestTask,
  carryRows,
  catchRefusal,
  openTestWorkspace,
  type TestOrganization,
  type TestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

let workspace: TestWorkspace;
let organization: TestOrganization;
let employer: string;
let intern: string;
let engagementId: string;

beforeEach(async () => {
  workspace = await openTestWorkspace({ now: '2026-03-02T09:00:00.000Z' });
  organization = await addOrganization(workspace);
  employer = organization.owner.record.seatId;
  intern = organization.intern.record.seatId;
  ({ engagementId } = organization);
});

afterEach(async () => {
  await workspace.close();
});

const ofIntern: RequestInput<'evaluation.write'>['content'] = {
  side: 'intern',
  ratings: { clarity: 4, feedback: 5, fairness: 5, learning: 3 },
  wentWell: 'Clear briefs.',
  couldImprove: '',
  wouldWorkAgain: true,
};

async function complete(): Promise<void> {
  await workspace.ask('engagement.complete', { seatId: employer, engagementId });
  await carryRows(organization.owner, organization.intern);
}

test('an evaluation is written offline, shown to its own side as sealed, and can be written anew', async () => {
  expect(
    await catchRefusal(
      workspace.ask('evaluation.write', { seatId: intern, engagementId, content: ofIntern }),
    ),
  ).toMatchObject({ code: 'refused' });
  await complete();
  const open = await workspace.ask('evaluation.get', { seatId: intern, engagementId });
  expect(open).toMatchObject({
    ownSide: 'intern',
    own: null,
    opened: [],
    canWrite: true,
    opensAt: '2026-03-16T09:00:00.000Z',
  });
  await workspace.ask('evaluation.write', { seatId: intern, engagementId, content: ofIntern });
  await workspace.ask('evaluation.write', {
    seatId: intern,
    engagementId,
    content: { ...ofIntern, couldImprove: 'Faster answers.' },
  });
  expect(await workspace.ask('evaluation.get', { seatId: intern, engagementId })).toMatchObject({
    own: { content: { couldImprove: 'Faster answers.' }, mark: 'on_this_computer' },
    opened: [],
    canWrite: true,
  });
  await carryRows(organization.intern, organization.owner);
  expect(await workspace.ask('evaluation.get', { seatId: employer, engagementId })).toMatchObject({
    ownSide: 'employer',
    own: null,
    opened: [],
  });
});

test('what ending would leave open is counted before', async () => {
  const open = await assignTestTask(workspace, organization, { title: 'Open' });
  const handedIn = await assignTestTask(workspace, organization, { title: 'Handed in' });
  await carryRows(organization.owner, organization.intern);
  const { stagedId } = await workspace.stage('notes.txt', 'notes');
  await workspace.ask('draft.attach', { seatId: intern, taskId: handedIn, stagedId });
  await workspace.ask('submission.create', { seatId: intern, taskId: handedIn });
  await workspace.ask('hours.add', {
    seatId: intern,
    taskId: open,
    startedAt: '2026-03-02T07:00:00.000Z',
    endedAt: '2026-03-02T08:30:00.000Z',
    note: '',
  });
  await workspace.ask('amendment.propose', {
    seatId: intern,
    engagementId,
    reason: 'More to do.',
    changes: { hourBudgetMinutes: 1500 },
  });
  await carryRows(organization.intern, organization.owner);
  expect(
    await workspace.ask('engagement.consequences', { seatId: employer, engagementId }),
  ).toEqual({
    openTasks: 2,
    acceptedTasks: 0,
    unreviewedSubmissions: 1,
    unapprovedSeconds: 5400,
    filesOnTheirWay: 1,
    openAmendments: 1,
  });
});
