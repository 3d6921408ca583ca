import type { Kysely } from 'kysely';
import { createDomainTable, type DomainColumns } from './create-domain-table.ts';

/** What version 3 adds to the domain tables. */
const tables: Readonly<Record<string, DomainColumns>> = {
  amendments: {
    engagementId: 'text',
    taskId: 'text?',
    proposedBy: 'text',
    proposedSide: 'text',
    reason: 'text',
    changesJson: 'text',
    state: 'text',
    createdAt: 'text',
    decidedBy: 'text?',
    decidedAt: 'text?',
    decisionReason: 'text?',
  },
  taskTemplates: {
    projectId: 'text',
    title: 'text',
    instructions: 'text',
    criteriaJson: 'text',
    estimateMinutes: 'integer?',
    dueDays: 'integer',
    dueTime: 'text',
    position: 'integer',
    createdBy: 'text',
    createdAt: 'text',
    removedAt: 'text?',
  },
  evaluations: {
    engagementId: 'text',
    side: 'text',
    writtenBy: 'text',
    revision: 'integer',
    contentJson: 'text',
    claimedAt: 'text',
    createdAt: 'text',
    openedAt: 'text?',
    afterOpening: 'integer',
  },
  draftVersions: {
    taskId: 'text',
    kind: 'text',
    note: 'text?',
    revision: 'integer',
    isConcurrent: 'integer',
    writtenAt: 'text',
    replacedAt: 'text',
  },
  timesheets: {
    engagementId: 'text',
    membershipId: 'text',
    kind: 'text',
    startsOn: 'text',
    endsOn: 'text',
    zone: 'text',
    startsAt: 'text?',
    endsAt: 'text?',
    taskId: 'text?',
    submissionId: 'text?',
    note: 'text',
    roundingMinutes: 'integer?',
    roundingMode: 'text?',
    roundingPer: 'text?',
    state: 'text',
    submittedAt: 'text',
    decidedBy: 'text?',
    decidedAt: 'text?',
    decisionNote: 'text?',
    contentHash: 'text?',
  },
  timesheetComments: {
    timesheetId: 'text',
    timeEntryId: 'text',
    text: 'text',
    createdBy: 'text',
    createdAt: 'text',
  },
  bundleExports: {
    engagementIdsJson: 'text',
    fileName: 'text',
    sizeBytes: 'bigint',
    sha256: 'text',
    contentsJson: 'text',
    exportedBy: 'text',
    claimedAt: 'text',
    createdAt: 'text',
  },
  timeChangeRequests: {
    engagementId: 'text',
    timesheetId: 'text?',
    membershipId: 'text',
    changeJson: 'text',
    reason: 'text',
    cameLate: 'integer',
    state: 'text',
    createdAt: 'text',
    decidedBy: 'text?',
    decidedAt: 'text?',
    decisionNote: 'text?',
  },
  questions: {
    taskId: 'text',
    text: 'text',
    askedBy: 'text',
    claimedAt: 'text',
    createdAt: 'text',
  },
  answers: {
    questionId: 'text',
    taskId: 'text',
    text: 'text',
    answeredBy: 'text',
    claimedAt: 'text',
    createdAt: 'text',
    briefVersionId: 'text?',
  },
  extensionRequests: {
    taskId: 'text',
    days: 'integer',
    minutes: 'integer',
    reason: 'text',
    briefVersionId: 'text?',
    requestedBy: 'text',
    createdAt: 'text',
    state: 'text',
    decidedBy: 'text?',
    decidedAt: 'text?',
    decisionReason: 'text?',
    extensionId: 'text?',
  },
  phrases: {
    text: 'text',
    createdBy: 'text',
    createdAt: 'text',
    updatedAt: 'text',
    removedAt: 'text?',
  },
  reviewClaims: {
    submissionId: 'text',
    heldBy: 'text',
    heldSince: 'text',
    expiresAt: 'text',
  },
};

/** New columns of older tables; null in rows that came before. */
const columns: Readonly<Record<string, Readonly<Record<string, 'text' | 'integer' | 'bigint'>>>> = {
  memberships: { erasedAt: 'text', erasureAskedAt: 'text' },
  drafts: { noteVersionId: 'text' },
  timeEntries: { timesheetId: 'text', originId: 'text' },
  projects: {
    roundingMinutes: 'integer',
    roundingMode: 'text',
    roundingPer: 'text',
    rubricJson: 'text',
  },
  engagements: {
    scopeText: 'text',
    agreementJson: 'text',
    offeredBy: 'text',
    confirmedHash: 'text',
    endReason: 'text',
  },
  tasks: { dependsOnJson: 'text' },
  submissions: {
    promisedWall: 'text',
    promisedZone: 'text',
    promisedBy: 'text',
    promisedAt: 'text',
  },
  reviews: { scoresJson: 'text' },
};

/** What is looked up in them, beyond the primary key; a server's indexes begin with `orgId`, a seat's do not. */
export const indexesOfV3: readonly (readonly [table: string, ...columns: string[]])[] = [
  ['amendments', 'engagementId'],
  ['taskTemplates', 'projectId'],
  ['evaluations', 'engagementId'],
  ['draftVersions', 'taskId'],
  ['timesheets', 'engagementId'],
  ['timesheetComments', 'timesheetId'],
  ['timeChangeRequests', 'engagementId'],
  ['timeEntries', 'timesheetId'],
  ['questions', 'taskId'],
  ['answers', 'taskId'],
  ['extensionRequests', 'taskId'],
];

/** Creates no indexes: server and seat each make their own from `indexesOfV3`. */
// oxlint-disable-next-line typescript/no-explicit-any -- a migration runs on a schema that no type describes yet
export async function extendDomainSchemaToV3(db: Kysely<any>): Promise<void> {
  for (const [name, described] of Object.entries(tables))
    await createDomainTable(db, name, described);
  for (const [table, added] of Object.entries(columns))
    for (const [column, type] of Object.entries(added))
      await db.schema.alterTable(table).addColumn(column, type).execute();
}

export const tablesOfV3: readonly string[] = Object.keys(tables);
