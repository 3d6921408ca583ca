import { expect, onTestFinished, test } from 'vitest';
import { addOrganization, openTestWorkspace } from '../../../support/workspace/test-workspace.ts';

test('a seat that is opened twice at once has one connection', async () => {
  const workspace = await openTestWorkspace();
  onTestFinished(() => workspace.close());
  const { owner } = await addOrganization(workspace);
  const { seats } = workspace.workspace;
  const { seatId } = owner.record;
  await seats.closeAll();
  const [first, second] = await Promise.all([seats.open(seatId), seats.open(seatId)]);
  expect(second).toBe(first);
  expect(seats.find(seatId)).toBe(first);
});
