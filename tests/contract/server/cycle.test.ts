import { expect, test } from 'vitest';
import { createSubmissionArgs, TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

test('an employer and an intern go through assignment, submission and review', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const { device: intern, engagementId } = await organization.addIntern();
  const task = await organization.assignTask(engagementId);

  expect(await intern.list(orgId, 'tasks')).toMatchObject([{ id: task.taskId, title: 'Survey' }]);
  const submission = createSubmissionArgs(task);
  await intern.apply(orgId, ['submission.create', submission]);

  const [received] = await owner.list(orgId, 'submissions');
  expect(received).toMatchObject({ id: submission.submissionId, revision: 1, verdict: 'on_time' });
  const { status } = await owner.pushOne(orgId, 'review.decide', {
    reviewId: submission.submissionId,
    submissionId: submission.submissionId,
    manifestHash: received?.['manifestHash'],
    decision: 'accepted',
    comment: 'Good.',
    comments: [],
    confirmedNotNewest: false,
  });
  expect(status).toBe('applied');
  expect(await intern.list(orgId, 'reviews')).toMatchObject([{ decision: 'accepted', counts: 1 }]);
});
