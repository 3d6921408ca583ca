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
 * has ended, for the files of what they sent into quarantine, until it is declined (SY-10).
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
  const held = await listHeldContents(db, orgId, membership.id);
  const mayGive =
    content === undefined
      ? held.length > 0
      : held.some((file) => file.sha256 === content.sha256 && file.sizeBytes === content.sizeBytes);
  if (!mayGive) throw createForbidden();
  return membership;
}

/** The files of the submissions that this person sent after their access had ended, and nobody declined. */
async function listHeldContents(
  db: Reader,
  orgId: string,
  membershipId: string,
): Promise<Content[]> {
  const held = await db
    .selectFrom('quarantinedChanges')
    .select('mutationJson')
    .where('orgId', '=', orgId)
    .where('membershipId', '=', membershipId)
    .where('name', '=', createSubmission.name)
    .where('state', 'in', ['waiting', 'accepted'])
    .execute();
  return held.flatMap(({ mutationJson }) => {
    const { args } = wireMutationSchema.parse(JSON.parse(mutationJson));
    return createSubmission.schema.parse(args).files;
  });
}
