import type { CreateTableBuilder, Kysely } from 'kysely';

type Column = 'text' | 'integer' | 'bigint';
type NullableColumn = `${Column}?`;

/**
 * The domain tables as version 1 created them. Frozen: a later version adds a file of its own.
 * A name followed by a type; `?` marks a column that may be null.
 */
const tables: Record<string, Record<string, Column | NullableColumn>> = {
  organizations: {
    name: 'text',
    timeZone: 'text',
    createdAt: 'text',
    receiptKeyId: 'text',
    receiptPublicKey: 'text',
  },
  memberships: {
    accountId: 'text',
    role: 'text',
    displayName: 'text',
    email: 'text',
    timeZone: 'text',
    status: 'text',
    joinedAt: 'text',
  },
  projects: {
    title: 'text',
    brief: 'text',
    category: 'text',
    categoryName: 'text?',
    hourBudgetMinutes: 'integer',
    payKind: 'text',
    payAmountMinor: 'integer?',
    payCurrency: 'text?',
    timeZone: 'text',
    startsOn: 'text',
    endsOn: 'text',
    graceMinutes: 'integer',
    latePolicy: 'text',
    roundsIncluded: 'integer',
    createdBy: 'text',
    createdAt: 'text',
    closedAt: 'text?',
  },
  engagements: {
    projectId: 'text',
    membershipId: 'text?',
    invitedName: 'text',
    invitedEmail: 'text?',
    status: 'text',
    hourBudgetMinutes: 'integer',
    payKind: 'text',
    payAmountMinor: 'integer?',
    payCurrency: 'text?',
    startsOn: 'text',
    endsOn: 'text',
    createdAt: 'text',
    agreedAt: 'text?',
    endedAt: 'text?',
  },
  invitations: {
    role: 'text',
    codeHash: 'text',
    engagementId: 'text?',
    invitedName: 'text',
    createdBy: 'text',
    createdAt: 'text',
    expiresAt: 'text',
    acceptedAt: 'text?',
    acceptedBy: 'text?',
    withdrawnAt: 'text?',
  },
  tasks: {
    engagementId: 'text',
    title: 'text',
    estimateMinutes: 'integer?',
    position: 'integer',
    briefVersionId: 'text',
    deadlineId: 'text',
    createdBy: 'text',
    createdAt: 'text',
    cancelledAt: 'text?',
  },
  deadlines: {
    taskId: 'text',
    wall: 'text',
    zone: 'text',
    createdBy: 'text',
    createdAt: 'text',
    supersededSeq: 'bigint?',
  },
  extensions: {
    taskId: 'text',
    days: 'integer',
    minutes: 'integer',
    reason: 'text',
    createdBy: 'text',
    createdAt: 'text',
  },
  briefVersions: {
    taskId: 'text',
    version: 'integer',
    instructions: 'text',
    criteriaJson: 'text',
    createdBy: 'text',
    createdAt: 'text',
  },
  briefAcknowledgements: {
    taskId: 'text',
    briefVersionId: 'text',
    membershipId: 'text',
    acknowledgedAt: 'text',
  },
  attachments: {
    ownerKind: 'text',
    ownerId: 'text',
    taskId: 'text',
    sha256: 'text',
    sizeBytes: 'bigint',
    name: 'text',
    mediaType: 'text',
    createdBy: 'text',
    createdAt: 'text',
    removedAt: 'text?',
    arrivedAt: 'text?',
  },
  drafts: { taskId: 'text', note: 'text', tickedJson: 'text', updatedAt: 'text' },
  submissions: {
    taskId: 'text',
    engagementId: 'text',
    revision: 'integer',
    briefVersionId: 'text',
    deadlineId: 'text',
    note: 'text',
    tickedJson: 'text',
    manifestJson: 'text',
    manifestHash: 'text',
    workedSeconds: 'bigint',
    submittedBy: 'text',
    claimedAt: 'text',
    receivedAt: 'text?',
    marksJson: 'text',
    verdict: 'text?',
    filesCompleteAt: 'text?',
  },
  receipts: {
    submissionId: 'text',
    taskId: 'text',
    statementJson: 'text',
    keyId: 'text',
    signature: 'text',
    issuedAt: 'text',
  },
  reviews: {
    submissionId: 'text',
    taskId: 'text',
    manifestHash: 'text',
    decision: 'text',
    comment: 'text',
    commentsJson: 'text',
    counts: 'integer',
    createdBy: 'text',
    claimedAt: 'text',
    receivedAt: 'text?',
  },
  timeEntries: {
    engagementId: 'text',
    taskId: 'text',
    membershipId: 'text',
    startedAt: 'text',
    endedAt: 'text',
    zone: 'text',
    source: 'text',
    note: 'text',
    createdAt: 'text',
    updatedAt: 'text',
    deletedAt: 'text?',
    revivedAt: 'text?',
  },
  fieldEdits: {
    tableName: 'text',
    rowId: 'text',
    field: 'text',
    previousJson: 'text',
    nextJson: 'text',
    overwroteUnseen: 'integer',
    editedBy: 'text',
    editedAt: 'text',
  },
};

/** What the hot paths look up, beyond the primary key. */
const indexes: readonly (readonly [table: string, ...columns: string[]])[] = [
  ['memberships', 'orgId', 'accountId'],
  ['engagements', 'orgId', 'membershipId'],
  ['engagements', 'orgId', 'projectId'],
  ['invitations', 'codeHash'],
  ['tasks', 'orgId', 'engagementId', 'position'],
  ['deadlines', 'orgId', 'taskId'],
  ['extensions', 'orgId', 'taskId'],
  ['briefVersions', 'orgId', 'taskId', 'version'],
  ['briefAcknowledgements', 'orgId', 'taskId'],
  ['attachments', 'orgId', 'ownerId'],
  ['attachments', 'orgId', 'taskId'],
  ['attachments', 'orgId', 'sha256'],
  ['submissions', 'orgId', 'taskId', 'revision'],
  ['receipts', 'orgId', 'submissionId'],
  ['reviews', 'orgId', 'submissionId'],
  ['reviews', 'orgId', 'taskId'],
  ['timeEntries', 'orgId', 'engagementId', 'startedAt'],
  ['timeEntries', 'orgId', 'taskId'],
  ['timeEntries', 'orgId', 'startedAt'],
  ['fieldEdits', 'orgId', 'rowId'],
];

/** Creates the domain tables and their indexes; used by the first migration of workspace and server alike. */
// oxlint-disable-next-line typescript/no-explicit-any -- a migration runs on a schema that no type describes yet
export async function createDomainSchemaV1(db: Kysely<any>): Promise<void> {
  for (const [name, columns] of Object.entries(tables)) {
    let table: CreateTableBuilder<string, string> = db.schema
      .createTable(name)
      .addColumn('orgId', 'text', (column) => column.notNull())
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('scope', 'text', (column) => column.notNull());
    for (const [column, declared] of Object.entries(columns)) {
      const nullable = declared.endsWith('?');
      const type = (nullable ? declared.slice(0, -1) : declared) as Column;
      table = table.addColumn(column, type, (definition) =>
        nullable ? definition : definition.notNull(),
      );
    }
    await table.addPrimaryKeyConstraint(`${name}_pk`, ['orgId', 'id']).execute();
  }
  for (const [table, ...columns] of indexes) {
    await db.schema
      .createIndex(`${table}_by_${columns.join('_')}`)
      .on(table)
      .columns(columns)
      .execute();
  }
}
