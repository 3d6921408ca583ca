import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  addOrganization,
  assignTestTask,
  carryRows,
  catchRefusal,
  openTestWorkspace,
  type TestOrganization,
  type TestWorkspace,
  uuid,
} from '../../../support/workspace/test-workspace.ts';

let test: TestWorkspace;
let organization: TestOrganization;
let seatId: string;
let taskId: string;

beforeEach(async () => {
  test = await openTestWorkspace({ now: '2026-03-02T09:00:00.000Z' });
  organization = await addOrganization(test);
  seatId = organization.intern.record.seatId;
  taskId = await assignTestTask(test, organization);
});

afterEach(async () => {
  await test.close();
});

async function attach(name: string, content: string) {
  const { stagedId } = await test.stage(name, content);
  return test.ask('draft.attach', { seatId, taskId, stagedId });
}

const getDraft = async () => (await test.ask('task.get', { seatId, taskId })).draft;

describe('the draft', () => {
  it('keeps note, ticks and files on this computer', async () => {
    const { brief } = await test.ask('task.get', { seatId, taskId });
    const criterionId = brief.criteria[0]?.id ?? '';
    await test.ask('draft.writeNote', { seatId, taskId, note: 'Five of five.' });
    await test.ask('draft.tickCriterion', { seatId, taskId, criterionId, ticked: true });
    const file = await attach('résumé 🙂.txt', 'content');
    expect(file).toMatchObject({
      name: 'résumé 🙂.txt',
      sizeBytes: 7,
      isHere: true,
      isOnServer: false,
      isPinned: null,
      movedBytes: null,
      direction: null,
    });
    expect(await getDraft()).toEqual({
      note: 'Five of five.',
      tickedCriterionIds: [criterionId],
      files: [file],
    });
    await test.ask('draft.tickCriterion', { seatId, taskId, criterionId, ticked: false });
    expect((await getDraft())?.tickedCriterionIds).toEqual([]);
  });

  it('takes one staged file as often as one likes, each use with an id of its own', async () => {
    const { stagedId } = await test.stage('a.txt', 'a');
    const first = await test.ask('draft.attach', { seatId, taskId, stagedId });
    const second = await test.ask('draft.attach', { seatId, taskId, stagedId });
    expect(first.attachmentId).not.toBe(second.attachmentId);
    // The second has the first's name, and stands in its place.
    expect((await getDraft())?.files).toEqual([second]);
  });

  it('lets a file go and come back', async () => {
    const { attachmentId } = await attach('a.txt', 'a');
    await test.ask('draft.detach', { seatId, attachmentId, detached: true });
    expect((await getDraft())?.files).toEqual([]);
    await test.ask('draft.detach', { seatId, attachmentId, detached: false });
    expect((await getDraft())?.files).toHaveLength(1);
  });

  it('names the field when nothing is staged under the id', async () => {
    const refusal = await catchRefusal(
      test.ask('draft.attach', { seatId, taskId, stagedId: uuid() }),
    );
    expect(refusal).toMatchObject({ code: 'not_found', field: 'stagedId' });
  });

  it('is not an employer’s to write', async () => {
    const employer = organization.owner.record.seatId;
    const refusal = await catchRefusal(
      test.ask('draft.writeNote', { seatId: employer, taskId, note: 'x' }),
    );
    expect(refusal.code).toBe('forbidden');
  });
});

