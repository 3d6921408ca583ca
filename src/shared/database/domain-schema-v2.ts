import type { Kysely } from 'kysely';
import { createDomainTable } from './create-domain-table.ts';

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

  await createDomainTable(db, 'quarantinedChanges', {
    version: 'integer',
    name: 'text',
    mutationJson: 'text',
    membershipId: 'text',
    accountId: 'text',
    deviceId: 'text',
    claimedAt: 'text',
    receivedAt: 'text',
    reason: 'text',
    state: 'text',
    decidedBy: 'text?',
    decidedAt: 'text?',
    decisionReason: 'text?',
    problem: 'text?',
  });
}
