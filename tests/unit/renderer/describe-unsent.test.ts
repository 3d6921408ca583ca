import { expect, test } from 'vitest';
import { describeUnsent } from '../../../src/renderer/features/vault/describe-unsent.ts';
import { formatDateTime } from '../../../src/renderer/format/date-time.ts';

const claimedAt = '2026-03-20T09:00:00.000Z';

test('of time that was not sent it is said which time it is, of all else when it was done', () => {
  const startedAt = '2026-03-09T09:00:00.000Z';
  const stretch = { startedAt, endedAt: '2026-03-09T10:30:00.000Z', note: '' };
  const time = describeUnsent({
    label: 'Record time',
    claimedAt,
    argsJson: JSON.stringify(stretch),
  });
  expect(time).toContain(`Record time: ${formatDateTime(startedAt)} to `);
  expect(time).toMatch(/, 1h 30m$/u);
  const work = { submissionId: 'one' };
  expect(describeUnsent({ label: 'Submit work', claimedAt, argsJson: JSON.stringify(work) })).toBe(
    `Submit work, ${formatDateTime(claimedAt)}`,
  );
});
