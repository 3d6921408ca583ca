import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RequestInput } from '../../../../src/shared/contract/contract.ts';
import { findInvitationParts } from '../../../../src/shared/protocol/endpoints.ts';
import {
  addOrganization,
  assignTestTask,
  carryRows,
  catchRefusal,
  markAllOnServer,
  openTestWorkspace,
  type TestOrganization,
  type TestWorkspace,
  uuid,
} from '../../../support/workspace/test-workspace.ts';

let test: TestWorkspace;
let organization: TestOrganization;
let seatId: string;
let intern: string;

beforeEach(async () => {
  test = await openTestWorkspace({ now: '2026-03-02T09:00:00.000Z' });
  organization = await addOrganization(test);
  seatId = organization.owner.record.seatId;
  intern = organization.intern.record.seatId;
});

afterEach(async () => {
  await test.close();
});

async function handIn(taskId: string, note: string): Promise<string> {
  await test.ask('draft.writeNote', { seatId: intern, taskId, note });
  const { submissionId } = await test.ask('submission.create', { seatId: intern, taskId });
  await carryRows(organization.intern, organization.owner);
  return submissionId;
}

async function decide(
  submissionId: string,
  decision: Partial<RequestInput<'review.decide'>> = {},
): Promise<string> {
  const { manifestHash } = await test.ask('submission.get', { seatId, submissionId });
  const { reviewId } = await test.ask('review.decide', {
    seatId,
    submissionId,
    manifestHash,
    decision: 'accepted',
    comment: '',
    comments: [],
    ...decision,
  });
  await carryRows(organization.owner, organization.intern);
  return reviewId;
}

const terms = {
  title: 'Clean the list',
  brief: 'Ten thousand **addresses**.',
  category: 'data_entry' as const,
  categoryName: null,
  hourBudgetMinutes: 600,
  pay: { kind: 'unpaid' as const },
  timeZone: 'Europe/Lisbon',
  startsOn: '2026-04-01',
  endsOn: '2026-04-30',
  graceMinutes: 0,
  latePolicy: '',
  roundsIncluded: 1,
  rubric: [],
  rounding: null,
};

describe('the review queue', () => {
  it('holds what waits, oldest first, and what was decided, newest first', async () => {
    const titles = ['One', 'Two', 'Three', 'Four'];
    const submissions: string[] = [];
    for (const title of titles) {
      const taskId = await assignTestTask(test, organization, { title });
      submissions.push(await handIn(taskId, title));
      await test.run(60_000);
    }
    await decide(submissions[1] ?? '');
    await test.run(60_000);
    await decide(submissions[2] ?? '');
    const queue = await test.ask('review.queue', { seatId });
    expect(queue.waiting.map(({ task }) => task.title)).toEqual(['One', 'Four']);
    expect(queue.decided.map(({ task }) => task.title)).toEqual(['Three', 'Two']);
    expect(queue.waiting[0]?.submission).toMatchObject({ note: 'One', internName: 'Inês Duarte' });
  });

  it('sends the first of what waits and counts all of it, promised answers before the others', async () => {
    const submissions: string[] = [];
    for (const title of ['One', 'Two', 'Three']) {
      const taskId = await assignTestTask(test, organization, { title });
      submissions.push(await handIn(taskId, title));
      await test.run(60_000);
    }
    await test.ask('review.promise', {
      seatId,
      submissionId: submissions[2] ?? '',
      answerBy: { wall: '2026-03-02T18:00', zone: 'Europe/Berlin' },
    });
    const first = await test.ask('review.queue', { seatId, limit: 2 });
    expect(first.waiting.map(({ task }) => task.title)).toEqual(['Three', 'One']);
    expect(first.waitingTotal).toBe(3);
    const all = await test.ask('review.queue', { seatId, limit: 100_000 });
    expect(all.waiting.map(({ task }) => task.title)).toEqual(['Three', 'One', 'Two']);
    expect(all.waitingTotal).toBe(3);
  });

  it('shows only the newest revision of a task as waiting', async () => {
    const taskId = await assignTestTask(test, organization);
    await handIn(taskId, 'first');
    await handIn(taskId, 'second');
    const { waiting } = await test.ask('review.queue', { seatId });
    expect(waiting.map(({ submission }) => submission.note)).toEqual(['second']);
  });

  it('SY-8 shows what was handed in on a task that was cancelled', async () => {
    const taskId = await assignTestTask(test, organization);
    await test.ask('task.cancel', { seatId, taskId });
    await carryRows(organization.owner, organization.intern);
    await handIn(taskId, 'too late to know');
    const { waiting } = await test.ask('review.queue', { seatId });
    expect(waiting).toMatchObject([{ submission: { marks: ['task_cancelled'] } }]);
  });
});

