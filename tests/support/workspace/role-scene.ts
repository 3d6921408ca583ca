import { sql } from 'kysely';
import { dispatch } from '../../../src/main/workspace/engine/dispatch.ts';
import type { Seat } from '../../../src/main/workspace/seats/seat.ts';
import type {
  RequestInput,
  RequestName,
  RequestOutput,
} from '../../../src/shared/contract/contract.ts';
import { domainTables } from '../../../src/shared/database/domain-tables.ts';
import type { Role } from '../../../src/shared/domain/fields.ts';
import { computeVisibleScopes, isScopeCovered } from '../../../src/shared/domain/scopes.ts';
import type { IdsByField } from '../generate-input.ts';
import {
  addOrganization,
  addSeat,
  carryRows,
  markAllOnServer,
  type TestWorkspace,
  uuid,
} from './test-workspace.ts';

/** Rows of one engagement, by what each is to the requests that ask for it. */
export interface Place {
  readonly ids: IdsByField;
  /** Rows in other states, for requests that the first ones would not do for. */
  readonly special: IdsByField;
}

export type PlaceName = 'own' | 'other' | 'foreign' | 'absent';

export interface RoleScene {
  /** In one organization; the intern has the engagement of `own`. */
  readonly seats: Readonly<Record<Role, Seat>>;
  /** `other` is another project and intern of the same organization, `foreign` another organization. */
  readonly places: Readonly<Record<PlaceName, Place>>;
}

const deadline = { wall: '2026-03-10T17:00', zone: 'Europe/Berlin' };

/** Brings what an owner's seat holds to others of the organization, as far as each may see it (SY-10). */
async function share(desk: Seat, seats: readonly Seat[]): Promise<void> {
  await markAllOnServer(desk);
  for (const seat of seats) {
    const { orgId, membershipId, role } = seat.record;
    const engagements = await desk.db
      .selectFrom('engagements')
      .select(['id', 'projectId'])
      .where('membershipId', '=', membershipId)
      .execute();
    const visible = computeVisibleScopes({ role, membershipId }, engagements);
    for (const table of domainTables)
      for (const row of await desk.db
        .selectFrom(table as 'tasks')
        .selectAll()
        .where('orgId', '=', orgId)
        .where('scope', 'not like', 'private:%')
        .execute())
        if (visible.some((scope) => isScopeCovered(scope, row.scope)))
          await seat.db
            .replaceInto(table as 'tasks')
            .values(row)
            .execute();
  }
}

