import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Seat } from '../../../../src/main/workspace/seats/seat.ts';
import { announceArrivals } from '../../../../src/main/workspace/sync/arrivals.ts';
import type { EngineEvent } from '../../../../src/shared/contract/events.ts';
import type { DomainTable } from '../../../../src/shared/database/domain-tables.ts';
import type { PulledRow } from '../../../../src/shared/protocol/pull.ts';
import {
  addOrganization,
  addSeat,
  assignTestTask,
  carryRows,
  openTestWorkspace,
  type TestOrganization,
  type TestWorkspace,
  uuid,
} from '../../../support/workspace/test-workspace.ts';

let workspace: TestWorkspace;
let organization: TestOrganization;
let owner: Seat;
let manager: Seat;
let taskId: string;

beforeEach(async () => {
  workspace = await openTestWorkspace({ now: '2026-03-02T09:00:00.000Z' });
  organization = await addOrganization(workspace);
  ({ owner } = organization);
  taskId = await assignTestTask(workspace, organization);
  manager = await addManager();
});
afterEach(async () => {
  await workspace.close();
});

async function addManager(): Promise<Seat> {
  const { orgId, membershipId: ownerId } = owner.record;
  const own = await owner.db
    .selectFrom('memberships')
    .selectAll()
    .where('id', '=', ownerId)
    .executeTakeFirstOrThrow();
  const [membershipId, accountId] = [uuid(), uuid()];
  await owner.db
    .insertInto('memberships')
    .values({ ...own, id: membershipId, accountId, role: 'manager', displayName: 'Mara Lind' })
    .execute();
  const seat = await addSeat(workspace, { orgId, membershipId, accountId, role: 'manager' });
  await carryRows(owner, seat);
  return seat;
}

/** What `to` is told when the newest row of `table` that `from` made reaches it. */
async function tell(
  table: DomainTable & ('briefVersions' | 'deadlines' | 'extensions' | 'fieldEdits' | 'reviews'),
  from: Seat,
  to: Seat,
  changes: Record<string, unknown> = {},
): Promise<string[]> {
  const by = table === 'fieldEdits' ? 'editedBy' : 'createdBy';
  const rows = await from.db.selectFrom(table).selectAll().orderBy('id').execute();
  const row = rows.findLast(
    (each) => (each as Record<string, unknown>)[by] === from.record.membershipId,
  );
  const before = workspace.events.length;
  await announceArrivals(to, [{ table, seq: 1, row: { ...row, ...changes } }]);
  return workspace.events
    .slice(before)
    .flatMap((event) => (event.type === 'arrived' ? [event.title] : []));
}

test('who set what another manager changes is told: brief, deadline and extra time', async () => {
  const { seatId } = manager.record;
  await workspace.ask('task.reviseBrief', {
    seatId,
    taskId,
    instructions: 'Ask ten.',
    criteria: [],
  });
  expect(await tell('briefVersions', manager, owner)).toEqual([
    'Mara Lind changed the brief: Interview five owners',
  ]);
  await workspace.ask('task.moveDeadline', {
    seatId,
    taskId,
    deadline: { wall: '2026-03-12T17:00', zone: 'Europe/Berlin' },
  });
  expect(await tell('deadlines', manager, owner)).toEqual([
    'Mara Lind moved the deadline: Interview five owners',
  ]);
  const extra = { taskId, days: 1, minutes: 0, reason: 'Snow.' };
  await workspace.ask('task.extend', { seatId, ...extra });
  expect(await tell('extensions', manager, owner)).toEqual([]);
  await workspace.ask('task.extend', { seatId: owner.record.seatId, ...extra });
  expect(await tell('extensions', manager, owner)).toEqual([
    'Mara Lind gave extra time: Interview five owners',
  ]);
  expect(await tell('extensions', owner, manager)).toEqual([
    'Olga Weber gave extra time: Interview five owners',
  ]);
  // Theirs to follow, not theirs to have set.
  expect(await tell('extensions', owner, organization.intern)).toEqual([]);
});