describe('a decision', () => {
  it('carries comments on criteria, each with an id of its own', async () => {
    const taskId = await assignTestTask(test, organization);
    const { brief } = await test.ask('task.get', { seatId, taskId });
    const criterionId = brief.criteria[0]?.id ?? null;
    const submissionId = await handIn(taskId, 'x');
    await decide(submissionId, {
      decision: 'changes_requested',
      comments: [
        { criterionId, attachmentId: null, text: 'Only four.' },
        { criterionId: null, attachmentId: null, text: 'Nice tone.' },
      ],
    });
    const { reviews } = await test.ask('submission.get', { seatId: intern, submissionId });
    const comments = reviews[0]?.comments ?? [];
    expect(comments).toMatchObject([
      { criterionId, text: 'Only four.' },
      { criterionId: null, text: 'Nice tone.' },
    ]);
    expect(new Set(comments.map(({ id }) => id)).size).toBe(2);
  });

  it('for changes says which; for a revision that is not the newest, wants a confirmation', async () => {
    const taskId = await assignTestTask(test, organization);
    const first = await handIn(taskId, 'first');
    const silent = await catchRefusal(decide(first, { decision: 'changes_requested' }));
    expect(silent).toMatchObject({ code: 'invalid_input', field: 'comments' });
    await handIn(taskId, 'second');
    expect(await catchRefusal(decide(first))).toMatchObject({
      code: 'conflict',
      field: 'confirmedNotNewest',
    });
    await decide(first, { confirmedNotNewest: true });
    const { item } = await test.ask('task.get', { seatId, taskId });
    expect(item.state).toBe('accepted');
  });

  it('is not an intern’s to make', async () => {
    const submissionId = await handIn(await assignTestTask(test, organization), 'x');
    const refusal = await catchRefusal(decide(submissionId, { seatId: intern }));
    expect(refusal.code).toBe('forbidden');
  });
});

describe('projects', () => {
  it('are created, edited and closed; open ones come first', async () => {
    const { projectId } = await test.ask('project.create', { seatId, terms });
    expect(await test.ask('project.get', { seatId, projectId })).toMatchObject({
      terms,
      item: { title: 'Clean the list', isClosed: false, mark: 'on_this_computer' },
      engagements: [],
    });
    await test.ask('project.edit', {
      seatId,
      projectId,
      patch: { pay: { kind: 'fixed', amountMinor: 50_000, currency: 'EUR' }, roundsIncluded: 3 },
      seen: { pay: terms.pay, roundsIncluded: 1 },
    });
    const edited = await test.ask('project.get', { seatId, projectId });
    expect(edited.terms).toEqual({
      ...terms,
      pay: { kind: 'fixed', amountMinor: 50_000, currency: 'EUR' },
      roundsIncluded: 3,
    });
    await test.ask('project.close', { seatId, projectId: organization.projectId });
    const listed = await test.ask('projects.list', { seatId });
    expect(listed.map(({ title, isClosed }) => [title, isClosed])).toEqual([
      ['Clean the list', false],
      ['Coastal cafés', true],
    ]);
  });

  it('count their engagements and what waits for review', async () => {
    await handIn(await assignTestTask(test, organization), 'x');
    const [item] = await test.ask('projects.list', { seatId });
    expect(item).toMatchObject({ engagementCount: 1, waitingForReviewCount: 1 });
  });

  it('keep their mark when only an invitation to them waits', async () => {
    const { projectId } = organization;
    await test.ask('people.inviteIntern', { seatId, projectId, name: 'Bo', email: null });
    const [item] = await test.ask('projects.list', { seatId });
    expect(item?.mark).toBe('on_the_server');
  });

  it('are refused with dates in the wrong order, and to an intern', async () => {
    const backwards = { ...terms, endsOn: '2026-03-01' };
    const refusal = await catchRefusal(test.ask('project.create', { seatId, terms: backwards }));
    expect(refusal).toMatchObject({ code: 'invalid_input', field: 'endsOn' });
    const forbidden = await catchRefusal(test.ask('project.create', { seatId: intern, terms }));
    expect(forbidden.code).toBe('forbidden');
  });

  it('that this seat does not hold are not found', async () => {
    const projectId = uuid();
    for (const answer of [
      test.ask('project.get', { seatId, projectId }),
      test.ask('project.close', { seatId, projectId }),
    ])
      expect(await catchRefusal(answer)).toMatchObject({ code: 'not_found', field: 'projectId' });
  });
});

