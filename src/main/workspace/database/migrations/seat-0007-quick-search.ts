import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const searchedTables: readonly string[] = [
  'projects',
  'memberships',
  'engagements',
  'tasks',
  'briefVersions',
  'submissions',
  'reviews',
  'attachments',
  'timeEntries',
];

const statements: readonly string[] = [
  // What stood in the index until now is not to stay readable in the pages that it leaves.
  `pragma secure_delete = on`,
  ...searchedTables.flatMap((table) =>
    ['Insert', 'Update', 'Delete'].map(
      (change) => `drop trigger if exists "${table}Search${change}"`,
    ),
  ),
  `delete from "searchQueue"`,
  `delete from "searchDocuments"`,
  `drop table "searchText"`,
  `pragma secure_delete = off`,
  `create virtual table "searchText" using fts5(
    "title", "body", prefix = '1 2 3 4 5 6 7 8', tokenize = "unicode61 remove_diacritics 2")`,
  `update "searchState" set "isBuilt" = 0`,
];

/**
 * Documents get numbers that say what they are (`search-sources.ts`), and beginnings of words up to eight letters an index of
 * their own. The index is emptied for it, and made anew in slices when it is quiet, as after a first synchronisation.
 */
export const seatQuickSearchMigration: Migration = {
  // oxlint-disable-next-line typescript/no-explicit-any -- a migration runs on a schema that no type describes yet
  async up(db: Kysely<any>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};
