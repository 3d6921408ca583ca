import { expect, test } from 'vitest';
import type { MembershipResponse } from '../../../src/shared/protocol/accounts.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { listRecords } from '../../support/server/test-database.ts';
import { computeInstant, createId } from '../../support/server/test-ids.ts';
import { createSubmissionArgs, TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

/** An intern with a task, whose access has just ended. */
async function startWithRemoved() {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { orgId, owner } = organization;
  const { device, engagementId, membershipId } = await organization.addIntern();
  const task = await organization.assignTask(engagementId);
  await owner.apply(orgId, ['member.remove', { membershipId, reason: null }]);
  const addTime = {
    timeEntryId: createId(),
    taskId: task.taskId,
    startedAt: computeInstant(-3_600_000),
    endedAt: computeInstant(),
    zone: 'Europe/Berlin',
    source: 'timer',
    note: 'Worked on a train.',
  };
  return { server, organization, orgId, owner, device, membershipId, task, addTime };
}

test('SY-10 work sent after access ended is held as it came, once, under a number of its own', async () => {
  const { server, orgId, owner, device, membershipId, task, addTime } = await startWithRemoved();
  const mutations = [
    device.createMutation('time.add', addTime),
    device.createMutation('submission.create', createSubmissionArgs(task)),
  ];
  const { head } = await owner.pull(orgId);
  const first = await device.push(orgId, mutations);
  expect(first.results.map(({ status, repeated, seq }) => [status, repeated, seq])).toEqual([
    ['quarantined', false, null],
    ['quarantined', false, null],
  ]);
  const again = await device.push(orgId, mutations);
  expect(again.results).toEqual(first.results.map((result) => ({ ...result, repeated: true })));

  const held = await owner.list(orgId, 'quarantinedChanges');
  expect(held).toHaveLength(2);
  for (const mutation of mutations) {
    const row = held.find(({ id }) => id === mutation.id);
    expect(row).toMatchObject({
      scope: 'desk',
      state: 'waiting',
      name: mutation.name,
      membershipId,
      deviceId: device.deviceId,
      claimedAt: mutation.claimedAt,
    });
    expect(JSON.parse(String(row?.['mutationJson']))).toEqual(mutation);
  }
  expect(await owner.list(orgId, 'timeEntries')).toEqual([]);
  const log = await listRecords(
    server,
    'select "name", "deviceId" from "mutationLog" where "orgId" = ? and "seq" > ?',
    orgId,
    head.seq,
  );
  expect(log).toEqual(mutations.map(() => ({ name: 'quarantine.hold', deviceId: null })));
});

test('SY-10 what is not held is refused, and what is malformed as well; neither answer stands for ever', async () => {
  const { organization, orgId, owner, device, addTime } = await startWithRemoved();
  const profile = device.createMutation('member.updateProfile', {
    displayName: 'Ida B.',
    timeZone: 'Europe/Berlin',
  });
  const malformed = device.createMutation('time.add', { ...addTime, zone: 'Nowhere' });
  const ofServer = device.createMutation('quarantine.hold', {});
  const { results } = await device.push(orgId, [profile, malformed, ofServer]);
  expect(results).toMatchObject([
    { status: 'rejected', code: 'forbidden' },
    { status: 'rejected', code: 'invalid_input', field: 'zone' },
    { status: 'rejected', code: 'forbidden' },
  ]);
  expect(await owner.list(orgId, 'quarantinedChanges')).toEqual([]);

  const { code } = await organization.invite();
  await device.request<MembershipResponse>('POST', endpoints.acceptInvitation, {
    code,
    membershipId: createId(),
  });
  const after = await device.push(orgId, [profile]);
  expect(after.results).toMatchObject([{ status: 'applied', repeated: false }]);
});

test('SY-16 work that is held has used its number', async () => {
  const { orgId, device, addTime } = await startWithRemoved();
  const copy = device.clone();
  await device.push(orgId, [device.createMutation('time.add', addTime)]);
  const other = copy.createMutation('time.add', { ...addTime, timeEntryId: createId() });
  await expect(copy.push(orgId, [other])).rejects.toMatchObject({ code: 'rekey' });
  const renamed = await copy.rekey();
  expect((await renamed.push(orgId, [other])).results).toMatchObject([{ status: 'quarantined' }]);
});

test('SY-10 a person cannot hold, accept or return work by naming the mutations of the server', async () => {
  const { orgId, owner } = await startWithRemoved();
  for (const name of ['quarantine.hold', 'quarantine.return']) {
    const { results } = await owner.push(orgId, [owner.createMutation(name, { id: createId() })]);
    expect(results).toMatchObject([{ status: 'rejected', code: 'forbidden' }]);
  }
});
