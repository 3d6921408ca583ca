import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  addOrganization,
  openTestWorkspace,
  type TestOrganization,
  type TestWorkspace,
} from '../../../support/workspace/test-workspace.ts';

let workspace: TestWorkspace;
let organization: TestOrganization;

beforeEach(async () => {
  workspace = await openTestWorkspace();
  organization = await addOrganization(workspace);
});
afterEach(() => workspace.close());

test('an invitation is withdrawn with the engagement that it is for', async () => {
  const { projectId } = organization;
  const { seatId } = organization.owner.record;
  const { engagementId } = await workspace.ask('people.inviteIntern', {
    seatId,
    projectId,
    name: 'Bo',
    email: null,
  });
  await workspace.ask('engagement.withdraw', { seatId, engagementId });
  const { invitations } = await workspace.ask('people.list', { seatId });
  expect(invitations).toMatchObject([{ state: 'withdrawn', link: null }]);
});
