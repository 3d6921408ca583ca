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

/** A template of a project that the owner made, and what each of two people saves of it. */
async function createTemplateScene() {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const manager = (await addManager(organization, 'Mara')).device;
  const { projectId } = organization;
  const templateId = createId();
  const before = {
    title: 'Interview',
    instructions: 'Ask five.',
    criteria: ['Five answers', 'In a table'],
    estimateMinutes: 120,
    dueDays: 3,
    dueTime: '17:00',
  };
  const push = async (device: TestDevice, name: string, args: unknown, version: number) => {
    const change = device.createMutation(name, args, { version });
    return (await device.push(orgId, [change])).results[0];
  };
  const save = async (
    device: TestDevice,
    changes: Partial<typeof before>,
    seen: Partial<typeof before> & { isRemoved?: boolean } = {},
  ) =>
    push(
      device,
      'template.save',
      {
        templateId,
        projectId,
        position: 1,
        template: { ...before, ...seen, ...changes, isRemoved: undefined },
        seen: { ...before, isRemoved: false, ...seen },
      },
      2,
    );
  const remove = async (device: TestDevice, seen: Partial<typeof before> = {}) =>
    push(device, 'template.remove', { templateId, seen: { ...before, ...seen } }, 2);
  await push(
    owner,
    'template.save',
    { templateId, projectId, position: 1, template: before, seen: null },
    2,
  );
  const read = async () => {
    const [row] = await owner.list(orgId, 'taskTemplates');
    return {
      ...row,
      removedAt: row?.['removedAt'],
      criteria: JSON.parse(String(row?.['criteriaJson'])) as string[],
    };
  };
  const listEdits = async () =>
    (await owner.list(orgId, 'fieldEdits')).map(
      ({ field, previousJson, nextJson, overwroteUnseen }) => ({
        field,
        previousJson,
        nextJson,
        overwroteUnseen,
      }),
    );
  return {
    orgId,
    owner,
    manager,
    projectId,
    templateId,
    before,
    push,
    save,
    remove,
    read,
    listEdits,
  };
}

test('what two managers change of one template both stays, of the same field the later, with the other one kept', async () => {
  const { owner, manager, save, read, listEdits } = await createTemplateScene();
  // Neither of them had seen what the other does.
  await save(owner, { title: 'Interviews', dueDays: 5, criteria: ['Ten answers', 'In a table'] });
  await save(manager, { instructions: 'Ask ten.', dueDays: 7, criteria: ['Five answers'] });
  expect(await read()).toMatchObject({
    title: 'Interviews',
    instructions: 'Ask ten.',
    dueDays: 7,
    estimateMinutes: 120,
    // One had written the first anew, the other had taken the second away.
    criteria: ['Ten answers'],
    removedAt: null,
  });
  expect((await listEdits()).filter(({ overwroteUnseen }) => overwroteUnseen === 1)).toEqual([
    { field: 'dueDays', previousJson: '5', nextJson: '7', overwroteUnseen: 1 },
  ]);
});

test('criteria that two managers add to one template are all there, each one once', async () => {
  const { owner, manager, save, read } = await createTemplateScene();
  await save(owner, { criteria: ['Five answers', 'In a table', 'With names', 'By Friday'] });
  await save(manager, { criteria: ['Five answers', 'As a list', 'By Friday'] });
  expect((await read()).criteria).toEqual(['Five answers', 'As a list', 'By Friday', 'With names']);
});

test('SY-7 who removes a template that another manager has changed meanwhile is told, and it stays', async () => {
  const { owner, manager, save, remove, read } = await createTemplateScene();
  await save(owner, { instructions: 'Ask ten.' });
  expect(await remove(manager)).toMatchObject({
    status: 'rejected',
    code: 'conflict',
    message:
      'the task template “Interview” was changed by somebody else meanwhile, and stays; look at it, and remove it again if it is to go',
  });
  expect(await read()).toMatchObject({ instructions: 'Ask ten.', removedAt: null });
  expect(await remove(manager, { instructions: 'Ask ten.' })).toMatchObject({ status: 'applied' });
  expect((await read()).removedAt).not.toBeNull();
});

test('a template that one manager changes after another removed it is there again, and marked as such', async () => {
  const { owner, manager, save, remove, read, listEdits } = await createTemplateScene();
  await remove(owner);
  await save(manager, { instructions: 'Ask ten.' });
  expect(await read()).toMatchObject({ instructions: 'Ask ten.', removedAt: null });
  expect(await listEdits()).toContainEqual(
    expect.objectContaining({ field: 'removedAt', nextJson: 'null', overwroteUnseen: 1 }),
  );
  // Who takes back their own removal has seen it.
  await remove(owner, { instructions: 'Ask ten.' });
  await save(owner, {}, { instructions: 'Ask ten.', isRemoved: true });
  expect(await read()).toMatchObject({ instructions: 'Ask ten.', removedAt: null });
  const marks = (await listEdits()).filter(({ overwroteUnseen }) => overwroteUnseen === 1);
  expect(marks).toHaveLength(1);
});

