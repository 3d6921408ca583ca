import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
let intern: string;
let owner: string;

beforeEach(async () => {
  test = await openTestWorkspace({ now: '2026-03-02T09:00:00.000Z' });
  organization = await addOrganization(test);
  intern = organization.intern.record.seatId;
  owner = organization.owner.record.seatId;
});

afterEach(async () => {
  await test.close();
});

async function getState(seatId: string, taskId: string) {
  const { item } = await test.ask('task.get', { seatId, taskId });
  return item.state;
}

async function submit(taskId: string, note: string): Promise<string> {
  await test.ask('draft.writeNote', { seatId: intern, taskId, note });
  const { submissionId } = await test.ask('submission.create', { seatId: intern, taskId });
  await carryRows(organization.intern, organization.owner);
  return submissionId;
}

async function decide(submissionId: string, decision: 'accepted' | 'changes_requested') {
  const submission = await test.ask('submission.get', { seatId: owner, submissionId });
  await test.ask('review.decide', {
    seatId: owner,
    submissionId,
    manifestHash: submission.manifestHash,
    decision,
    comment: 'Seen.',
    comments:
      decision === 'accepted'
        ? []
        : [
            {
              kind: 'change',
              criterionId: submission.brief.criteria[0]?.id ?? null,
              attachmentId: null,
              text: 'More of it.',
            },
          ],
  });
  await carryRows(organization.owner, organization.intern);
}

describe('the list of tasks', () => {
  it('is ordered by deadline instant, not by wall time, then by title', async () => {
    const at = (wall: string, zone: string) => ({ deadline: { wall, zone } });
    await assignTestTask(test, organization, {
      title: 'Later',
      ...at('2026-03-10T09:00', 'America/New_York'),
    });
    await assignTestTask(test, organization, {
      title: 'Zebra',
      ...at('2026-03-10T10:00', 'Europe/Berlin'),
    });
    await assignTestTask(test, organization, {
      title: 'Ant',
      ...at('2026-03-10T10:00', 'Europe/Berlin'),
    });
    const { items, total } = await test.ask('tasks.list', { seatId: intern });
    expect(items.map(({ title }) => title)).toEqual(['Ant', 'Zebra', 'Later']);
    expect(total).toBe(3);
  });

  it('gives each task its people, project and due time, alike to both roles', async () => {
    const taskId = await assignTestTask(test, organization);
    for (const seatId of [intern, owner]) {
      const { items } = await test.ask('tasks.list', { seatId });
      expect(items).toEqual([
        {
          seatId,
          taskId,
          engagementId: organization.engagementId,
          projectId: organization.projectId,
          title: 'Interview five owners',
          organizationName: 'Tidewater Research',
          projectTitle: 'Coastal cafés',
          internName: 'Inês Duarte',
          state: 'to_do',
          due: {
            wall: '2026-03-10T17:00',
            baseWall: '2026-03-10T17:00',
            zone: 'Europe/Berlin',
            instant: '2026-03-10T16:00:00.000Z',
            isExtended: false,
          },
          isOverdue: false,
          isEngagementOver: false,
          hasUnseenBrief: true,
          isOpened: false,
          estimateMinutes: 120,
          workedSeconds: 0,
          newestRevision: null,
          position: 1,
          dependsOn: [],
          waitsFor: [],
          mark: 'on_the_server',
        },
      ]);
    }
  });

  it('gives pages that together are the whole, and the total of what was asked for', async () => {
    for (let index = 1; index <= 5; index += 1)
      await assignTestTask(test, organization, { title: `Part ${index}` });
    await assignTestTask(test, organization, { title: 'Something else' });
    const ask = (offset: number) =>
      test.ask('tasks.list', { seatId: intern, text: 'PART', offset, limit: 2 });
    const pages = [await ask(0), await ask(2), await ask(4)];
    expect(pages.map((page) => page.total)).toEqual([5, 5, 5]);
    expect(pages.flatMap((page) => page.items.map(({ title }) => title))).toEqual([
      'Part 1',
      'Part 2',
      'Part 3',
      'Part 4',
      'Part 5',
    ]);
  });

  it('is narrowed by project, engagement and state', async () => {
    const begun = await assignTestTask(test, organization, { title: 'Begun' });
    await assignTestTask(test, organization, { title: 'Untouched' });
    await test.ask('draft.writeNote', { seatId: intern, taskId: begun, note: 'x' });
    const list = async (filter: object) =>
      (await test.ask('tasks.list', { seatId: intern, ...filter })).items.map(({ title }) => title);
    expect(await list({ states: ['in_progress'] })).toEqual(['Begun']);
    expect(await list({ projectId: organization.projectId })).toHaveLength(2);
    expect(await list({ projectId: uuid() })).toEqual([]);
    expect(await list({ engagementId: organization.engagementId })).toHaveLength(2);
    expect(await list({ engagementId: uuid() })).toEqual([]);
  });

  it('adds extensions in wall time, and calls overdue what has passed while it lies with the intern', async () => {
    const taskId = await assignTestTask(test, organization, {
      deadline: { wall: '2026-03-28T17:00', zone: 'Europe/Berlin' },
    });
    test.machine.setWallClock('2026-03-28T16:30:00.000Z');
    const late = await test.ask('task.get', { seatId: intern, taskId });
    expect(late.item.isOverdue).toBe(true);
    await test.ask('task.extend', { seatId: owner, taskId, days: 1, minutes: 0, reason: 'ill' });
    await carryRows(organization.owner, organization.intern);
    const extended = await test.ask('task.get', { seatId: intern, taskId });
    // The clocks change in the night between: the same hour is 23 hours later.
    expect(extended.item.due).toEqual({
      wall: '2026-03-29T17:00',
      baseWall: '2026-03-28T17:00',
      zone: 'Europe/Berlin',
      instant: '2026-03-29T15:00:00.000Z',
      isExtended: true,
    });
    expect(extended.item.isOverdue).toBe(false);
  });

  it('sums the time of each task as the entries of the task do, to the second', async () => {
    const taskId = await assignTestTask(test, organization);
    const stretches = [
      ['2026-03-01T10:00:00.123Z', '2026-03-01T11:00:00.456Z'],
      ['2026-03-01T10:30:00.000Z', '2026-03-01T10:45:00.400Z'],
    ] as const;
    for (const [startedAt, endedAt] of stretches)
      await test.ask('hours.add', { seatId: intern, taskId, startedAt, endedAt });
    const { items } = await test.ask('tasks.list', { seatId: intern });
    expect(items[0]?.workedSeconds).toBe(3600 + 900 + 1);
  });
});

