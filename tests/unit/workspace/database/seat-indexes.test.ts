import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { seatMigrations } from '../../../../src/main/workspace/database/migration-lists.ts';
import {
  type OpenedDatabase,
  openDatabase,
} from '../../../../src/main/workspace/database/open-database.ts';
import type { SeatDatabase } from '../../../../src/main/workspace/database/seat-tables.ts';
import { domainTables } from '../../../../src/shared/database/domain-tables.ts';
import { makeTemporaryFolder } from '../../../support/sync/test-installation.ts';

let temporary: Awaited<ReturnType<typeof makeTemporaryFolder>>;
let opened: OpenedDatabase<SeatDatabase>;
const open = () => openDatabase<SeatDatabase>(join(temporary.path, 'seat.db'), seatMigrations);
beforeEach(async () => {
  temporary = await makeTemporaryFolder();
  opened = await open();
});
afterEach(async () => {
  await opened.close();
  await temporary.remove();
});

/** How the queries of the screens, of the rules and of synchronisation look for mirrored rows. */
const lookUps: readonly (readonly [condition: string, index: string])[] = [
  ['"engagements" where "orgId" = ? and "membershipId" = ?', 'engagementsByMembershipId'],
  ['"engagements" where "orgId" = ? and "projectId" = ?', 'engagementsByProjectId'],
  [
    '"tasks" where "orgId" = ? and "engagementId" = ? order by "position"',
    'tasksByEngagementIdAndPosition',
  ],
  ['"deadlines" where "orgId" = ? and "taskId" = ?', 'deadlinesByTaskId'],
  ['"extensions" where "orgId" = ? and "taskId" = ?', 'extensionsByTaskId'],
  [
    '"briefVersions" where "orgId" = ? and "taskId" = ? order by "version" desc',
    'briefVersionsByTaskIdAndVersion',
  ],
  [
    '"briefAcknowledgements" where "orgId" = ? and "taskId" = ? and "membershipId" = ?',
    'briefAcknowledgementsByTaskId',
  ],
  ['"attachments" where "orgId" = ? and "ownerId" = ?', 'attachmentsByOwnerId'],
  ['"attachments" where "orgId" = ? and "taskId" = ?', 'attachmentsByTaskId'],
  ['"attachments" where "orgId" = ? and "sha256" = ?', 'attachmentsBySha256'],
  [
    '"submissions" where "orgId" = ? and "taskId" = ? order by "revision" desc',
    'submissionsByTaskIdAndRevision',
  ],
  ['"receipts" where "orgId" = ? and "submissionId" = ?', 'receiptsBySubmissionId'],
  ['"reviews" where "orgId" = ? and "submissionId" = ?', 'reviewsBySubmissionId'],
  ['"reviews" where "orgId" = ? and "taskId" = ?', 'reviewsByTaskId'],
  [
    '"timeEntries" where "orgId" = ? and "engagementId" = ? and "startedAt" < ?',
    'timeEntriesByEngagementIdAndStartedAt',
  ],
  ['"timeEntries" where "orgId" = ? and "taskId" = ?', 'timeEntriesByTaskId'],
  [
    '"timeEntries" where "orgId" = ? and "startedAt" >= ? and "startedAt" < ?',
    'timeEntriesByStartedAt',
  ],
  ['"timeEntries" where "orgId" = ? and "timesheetId" = ?', 'timeEntriesByTimesheetId'],
  ['"draftVersions" where "orgId" = ? and "taskId" = ?', 'draftVersionsByTaskId'],
  ['"timesheets" where "orgId" = ? and "engagementId" = ?', 'timesheetsByEngagementId'],
  ['"timesheetComments" where "orgId" = ? and "timesheetId" = ?', 'timesheetCommentsByTimesheetId'],
  [
    '"timeChangeRequests" where "orgId" = ? and "engagementId" = ?',
    'timeChangeRequestsByEngagementId',
  ],
  ['"fieldEdits" where "orgId" = ? and "rowId" = ?', 'fieldEditsByRowId'],
  ['"amendments" where "orgId" = ? and "engagementId" = ?', 'amendmentsByEngagementId'],
  ['"questions" where "orgId" = ? and "taskId" = ?', 'questionsByTaskId'],
  ['"answers" where "orgId" = ? and "taskId" = ?', 'answersByTaskId'],
  ['"extensionRequests" where "orgId" = ? and "taskId" = ?', 'extensionRequestsByTaskId'],
  ['"taskTemplates" where "orgId" = ? and "projectId" = ?', 'taskTemplatesByProjectId'],
  ['"evaluations" where "orgId" = ? and "engagementId" = ?', 'evaluationsByEngagementId'],
  ...domainTables.map(
    (table) =>
      [`"${table}" where "orgId" = ? and "id" = ?`, `sqlite_autoindex_${table}_1`] as const,
  ),
];

function explain(condition: string): string {
  const parameters = condition
    .split('?')
    .slice(1)
    .map(() => 'x');
  return opened.connection
    .prepare<unknown[], { detail: string }>(`explain query plan select * from ${condition}`)
    .all(parameters)
    .map(({ detail }) => detail)
    .join('; ');
}

test('what is looked up in the mirrored rows is found by an index, by every connection', async () => {
  for (let round = 0; round < 2; round += 1) {
    for (const [condition, index] of lookUps) {
      const plan = explain(condition);
      expect(plan, condition).toContain(`INDEX ${index} (`);
      expect(plan, condition).not.toMatch(/SCAN|TEMP B-TREE/);
    }
    await opened.close();
    // The second connection reads what helps it to choose from the file.
    opened = await open();
  }
});

test('every index of the mirrored rows is one that is looked something up in', () => {
  const tables = domainTables.map((table) => `'${table}'`).join();
  const indexes = opened.connection
    .prepare<unknown[], string>(
      `select "name" from "sqlite_master" where "type" = 'index' and "tbl_name" in (${tables})`,
    )
    .pluck()
    .all();
  expect(indexes.toSorted()).toEqual(lookUps.map(([, index]) => index).toSorted());
});