describe('what would be submitted', () => {
  it('is shown before it is sent: files, note, ticks, hours with the running timer, revision, deadline', async () => {
    const { brief } = await test.ask('task.get', { seatId, taskId });
    const criterionId = brief.criteria[1]?.id ?? '';
    await test.ask('draft.tickCriterion', { seatId, taskId, criterionId, ticked: true });
    await attach('a.txt', 'a');
    await test.ask('hours.add', {
      seatId,
      taskId,
      startedAt: '2026-03-01T10:00:00.000Z',
      endedAt: '2026-03-01T11:00:00.000Z',
    });
    await test.ask('timer.start', { seatId, taskId });
    await test.run(60_000);
    expect(await test.ask('submission.preview', { seatId, taskId })).toMatchObject({
      files: [{ name: 'a.txt' }],
      note: '',
      tickedCount: 1,
      criteriaCount: 2,
      workedSeconds: 3660,
      revision: 1,
      isOnTimeByThisClock: true,
      dueInstant: '2026-03-10T16:00:00.000Z',
      isUnchanged: false,
    });
  });

  it('is on time at the deadline’s own moment, and late after it', async () => {
    const isOnTime = async () =>
      (await test.ask('submission.preview', { seatId, taskId })).isOnTimeByThisClock;
    test.machine.setWallClock('2026-03-10T16:00:00.000Z');
    expect(await isOnTime()).toBe(true);
    test.machine.setWallClock('2026-03-10T16:00:00.001Z');
    expect(await isOnTime()).toBe(false);
  });

  it('is unchanged when the newest submission holds the same work', async () => {
    await test.ask('draft.writeNote', { seatId, taskId, note: 'done' });
    await test.ask('submission.create', { seatId, taskId });
    const preview = await test.ask('submission.preview', { seatId, taskId });
    expect(preview).toMatchObject({ isUnchanged: true, revision: 2 });
    await test.ask('draft.writeNote', { seatId, taskId, note: 'done better' });
    expect(await test.ask('submission.preview', { seatId, taskId })).toMatchObject({
      isUnchanged: false,
    });
  });
});