describe('the state of a task', () => {
  it('is begun for its intern by a note, a tick, a file, time or a timer, each alone', async () => {
    const { criteria } = (
      await test.ask('task.get', {
        seatId: intern,
        taskId: await assignTestTask(test, organization),
      })
    ).brief;
    const begin: ((taskId: string) => Promise<unknown>)[] = [
      (taskId) => test.ask('draft.writeNote', { seatId: intern, taskId, note: 'x' }),
      (taskId) =>
        test.ask('draft.tickCriterion', {
          seatId: intern,
          taskId,
          criterionId: criteria[0]?.id ?? '',
          ticked: true,
        }),
      async (taskId) => {
        const { stagedId } = await test.stage('a.txt', 'a');
        await test.ask('draft.attach', { seatId: intern, taskId, stagedId });
      },
      (taskId) =>
        test.ask('hours.add', {
          seatId: intern,
          taskId,
          startedAt: '2026-03-01T10:00:00.000Z',
          endedAt: '2026-03-01T11:00:00.000Z',
        }),
      (taskId) => test.ask('timer.start', { seatId: intern, taskId }),
    ];
    for (const action of begin) {
      const taskId = await assignTestTask(test, organization);
      expect(await getState(intern, taskId)).toBe('to_do');
      await action(taskId);
      expect(await getState(intern, taskId)).toBe('in_progress');
    }
  });

  it('does not show an employer what is only in the intern’s draft', async () => {
    const taskId = await assignTestTask(test, organization);
    await test.ask('draft.writeNote', { seatId: intern, taskId, note: 'private thoughts' });
    await carryRows(organization.intern, organization.owner);
    const seen = await test.ask('task.get', { seatId: owner, taskId });
    expect(seen.item.state).toBe('to_do');
    expect(seen.draft).toBeNull();
  });

  it('goes through submission, changes and acceptance, counting the rounds', async () => {
    const taskId = await assignTestTask(test, organization);
    const first = await submit(taskId, 'first');
    expect(await getState(owner, taskId)).toBe('submitted');
    await decide(first, 'changes_requested');
    expect(await getState(intern, taskId)).toBe('changes_requested');
    const second = await submit(taskId, 'second');
    expect(await getState(intern, taskId)).toBe('submitted');
    await decide(second, 'accepted');
    expect(await getState(intern, taskId)).toBe('accepted');
    const detail = await test.ask('task.get', { seatId: intern, taskId });
    expect(detail).toMatchObject({
      roundsIncluded: 2,
      roundsUsed: 1,
      latePolicy: 'Tell us early.',
      graceMinutes: 30,
    });
    expect(detail.item.newestRevision).toBe(2);
    expect(detail.submissions.map(({ note }) => note)).toEqual(['second', 'first']);
    expect(detail.submissions[1]?.reviews).toMatchObject([
      { decision: 'changes_requested', comment: 'Seen.', counts: true, reviewerName: 'Olga Weber' },
    ]);
  });

  it('is cancelled for both sides', async () => {
    const taskId = await assignTestTask(test, organization);
    await test.ask('task.cancel', { seatId: owner, taskId });
    await carryRows(organization.owner, organization.intern);
    expect(await getState(owner, taskId)).toBe('cancelled');
    expect(await getState(intern, taskId)).toBe('cancelled');
  });
});

