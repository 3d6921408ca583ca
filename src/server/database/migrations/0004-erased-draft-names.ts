import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Takes out the names of the draft files that a person had removed or replaced before their data were erased: erasing left
 * them where they were until now. No number is given for it: nobody but the person pulls these rows, and their access has
 * ended.
 */
export const erasedDraftNamesMigration: Migration = {
  async up(db) {
    await sql`
      update "attachments" set "name" = 'erased'
      where "scope" like 'private:%' and "name" <> 'erased' and exists (
        select 1 from "memberships"
        where "memberships"."orgId" = "attachments"."orgId"
          and "memberships"."id" = substr("attachments"."scope", 9)
          and "memberships"."erasedAt" is not null
      )`.execute(db);
  },
};
