import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { createDomainSchemaV1 } from '../../../shared/database/domain-schema-v1.ts';

/** The domain tables, and what the server keeps beside them. */
export const initialMigration: Migration = {
  async up(db) {
    await createDomainSchemaV1(db);
    await createOrderTables(db);
    await createAccountTables(db);
    await createFileTables(db);
  },
};

// oxlint-disable-next-line typescript/no-explicit-any -- a migration runs on a schema that no type describes yet
type AnyDatabase = Kysely<any>;

async function createOrderTables(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('organizationHeads')
    .addColumn('orgId', 'text', (column) => column.notNull().primaryKey())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('rowIndex')
    .addColumn('orgId', 'text', (column) => column.notNull())
    .addColumn('tableName', 'text', (column) => column.notNull())
    .addColumn('rowId', 'text', (column) => column.notNull())
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('rowIndex_pk', ['orgId', 'tableName', 'rowId'])
    .execute();
  await db.schema
    .createIndex('rowIndex_by_scope_seq')
    .on('rowIndex')
    .columns(['orgId', 'scope', 'seq'])
    .execute();
  await db.schema.createIndex('rowIndex_by_seq').on('rowIndex').columns(['orgId', 'seq']).execute();

  await db.schema
    .createTable('mutationLog')
    .addColumn('orgId', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('mutationId', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('argsJson', 'text', (column) => column.notNull())
    .addColumn('argsHash', 'text', (column) => column.notNull())
    .addColumn('actorMembershipId', 'text', (column) => column.notNull())
    .addColumn('accountId', 'text', (column) => column.notNull())
    .addColumn('deviceId', 'text')
    .addColumn('deviceSeq', 'bigint')
    .addColumn('claimedAt', 'text', (column) => column.notNull())
    .addColumn('receivedAt', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('mutationLog_pk', ['orgId', 'seq'])
    .execute();
  await db.schema
    .createIndex('mutationLog_by_mutationId')
    .on('mutationLog')
    .columns(['orgId', 'mutationId'])
    .unique()
    .execute();

  await db.schema
    .createTable('mutationResults')
    .addColumn('orgId', 'text', (column) => column.notNull())
    .addColumn('mutationId', 'text', (column) => column.notNull())
    .addColumn('argsHash', 'text', (column) => column.notNull())
    .addColumn('membershipId', 'text', (column) => column.notNull())
    .addColumn('deviceId', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint')
    .addColumn('code', 'text')
    .addColumn('message', 'text')
    .addColumn('field', 'text')
    .addColumn('receivedAt', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('mutationResults_pk', ['orgId', 'mutationId'])
    .execute();
}

async function createAccountTables(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('accounts')
    .addColumn('id', 'text', (column) => column.notNull().primaryKey())
    .addColumn('email', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('timeZone', 'text', (column) => column.notNull())
    .addColumn('passwordHash', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('sessions')
    .addColumn('id', 'text', (column) => column.notNull().primaryKey())
    .addColumn('tokenHash', 'text', (column) => column.notNull().unique())
    .addColumn('accountId', 'text', (column) => column.notNull().references('accounts.id'))
    .addColumn('deviceId', 'text', (column) => column.notNull())
    .addColumn('deviceName', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .addColumn('revokedAt', 'text')
    .execute();
  await db.schema
    .createIndex('sessions_by_account')
    .on('sessions')
    .columns(['accountId', 'deviceId'])
    .execute();
  // Whoever signs in asks for a person's memberships in every organization.
  await db.schema
    .createIndex('memberships_by_account')
    .on('memberships')
    .columns(['accountId'])
    .execute();
}

async function createFileTables(db: AnyDatabase): Promise<void> {
  await db.schema
    .createTable('fileGrants')
    .addColumn('orgId', 'text', (column) => column.notNull())
    .addColumn('membershipId', 'text', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('sizeBytes', 'bigint', (column) => column.notNull())
    .addColumn('grantedAt', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('fileGrants_pk', ['orgId', 'membershipId', 'sha256'])
    .execute();

  await db.schema
    .createTable('uploads')
    .addColumn('id', 'text', (column) => column.notNull().primaryKey())
    .addColumn('orgId', 'text', (column) => column.notNull())
    .addColumn('membershipId', 'text', (column) => column.notNull())
    .addColumn('accountId', 'text', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('sizeBytes', 'bigint', (column) => column.notNull())
    .addColumn('createdAt', 'text', (column) => column.notNull())
    .addColumn('verifiedAt', 'text')
    .addColumn('finishedAt', 'text')
    .execute();
}
