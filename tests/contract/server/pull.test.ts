import { expect, test } from 'vitest';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import type { PulledRow, PullResponse } from '../../../src/shared/protocol/pull.ts';
import { pullPageRows } from '../../../src/shared/protocol/version.ts';
import { loadPage } from '../../../src/server/sync/pull.ts';
import { openServerParts } from '../../support/server/open-server-parts.ts';
import { AnswerError, TestDevice } from '../../support/server/test-device.ts';
import { computeInstant, createId } from '../../support/server/test-ids.ts';
import {
  createManifestFile,
  createSubmissionArgs,
  testProjectTerms,
  TestOrganization,
} from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

const listNames = (page: PullResponse) => page.scopes.map(({ scope }) => scope);

test('SY-10 an intern sees their own engagement, its project and the employers, and nothing of other interns', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId } = organization;
  const ida = await organization.addIntern('Ida');
  const tom = await organization.addIntern('Tom');
  await organization.assignTask(ida.engagementId, { title: 'For Ida' });
  await organization.assignTask(tom.engagementId, { title: 'For Tom' });

  const page = await ida.device.pull(orgId);
  expect(listNames(page)).toEqual([
    'org',
    `member:${ida.membershipId}`,
    `private:${ida.membershipId}`,
    `project:${organization.projectId}`,
    `engagement:${ida.engagementId}`,
  ]);
  expect(page.added).toEqual(listNames(page));
  expect(page.removed).toEqual([]);
  const text = JSON.stringify(page.rows);
  expect(text).toContain('For Ida');
  expect(text).not.toContain('For Tom');
  expect(text).not.toContain(tom.membershipId);
  expect(page.rows.map(({ table }) => table)).not.toContain('invitations');
});

test('SY-10 an employer sees everything but what is private to a person', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner, ownerMembershipId } = organization;
  const intern = await organization.addIntern();
  const task = await organization.assignTask(intern.engagementId);
  await intern.device.apply(orgId, [
    'draft.writeNote',
    { taskId: task.taskId, note: 'not for the employer yet' },
  ]);
  const page = await owner.pull(orgId);
  expect(listNames(page)).toEqual(['*', `private:${ownerMembershipId}`]);
  expect(JSON.stringify(page.rows)).not.toContain('not for the employer yet');
  expect(page.rows.map(({ table }) => table)).toContain('invitations');
  expect(await intern.device.list(orgId, 'drafts')).toMatchObject([
    { note: 'not for the employer yet' },
  ]);
});

test('SY-10 a scope that a person may not see any more is named as removed, and its rows do not come', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const { device: intern, engagementId } = await organization.addIntern();
  const held = await intern.pull(orgId);
  await owner.apply(orgId, ['engagement.withdraw', { engagementId }]);
  await organization.assignTask((await organization.addIntern()).engagementId);

  const page = await intern.pull(orgId, { scopes: held.scopes, head: held.head });
  expect(page.removed).toEqual([`project:${organization.projectId}`, `engagement:${engagementId}`]);
  expect(listNames(page)).not.toContain(`engagement:${engagementId}`);
  expect(page.rows.filter(({ table }) => table === 'engagements')).toEqual([]);
  expect(page.complete).toBe(true);
});

test('SY-10 a scope that is new comes whole, whatever the others have reached', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const { device: intern } = await organization.addIntern();
  const otherProjectId = createId();
  await owner.apply(orgId, [
    'project.create',
    { projectId: otherProjectId, terms: { ...testProjectTerms, title: 'Second' } },
  ]);
  const { code, engagementId } = await organization.invite({ projectId: otherProjectId });
  const held = await intern.pull(orgId);
  await intern.request('POST', endpoints.acceptInvitation, { code, membershipId: createId() });

  const page = await intern.pull(orgId, { scopes: held.scopes, head: held.head });
  expect(page.added.sort()).toEqual([`engagement:${engagementId}`, `project:${otherProjectId}`]);
  const project = page.rows.find(({ table }) => table === 'projects');
  expect(project?.row).toMatchObject({ id: otherProjectId, title: 'Second' });
  expect(project?.seq).toBeLessThan(held.head.seq + 1);
});

test('SY-10 who is no member gets nothing but a refusal', async () => {
  const { url } = await startTestServer();
  const { orgId } = await TestOrganization.create(url);
  const stranger = new TestDevice(url);
  await stranger.register('Stranger');
  const failure = await stranger.pull(orgId).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(AnswerError);
  expect(failure).toMatchObject({ status: 403, code: 'forbidden' });
});

test('SY-11 a pull answers only what changed since its cursors', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const held = await owner.pull(orgId);
  const none = await owner.pull(orgId, { scopes: held.scopes, head: held.head });
  expect(none).toMatchObject({ rows: [], added: [], removed: [], complete: true });
  await owner.apply(orgId, ['organization.rename', { name: 'New name', seenName: 'Talkorn' }]);
  const page = await owner.pull(orgId, { scopes: held.scopes, head: held.head });
  expect(page.rows.map(({ table, seq }) => `${table} ${seq}`).sort()).toEqual([
    `fieldEdits ${page.head.seq}`,
    `organizations ${page.head.seq}`,
  ]);
});