test('an older device writes a template whole, and what it replaced is kept', async () => {
  const { owner, manager, projectId, templateId, before, push, save, read, listEdits } =
    await createTemplateScene();
  await save(owner, { instructions: 'Ask ten.' });
  const args = { templateId, projectId, position: 1, template: { ...before, title: 'Talks' } };
  expect(await push(manager, 'template.save', args, 1)).toMatchObject({ status: 'applied' });
  expect(await read()).toMatchObject({ title: 'Talks', instructions: 'Ask five.' });
  expect(await listEdits()).toContainEqual({
    field: 'instructions',
    previousJson: '"Ask ten."',
    nextJson: '"Ask five."',
    overwroteUnseen: 0,
  });
  await push(manager, 'template.remove', { templateId }, 1);
  expect((await read()).removedAt).not.toBeNull();
});

test('of a phrase that two managers change both versions stay, and a removal takes no change along', async () => {
  const { orgId, owner, manager, push } = await createTemplateScene();
  const phraseId = createId();
  const save = async (device: TestDevice, text: string, seen: string | null) =>
    push(device, 'phrase.save', { phraseId, text, seen }, 2);
  const remove = async (device: TestDevice, seen: string) =>
    push(device, 'phrase.remove', { phraseId, seen }, 2);
  const read = async () =>
    (await owner.list(orgId, 'phrases'))
      .filter(({ removedAt }) => removedAt === null)
      .map(({ text }) => String(text))
      .sort((left, right) => (left < right ? -1 : 1));
  await save(owner, 'Well done.', null);
  await save(owner, 'Very well done.', 'Well done.');
  await save(manager, 'Nicely done.', 'Well done.');
  expect(await read()).toEqual(['Nicely done.', 'Very well done.']);
  // Whoever goes on from what they wrote themselves makes no third one.
  await save(manager, 'Nicely done!', 'Nicely done.');
  expect(await read()).toEqual(['Nicely done!', 'Very well done.']);
  expect(await remove(owner, 'Very well done.')).toMatchObject({
    status: 'rejected',
    code: 'conflict',
    message:
      'this phrase was changed by somebody else meanwhile, and stays; look at it, and remove it again if it is to go',
  });
  expect(await remove(manager, 'Nicely done!')).toMatchObject({ status: 'applied' });
  // An edit that comes after a removal brings the phrase back, as ever.
  await save(owner, 'Nicely done, all.', 'Nicely done!');
  expect(await read()).toEqual(['Nicely done, all.', 'Very well done.']);
});

test('which versions of a brief its writer had not seen is kept, also by who goes on from it or quotes an answer', async () => {
  const { orgId, owner, manager, intern, taskIds } = await createScene();
  const [taskId = ''] = taskIds;
  const questionId = createId();
  await intern.apply(orgId, ['question.ask', { questionId, taskId, text: 'Which ones?' }]);
  const answerId = createId();
  await owner.apply(orgId, ['question.answer', { answerId, questionId, text: 'Any.' }]);
  const [first] = (await owner.list(orgId, 'briefVersions')).filter(
    (row) => row['taskId'] === taskId,
  );
  const firstId = String(first?.['id']);
  const revise = async (device: TestDevice, seen: string[]) => {
    const briefVersionId = createId();
    const args = { taskId, briefVersionId, instructions: 'Ask ten.', criteria: [], seen };
    await device.push(orgId, [device.createMutation('task.reviseBrief', args, { version: 2 })]);
    return briefVersionId;
  };
  const list = async (briefVersionId: string) =>
    (await owner.list(orgId, 'fieldEdits'))
      .filter(({ nextJson }) => nextJson === JSON.stringify(briefVersionId))
      .map(({ field, previousJson }) => [field, JSON.parse(String(previousJson))]);
  const second = await revise(owner, [firstId]);
  expect(await list(second)).toEqual([]);
  const third = await revise(manager, [firstId]);
  expect(await list(third)).toEqual([['briefVersionId', second]]);
  const fourth = await revise(manager, [firstId, third]);
  expect(await list(fourth)).toEqual([['briefVersionId', second]]);
  const quoted = createId();
  await owner.apply(orgId, ['question.quoteInBrief', { answerId, briefVersionId: quoted }]);
  expect(await list(quoted)).toEqual([['briefVersionId', second]]);
  expect(await list(await revise(owner, [firstId, second, third, fourth, quoted]))).toEqual([]);
  // What an older program writes says nothing of it.
  const args = { taskId, briefVersionId: createId(), instructions: 'Ask five.', criteria: [] };
  await manager.apply(orgId, ['task.reviseBrief', args]);
  expect(await list(args.briefVersionId)).toEqual([]);
});
