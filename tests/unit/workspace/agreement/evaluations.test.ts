import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Seat } from '../../../../src/main/workspace/seats/seat.ts';
import { announceArrivals } from '../../../../src/main/workspace/sync/arrivals.ts';
import type { RequestInput } from '../../../../src/shared/contract/contract.ts';
import {
  addOrganization,
  addSeat,
  assignTestTask,
  carryRows,
  catchRefusal,
  openTestWorkspace,
  type TestOrganization,
  type TestWorkspace,
  uuid,
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

const ofEmployer: Extract<RequestInput<'evaluation.write'>['content'], { side: 'employer' }> = {
  side: 'employer',
  ratings: { quality: 5, reliability: null, communication: null, independence: null },
  wentWell: '',
  couldImprove: '',
  testimonial: '',
  offer: null,
};

async function addManager(): Promise<Seat> {
  const { owner, orgId } = organization;
  const own = await owner.db
    .selectFrom('memberships')
    .selectAll()
    .where('id', '=', owner.record.membershipId)
    .executeTakeFirstOrThrow();
  const [membershipId, accountId] = [uuid(), uuid()];
  await owner.db
    .insertInto('memberships')
    .values({ ...own, id: membershipId, accountId, role: 'manager', displayName: 'Mara Lind' })
    .execute();
  const manager = await addSeat(workspace, { orgId, membershipId, accountId, role: 'manager' });
  await carryRows(owner, manager);
  return manager;
}

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

test('of two managers who wrote offline both texts are shown to both, and whose is not read is told', async () => {
  const manager = await addManager();
  const { seatId } = manager.record;
  await complete();
  await carryRows(organization.owner, manager);
  const write = async (seat: string, wentWell: string) =>
    workspace.ask('evaluation.write', {
      seatId: seat,
      engagementId,
      content: { ...ofEmployer, wentWell },
    });
  await write(employer, 'Careful counts.');
  await write(seatId, 'Always in time.');
  // The server has the owner's first, and the manager's under the next number.
  await manager.db.updateTable('evaluations').set({ revision: 2 }).execute();
  for (const [from, to] of [
    [organization.owner, manager],
    [manager, organization.owner],
  ] as const) {
    const [row] = await from.db
      .selectFrom('evaluations')
      .selectAll()
      .where('writtenBy', '=', from.record.membershipId)
      .execute();
    await announceArrivals(to, [{ table: 'evaluations', seq: 1, row: { ...row } }]);
    await carryRows(from, to);
  }
  const title = 'Two of you evaluated Inês: look which one will be read';
  expect(workspace.events.filter(({ type }) => type === 'arrived')).toMatchObject([
    { kind: 'evaluation', title, seatId },
    { kind: 'evaluation', title, seatId: employer },
  ]);
  const get = async (seat: string) =>
    workspace.ask('evaluation.get', { seatId: seat, engagementId });
  const [olgas, maras] = [{ wentWell: 'Careful counts.' }, { wentWell: 'Always in time.' }];
  expect(await get(employer)).toMatchObject({
    own: { isSelf: false, byName: 'Mara Lind', content: maras },
    keptBeside: [{ isSelf: true, byName: 'Olga Weber', content: olgas }],
  });
  expect(await get(seatId)).toMatchObject({
    own: { isSelf: true, content: maras },
    keptBeside: [{ isSelf: false, byName: 'Olga Weber', content: olgas }],
  });
  // Who takes the other's in says it all in one.
  await write(employer, 'Always in time.');
  expect(await get(employer)).toMatchObject({
    own: { isSelf: true, content: maras },
    keptBeside: [],
  });
  expect(await get(intern)).toMatchObject({ own: null, keptBeside: [], opened: [] });
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
