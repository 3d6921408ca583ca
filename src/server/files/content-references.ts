import type { Kysely } from 'kysely';
import type { ServerTables } from '../database/server-tables.ts';

export interface ContentKey {
  readonly orgId: string;
  readonly sha256: string;
}

/**
 * Whether a content is in use: by an attachment that stands, or was removed after `limit`; by a file removed from a
 * draft whose task was not handed in since, from where it can be brought back; by an upload under way; or by a
 * submission that waits in quarantine, or was let in from there (SY-10).
 */
export async function isReferredTo(
  db: Kysely<ServerTables>,
  { orgId, sha256 }: ContentKey,
  limit: string,
): Promise<boolean> {
  const attachment = await db
    .selectFrom('attachments')
    .select('id')
    .where('orgId', '=', orgId)
    .where('sha256', '=', sha256)
    .where((row) =>
      row.or([
        row('removedAt', 'is', null),
        row('removedAt', '>', limit),
        row.and([
          row('ownerKind', '=', 'draft'),
          // Nobody brings back what was theirs before their data were erased.
          row.not(
            row.exists(
              row
                .selectFrom('memberships')
                .select('memberships.id')
                .whereRef('memberships.orgId', '=', 'attachments.orgId')
                .whereRef('memberships.id', '=', 'attachments.createdBy')
                .where('memberships.erasedAt', 'is not', null),
            ),
          ),
          row.not(
            row.exists(
              row
                .selectFrom('submissions')
                .select('submissions.id')
                .whereRef('submissions.orgId', '=', 'attachments.orgId')
                .whereRef('submissions.taskId', '=', 'attachments.taskId')
                .whereRef('submissions.submittedBy', '=', 'attachments.createdBy')
                .whereRef('submissions.receivedAt', '>', 'attachments.removedAt'),
            ),
          ),
        ]),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  if (attachment !== undefined) return true;
  const upload = await db
    .selectFrom('uploads')
    .select('id')
    .where('orgId', '=', orgId)
    .where('sha256', '=', sha256)
    .where('finishedAt', 'is', null)
    .limit(1)
    .executeTakeFirst();
  if (upload !== undefined) return true;
  const held = await db
    .selectFrom('quarantinedChanges')
    .select('id')
    .where('orgId', '=', orgId)
    .where('state', 'in', ['waiting', 'accepted'])
    .where('mutationJson', 'like', `%${sha256}%`)
    .limit(1)
    .executeTakeFirst();
  return held !== undefined;
}
