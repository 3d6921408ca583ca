import type { CreateTableBuilder, Kysely } from 'kysely';

/**
 * What version 2 adds to the domain tables: the inputs of a verdict and what the employer decided, and
 * quarantined work. Frozen: a later version adds a file of its own.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- a migration runs on a schema that no type describes yet
export async function extendDomainSchemaToV2(db: Kysely<any>): Promise<void> {
  for (const column of [
    'verdictInputsJson',
    'decidedVerdict',
    'decidedBy',
    'decidedAt',
    'decisionReason',
  ])
    await db.schema.alterTable('submissions').addColumn(column, 'text').execute();

  let table: CreateTableBuilder<string, string> = db.schema
    .createTable('quarantinedChanges')
    .addColumn('version', 'integer', (definition) => definition.notNull());
  for (const column of [
    'orgId',
    'id',
    'scope',
    'name',
    'mutationJson',
    'membershipId',
    'accountId',
    'deviceId',
    'claimedAt',
    'receivedAt',
    'reason',
    'state',
  ])
    table = table.addColumn(column, 'text', (definition) => definition.notNull());
  for (const column of ['decidedBy', 'decidedAt', 'decisionReason', 'problem'])
    table = table.addColumn(column, 'text');
  await table.addPrimaryKeyConstraint('quarantinedChanges_pk', ['orgId', 'id']).execute();
}