/** Everything that can be asked about in one engagement, made by its two sides through the requests themselves. */
async function fillEngagement(
  test: TestWorkspace,
  owner: Seat,
  intern: Seat,
  known: { readonly projectId: string; readonly engagementId: string },
): Promise<Place> {
  const by =
    (seat: Seat) =>
    async <Name extends RequestName>(
      name: Name,
      input: Omit<RequestInput<Name>, 'seatId'>,
    ): Promise<RequestOutput<Name>> =>
      (await dispatch(
        test.workspace,
        name,
        { ...input, seatId: seat.record.seatId },
        'local',
      )) as RequestOutput<Name>;
  const [desk, work] = [by(owner), by(intern)];
  const bringToIntern = () => share(owner, [intern]);
  const bringToDesk = async () => {
    await markAllOnServer(intern);
    await carryRows(intern, owner);
  };
  const { projectId, engagementId } = known;
  const assign = async (title: string) => {
    const { stagedId } = await test.stage(`${title}.txt`, title);
    return desk('task.assign', {
      engagementId,
      title,
      instructions: 'Ask about oat milk.',
      criteria: ['Five interviews'],
      deadline,
      estimateMinutes: 120,
      referenceStagedIds: [stagedId],
    });
  };
  const { taskId } = await assign('Interviews');
  const { taskId: handedInTaskId } = await assign('Report');
  const { templateId } = await desk('template.save', {
    projectId,
    template: {
      title: 'Interview',
      instructions: '',
      criteria: [],
      estimateMinutes: null,
      dueDays: 3,
      dueTime: '17:00',
    },
  });
  const { invitationId } = await desk('people.inviteIntern', {
    projectId,
    name: 'Somebody',
    email: null,
  });
  const { phraseId } = await desk('phrase.save', { text: 'Well done.' });
  await bringToIntern();
  const { questionId: answeredId } = await work('question.ask', { taskId, text: 'Which five?' });
  const { questionId } = await work('question.ask', { taskId, text: 'In which town?' });
  const { requestId } = await work('extension.request', {
    taskId,
    days: 1,
    minutes: 0,
    reason: 'Nobody was there.',
  });
  await work('draft.writeNote', { taskId, note: 'First' });
  await test.run(3_600_000);
  await work('draft.writeNote', { taskId, note: 'Second' });
  const attached = await work('draft.attach', {
    taskId,
    stagedId: (await test.stage('draft.txt', 'draft')).stagedId,
  });
  await work('draft.writeNote', { taskId: handedInTaskId, note: 'All of it.' });
  const { submissionId } = await work('submission.create', { taskId: handedInTaskId });
  const add = async (hour: number) =>
    (
      await work('hours.add', {
        taskId,
        startedAt: `2026-03-01T0${hour}:00:00.000Z`,
        endedAt: `2026-03-01T0${hour}:50:00.000Z`,
      })
    ).timeEntryId;
  const openEntryId = await add(1);
  const secondOpenEntryId = await add(2);
  const addOn = async (day: number) =>
    (
      await work('hours.add', {
        taskId,
        startedAt: `2026-02-${day}T10:00:00.000Z`,
        endedAt: `2026-02-${day}T11:00:00.000Z`,
      })
    ).timeEntryId;
  const approvedEntryId = await addOn(10);
  await addOn(12);
  const submitDay = async (day: number) =>
    work('timesheet.submit', {
      engagementId,
      of: { from: `2026-02-${day}`, to: `2026-02-${day}` },
    });
  const { timesheetId: approvedSheetId } = await submitDay(10);
  const { timesheetId } = await submitDay(12);
  const proposal = {
    engagementId,
    reason: 'It takes longer.',
    changes: { hourBudgetMinutes: 1500 },
  };
  const { amendmentId: internsAmendmentId } = await work('amendment.propose', proposal);
  await bringToDesk();
  const { answerId } = await desk('question.answer', { questionId: answeredId, text: 'Any.' });
  const { contentHash } = await desk('timesheet.get', { timesheetId: approvedSheetId });
  await desk('timesheet.decide', {
    timesheetId: approvedSheetId,
    decision: 'approved',
    comments: [],
    contentHash,
  });
  const waiting = await desk('timesheet.get', { timesheetId });
  const { amendmentId } = await desk('amendment.propose', proposal);
  await bringToIntern();
  const { requestId: timeChangeId } = await work('hours.requestChange', {
    change: { kind: 'delete', timeEntryId: approvedEntryId },
    reason: 'That was another job.',
  });
  await bringToDesk();
  const { brief, references } = await desk('task.get', { taskId });
  const versions = await work('draft.listVersions', { taskId });
  const quarantineId = uuid();
  const at = test.machine.now;
  const { orgId, accountId, membershipId } = intern.record;
  await owner.db
    .insertInto('quarantinedChanges')
    .values({
      orgId,
      id: quarantineId,
      scope: 'desk',
      name: 'task.cancel',
      version: 1,
      mutationJson: JSON.stringify({
        id: quarantineId,
        name: 'task.cancel',
        version: 1,
        args: { taskId },
        argsHash: 'a'.repeat(64),
        previousHash: 'a'.repeat(64),
        deviceSeq: 1,
        claimedAt: at,
        bootId: 'boot',
        monotonicMs: 1,
        baseSeq: 1,
      }),
      membershipId,
      accountId,
      deviceId: uuid(),
      claimedAt: at,
      receivedAt: at,
      reason: 'access_ended',
      state: 'waiting',
      decidedBy: null,
      decidedAt: null,
      decisionReason: null,
      problem: null,
    })
    .execute();
  const { manifestHash } = await work('submission.get', { submissionId });
  return {
    ids: {
      projectId,
      engagementId,
      membershipId,
      taskId,
      templateId,
      invitationId,
      phraseId,
      questionId,
      answerId,
      requestId,
      submissionId,
      amendmentId,
      timesheetId,
      timeEntryId: openEntryId,
      quarantineId,
      attachmentId: references[0]?.attachmentId ?? '',
      briefVersionId: brief.briefVersionId,
      criterionId: brief.criteria[0]?.id ?? '',
    },
    special: {
      handedInTaskId,
      secondOpenEntryId,
      approvedEntryId,
      approvedSheetId,
      timeChangeId,
      internsAmendmentId,
      draftAttachmentId: attached.attachmentId,
      noteVersionId: versions.notes[0]?.versionId ?? '',
      manifestHash,
      contentHash: waiting.contentHash,
    },
  };
}