describe('people', () => {
  it('are the members, the engagements and the invitations', async () => {
    const people = await test.ask('people.list', { seatId });
    expect(people.members.map(({ person, role }) => [person.name, role])).toEqual(
      expect.arrayContaining([
        ['Olga Weber', 'owner'],
        ['Inês Duarte', 'intern'],
      ]),
    );
    expect(people.engagements).toMatchObject([
      {
        intern: { name: 'Inês Duarte', email: 'intern@example.org' },
        status: 'active',
        pay: { kind: 'fixed', amountMinor: 30_000, currency: 'EUR' },
        projectTitle: 'Coastal cafés',
      },
    ]);
    expect(people.invitations).toEqual([]);
  });

  it('are invited by a link whose code only this computer knows', async () => {
    const { projectId } = organization;
    const invited = await test.ask('people.inviteIntern', {
      seatId,
      projectId,
      name: 'Bo Lind',
      email: 'bo@example.org',
      validDays: 7,
    });
    const parts = findInvitationParts(invited.link);
    expect(parts?.serverUrl).toBe('https://stint.example.org');
    const { db } = organization.owner;
    const row = await db.selectFrom('invitations').selectAll().executeTakeFirstOrThrow();
    expect(row.codeHash).toBe(
      createHash('sha256')
        .update(parts?.code ?? '')
        .digest('hex'),
    );
    const outbox = await db.selectFrom('outbox').select('argsJson').execute();
    expect(JSON.stringify(outbox)).not.toContain(parts?.code);

    const list = async () => (await test.ask('people.list', { seatId })).invitations[0];
    expect(await list()).toEqual({
      invitationId: invited.invitationId,
      role: 'intern',
      invitedName: 'Bo Lind',
      engagementId: invited.engagementId,
      state: 'open',
      createdAt: '2026-03-02T09:00:00.000Z',
      expiresAt: '2026-03-09T09:00:00.000Z',
      link: invited.link,
      isOnServer: false,
    });
    await markAllOnServer(organization.owner);
    expect(await list()).toMatchObject({ isOnServer: true });
    test.machine.setWallClock('2026-03-10T09:00:00.000Z');
    expect(await list()).toMatchObject({ state: 'expired', link: null });

    const { engagement } = await test.ask('engagement.get', {
      seatId,
      engagementId: invited.engagementId,
    });
    expect(engagement).toMatchObject({
      status: 'invited',
      intern: { membershipId: null, name: 'Bo Lind', email: 'bo@example.org' },
    });
  });

  it('have no link on a computer that did not make the invitation', async () => {
    await test.ask('people.inviteManager', { seatId, name: 'Mika' });
    await organization.owner.db.deleteFrom('invitationCodes').execute();
    const { invitations } = await test.ask('people.list', { seatId });
    expect(invitations).toMatchObject([{ role: 'manager', state: 'open', link: null }]);
  });

  it('can have their invitation withdrawn, which ends its engagement and its link', async () => {
    const { projectId } = organization;
    const { invitationId, engagementId } = await test.ask('people.inviteIntern', {
      seatId,
      projectId,
      name: 'Bo',
      email: null,
    });
    await test.ask('people.withdrawInvitation', { seatId, invitationId });
    const { invitations, engagements } = await test.ask('people.list', { seatId });
    expect(invitations).toMatchObject([{ state: 'withdrawn', link: null }]);
    expect(engagements).toContainEqual(
      expect.objectContaining({ engagementId, endReason: 'invitation_withdrawn' }),
    );
    expect(engagements.find((engagement) => engagement.engagementId === engagementId)?.status).toBe(
      'withdrawn',
    );
    expect(await organization.owner.db.selectFrom('invitationCodes').selectAll().execute()).toEqual(
      [],
    );
  });

  it('are not an intern’s to invite; nothing of the refused invitation stays behind', async () => {
    const refusal = await catchRefusal(
      test.ask('people.inviteManager', { seatId: intern, name: 'Friend' }),
    );
    expect(refusal.code).toBe('forbidden');
    const codes = await organization.intern.db.selectFrom('invitationCodes').selectAll().execute();
    expect(codes).toEqual([]);
  });
});

