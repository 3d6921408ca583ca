import path from 'node:path';
import Database from 'better-sqlite3';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { collectContents } from '../../../src/server/files/collect-contents.ts';
import { createContentScrubber } from '../../../src/server/files/content-scrubber.ts';
import { openDueEvaluations } from '../../../src/server/sync/open-evaluations.ts';
import {
  computeTimesheetHash,
  type HashedEntry,
} from '../../../src/shared/domain/timesheet-hash.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { openServerParts } from '../../support/server/open-server-parts.ts';
import { computeSha256, createId } from '../../support/server/test-ids.ts';
import {
  createManifestFile,
  createSubmissionArgs,
  TestOrganization,
} from '../../support/server/test-organization.ts';
import { startTestServer, type TestServer } from '../../support/server/test-server.ts';
import { uploadContent } from '../../support/server/upload-content.ts';

/** One row for each organization, or few beside what the people in it do. */
const smallTables = [
  'organizations',
  'organizationHeads',
  'organizationStorage',
  'memberships',
  'engagements',
  'invitations',
];

let server: TestServer;
let organization: TestOrganization;
let statements: Set<string>;

beforeEach(async () => {
  server = await startTestServer();
  organization = await TestOrganization.create(server.url);
  statements = new Set();
  const { prepare } = Database.prototype;
  const spy = vi.spyOn(Database.prototype, 'prepare').mockImplementation(function (
    this: Database.Database,
    text: string,
  ) {
    statements.add(text);
    return prepare.call(this, text);
  });
  onTestFinished(() => spy.mockRestore());
});

/** What reads more of a table than what it wants: all of it, all of an organization's, or half of that. */
function listReaders(): string[] {
  const connection = new Database(path.join(server.dataFolder, 'server.db'), { readonly: true });
  onTestFinished(() => void connection.close());
  return [...statements]
    .filter((text) => /^(?:select|update|delete)\b/i.test(text) && !text.includes('sqlite_master'))
    .flatMap((text) => {
      const parameters = Array.from(text.matchAll(/\?/g), () => 'x');
      const plan = connection
        .prepare<unknown[], { detail: string }>(`explain query plan ${text}`)
        .all(parameters);
      return plan.flatMap(({ detail }) =>
        readsTooMuch(detail, text) ? [`${detail}: ${text}`] : [],
      );
    });
}

function readsTooMuch(detail: string, text: string): boolean {
  const [, kind = '', table = ''] = /^(SCAN|SEARCH) (\S+)/.exec(detail) ?? [];
  // The rows of another query, or of a list that came with it.
  if (kind === '' || ['entry', 'json_each', 'CONSTANT'].includes(table)) return false;
  if (kind === 'SCAN') return true;
  // An index of the few that are damaged.
  if (smallTables.includes(table) || detail.includes('INDEX contents_damaged')) return false;
  // From somewhere on, and not up to anywhere.
  if (/\((?:orgId=\? AND )?\w+[<>]\?\)/.test(detail)) return !text.includes(' limit ');
  return /\(orgId=\?\)|ANY\(/.test(detail);
}

const addTime = (taskId: string, timeEntryId: string): [name: string, args: unknown] => [
  'time.add',
  {
    timeEntryId,
    taskId,
    startedAt: '2026-03-03T09:00:00.000Z',
    endedAt: '2026-03-03T10:00:00.000Z',
    zone: 'Europe/Berlin',
    source: 'manual',
    note: '',
  },
];

test('what a person asks of the server reads their part of it, however large the organization is', async () => {
  const { orgId, owner } = organization;
  const { device, engagementId } = await organization.addIntern();
  const task = await organization.assignTask(engagementId);
  const { taskId } = task;
  const content = Buffer.from('findings');
  const file = createManifestFile(content);
  const timeEntryId = createId();
  const timesheetId = createId();
  statements.clear();

  await device.apply(
    orgId,
    ['draft.writeNote', { taskId, note: 'so far' }],
    addTime(taskId, timeEntryId),
    ['time.edit', { timeEntryId, patch: { note: 'calls' }, seen: { note: '' } }],
    ['submission.create', createSubmissionArgs(task, { files: [file] })],
    [
      'timesheet.submit',
      {
        timesheetId,
        engagementId,
        kind: 'period',
        startsOn: '2026-03-02',
        endsOn: '2026-03-08',
        zone: 'Europe/Berlin',
        startsAt: '2026-03-01T23:00:00.000Z',
        endsAt: '2026-03-08T23:00:00.000Z',
        taskId: null,
        submissionId: null,
        note: '',
        timeEntryIds: [timeEntryId],
      },
    ],
  );
  const draft = { taskId, file: { ...file, attachmentId: createId() } };
  const attach = device.createMutation('draft.attach', draft, { version: 2 });
  expect((await device.push(orgId, [attach])).results).toMatchObject([{ status: 'applied' }]);
  await device.fetch(endpoints.wantedFiles(orgId));
  await uploadContent(device, orgId, content);
  await device.fetch(endpoints.file(orgId, computeSha256(content)));
  const entries = (await owner.list(orgId, 'timeEntries')) as unknown as HashedEntry[];
  await owner.apply(
    orgId,
    [
      'timesheet.decide',
      {
        timesheetId,
        decision: 'approved',
        comments: [],
        contentHash: computeTimesheetHash(entries, computeSha256),
        note: '',
      },
    ],
    ['task.edit', { taskId, patch: { title: 'Survey' }, seen: { title: 'Survey' } }],
  );
  for (const person of [owner, device]) {
    const { scopes } = await person.pull(orgId);
    await person.request('POST', endpoints.checksums(orgId), {
      scopes: scopes.map(({ scope }) => scope),
    });
    await person.request('GET', endpoints.history(orgId));
    const { secret } = await person.request<{ secret: string }>('POST', endpoints.calendar, {});
    expect(await (await fetch(`${server.url}/calendar/${secret}.ics`)).text()).toContain('VEVENT');
  }

  expect(listReaders()).toEqual([]);
});

test('what a server looks after by itself begins where it left off', async () => {
  await organization.assignTask((await organization.addIntern()).engagementId);
  await server.close();
  const parts = await openServerParts(server);
  statements.clear();

  await collectContents({ ...parts, dataFolder: server.dataFolder });
  await createContentScrubber(parts).scrub({ everything: false });
  await createContentScrubber(parts).scrub({ everything: true });
  await openDueEvaluations(parts);

  const perOrganization = /from "organizationStorage"$|from "uploads"$|count\(\*\)/;
  expect(listReaders().filter((reader) => !perOrganization.test(reader))).toEqual([]);
});
