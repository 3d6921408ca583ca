import { sql } from 'kysely';
import { z } from 'zod';
import { erasedBundleName, erasedName, personalMutations } from '../../shared/domain/erasure.ts';
import type { ServerTransaction } from '../database/server-database.ts';
import { yieldToOthers } from './yield-to-others.ts';

const invitationArgumentsSchema = z.object({ invitationId: z.string() });
const bundleArgumentsSchema = z.object({ exportId: z.string() });

/** The mutations whose refusals say the name of whom they are about. */
const namingRefusals = [
  'member.setRole',
  'member.remove',
  'member.leave',
  'member.erase',
  'invitation.withdraw',
  'amendment.propose',
  'amendment.confirm',
];

/** What such a refusal says from then on, to whoever asks again for the answer. */
const erasedRefusal = 'this was refused; whom it was about is not said any more';

/**
 * Takes what names an erased person out of the log: the arguments of the mutations that they made and that are personal, and of
 * those that invited them, ended their access or recorded a bundle of theirs. Each line keeps the hash of its arguments, so that the log stays one
 * chain; `erasedAt` says that they are gone. The refusals that are kept (SY-6) lose their words, where those say a name: of
 * whom is not to be told from them, so all do.
 *
 * @param trx has to see what was written to the log before, in the same transaction.
 */
export async function eraseFromLog(
  trx: ServerTransaction,
  person: { readonly orgId: string; readonly membershipId: string },
  erasedAt: string,
): Promise<void> {
  await eraseWhatNames(trx, person, erasedAt);
  await eraseRefusals(trx, person);
}

/** The same for somebody who was invited and never came: what they were invited with. */
export async function eraseInvitedFromLog(
  trx: ServerTransaction,
  orgId: string,
  erasedAt: string,
): Promise<void> {
  await eraseWhatNames(trx, { orgId, membershipId: null }, erasedAt);
  await eraseRefusals(trx, { orgId, membershipId: null });
}

async function eraseLines(
  trx: ServerTransaction,
  orgId: string,
  seqs: readonly number[],
  erasedAt: string,
): Promise<void> {
  for (let start = 0; start < seqs.length; start += 500)
    await trx
      .updateTable('mutationLog')
      .set({ argsJson: '', erasedAt })
      .where('orgId', '=', orgId)
      .where('seq', 'in', seqs.slice(start, start + 500))
      .execute();
}

/** Null for somebody who never was a member. */
interface NamedPerson {
  readonly orgId: string;
  readonly membershipId: string | null;
}

/** What others send that may name a person. */
const namingMutations = [
  'engagement.invite',
  'member.inviteManager',
  'member.remove',
  'bundle.record',
];

/** Lines of the log that are looked through at a time, before others have their turn. */
const linesAtATime = 5000;

async function eraseWhatNames(
  trx: ServerTransaction,
  person: NamedPerson,
  erasedAt: string,
): Promise<void> {
  const { orgId, membershipId } = person;
  const isNamed = await createNameTest(trx, person);
  const newest = await trx
    .selectFrom('mutationLog')
    .select('seq')
    .where('orgId', '=', orgId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  for (let after = 0; after < Number(newest?.seq ?? 0); after += linesAtATime) {
    const lines = await trx
      .selectFrom('mutationLog')
      .select(['seq', 'name', 'argsJson', 'actorMembershipId'])
      .where('orgId', '=', orgId)
      .where('seq', '>', after)
      .where('seq', '<=', after + linesAtATime)
      .where('erasedAt', 'is', null)
      .where((row) =>
        row.or([
          row('name', 'in', namingMutations),
          row.and([
            row('actorMembershipId', '=', membershipId ?? ''),
            row('name', 'in', [...personalMutations]),
          ]),
        ]),
      )
      .execute();
    const named = lines.filter(
      (line) =>
        (personalMutations.has(line.name) && line.actorMembershipId === membershipId) ||
        isNamed(line),
    );
    await eraseLines(
      trx,
      orgId,
      named.map(({ seq }) => Number(seq)),
      erasedAt,
    );
    await yieldToOthers();
  }
}

/** Whether what somebody sent names the person; to be asked for the mutations in `namingMutations`. */
async function createNameTest(
  trx: ServerTransaction,
  { orgId, membershipId }: NamedPerson,
): Promise<(line: { readonly name: string; readonly argsJson: string }) => boolean> {
  const invitations = await trx
    .selectFrom('invitations')
    .select('id')
    .where('orgId', '=', orgId)
    // Those that they did not accept tell by the name alone, which was taken out just before.
    .where((row) =>
      row.or([
        row('invitedName', '=', erasedName),
        ...(membershipId === null ? [] : [row('acceptedBy', '=', membershipId)]),
      ]),
    )
    .execute();
  const invited = new Set(invitations.map(({ id }) => id));
  const bundles = await trx
    .selectFrom('bundleExports')
    .select('id')
    .where('orgId', '=', orgId)
    .where('fileName', '=', erasedBundleName)
    .execute();
  const bundled = new Set(bundles.map(({ id }) => id));
  return ({ name, argsJson }) => {
    const args: unknown = JSON.parse(argsJson);
    if (name === 'member.remove')
      return z.object({ membershipId: z.literal(membershipId) }).safeParse(args).success;
    if (name === 'bundle.record') {
      const record = bundleArgumentsSchema.safeParse(args);
      return record.success && bundled.has(record.data.exportId);
    }
    const invitation = invitationArgumentsSchema.safeParse(args);
    return invitation.success && invited.has(invitation.data.invitationId);
  };
}

async function eraseRefusals(
  trx: ServerTransaction,
  { orgId, membershipId }: NamedPerson,
): Promise<void> {
  await trx
    .updateTable('mutationResults')
    .set({ message: erasedRefusal })
    .where('orgId', '=', orgId)
    // As it stands in the index of them.
    .where('status', '=', sql.lit('rejected'))
    .where((row) =>
      row.or([
        row('name', 'in', namingRefusals),
        ...(membershipId === null
          ? []
          : [
              row.and([
                row('membershipId', '=', membershipId),
                row('name', 'in', [...personalMutations]),
              ]),
            ]),
      ]),
    )
    .execute();
}

/**
 * Whether what was just applied came after the erasure of the person whom it names: its line says nothing of it from the
 * beginning.
 */
export async function namesErasedPerson(
  trx: ServerTransaction,
  orgId: string,
  {
    definition: { name },
    args,
  }: { readonly definition: { readonly name: string }; readonly args: unknown },
): Promise<boolean> {
  if (name === 'bundle.record') {
    const { exportId } = bundleArgumentsSchema.parse(args);
    const record = await trx
      .selectFrom('bundleExports')
      .select('id')
      .where('orgId', '=', orgId)
      .where('id', '=', exportId)
      .where('fileName', '=', erasedBundleName)
      .executeTakeFirst();
    return record !== undefined;
  }
  if (name !== 'member.remove') return false;
  const { membershipId } = z.object({ membershipId: z.string() }).parse(args);
  const erased = await trx
    .selectFrom('memberships')
    .select('id')
    .where('orgId', '=', orgId)
    .where('id', '=', membershipId)
    .where('erasedAt', 'is not', null)
    .executeTakeFirst();
  return erased !== undefined;
}
