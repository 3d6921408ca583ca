import type { Kysely } from 'kysely';
import type { DomainRow } from '../../shared/database/domain-tables.ts';
import { createSubmission } from '../../shared/mutations/submission-mutations.ts';
import { wireMutationSchema } from '../../shared/protocol/push.ts';
import type { ServerTables } from '../database/server-tables.ts';
import { createForbidden, findMembership } from '../sync/membership-lookup.ts';

type Reader = Kysely<ServerTables>;

interface Content {
  readonly sha256: string;
  readonly sizeBytes: number;
}

/**
 * The membership of a person who may give contents to this organization: a member; or someone whose access
 * has ended, for the files of what they had handed in before that, which follow (SY-9), and of what they sent into
 * quarantine, until it is declined (SY-10).
 *
 * @param content the one that is to be given; left out where it is not known yet.
 * @throws StintError `forbidden`, the same whether the organization exists or not.
 */
export async function getUploader(
  db: Reader,
  orgId: string,
  accountId: string,
  content?: Content,
): Promise<DomainRow<'memberships'>> {
  const membership = await findMembership(db, orgId, accountId);
  if (membership === undefined) throw createForbidden();
  if (membership.status === 'active') return membership;
  const mayGive =
    (await isAwaited(db, orgId, membership.id, content)) ||
    (await isNamedByHeld(db, orgId, membership.id, content));
  if (!mayGive) throw createForbidden();
  return membership;
}

/** Whether a submission of theirs waits for that content; or there is one with files, where none is given. */
async function isAwaited(
  db: Reader,
  orgId: string,
  membershipId: string,
  content: Content | undefined,
): Promise<boolean> {
  let query = db
    .selectFrom('attachments')
    .select('id')
    .where('orgId', '=', orgId)
    .where('createdBy', '=', membershipId)
    .where('ownerKind', '=', 'submission')
    .limit(1);
  if (content !== undefined)
    query = query
      .where('sha256', '=', content.sha256)
      .where('sizeBytes', '=', content.sizeBytes)
      .where('arrivedAt', 'is', null);
  return (await query.executeTakeFirst()) !== undefined;
}

/**
 * Whether a submission that this person sent after their access had ended, and nobody declined, names that content;
 * or any, where none is given.
 */
async function isNamedByHeld(
  db: Reader,
  orgId: string,
  membershipId: string,
  content: Content | undefined,
): Promise<boolean> {
  const held = await db
    .selectFrom('quarantinedChanges')
    .select('mutationJson')
    .where('orgId', '=', orgId)
    .where('membershipId', '=', membershipId)
    .where('name', '=', createSubmission.name)
    .where('state', 'in', ['waiting', 'accepted'])
    // All that one person may have waiting takes a while to parse, and this is asked at every step of an upload.
    .where('mutationJson', 'like', `%${content?.sha256 ?? '"sha256"'}%`)
    .execute();
  return held.some(({ mutationJson }) => {
    const { args } = wireMutationSchema.parse(JSON.parse(mutationJson));
    return createSubmission.schema
      .parse(args)
      .files.some(
        (file) =>
          content === undefined ||
          (file.sha256 === content.sha256 && file.sizeBytes === content.sizeBytes),
      );
  });
}