describe('an engagement', () => {
  const getEngagement = async () =>
    (await test.ask('engagement.get', { seatId, engagementId: organization.engagementId }))
      .engagement;

  it('counts its tasks, what was accepted, what waits, and the hours against its budget', async () => {
    const accepted = await assignTestTask(test, organization, { title: 'Accepted' });
    const waiting = await assignTestTask(test, organization, { title: 'Waiting' });
    const cancelled = await assignTestTask(test, organization, { title: 'Cancelled' });
    await assignTestTask(test, organization, { title: 'Untouched' });
    await test.ask('task.cancel', { seatId, taskId: cancelled });
    await carryRows(organization.owner, organization.intern);
    await test.ask('hours.add', {
      seatId: intern,
      taskId: waiting,
      startedAt: '2026-03-01T10:00:00.000Z',
      endedAt: '2026-03-01T12:00:00.000Z',
    });
    await handIn(waiting, 'x');
    await decide(await handIn(accepted, 'y'));
    expect(await getEngagement()).toMatchObject({
      taskCount: 3,
      acceptedCount: 1,
      waitingForReviewCount: 1,
      budget: { budgetMinutes: 1200, workedSeconds: 7200, coveredSeconds: 7200 },
    });
  });

  it('is completed, or ended early', async () => {
    const key = { seatId, engagementId: organization.engagementId };
    await test.ask('engagement.complete', key);
    expect(await getEngagement()).toMatchObject({
      status: 'completed',
      endReason: 'completed',
      endedAt: expect.stringMatching(/^20/),
    });
    const refusal = await catchRefusal(test.ask('engagement.withdraw', key));
    expect(refusal.code).toBe('refused');
  });

  it('that was withdrawn shows as that', async () => {
    await test.ask('engagement.withdraw', { seatId, engagementId: organization.engagementId });
    expect(await getEngagement()).toMatchObject({ status: 'withdrawn', endReason: 'ended_early' });
  });

  it('that this seat does not hold is not found', async () => {
    const refusal = await catchRefusal(
      test.ask('engagement.get', { seatId, engagementId: uuid() }),
    );
    expect(refusal).toMatchObject({ code: 'not_found', field: 'engagementId' });
  });
});

