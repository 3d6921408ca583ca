import { expect, test } from 'vitest';
import { addManager } from '../../support/server/add-manager.ts';
import type { TestDevice } from '../../support/server/test-device.ts';
import { createId } from '../../support/server/test-ids.ts';
import { createSubmissionArgs, TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

/** An owner and a manager of one organization, and an intern who asked for two more days on a task. */
async function createScene() {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const intern = await organization.addIntern();
  const manager = (await addManager(organization, 'Mara')).device;
  const taskIds: string[] = [];
  for (const title of ['A', 'B', 'C'])
    taskIds.push((await organization.assignTask(intern.engagementId, { title })).taskId);
  const [taskId] = taskIds;
  const requestId = createId();
  await intern.device.apply(orgId, [
    'extension.request',
    {
      requestId,
      taskId,
      days: 2,
      minutes: 0,
      reason: 'The shops are closed.',
      briefVersionId: null,
    },
  ]);
  const push = async (device: TestDevice, name: string, args: unknown) =>
    device.pushOne(orgId, name, args);
  const grant = async (device: TestDevice, days: number, minutes: number) =>
    push(device, 'extension.grant', { requestId, extensionId: createId(), days, minutes });
  return {
    orgId,
    owner,
    manager,
    intern: intern.device,
    internEngagementId: intern.engagementId,
    organization,
    taskIds,
    requestId,
    push,
    grant,
  };
}

test('SY-7 who gives another amount of time than was given before is told which; the same amount says nothing', async () => {
  const { orgId, owner, manager, intern, grant } = await createScene();
  expect(await grant(owner, 1, 150)).toMatchObject({ status: 'applied' });
  expect(await grant(manager, 1, 150)).toMatchObject({ status: 'applied' });
  expect(await grant(manager, 3, 0)).toMatchObject({
    status: 'rejected',
    code: 'conflict',
    message:
      'this request for more time was granted before, with 1 day and 2 hours and 30 minutes and not with 3 days; that stands',
  });
  expect(await intern.list(orgId, 'extensions')).toMatchObject([{ days: 1, minutes: 150 }]);
});

test('what two managers each put before a task both stays; an older device sends the whole set', async () => {
  const { orgId, owner, manager, intern, organization, taskIds } = await createScene();
  const [task = '', first = '', second = ''] = taskIds;
  const depend = async (device: TestDevice, taskId: string, added: string[], removed: string[]) => {
    const change = device.createMutation(
      'task.setDependencies',
      { taskId, added, removed },
      { version: 2 },
    );
    return (await device.push(orgId, [change])).results[0];
  };
  const read = async () =>
    (await intern.list(orgId, 'tasks')).find(({ id }) => id === task)?.['dependsOnJson'];
  // Neither of them had seen what the other does.
  expect(await depend(owner, task, [first], [])).toMatchObject({ status: 'applied' });
  expect(await depend(manager, task, [second], [])).toMatchObject({ status: 'applied' });
  expect(await read()).toBe(JSON.stringify([first, second]));
  expect(await depend(manager, first, [task], [])).toMatchObject({
    status: 'rejected',
    code: 'conflict',
  });
  expect(await depend(manager, task, [], [first])).toMatchObject({ status: 'applied' });
  expect(await depend(owner, task, [createId()], [])).toMatchObject({ code: 'not_found' });
  const elsewhere = await organization.addIntern('Otto');
  const other = await organization.assignTask(elsewhere.engagementId);
  expect(await depend(owner, task, [other.taskId], [])).toMatchObject({ code: 'not_found' });
  expect(await read()).toBe(JSON.stringify([second]));
  await owner.apply(orgId, ['task.setDependencies', { taskId: task, dependsOn: [first] }]);
  expect(await read()).toBe(JSON.stringify([first]));
});

test('SY-7 time that was taken back or declined before is not given, and who gives it is told', async () => {
  const taken = await createScene();
  const { requestId } = taken;
  expect(await taken.push(taken.intern, 'extension.withdraw', { requestId })).toMatchObject({
    status: 'applied',
  });
  expect(await taken.grant(taken.owner, 2, 0)).toMatchObject({
    status: 'rejected',
    message: 'this request for more time was taken back before; that stands',
  });
  expect(await taken.intern.list(taken.orgId, 'extensions')).toEqual([]);
});

test('SY-7 who cancels a task whose work another has accepted is told, and it stays accepted', async () => {
  const { orgId, owner, manager, intern, organization, internEngagementId, push } =
    await createScene();
  const task = await organization.assignTask(internEngagementId);
  const work = createSubmissionArgs(task);
  await intern.apply(orgId, ['submission.create', work]);
  const [{ manifestHash } = {}] = await owner.list(orgId, 'submissions');
  await owner.apply(orgId, [
    'review.decide',
    {
      reviewId: createId(),
      submissionId: work.submissionId,
      manifestHash,
      decision: 'accepted',
      comment: '',
      comments: [],
      confirmedNotNewest: false,
    },
  ]);
  const { taskId } = task;
  expect(await push(manager, 'task.cancel', { taskId })).toMatchObject({
    status: 'rejected',
    code: 'conflict',
    message: 'work on “Survey” was accepted before; the task is not cancelled any more',
  });
  expect((await intern.list(orgId, 'tasks')).find(({ id }) => id === taskId)).toMatchObject({
    cancelledAt: null,
  });
});

test('SY-7 who declines in other words is told that the intern reads the first ones', async () => {
  const { orgId, owner, manager, intern, requestId, push } = await createScene();
  const decline = async (device: TestDevice, reason: string) =>
    push(device, 'extension.decline', { requestId, reason });
  expect(await decline(owner, 'The fair begins on Monday.')).toMatchObject({ status: 'applied' });
  expect(await decline(manager, 'The fair begins on Monday.')).toMatchObject({ status: 'applied' });
  expect(await decline(manager, 'Ask again on Friday.')).toMatchObject({
    status: 'rejected',
    code: 'conflict',
  });
  expect(await intern.list(orgId, 'extensionRequests')).toMatchObject([
    { state: 'declined', decisionReason: 'The fair begins on Monday.' },
  ]);
});
