import { sql, type Transaction } from 'kysely';
import { erasedBundleName, erasedName, personalMutations } from '../../../shared/domain/erasure.ts';
import type { SeatDatabase } from '../database/seat-tables.ts';

/**
 * Takes out of the fetched history what names people whose data were erased, as the server does in its log: the arguments
 * of the personal mutations that they made, and of those that invited them, ended their access or recorded a bundle of
 * theirs, and the names of their devices. Each entry keeps the hash of its arguments, so that the chain can still be followed.
 */
export async function eraseFromHistory(
  tx: Transaction<SeatDatabase>,
  orgId: string,
): Promise<void> {
  const people = await tx
    .selectFrom('memberships')
    .select('id')
    .where('orgId', '=', orgId)
    .where('erasedAt', 'is not', null)
    .execute();
  const erased = sql`(select value from json_each(${JSON.stringify(people.map(({ id }) => id))}))`;
  await sql`
    update "historyEntries" set "deviceName" = null
    where "deviceName" is not null and "actorMembershipId" in ${erased}`.execute(tx);
  const argument = (name: string) => sql`json_extract("argsJson", ${`$.${name}`})`;
  await sql`
    update "historyEntries" set "argsJson" = null
    where "argsJson" is not null and (
      ("actorMembershipId" in ${erased} and "name" in (${sql.join([...personalMutations])}))
      or ("name" in ('engagement.invite', 'member.inviteManager') and ${argument('invitationId')} in (
        select "id" from "invitations" where "orgId" = ${orgId}
        and ("acceptedBy" in ${erased} or "invitedName" = ${erasedName})))
      or ("name" = 'bundle.record' and ${argument('exportId')} in (
        select "id" from "bundleExports" where "orgId" = ${orgId} and "fileName" = ${erasedBundleName}))
      or ("name" = 'member.remove' and ${argument('membershipId')} in ${erased}))`.execute(tx);
}