describe('where things are', () => {
  it('a task says whether work on it is still on this computer, refused, or on the server', async () => {
    const taskId = await assignTestTask(test, organization);
    const getMark = async () => (await test.ask('task.get', { seatId: intern, taskId })).item.mark;
    expect(await getMark()).toBe('on_the_server');
    await test.ask('draft.writeNote', { seatId: intern, taskId, note: 'x' });
    expect(await getMark()).toBe('on_this_computer');
    await organization.intern.db
      .updateTable('outboxStates')
      .set({ state: 'rejected', code: 'refused', message: 'no' })
      .execute();
    expect(await getMark()).toBe('refused');
    await markAllOnServer(organization.intern);
    expect(await getMark()).toBe('on_the_server');
  });

  it('a submission does not seem to wait because the employer’s review of it does', async () => {
    const taskId = await assignTestTask(test, organization);
    const submissionId = await submit(taskId, 'x');
    await decide(submissionId, 'accepted');
    const seen = await test.ask('submission.get', { seatId: owner, submissionId });
    expect(seen.mark).toBe('on_the_server');
    expect(seen.reviews[0]?.mark).toBe('on_this_computer');
    const own = await test.ask('submission.get', { seatId: intern, submissionId });
    expect(own.mark).toBe('on_this_computer');
  });
});

describe('a task’s brief', () => {
  it('is new until it was acknowledged, and shows the version seen once it was revised', async () => {
    const taskId = await assignTestTask(test, organization);
    const before = await test.ask('task.get', { seatId: intern, taskId });
    expect(before).toMatchObject({ seenBrief: null, brief: { version: 1 } });
    const { briefVersionId } = before.brief;
    await test.ask('task.acknowledgeBrief', { seatId: intern, taskId, briefVersionId });
    await test.ask('task.acknowledgeBrief', { seatId: intern, taskId, briefVersionId });
    const seen = await test.ask('task.get', { seatId: intern, taskId });
    expect(seen.item).toMatchObject({ hasUnseenBrief: false, isOpened: true });
    const acknowledgements = await organization.intern.db
      .selectFrom('briefAcknowledgements')
      .selectAll()
      .execute();
    expect(acknowledgements).toHaveLength(1);

    const [kept] = before.brief.criteria;
    await test.ask('task.reviseBrief', {
      seatId: owner,
      taskId,
      instructions: 'Ask about tea, too.',
      criteria: [...(kept === undefined ? [] : [kept]), { text: 'Tea is covered' }],
    });
    await carryRows(organization.owner, organization.intern);
    const revised = await test.ask('task.get', { seatId: intern, taskId });
    expect(revised).toMatchObject({
      brief: { version: 2, instructions: 'Ask about tea, too.' },
      seenBrief: { version: 1, instructions: 'Ask about **oat milk**.' },
      item: { hasUnseenBrief: true, isOpened: true },
    });
    expect(revised.brief.criteria[0]).toEqual(kept);
    expect(revised.brief.criteria[1]).toMatchObject({ text: 'Tea is covered' });
  });

  it('stays seen when another device says later that an older version was seen', async () => {
    const taskId = await assignTestTask(test, organization);
    const { brief: first } = await test.ask('task.get', { seatId: intern, taskId });
    await test.ask('task.reviseBrief', {
      seatId: owner,
      taskId,
      instructions: 'Ask about tea, too.',
      criteria: [],
    });
    await carryRows(organization.owner, organization.intern);
    const { brief: second } = await test.ask('task.get', { seatId: intern, taskId });
    await test.ask('task.acknowledgeBrief', {
      seatId: intern,
      taskId,
      briefVersionId: second.briefVersionId,
    });
    await test.run(60_000);
    await test.ask('task.acknowledgeBrief', {
      seatId: intern,
      taskId,
      briefVersionId: first.briefVersionId,
    });
    expect(await test.ask('task.get', { seatId: intern, taskId })).toMatchObject({
      brief: { version: 2 },
      seenBrief: null,
      item: { hasUnseenBrief: false },
    });
  });
});