test('SY-11 pages are cut between two numbers, and together bring every row once', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const { device: intern, engagementId } = await organization.addIntern();
  const task = await organization.assignTask(engagementId);
  const count = pullPageRows + 300;
  for (let start = 0; start < count; start += 400) {
    const entries = Array.from(
      { length: Math.min(400, count - start) },
      (_, index) =>
        [
          'time.add',
          {
            timeEntryId: createId(),
            taskId: task.taskId,
            startedAt: computeInstant(-(start + index + 2) * 60_000),
            endedAt: computeInstant(-(start + index + 1) * 60_000),
            zone: 'Europe/Berlin',
            source: 'manual',
            note: '',
          },
        ] as [string, unknown],
    );
    await intern.apply(orgId, ...entries);
  }
  for (const device of [owner, intern]) {
    const ids: string[] = [];
    const pages: PullResponse[] = [];
    let page = await device.pull(orgId);
    for (;;) {
      pages.push(page);
      ids.push(...page.rows.map(({ table, row }) => `${table}/${String(row['id'])}`));
      const reached = Math.min(...page.scopes.map(({ seq }) => seq));
      for (const { seq } of page.rows) expect(seq).toBeLessThanOrEqual(reached);
      if (page.complete) break;
      page = await device.pull(orgId, { scopes: page.scopes, head: page.head });
    }
    expect(pages.length).toBe(2);
    expect(pages[0]?.rows.length).toBeLessThanOrEqual(pullPageRows);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => id.startsWith('timeEntries/'))).toHaveLength(count);
  }
});

test('SY-11 one number with more rows than a page holds comes in one page', async () => {
  const { url } = await startTestServer();
  const organization = await TestOrganization.create(url);
  const { orgId, owner } = organization;
  const { device: intern, engagementId } = await organization.addIntern();
  const task = await organization.assignTask(engagementId);
  const held = await owner.pull(orgId);
  const files = Array.from({ length: 2000 }, (_, index) => createManifestFile(`${index}`));
  await intern.apply(orgId, ['submission.create', createSubmissionArgs(task, { files })]);
  const page = await owner.pull(orgId, { scopes: held.scopes, head: held.head });
  // The files, the submission and its receipt.
  expect(page.rows).toHaveLength(2002);
  expect(page.complete).toBe(true);
});

test('SY-11 pages of long texts end early, and together bring every row once', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const brief = 'ü'.repeat(190_000);
  const projectIds = Array.from({ length: 60 }, () => createId());
  for (const projectId of projectIds)
    await owner.apply(orgId, [
      'project.create',
      { projectId, terms: { ...testProjectTerms, brief } },
    ]);
  let page = await owner.pull(orgId);
  const seen = page.rows.map(({ row }) => row['id']);
  let pages = 1;
  while (!page.complete) {
    page = await owner.pull(orgId, { scopes: page.scopes, head: page.head });
    seen.push(...page.rows.map(({ row }) => row['id']));
    pages += 1;
  }
  expect(pages).toBeGreaterThan(1);
  expect(new Set(seen).size).toBe(seen.length);
  expect(projectIds.filter((id) => !seen.includes(id))).toEqual([]);
});

test('SY-11 a person with hundreds of scopes gets the rows of each, once', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { orgId } = organization;
  const { device, engagementId } = await organization.addIntern();
  await organization.assignTask(engagementId);
  const { scopes, rows, head } = await device.pull(orgId);
  await server.close();

  const { database } = await openServerParts(server);
  // Engagements of which there is nothing stand between those of which there is something.
  const cursors = scopes.flatMap(({ scope }) => [
    ...Array.from({ length: 60 }, () => ({ scope: `engagement:${createId()}`, seq: 0 })),
    { scope, seq: 0 },
  ]);
  const page = await database.read((trx) => loadPage(database, trx, orgId, cursors, head.seq));
  expect(page.reachedSeq).toBe(head.seq);
  const name = ({ table, row }: PulledRow) => `${table}/${String(row['id'])}`;
  expect(page.rows.map(name).toSorted()).toEqual(rows.map(name).toSorted());
});

test('SY-15 a workspace whose head this server does not know gets everything afresh', async () => {
  const { url } = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(url);
  const held = await owner.pull(orgId);
  const elsewhere = { seq: held.head.seq, hash: 'f'.repeat(64) };
  const page = await owner.pull(orgId, { scopes: held.scopes, head: elsewhere });
  expect(page.rows).toEqual(held.rows);
  const ahead = { seq: held.head.seq + 5, hash: 'f'.repeat(64) };
  const scopes = held.scopes.map(({ scope }) => ({ scope, seq: ahead.seq }));
  const again = await owner.pull(orgId, { scopes, head: ahead });
  expect(again.rows).toEqual(held.rows);
  expect(again.scopes).toEqual(held.scopes);
});