test('whose brief another manager replaced without having seen it is told so, and both can take it up', async () => {
  const { seatId } = manager.record;
  const revise = async (seat: Seat, instructions: string) =>
    workspace.ask('task.reviseBrief', {
      seatId: seat.record.seatId,
      taskId,
      instructions,
      criteria: [],
    });
  await revise(owner, 'Ask seven.');
  await carryRows(owner, manager);
  const versions = await manager.db
    .selectFrom('briefVersions')
    .select('id')
    .orderBy('version')
    .execute();
  // As the manager's device writes that had not seen it.
  const args = { taskId, briefVersionId: uuid(), instructions: 'Ask ten.', criteria: [] };
  await manager.mutate(
    'task.reviseBrief',
    { ...args, seen: [versions[0]?.id ?? ''] },
    { subject: '' },
  );
  await carryRows(manager, owner);
  expect(await tell('briefVersions', manager, owner)).toEqual([
    'Mara Lind changed the brief without having seen your version: Interview five owners',
  ]);
  expect(await tell('fieldEdits', manager, owner)).toEqual([]);
  for (const seat of [owner, manager])
    expect(
      (await workspace.ask('task.get', { seatId: seat.record.seatId, taskId })).replacedBrief,
    ).toMatchObject({
      before: { version: 1 },
      theirs: { version: 2, instructions: 'Ask seven.' },
      writtenBy: 'Olga Weber',
      replacedBy: 'Mara Lind',
    });
  await carryRows(owner, organization.intern);
  const { intern } = organization;
  expect(
    (await workspace.ask('task.get', { seatId: intern.record.seatId, taskId })).replacedBrief,
  ).toBeNull();
  // Whoever publishes after having seen both has decided.
  await workspace.ask('task.reviseBrief', { seatId, taskId, instructions: 'All.', criteria: [] });
  expect((await workspace.ask('task.get', { seatId, taskId })).replacedBrief).toBeNull();
});

test('whose change of a title was replaced by who had not seen it is told', async () => {
  const seen = { title: 'Interview five owners', estimateMinutes: 120 };
  const rename = async (seat: Seat, title: string) =>
    workspace.ask('task.edit', { seatId: seat.record.seatId, taskId, patch: { title }, seen });
  await rename(owner, 'Interview six owners');
  await carryRows(owner, manager);
  await rename(manager, 'Interview ten owners');
  expect(await tell('fieldEdits', manager, owner)).toEqual([
    'Mara Lind had not seen your change and changed the same: Interview six owners',
  ]);
  expect(workspace.events.at(-1)).toMatchObject({ kind: 'task', taskId });
  expect(await tell('fieldEdits', manager, owner, { overwroteUnseen: 0 })).toEqual([]);
  expect(await tell('fieldEdits', owner, manager)).toEqual([]);
});

test('who changes the same on two devices is told on the one whose change does not hold', async () => {
  const seen = { title: 'Interview five owners', estimateMinutes: 120 };
  for (const title of ['Interview six owners', 'Interview ten owners'])
    await workspace.ask('task.edit', {
      seatId: owner.record.seatId,
      taskId,
      patch: { title },
      seen,
    });
  expect(await tell('fieldEdits', owner, owner, { overwroteUnseen: 1 })).toEqual([
    'Changed on two of your devices, and the later one holds: Interview ten owners',
  ]);
  expect(await tell('fieldEdits', owner, owner, { overwroteUnseen: 0 })).toEqual([]);
});

test('whose task template was replaced, removed or brought back by another manager is told', async () => {
  const { projectId } = await owner.db
    .selectFrom('engagements')
    .select('projectId')
    .executeTakeFirstOrThrow();
  const template = {
    title: 'Interview',
    instructions: 'Ask five.',
    criteria: [],
    estimateMinutes: null,
    dueDays: 3,
    dueTime: '17:00',
  };
  const save = async (seat: Seat, changes: Partial<typeof template>, templateId?: string) =>
    workspace.ask('template.save', {
      seatId: seat.record.seatId,
      projectId,
      ...(templateId === undefined ? {} : { templateId }),
      template: { ...template, ...changes },
      seen: template,
    });
  const remove = async (seat: Seat, templateId: string) =>
    workspace.ask('template.remove', { seatId: seat.record.seatId, templateId });
  const { templateId } = await save(owner, {});
  await save(owner, { instructions: 'Ask six.' }, templateId);
  await carryRows(owner, manager);
  await save(manager, { instructions: 'Ask ten.' }, templateId);
  expect(await tell('fieldEdits', manager, owner)).toEqual([
    'Mara Lind had not seen your change and changed the same: Interview',
  ]);
  const [shown] = (await workspace.ask('project.get', { seatId: manager.record.seatId, projectId }))
    .templates;
  expect(shown).toMatchObject({
    instructions: 'Ask ten.',
    replaced: [{ field: 'instructions', value: 'Ask six.', replacedBy: 'Mara Lind' }],
  });
  await remove(manager, templateId);
  expect(await tell('fieldEdits', manager, owner, { field: 'removedAt', nextJson: '"x"' })).toEqual(
    ['Mara Lind removed a task template that you had changed: Interview'],
  );
  await remove(owner, templateId);
  await carryRows(owner, manager);
  await save(manager, { dueDays: 4 }, templateId);
  const revived = { field: 'removedAt', nextJson: 'null', overwroteUnseen: 1 };
  expect(await tell('fieldEdits', manager, owner, revived)).toEqual([
    'Mara Lind changed a task template that you had removed, so it is there again: Interview',
  ]);
});

