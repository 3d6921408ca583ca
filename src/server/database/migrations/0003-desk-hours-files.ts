import type { Migration } from 'kysely/migration';
import { extendDomainSchemaToV3, indexesOfV3 } from '../../../shared/database/domain-schema-v3.ts';
import { createContentLedger } from './content-ledger.ts';

/** What version 3 of the protocol brings: agreements, hours that are approved, the employer's desk, files of any size. */
export const deskHoursFilesMigration: Migration = {
  async up(db) {
    await extendDomainSchemaToV3(db);
    await db.schema.alterTable('mutationLog').addColumn('erasedAt', 'text').execute();
    await db.schema.alterTable('accounts').addColumn('closedAt', 'text').execute();
    await db.schema
      .createTable('calendarFeeds')
      .addColumn('accountId', 'text', (column) => column.primaryKey().notNull())
      .addColumn('secretHash', 'text', (column) => column.notNull().unique())
      .addColumn('createdAt', 'text', (column) => column.notNull())
      .addColumn('lastUsedAt', 'text')
      .execute();
    for (const [table, ...columns] of indexesOfV3)
      await db.schema
        .createIndex(`${table}_by_orgId_${columns.join('_')}`)
        .on(table)
        .columns(['orgId', ...columns])
        .execute();
    await createContentLedger(db);
  },
};
