import { expect, test } from 'vitest';
import { createId } from '../../support/server/test-ids.ts';
import { createSubmissionArgs, TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

test("SY-10 another intern's task is not to be told from one that does not exist", async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId } = organization;
  const { device: intern } = await organization.addIntern('Ida');
  const other = await organization.addIntern('Bob');
  const others = await organization.assignTask(other.engagementId);
  const madeUp = { ...others, taskId: createId() };
  const tell = async (task: typeof others) => {
    const { taskId } = task;
    const changes = [
      ['submission.create', createSubmissionArgs(task)],
      ['draft.writeNote', { taskId, note: 'x' }],
      [
        'time.add',
        {
          timeEntryId: createId(),
          taskId,
          startedAt: '2026-05-04T09:00:00.000Z',
          endedAt: '2026-05-04T10:00:00.000Z',
          zone: 'UTC',
          source: 'manual',
          note: '',
        },
      ],
    ] as const;
    const { results } = await intern.push(
      orgId,
      changes.map(([name, args]) => intern.createMutation(name, args)),
    );
    return results.map(({ status, code, message }) => ({
      status,
      code,
      message: message?.replaceAll(taskId, '…'),
    }));
  };
  const told = await tell(others);
  expect(told).toEqual(await tell(madeUp));
  expect(JSON.stringify(told)).not.toContain(other.engagementId);
});