test('two managers who invite the same person to one project both hear of the other one', async () => {
  const { projectId } = await owner.db
    .selectFrom('engagements')
    .select('projectId')
    .executeTakeFirstOrThrow();
  const invite = async (seat: Seat, name: string, email: string | null) => {
    const { seatId } = seat.record;
    const { engagementId } = await workspace.ask('people.inviteIntern', {
      seatId,
      projectId,
      name,
      email,
      validDays: 14,
    });
    return engagementId;
  };
  const hear = async (from: Seat, to: Seat, id: string) => {
    const row = await from.db
      .selectFrom('engagements')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const before = workspace.events.length;
    await announceArrivals(to, [{ table: 'engagements', seq: 1, row }]);
    return workspace.events
      .slice(before)
      .flatMap((event) => (event.type === 'arrived' ? [[event.kind, event.title]] : []));
  };
  const first = await invite(owner, 'Noor Ali', 'noor@example.org');
  const second = await invite(manager, 'Noor', 'noor@example.org');
  expect(await hear(manager, owner, second)).toEqual([
    ['person', 'Mara Lind has invited to the same project as you: Noor, Coastal cafés'],
  ]);
  expect(await hear(owner, manager, first)).toEqual([
    ['person', 'Olga Weber has invited to the same project as you: Noor Ali, Coastal cafés'],
  ]);
  const again = await invite(manager, 'Noor', null);
  expect(await hear(manager, manager, again)).toEqual([
    ['person', 'Invited twice to one project: Noor, Coastal cafés'],
  ]);
  const other = await invite(manager, 'Tom', null);
  expect(await hear(manager, owner, other)).toEqual([]);
  await workspace.ask('engagement.withdraw', {
    seatId: manager.record.seatId,
    engagementId: second,
  });
  expect(await hear(manager, owner, second)).toEqual([]);
});

test('of two decisions on one submission both sides hear which one counts', async () => {
  const { intern } = organization;
  await workspace.ask('draft.writeNote', { seatId: intern.record.seatId, taskId, note: 'Done.' });
  const { submissionId } = await workspace.ask('submission.create', {
    seatId: intern.record.seatId,
    taskId,
  });
  for (const seat of [owner, manager]) {
    await carryRows(intern, seat);
    const { seatId } = seat.record;
    const { manifestHash } = await workspace.ask('submission.get', { seatId, submissionId });
    await workspace.ask('review.decide', {
      seatId,
      submissionId,
      manifestHash,
      decision: 'accepted',
      comment: '',
      comments: [],
    });
  }
  expect(await tell('reviews', owner, intern)).toEqual(['Accepted: Interview five owners']);
  expect(await tell('reviews', owner, manager)).toEqual([
    'Accepted before you decided, which counts: Interview five owners',
  ]);
  for (const to of [owner, intern])
    expect(await tell('reviews', manager, to, { counts: 0 })).toEqual([
      'A second decision came, and does not count: Interview five owners',
    ]);
});

test('a new task is called one, and its title moves nothing in the notification', async () => {
  const events: EngineEvent[] = [];
  const seat = {
    record: { seatId: 'seat', membershipId: 'intern', role: 'intern' },
    emit: (event: EngineEvent) => events.push(event),
  } as unknown as Seat;
  const rows = ['Interviews', 'סקר מחירים 2'].map((title) => ({
    table: 'tasks',
    row: { id: title, title, createdBy: 'owner' },
  })) as unknown as PulledRow[];
  await announceArrivals(seat, rows);
  expect(events).toMatchObject([
    { title: 'A new task: Interviews' },
    { title: 'A new task: \u2068סקר מחירים 2\u2069' },
  ]);
});
