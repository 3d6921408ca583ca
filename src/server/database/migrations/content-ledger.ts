import { type Kysely, sql } from 'kysely';

/**
 * What the store of contents holds, and how much of it each organization uses; what was given before is entered from
 * the grants.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- a migration runs on a schema that no type describes yet
export async function createContentLedger(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('contents')
    .addColumn('orgId', 'text', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('sizeBytes', 'bigint', (column) => column.notNull())
    .addColumn('storedAt', 'text', (column) => column.notNull())
    .addColumn('looseSince', 'text')
    .addColumn('damagedAt', 'text')
    .addColumn('checkedAt', 'text')
    .addPrimaryKeyConstraint('contents_pk', ['orgId', 'sha256'])
    .execute();
  await db.schema
    .createTable('organizationStorage')
    .addColumn('orgId', 'text', (column) => column.notNull().primaryKey())
    .addColumn('usedBytes', 'bigint', (column) => column.notNull())
    .addColumn('quotaBytes', 'bigint')
    .execute();
  await db.schema.alterTable('uploads').addColumn('reservedBytes', 'bigint').execute();
  await sql`
    insert into "contents" ("orgId", "sha256", "sizeBytes", "storedAt")
    select "orgId", "sha256", max("sizeBytes"), min("grantedAt") from "fileGrants"
    group by "orgId", "sha256"`.execute(db);
  await sql`
    insert into "organizationStorage" ("orgId", "usedBytes")
    select "orgId", sum("sizeBytes") from "contents" group by "orgId"`.execute(db);
  // Found among very many that are sound, and asked for by every workspace.
  await sql`
    create index "contents_damaged" on "contents" ("orgId") where "damagedAt" is not null`.execute(
    db,
  );
  await db.schema
    .createIndex('uploads_by_orgId_sha256')
    .on('uploads')
    .columns(['orgId', 'sha256'])
    .execute();
  await db.schema
    .createIndex('contents_by_checkedAt')
    .on('contents')
    .columns(['checkedAt'])
    .execute();
}
