import { expect, test } from 'vitest';
import type { DomainTable } from '../../../src/shared/database/domain-tables.ts';
import { createScopeChecksumSum } from '../../../src/shared/domain/scope-checksum.ts';
import { deskScope, isScopeCovered } from '../../../src/shared/domain/scopes.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import type { ChecksumsResponse, PulledRow } from '../../../src/shared/protocol/pull.ts';
import { runStatement } from '../../support/server/test-database.ts';
import { TestDevice } from '../../support/server/test-device.ts';
import { computeSha256, createId } from '../../support/server/test-ids.ts';
import {
  createSubmissionArgs,
  testProjectTerms,
  TestOrganization,
} from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

async function ask(
  device: TestDevice,
  orgId: string,
  scopes: readonly string[],
): Promise<ChecksumsResponse> {
  return await device.request<ChecksumsResponse>('POST', endpoints.checksums(orgId), { scopes });
}

/** What a workspace would hold, and its sums by the scopes that it pulls. */
async function mirror(device: TestDevice, orgId: string) {
  const rows = new Map<unknown, PulledRow>();
  let page = await device.pull(orgId);
  for (;;) {
    for (const pulled of page.rows) rows.set(`${pulled.table}/${String(pulled.row['id'])}`, pulled);
    if (page.complete) break;
    page = await device.pull(orgId, { scopes: page.scopes, head: page.head });
  }
  const scopes = page.scopes.map(({ scope }) => scope);
  const checksums = scopes.map((scope) => {
    const sum = createScopeChecksumSum(computeSha256);
    for (const { table, row } of rows.values())
      if (isScopeCovered(scope, String(row['scope']))) sum.add(table as DomainTable, row);
    return { scope, ...sum.compute() };
  });
  return { scopes, head: page.head, checksums };
}

/** An organization with two interns, some work, and rows in every kind of scope. */
async function startWithWork() {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { orgId, owner } = organization;
  const [ida, ivo] = [await organization.addIntern('Ida'), await organization.addIntern('Ivo')];
  for (const { device, engagementId } of [ida, ivo]) {
    const task = await organization.assignTask(engagementId);
    await device.apply(
      orgId,
      ['draft.writeNote', { taskId: task.taskId, note: 'Zwölf Boxkämpfer\u2028"\\' }],
      ['submission.create', createSubmissionArgs(task)],
    );
  }
  return { server, orgId, owner, ida: ida.device, ivo: ivo.device };
}

test('SY-14 the server holds of every scope what a pull from the beginning brings', async () => {
  const { orgId, owner, ida, ivo } = await startWithWork();
  for (const device of [owner, ida, ivo]) {
    const { scopes, head, checksums } = await mirror(device, orgId);
    const answer = await ask(device, orgId, scopes.toReversed());
    expect(answer).toEqual({ head, checksums });
    for (const { checksum, count } of answer.checksums) {
      expect(checksum).toMatch(/^[0-9a-f]{32}$/);
      if (count === 0) expect(checksum).toBe('0'.repeat(32));
    }
    expect(
      answer.checksums.some(({ scope, count }) => scope.startsWith('private:') && count > 0),
    ).toBe(device !== owner);
  }
});

test('SY-14 a change moves the checksum of its own scope, and a row that drifted shows', async () => {
  const { server, orgId, owner, ida } = await startWithWork();
  const { scopes } = await mirror(ida, orgId);
  const before = await ask(ida, orgId, scopes);
  await ida.apply(orgId, [
    'member.updateProfile',
    { displayName: 'Ida B.', timeZone: 'Europe/Berlin' },
  ]);
  const after = await ask(ida, orgId, scopes);
  const changed = after.checksums.filter(
    ({ checksum }, index) => checksum !== before.checksums[index]?.checksum,
  );
  expect(changed.map(({ scope }) => scope.split(':')[0])).toEqual(['member']);
  expect(after.head.seq).toBe(before.head.seq + 1);

  const held = await mirror(owner, orgId);
  await runStatement(server, `update "tasks" set "title" = 'Drifted'`);
  const drifted = await ask(owner, orgId, ['*']);
  expect(drifted.head).toEqual(held.head);
  expect(drifted.checksums[0]?.count).toBe(held.checksums[0]?.count);
  expect(drifted.checksums[0]?.checksum).not.toBe(held.checksums[0]?.checksum);
});

test('SY-14 scopes that this person may not see now are left out, whether they exist or not', async () => {
  const { orgId, owner, ida, ivo } = await startWithWork();
  const foreign = (await mirror(ivo, orgId)).scopes.filter(
    (scope) => !/^(org|project:.*)$/.test(scope),
  );
  expect(foreign.length).toBe(3);
  const garbage = ['*', deskScope, 'private:', `engagement:${createId()}`, 'org\u0000', '%', "'"];
  const answer = await ask(ida, orgId, ['org', 'org', ...foreign, ...garbage]);
  expect(answer.checksums.map(({ scope }) => scope)).toEqual(['org']);
  const drafts = foreign.filter((scope) => scope.startsWith('private:'));
  expect((await ask(owner, orgId, [...drafts, 'org', deskScope])).checksums).toEqual([]);
});

test('SY-14 who lost a scope, or the organization, gets no checksum of it any more', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { orgId, owner } = organization;
  const { device, engagementId, membershipId } = await organization.addIntern();
  const { scopes } = await mirror(device, orgId);
  await owner.apply(orgId, ['engagement.withdraw', { engagementId }]);
  const { checksums } = await ask(device, orgId, scopes);
  expect(checksums.map(({ scope }) => scope.split(':')[0])).toEqual(['org', 'member', 'private']);
  await owner.apply(orgId, ['member.remove', { membershipId, reason: null }]);
  await expect(ask(device, orgId, scopes)).rejects.toMatchObject({ status: 403 });
  const stranger = new TestDevice(server.url);
  await stranger.register('Stranger');
  for (const target of [orgId, createId()])
    await expect(ask(stranger, target, ['org', '*'])).rejects.toMatchObject({
      status: 403,
      message: 'this account is not a member of this organization',
    });
});

test('SY-14 a request that names nothing, or too much, is refused by its field', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  for (const scopes of [[], ['x'.repeat(81)], Array.from({ length: 10_001 }, () => 'org')])
    await expect(ask(owner, orgId, scopes)).rejects.toMatchObject({
      status: 400,
      code: 'invalid_input',
    });
});

test('SY-14 sums that are asked for while others write hold at the head that they name', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const write = (count: number) =>
    owner.push(
      orgId,
      Array.from({ length: count }, (_, index) =>
        owner.createMutation('project.create', {
          projectId: createId(),
          terms: { ...testProjectTerms, title: `Project ${index}` },
        }),
      ),
    );
  await write(500);
  let isWriting = true;
  const writing = (async () => {
    for (let batch = 0; batch < 20; batch += 1) await write(5);
    isWriting = false;
  })();
  const answers: ChecksumsResponse[] = [];
  while (isWriting) answers.push(await ask(owner, orgId, ['*']));
  await writing;
  answers.push(await ask(owner, orgId, ['*']));
  // Each project is one mutation and one row, on top of what there was before.
  const [first] = answers;
  if (first === undefined) throw new Error('nothing was answered');
  const base = (first.checksums[0]?.count ?? 0) - first.head.seq;
  for (const { head, checksums } of answers) expect(checksums[0]?.count).toBe(head.seq + base);
  expect(answers.at(-1)).toEqual(
    await mirror(owner, orgId).then(({ head, checksums }) => ({
      head,
      checksums: checksums.filter(({ scope }) => scope === '*'),
    })),
  );
});