/** Two organizations on one computer; in the first one an owner, a manager and two interns. */
export async function createRoleScene(test: TestWorkspace): Promise<RoleScene> {
  const { orgId, owner, intern, ...known } = await addOrganization(test);
  const add = async (role: Role, name: string): Promise<Seat> => {
    const [membershipId, accountId] = [uuid(), uuid()];
    await owner.db
      .insertInto('memberships')
      .values({
        orgId,
        id: membershipId,
        scope: role === 'intern' ? `member:${membershipId}` : 'org',
        accountId,
        role,
        displayName: name,
        email: `${name}@example.org`,
        timeZone: 'Europe/Lisbon',
        status: 'active',
        joinedAt: '2026-03-01T08:00:00.000Z',
      })
      .execute();
    return addSeat(test, { orgId, membershipId, role, accountId });
  };
  const manager = await add('manager', 'max');
  const otherIntern = await add('intern', 'otto');
  const [project] = await owner.db.selectFrom('projects').selectAll().execute();
  const [engagement] = await owner.db.selectFrom('engagements').selectAll().execute();
  if (project === undefined || engagement === undefined) throw new Error('there is no project');
  const [projectId, engagementId] = [uuid(), uuid()];
  await owner.db
    .insertInto('projects')
    .values({ ...project, id: projectId, scope: `project:${projectId}` })
    .execute();
  await owner.db
    .insertInto('engagements')
    .values({
      ...engagement,
      id: engagementId,
      scope: `engagement:${engagementId}`,
      projectId,
      membershipId: otherIntern.record.membershipId,
    })
    .execute();
  await share(owner, [otherIntern]);
  const own = await fillEngagement(test, owner, intern, known);
  const other = await fillEngagement(test, owner, otherIntern, { projectId, engagementId });
  await share(owner, [manager, intern]);
  const elsewhere = await addOrganization(test);
  const foreign = await fillEngagement(test, elsewhere.owner, elsewhere.intern, elsewhere);
  const asUnknown = (ids: IdsByField): IdsByField =>
    Object.fromEntries(
      Object.entries(ids).map(([key, id]) => [key, key.endsWith('Hash') ? id : uuid()]),
    );
  return {
    seats: { owner, manager, intern },
    places: {
      own,
      other,
      foreign,
      absent: { ids: asUnknown(own.ids), special: asUnknown(own.special) },
    },
  };
}

type Snapshot = readonly { readonly table: string; readonly rows: readonly object[] }[];

/** All rows of a seat's or a workspace's database, to put back what a request has changed. */
export async function takeSnapshot(db: Seat['db']): Promise<Snapshot> {
  const { rows: tables } = await sql<{ name: string }>`
    select name from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite_%'
  `.execute(db);
  const taken = [];
  for (const { name } of tables)
    taken.push({
      table: name,
      rows: (await sql<object>`select * from ${sql.table(name)}`.execute(db)).rows,
    });
  return taken;
}

export async function putBack(db: Seat['db'], snapshot: Snapshot): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`pragma defer_foreign_keys = on`.execute(tx);
    for (const { table } of snapshot) await sql`delete from ${sql.table(table)}`.execute(tx);
    for (const { table, rows } of snapshot)
      if (rows.length > 0)
        await tx
          .insertInto(table as 'tasks')
          .values(rows as never)
          .execute();
  });
}
