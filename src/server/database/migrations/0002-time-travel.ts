import type { Migration } from 'kysely/migration';
import { extendDomainSchemaToV2 } from '../../../shared/database/domain-schema-v2.ts';

/**
 * Device sequences beside the answers, so that a restored or cloned workspace is recognised (SY-16); when a
 * session was last used and when it ends; and what the domain tables got.
 */
export const timeTravelMigration: Migration = {
  async up(db) {
    await extendDomainSchemaToV2(db);
    await db.schema.alterTable('mutationResults').addColumn('deviceSeq', 'bigint').execute();
    await db.schema
      .createIndex('mutationResults_by_device')
      .on('mutationResults')
      .columns(['orgId', 'deviceId', 'deviceSeq'])
      .execute();
    await db.schema.alterTable('sessions').addColumn('lastUsedAt', 'text').execute();
    await db.schema.alterTable('sessions').addColumn('expiresAt', 'text').execute();
    await db.schema
      .createIndex('sessions_by_device')
      .on('sessions')
      .columns(['deviceId'])
      .execute();
  },
};
