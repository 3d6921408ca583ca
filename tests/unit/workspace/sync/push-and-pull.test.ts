import { describe, expect, test } from 'vitest';
import { dismissChange, sendAgain } from '../../../../src/main/workspace/sync/refused-changes.ts';
import {
  openTestInstallation,
  settle,
  uuid,
  waitFor,
} from '../../../support/sync/test-installation.ts';
import {
  assignTask,
  setUpPair,
  signInAgain,
  submit,
} from '../../../support/sync/test-organization.ts';
import { addTime, listStates } from '../../../support/sync/recorded-time.ts';
import { setUpSyncScene } from '../../../support/sync/sync-scene.ts';

const scene = setUpSyncScene();

describe('push', () => {
  test('SY-6 an answer that got lost on the way does not double what was done', async () => {
    const { intern, employer, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
    scene.proxy.loseNextAnswerTo = '/push';
    await addTime(intern, task.taskId, 9);
    await waitFor('the lost answer', async () => scene.proxy.loseNextAnswerTo === undefined);
    await settle(scene.laptop);
    await settle(scene.desk);
    const pushes = scene.proxy.requests.filter((line) => line.includes('/push'));
    expect(pushes.length).toBeGreaterThan(1);
    expect(await employer.db.selectFrom('timeEntries').selectAll().execute()).toHaveLength(1);
    expect((await listStates(intern)).map((row) => row.state)).toEqual(['settled']);
  });

  test('SY-6 what was done offline, over several batches, arrives once and in order', async () => {
    const { intern, employer, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
    scene.proxy.isDown = true;
    for (let index = 0; index < 620; index += 1)
      await intern.mutate(
        'draft.writeNote',
        { taskId: task.taskId, note: `version ${index}` },
        { subject: 'note' },
      );
    await addTime(intern, task.taskId, 10);
    expect((await scene.laptop.sync.computeSeatSync(intern.record.seatId)).waitingChanges).toBe(
      621,
    );
    scene.proxy.isDown = false;
    await settle(scene.laptop);
    await settle(scene.desk);
    expect((await intern.db.selectFrom('drafts').selectAll().execute())[0]?.note).toBe(
      'version 619',
    );
    expect(await employer.db.selectFrom('timeEntries').selectAll().execute()).toHaveLength(1);
    // Drafts are private: the employer holds none.
    expect(await employer.db.selectFrom('drafts').selectAll().execute()).toEqual([]);
  });

  test('SY-7 a refused change blocks nothing; what builds on it waits, and both go when it is mended', async () => {
    const { employer, employment } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
    scene.proxy.isDown = true;
    // Offline the desk cannot know that the engagement is completed, from another computer, in the meantime.
    const other = await openTestInstallation(`${scene.folder}/other`);
    scene.others.push(other);
    const otherSeat = await signInAgain(other, scene.server.url, employer.record.email);
    other.sync.start();
    await settle(other);
    const refused = await assignTask(employer, employment.engagementId, { title: 'Too late' });
    await employer.mutate(
      'task.edit',
      { taskId: refused.taskId, patch: { title: 'Too late, indeed' }, seen: {} },
      { subject: 'Too late' },
    );
    await employer.mutate(
      'organization.rename',
      { name: 'Acorn & Sons', seenName: 'Acorn' },
      { subject: 'Acorn' },
    );
    await otherSeat.mutate(
      'engagement.complete',
      { engagementId: employment.engagementId },
      { subject: 'Ines' },
    );
    await settle(other);
    scene.proxy.isDown = false;
    scene.desk.sync.kick();
    const states = await waitFor('the refusal', async () => {
      const rows = (await listStates(employer)).slice(-3);
      return rows.every((row) => !['pending', 'applied'].includes(row.state)) && rows;
    });
    expect(states.map((row) => row.state)).toEqual(['rejected', 'held', 'settled']);
    expect(states[0]?.message).toContain('completed');
    // Its forecast is gone, the other change is there.
    const titles = await employer.db.selectFrom('tasks').select('title').execute();
    expect(titles.map((row) => row.title)).toEqual(['Survey prices']);
    const [organization] = await otherSeat.db.selectFrom('organizations').selectAll().execute();
    await settle(other);
    expect(organization?.id).toBe(employer.record.orgId);
    const renamed = await waitFor('the new name', async () => {
      const row = await otherSeat.db.selectFrom('organizations').select('name').executeTakeFirst();
      return row?.name === 'Acorn & Sons' && row.name;
    });
    expect(renamed).toBe('Acorn & Sons');

    // Sent again into another engagement, the task arrives with the edit that was held behind it.
    const { inviteToProject } = await import('../../../support/sync/test-organization.ts');
    const next = await inviteToProject(employer);
    const root = states[0];
    if (root === undefined) throw new Error('no refused change');
    const { argsJson } = await employer.db
      .selectFrom('outbox')
      .select('argsJson')
      .where('id', '=', root.mutationId)
      .executeTakeFirstOrThrow();
    await sendAgain(employer, root.mutationId, {
      ...(JSON.parse(argsJson) as object),
      engagementId: next.engagementId,
    });
    await settle(scene.desk);
    const mended = await employer.db
      .selectFrom('tasks')
      .selectAll()
      .where('id', '=', refused.taskId)
      .executeTakeFirstOrThrow();
    expect(mended.title).toBe('Too late, indeed');
    expect(mended.engagementId).toBe(next.engagementId);
    expect((await listStates(employer)).map((row) => row.state)).not.toContain('held');
  });

  test('SY-7 a refused change that is dismissed leaves the list and stays in the database', async () => {
    const { employer } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
    scene.proxy.isDown = true;
    const other = await openTestInstallation(`${scene.folder}/other`);
    scene.others.push(other);
    const otherSeat = await signInAgain(other, scene.server.url, employer.record.email);
    other.sync.start();
    await settle(other);
    const [invitation] = await otherSeat.db.selectFrom('invitations').selectAll().execute();
    if (invitation === undefined) throw new Error('no invitation');
    // Refused by the rules on this device already: nothing is queued then.
    await expect(
      employer.mutate('invitation.withdraw', { invitationId: invitation.id }, { subject: 'Ines' }),
    ).rejects.toThrow(/accepted/);
    const engagementId = invitation.engagementId ?? '';
    await employer.mutate('engagement.complete', { engagementId }, { subject: 'Ines' });
    await otherSeat.mutate('engagement.withdraw', { engagementId }, { subject: 'Ines' });
    await settle(other);
    scene.proxy.isDown = false;
    scene.desk.sync.kick();
    const refused = await waitFor('the refusal', async () =>
      (await listStates(employer)).find((row) => row.state === 'rejected'),
    );
    expect((await scene.desk.sync.computeSeatSync(employer.record.seatId)).attentionCount).toBe(1);
    await dismissChange(employer, refused.mutationId);
    expect((await scene.desk.sync.computeSeatSync(employer.record.seatId)).attentionCount).toBe(0);
    expect(
      await employer.db
        .selectFrom('outbox')
        .select('id')
        .where('id', '=', refused.mutationId)
        .execute(),
    ).toHaveLength(1);
  });
});

describe('pull', () => {
  test('SY-11 what is pending stays on top of what comes from the server', async () => {
    const { intern, task, internEmail } = await setUpPair(
      scene.desk,
      scene.laptop,
      scene.proxy.url,
    );
    const second = await openTestInstallation(`${scene.folder}/second`);
    scene.others.push(second);
    const secondSeat = await signInAgain(second, scene.server.url, internEmail);
    second.sync.start();
    await settle(second);
    const entryId = await addTime(intern, task.taskId, 9, 'first words');
    await settle(scene.laptop);
    await settle(second);
    scene.proxy.isDown = true;
    await intern.mutate(
      'time.edit',
      { timeEntryId: entryId, patch: { note: 'edited offline' }, seen: { note: 'first words' } },
      { subject: 'time' },
    );
    await secondSeat.mutate(
      'time.edit',
      {
        timeEntryId: entryId,
        patch: { endedAt: '2026-05-04T11:00:00.000Z' },
        seen: { endedAt: '2026-05-04T09:30:00.000Z' },
      },
      { subject: 'time' },
    );
    await settle(second);
    scene.proxy.isDown = false;
    await settle(scene.laptop);
    await settle(second);
    for (const seat of [intern, secondSeat]) {
      const [entry] = await seat.db.selectFrom('timeEntries').selectAll().execute();
      expect(entry).toMatchObject({ note: 'edited offline', endedAt: '2026-05-04T11:00:00.000Z' });
    }
  });

  test('SY-11 two devices that edit the same field end alike; the value replaced is kept', async () => {
    const { intern, task, internEmail } = await setUpPair(
      scene.desk,
      scene.laptop,
      scene.proxy.url,
    );
    const second = await openTestInstallation(`${scene.folder}/second`);
    scene.others.push(second);
    const secondSeat = await signInAgain(second, scene.server.url, internEmail);
    second.sync.start();
    const entryId = await addTime(intern, task.taskId, 9, 'start');
    await settle(scene.laptop);
    await settle(second);
    scene.proxy.isDown = true;
    await intern.mutate(
      'time.edit',
      { timeEntryId: entryId, patch: { note: 'later to arrive' }, seen: { note: 'start' } },
      { subject: 'time' },
    );
    await secondSeat.mutate(
      'time.edit',
      { timeEntryId: entryId, patch: { note: 'first to arrive' }, seen: { note: 'start' } },
      { subject: 'time' },
    );
    await settle(second);
    scene.proxy.isDown = false;
    await settle(scene.laptop);
    await settle(second);
    for (const seat of [intern, secondSeat]) {
      const [entry] = await seat.db.selectFrom('timeEntries').selectAll().execute();
      expect(entry?.note).toBe('later to arrive');
      const kept = await seat.db
        .selectFrom('fieldEdits')
        .selectAll()
        .where('overwroteUnseen', '=', 1)
        .execute();
      expect(kept.map((row) => JSON.parse(row.previousJson))).toEqual(['first to arrive']);
    }
  });

  test('SY-12 between the answer to the push and the pull nothing flickers', async () => {
    const { intern, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
    const entryId = await addTime(intern, task.taskId, 9, 'seen all the time');
    let isDone = false;
    const watching = (async () => {
      const gaps: string[] = [];
      while (!isDone) {
        const row = await intern.db
          .selectFrom('timeEntries')
          .select('id')
          .where('id', '=', entryId)
          .executeTakeFirst();
        if (row === undefined) gaps.push('the entry was gone');
        await new Promise((resolve) => setImmediate(resolve));
      }
      return gaps;
    })();
    await settle(scene.laptop);
    isDone = true;
    expect(await watching).toEqual([]);
    expect((await listStates(intern)).at(-1)?.state).toBe('settled');
  });

  test('SY-10 an engagement that ends goes from the device; what was unsent still arrives', async () => {
    const { employer, intern, employment, task } = await setUpPair(
      scene.desk,
      scene.laptop,
      scene.proxy.url,
    );
    await submit(intern, task, { note: 'Handed in before.' });
    await settle(scene.laptop);
    await settle(scene.desk);
    scene.proxy.isDown = true;
    await addTime(intern, task.taskId, 12, 'done on the train');
    const direct = await openTestInstallation(`${scene.folder}/direct`);
    scene.others.push(direct);
    const directSeat = await signInAgain(direct, scene.server.url, employer.record.email);
    direct.sync.start();
    await settle(direct);
    await directSeat.mutate(
      'engagement.withdraw',
      { engagementId: employment.engagementId },
      { subject: 'Ines' },
    );
    await settle(direct);
    scene.proxy.isDown = false;
    await settle(scene.laptop);
    await settle(direct);
    expect(await intern.db.selectFrom('tasks').selectAll().execute()).toEqual([]);
    expect(await intern.db.selectFrom('submissions').selectAll().execute()).toEqual([]);
    const entries = await directSeat.db.selectFrom('timeEntries').selectAll().execute();
    expect(entries.map((row) => row.note)).toEqual(['done on the train']);
  });

  test('SY-8 work handed in offline lands although the task was cancelled and its brief changed', async () => {
    const { employer, intern, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
    const direct = await openTestInstallation(`${scene.folder}/direct`);
    scene.others.push(direct);
    const directSeat = await signInAgain(direct, scene.server.url, employer.record.email);
    direct.sync.start();
    await settle(direct);
    scene.proxy.isDown = true;
    const submissionId = await submit(intern, task, { note: 'All shops.' });
    await directSeat.mutate(
      'task.reviseBrief',
      {
        taskId: task.taskId,
        briefVersionId: uuid(),
        instructions: 'Twenty shops.',
        criteria: [],
        seen: [],
      },
      { subject: 'Survey prices' },
    );
    await directSeat.mutate('task.cancel', { taskId: task.taskId }, { subject: 'Survey prices' });
    await settle(direct);
    scene.proxy.isDown = false;
    await settle(scene.laptop);
    await settle(direct);
    for (const seat of [intern, directSeat]) {
      const submission = await seat.db
        .selectFrom('submissions')
        .selectAll()
        .where('id', '=', submissionId)
        .executeTakeFirstOrThrow();
      expect(JSON.parse(submission.marksJson)).toEqual(['brief_changed', 'task_cancelled']);
      expect(submission.briefVersionId).toBe(task.briefVersionId);
      expect(await seat.db.selectFrom('receipts').selectAll().execute()).toHaveLength(1);
    }
  });

  test('SY-13 the employer is told by a poke, without asking', async () => {
    const { employer, intern, task } = await setUpPair(scene.desk, scene.laptop, scene.proxy.url);
    scene.desk.events.length = 0;
    await submit(intern, task);
    // Nothing is kicked on the desk: only the poke can bring it within this time (the safety pull takes 45 s).
    await waitFor(
      'the submission at the desk',
      async () => {
        const rows = await employer.db.selectFrom('submissions').selectAll().execute();
        return rows.length === 1;
      },
      10_000,
    );
    await waitFor('the announcement', async () =>
      scene.desk.events.some((event) => event.type === 'arrived' && event.kind === 'submission'),
    );
  });

  test('SY-19 a deadline that was moved forward while the intern was offline does not make work late', async () => {
    const { employer, intern, employment } = await setUpPair(
      scene.desk,
      scene.laptop,
      scene.proxy.url,
    );
    const task = await assignTask(employer, employment.engagementId, { title: 'Moved' });
    await settle(scene.desk);
    await settle(scene.laptop);
    const direct = await openTestInstallation(`${scene.folder}/direct`);
    scene.others.push(direct);
    const directSeat = await signInAgain(direct, scene.server.url, employer.record.email);
    direct.sync.start();
    await settle(direct);
    scene.proxy.isDown = true;
    const offline = await submit(intern, task, { note: 'Before the move was seen.' });
    await directSeat.mutate(
      'task.moveDeadline',
      {
        taskId: task.taskId,
        deadlineId: uuid(),
        deadline: { wall: '2026-01-02T09:00', zone: 'Europe/Berlin' },
      },
      { subject: 'Moved' },
    );
    await settle(direct);
    scene.proxy.isDown = false;
    await settle(scene.laptop);
    const seen = await submit(intern, task, { note: 'After the move was seen.' });
    await settle(scene.laptop);
    const load = (id: string) =>
      intern.db
        .selectFrom('submissions')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
    const first = await load(offline);
    expect(first.verdict).toBe('on_time');
    expect(JSON.parse(first.marksJson)).toEqual(['deadline_moved_unseen']);
    expect((await load(seen)).verdict).toBe('late');
  });
});

describe('sessions', () => {
  test('a device that is signed out rests, keeps its work, and goes on after a sign-in', async () => {
    const { employer, intern, task, internEmail } = await setUpPair(
      scene.desk,
      scene.laptop,
      scene.proxy.url,
    );
    await scene.laptop.accounts.signOut(intern.record.accountKey);
    await addTime(intern, task.taskId, 9, 'while signed out');
    await waitFor(
      'the state',
      async () =>
        (await scene.laptop.sync.computeSeatSync(intern.record.seatId)).state === 'signed_out',
    );
    const before = scene.proxy.requests.filter((line) => line.includes('/push')).length;
    await addTime(intern, task.taskId, 11, 'still signed out');
    expect(scene.proxy.requests.filter((line) => line.includes('/push'))).toHaveLength(before);
    await signInAgain(scene.laptop, scene.proxy.url, internEmail);
    scene.laptop.sync.adopt(intern.record.seatId);
    await settle(scene.laptop);
    await settle(scene.desk);
    expect(await employer.db.selectFrom('timeEntries').selectAll().execute()).toHaveLength(2);
  });
});