describe('a task at the desk', () => {
  it('is assigned with criteria and reference files', async () => {
    const staged = await test.stage('guide.pdf', 'guide');
    const taskId = await assignTestTask(test, organization, {
      criteria: ['x'.repeat(900)],
      referenceStagedIds: [staged.stagedId],
    });
    const detail = await test.ask('task.get', { seatId: intern, taskId });
    expect(detail.brief.criteria).toMatchObject([{ text: 'x'.repeat(900) }]);
    expect(detail.references).toMatchObject([
      { name: 'guide.pdf', sha256: staged.sha256, isHere: true, isOnServer: false },
    ]);
    const uploads = await organization.owner.db.selectFrom('uploads').selectAll().execute();
    expect(uploads).toMatchObject([{ sha256: staged.sha256 }]);
  });

  it('is not assigned at all when one reference file is unknown; the field is named', async () => {
    const staged = await test.stage('guide.pdf', 'guide');
    const refusal = await catchRefusal(
      assignTestTask(test, organization, { referenceStagedIds: [staged.stagedId, uuid()] }),
    );
    expect(refusal).toMatchObject({ code: 'not_found', field: 'referenceStagedIds.1' });
    expect((await test.ask('tasks.list', { seatId })).total).toBe(0);
  });

  it('can be renamed, given another estimate, and moved', async () => {
    const taskId = await assignTestTask(test, organization);
    await test.ask('task.edit', { seatId, taskId, patch: { title: 'New', estimateMinutes: null } });
    await test.ask('task.moveDeadline', {
      seatId,
      taskId,
      deadline: { wall: '2026-03-12T12:00', zone: 'Asia/Kolkata' },
    });
    const { item } = await test.ask('task.get', { seatId, taskId });
    expect(item).toMatchObject({
      title: 'New',
      estimateMinutes: null,
      due: { wall: '2026-03-12T12:00', zone: 'Asia/Kolkata', instant: '2026-03-12T06:30:00.000Z' },
    });
  });

  it('needs at least a minute as extra time', async () => {
    const taskId = await assignTestTask(test, organization);
    const refusal = await catchRefusal(
      test.ask('task.extend', { seatId, taskId, days: 0, minutes: 0, reason: '' }),
    );
    expect(refusal).toMatchObject({ code: 'invalid_input', field: 'minutes' });
  });

  it('gets and loses reference files', async () => {
    const taskId = await assignTestTask(test, organization);
    const { stagedId } = await test.stage('notes.txt', 'notes');
    const file = await test.ask('task.addReference', { seatId, taskId, stagedId });
    expect(file).toMatchObject({ name: 'notes.txt', isHere: true });
    const { attachmentId } = file;
    await test.ask('task.removeReference', { seatId, attachmentId });
    expect((await test.ask('task.get', { seatId, taskId })).references).toEqual([]);
  });

  it('is not an intern’s to assign', async () => {
    const other = { ...organization, owner: organization.intern };
    const refusal = await catchRefusal(assignTestTask(test, other));
    expect(refusal.code).toBe('forbidden');
  });
});

describe('whether work was on time', () => {
  it('SY-18 is decided by the employer where the clocks contradict each other, and only there', async () => {
    const taskId = await assignTestTask(test, organization, { title: 'Doubtful' });
    const submissionId = await handIn(taskId, 'done');
    const decision = { seatId, submissionId, reason: 'You wrote to me before.' };
    const clear = await catchRefusal(
      test.ask('submission.decideLateness', { ...decision, verdict: 'on_time' }),
    );
    expect(clear.code).toBe('conflict');
    for (const seat of [organization.owner, organization.intern])
      await seat.db.updateTable('submissions').set({ verdict: 'clock_inconsistent' }).execute();
    const empty = await catchRefusal(
      test.ask('submission.decideLateness', { ...decision, verdict: 'on_time', reason: ' ' }),
    );
    expect(empty).toMatchObject({ code: 'invalid_input', field: 'reason' });
    await test.ask('submission.decideLateness', { ...decision, verdict: 'on_time' });
    await carryRows(organization.owner, organization.intern);
    for (const reader of [seatId, intern])
      expect(await test.ask('submission.get', { seatId: reader, submissionId })).toMatchObject({
        verdict: 'clock_inconsistent',
        latenessDecision: { verdict: 'on_time', reason: 'You wrote to me before.' },
        deadlineZone: 'Europe/Berlin',
      });
    const again = await catchRefusal(
      test.ask('submission.decideLateness', { ...decision, verdict: 'late' }),
    );
    expect(again.code).toBe('conflict');
    const byIntern = await catchRefusal(
      test.ask('submission.decideLateness', { ...decision, seatId: intern, verdict: 'late' }),
    );
    expect(byIntern.code).toBe('forbidden');
  });
});
