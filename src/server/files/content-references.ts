import type { ServerTransaction } from '../database/server-database.ts';

interface ContentKey {
  readonly orgId: string;
  readonly sha256: string;
}

/** Which of these contents something refers to, each for itself: few of them are asked about twice. */
export async function listReferences<Content extends ContentKey>(
  trx: ServerTransaction,
  contents: readonly Content[],
  limit: string,
): Promise<Content[]> {
  const referred: Content[] = [];
  for (const content of contents)
    if (await isReferredTo(trx, content, limit)) referred.push(content);
  return referred;
}

/**
 * Whether a content is in use: by an attachment that stands, or was removed after `limit`; by a file removed from a
 * draft whose task was not handed in since, from where it can be brought back; by an upload under way; or by a
 * submission that waits in quarantine, or was let in from there (SY-10).
 */
export async function isReferredTo(
  trx: ServerTransaction,
  { orgId, sha256 }: ContentKey,
  limit: string,
): Promise<boolean> {
  const attachment = await trx
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
  const upload = await trx
    .selectFrom('uploads')
    .select('id')
    .where('orgId', '=', orgId)
    .where('sha256', '=', sha256)
    .where('finishedAt', 'is', null)
    .limit(1)
    .executeTakeFirst();
  if (upload !== undefined) return true;
  const held = await trx
    .selectFrom('quarantinedChanges')
    .select('id')
    .where('orgId', '=', orgId)
    .where('state', 'in', ['waiting', 'accepted'])
    .where('mutationJson', 'like', `%${sha256}%`)
    .limit(1)
    .executeTakeFirst();
  return held !== undefined;
}