describe('submitting', () => {
  it('fixes files, note, ticks, brief and hours under new attachment ids, and leaves the draft', async () => {
    const { brief } = await test.ask('task.get', { seatId, taskId });
    const criterionId = brief.criteria[0]?.id ?? '';
    await test.ask('draft.tickCriterion', { seatId, taskId, criterionId, ticked: true });
    await test.ask('draft.writeNote', { seatId, taskId, note: 'Here it is.' });
    const kept = await attach('kept.txt', 'kept');
    const removed = await attach('removed.txt', 'removed');
    await test.ask('draft.detach', {
      seatId,
      attachmentId: removed.attachmentId,
      detached: true,
    });
    const { submissionId, manifestHash } = await test.ask('submission.create', { seatId, taskId });
    const submission = await test.ask('submission.get', { seatId, submissionId });
    expect(submission).toMatchObject({
      taskId,
      revision: 1,
      manifestHash,
      note: 'Here it is.',
      tickedCriterionIds: [criterionId],
      files: [{ name: 'kept.txt', isHere: true, isOnServer: false }],
      brief: { briefVersionId: brief.briefVersionId },
      internName: 'Inês Duarte',
      claimedAt: '2026-03-02T09:00:00.000Z',
      receivedAt: null,
      verdict: null,
      isAwaitingFiles: true,
      receipt: null,
      reviews: [],
      mark: 'on_this_computer',
    });
    expect(submission.files[0]?.attachmentId).not.toBe(kept.attachmentId);
    expect(await getDraft()).toMatchObject({ note: 'Here it is.', files: [kept] });
  });

  it('stops the timer that runs on the task, so that its time counts', async () => {
    await test.ask('draft.writeNote', { seatId, taskId, note: 'x' });
    await test.ask('timer.start', { seatId, taskId });
    await test.run(120_000);
    const { submissionId } = await test.ask('submission.create', { seatId, taskId });
    const submission = await test.ask('submission.get', { seatId, submissionId });
    expect(submission.workedSeconds).toBe(120);
    expect(await test.ask('timer.get', {})).toBeNull();
  });

  it('leaves a timer on another task running', async () => {
    const other = await assignTestTask(test, organization);
    await test.ask('draft.writeNote', { seatId, taskId, note: 'x' });
    await test.ask('timer.start', { seatId, taskId: other });
    await test.run(120_000);
    await test.ask('submission.create', { seatId, taskId });
    expect(await test.ask('timer.get', {})).toMatchObject({ taskId: other });
  });

  it('is refused with neither a file nor a note, and says what to do; the timer runs on', async () => {
    await test.ask('timer.start', { seatId, taskId });
    await test.ask('draft.writeNote', { seatId, taskId, note: '  \n' });
    const refusal = await catchRefusal(test.ask('submission.create', { seatId, taskId }));
    expect(refusal.code).toBe('invalid_input');
    expect(refusal.message).toContain('attach a file or write a note first');
    expect(await test.ask('timer.get', {})).not.toBeNull();
  });

  it('is refused with more files than one submission holds, and says how many there are; the timer runs on', async () => {
    const { attachmentId } = await attach('counts.csv', '5');
    const { db } = organization.intern;
    const row = await db
      .selectFrom('attachments')
      .selectAll()
      .where('id', '=', attachmentId)
      .executeTakeFirstOrThrow();
    const more = Array.from({ length: 2000 }, () => ({ ...row, id: uuid() }));
    for (let start = 0; start < more.length; start += 500)
      await db
        .insertInto('attachments')
        .values(more.slice(start, start + 500))
        .execute();
    await test.ask('timer.start', { seatId, taskId });
    expect(await catchRefusal(test.ask('submission.create', { seatId, taskId }))).toMatchObject({
      code: 'invalid_input',
      message:
        'there are 2,001 files here, and one submission holds at most 2,000; put them into an archive, such as a ZIP file, and attach that',
    });
    expect(await test.ask('timer.get', {})).not.toBeNull();
    await test.ask('draft.detach', { seatId, attachmentId, detached: true });
    await test.ask('submission.create', { seatId, taskId });
  });

  it('of the same work twice stays one submission', async () => {
    await test.ask('draft.writeNote', { seatId, taskId, note: 'x' });
    const first = await test.ask('submission.create', { seatId, taskId });
    expect(await test.ask('submission.create', { seatId, taskId })).toEqual(first);
    const { submissions } = await test.ask('task.get', { seatId, taskId });
    expect(submissions).toHaveLength(1);
  });

  it('SY-8 after the deadline, on a cancelled task, is taken and marked', async () => {
    const employer = organization.owner.record.seatId;
    await test.ask('task.cancel', { seatId: employer, taskId });
    await carryRows(organization.owner, organization.intern);
    test.machine.setWallClock('2026-03-20T09:00:00.000Z');
    await test.ask('draft.writeNote', { seatId, taskId, note: 'late' });
    const { submissionId } = await test.ask('submission.create', { seatId, taskId });
    const submission = await test.ask('submission.get', { seatId, submissionId });
    expect(submission.marks).toEqual(['task_cancelled']);
  });

  it('shows the receipt and the files’ arrival once they have come back', async () => {
    await attach('a.txt', 'a');
    const { submissionId } = await test.ask('submission.create', { seatId, taskId });
    const { db } = organization.intern;
    const at = '2026-03-02T09:01:00.000Z';
    await db
      .updateTable('submissions')
      .set({ receivedAt: at, filesCompleteAt: at, verdict: 'on_time' })
      .execute();
    await db.updateTable('attachments').set({ arrivedAt: at }).execute();
    await db
      .insertInto('receipts')
      .values({
        orgId: organization.orgId,
        id: uuid(),
        scope: 'x',
        submissionId,
        taskId,
        statementJson: '{}',
        keyId: 'key',
        signature: 'signature',
        issuedAt: at,
      })
      .execute();
    expect(await test.ask('submission.get', { seatId, submissionId })).toMatchObject({
      isAwaitingFiles: false,
      verdict: 'on_time',
      files: [{ isOnServer: true }],
      receipt: { keyId: 'key', signature: 'signature', statementJson: '{}' },
    });
  });

  it('is not found under an unknown id', async () => {
    const refusal = await catchRefusal(
      test.ask('submission.get', { seatId, submissionId: uuid() }),
    );
    expect(refusal).toMatchObject({ code: 'not_found', field: 'submissionId' });
  });
});