describe('a task that this seat does not hold', () => {
  it('is not found, whatever is asked about it', async () => {
    const key = { seatId: intern, taskId: uuid() };
    const refusals = [
      test.ask('task.get', key),
      test.ask('draft.writeNote', { ...key, note: '' }),
      test.ask('submission.preview', key),
      test.ask('submission.create', key),
      test.ask('task.cancel', { ...key, seatId: owner }),
    ];
    for (const answer of refusals)
      expect(await catchRefusal(answer)).toMatchObject({ code: 'not_found', field: 'taskId' });
  });

  it('is found without its project’s row, which may come a page later', async () => {
    const taskId = await assignTestTask(test, organization);
    await organization.intern.db.deleteFrom('projects').execute();
    const detail = await test.ask('task.get', { seatId: intern, taskId });
    expect(detail.item.projectTitle).toBe('');
    expect(detail.roundsIncluded).toBe(0);
  });
});

describe('today', () => {
  it('sorts the intern’s tasks into what is due, what came back and what waits, over all their seats', async () => {
    const elsewhere = await addOrganization(test);
    await assignTestTask(test, elsewhere, { title: 'Elsewhere' });
    await assignTestTask(test, organization, { title: 'Due' });
    const back = await assignTestTask(test, organization, { title: 'Back' });
    const waiting = await assignTestTask(test, organization, { title: 'Waiting' });
    await submit(waiting, 'x');
    await decide(await submit(back, 'x'), 'changes_requested');
    const today = await test.ask('today.get', {});
    expect(today.due.map(({ title }) => title)).toEqual(['Due', 'Elsewhere']);
    expect(today.cameBack.map(({ title }) => title)).toEqual(['Back']);
    expect(today.waiting.map(({ title }) => title)).toEqual(['Waiting']);
    expect(today.engagements).toHaveLength(2);
    const one = await test.ask('today.get', { seatId: intern });
    expect(one.due.map(({ title }) => title)).toEqual(['Due']);
  });

  it('sends the first 50 of many, counts all of them, and still knows the one at work', async () => {
    const tasks = 203;
    const ids = [await assignTestTask(test, organization, { title: 'Task 1' })];
    const { db } = organization.intern;
    const row = await db.selectFrom('tasks').selectAll().executeTakeFirstOrThrow();
    for (let index = 2; index <= tasks; index += 1) {
      const id = uuid();
      ids.push(id);
      await db
        .insertInto('tasks')
        .values({ ...row, id, title: `Task ${index}` })
        .execute();
    }
    const last = ids.at(-1) ?? '';
    const before = await test.ask('today.get', {});
    expect(before.due.map(({ title }) => title)).toEqual(
      Array.from({ length: 50 }, (_, index) => `Task ${index + 1}`),
    );
    expect(before.counts).toEqual({ due: tasks, cameBack: 0, waiting: 0 });
    expect(before.atWork).toBeNull();
    await test.ask('timer.start', { seatId: intern, taskId: last });
    expect((await test.ask('today.get', {})).atWork).toMatchObject({
      taskId: last,
      state: 'in_progress',
    });
    // The list of tasks reaches all of them, by pages, and finds in all of them.
    const rest = await test.ask('tasks.list', { seatId: intern, offset: 200, limit: 200 });
    expect(rest.items.map(({ taskId }) => taskId)).toEqual(ids.slice(200));
    expect(rest.total).toBe(tasks);
    expect(
      await test.ask('tasks.list', { seatId: intern, text: 'task 203', limit: 1 }),
    ).toMatchObject({
      total: 1,
      items: [{ taskId: last }],
    });
  });

  it('has nothing on an employer’s seat', async () => {
    await assignTestTask(test, organization);
    expect(await test.ask('today.get', { seatId: owner })).toMatchObject({
      due: [],
      engagements: [],
    });
  });

  it('counts the seconds of this day and this week by this computer’s calendar', async () => {
    const taskId = await assignTestTask(test, organization);
    // Monday 2 March 2026 begins in Berlin at 23:00 UTC of the day before.
    const add = (startedAt: string, endedAt: string) =>
      test.ask('hours.add', { seatId: intern, taskId, startedAt, endedAt });
    await add('2026-03-01T22:00:00.000Z', '2026-03-01T22:30:00.000Z');
    await add('2026-03-01T23:00:00.000Z', '2026-03-01T23:10:00.000Z');
    await add('2026-03-04T08:00:00.000Z', '2026-03-04T08:20:00.000Z');
    test.machine.setWallClock('2026-03-04T09:00:00.000Z');
    expect(await test.ask('today.get', {})).toMatchObject({
      secondsToday: 1200,
      secondsThisWeek: 1800,
    });
  });
});
