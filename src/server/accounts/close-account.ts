import { StintError } from '../../shared/errors.ts';
import { computeErasedEmail } from '../../shared/domain/erasure.ts';
import { leaveOrganization } from '../../shared/mutations/role-mutations.ts';
import { computeIsoInstant } from '../../shared/ports.ts';
import type { CloseAccountRequest, MembershipSummary } from '../../shared/protocol/accounts.ts';
import { endFeed } from '../calendar/calendar-feeds.ts';
import type { ServerDatabase, ServerTransaction } from '../database/server-database.ts';
import type { PokeHub } from '../pokes/poke-hub.ts';
import type { ServerPorts } from '../ports/server-ports.ts';
import { fulfilErasures } from '../sync/fulfil-erasures.ts';
import { findMembership } from '../sync/membership-lookup.ts';
import type { OrganizationWriter } from '../sync/organization-writer.ts';
import { runServerMutation } from '../sync/run-server-mutation.ts';
import { assertAccountOpen } from './account-closed.ts';
import { getAccount, listMemberships } from './accounts.ts';
import { computePasswordHash, isPasswordRight } from './passwords.ts';
import { endSessions } from './sessions.ts';

interface CloseDependencies {
  readonly database: ServerDatabase;
  readonly ports: ServerPorts;
  readonly writer: OrganizationWriter;
  readonly pokes: PokeHub;
}

/** How often it looks again for organizations that were joined while others were being left. */
const maximumPasses = 3;

/**
 * Closes an account at its person's wish: they leave every organization, name, address and password go, and no device is
 * signed in any more. The row stays, under no name, since the log names it. What fails half-way is gone on with when it
 * is asked for again: whoever has left an organization has left it.
 *
 * @throws StintError `wrong_password`; `refused` while they are the last owner of an organization that has others, before
 * anything was done. Where somebody else stops being an owner in the same moment, this may be found out later; those
 * organizations that they own are left first, so that at most such are left by then.
 */
export async function closeAccount(
  dependencies: CloseDependencies,
  accountId: string,
  { password, asksErasure }: CloseAccountRequest,
): Promise<void> {
  const { database, ports, pokes } = dependencies;
  const account = await getAccount(database.db, accountId);
  if (!(await isPasswordRight(password, account.passwordHash))) throw createWrongPassword();
  await assertNobodyIsLeftWithoutOwner(database, accountId);
  // Nobody knows it, so nobody gets in with it. Made here, since it takes a while.
  const passwordHash = await computePasswordHash(
    Buffer.from(ports.randomness.bytes(32)).toString('base64url'),
    ports,
  );
  await assertNotReplaced(database.db, account);
  for (let pass = 1; pass <= maximumPasses; pass += 1) {
    const memberships = await listMemberships(database.db, accountId);
    for (const membership of memberships.toSorted(compareOwnedFirst))
      await leave(dependencies, accountId, membership, asksErasure);
    const endedSessionIds = await database.write(async (trx) => {
      await assertAccountOpen(trx, accountId);
      await assertNotReplaced(trx, account);
      // Joined from another device meanwhile: that one is left, too.
      if ((await listMemberships(trx, accountId)).length > 0) return undefined;
      await trx
        .updateTable('accounts')
        .set({
          // Nobody can know it, and take it before.
          email: computeErasedEmail(ports.randomness.uuid()),
          name: '',
          timeZone: 'UTC',
          passwordHash,
          closedAt: computeIsoInstant(ports.clock.nowMs()),
        })
        .where('id', '=', accountId)
        .execute();
      await endFeed(trx, accountId);
      await forgetDeviceNames(trx, accountId);
      return await endSessions(trx, ports, accountId);
    });
    if (endedSessionIds === undefined) continue;
    if (asksErasure) await askWhereTheyWere(dependencies, accountId);
    for (const sessionId of endedSessionIds) pokes.closeSession(sessionId);
    return;
  }
  throw new StintError(
    'conflict',
    'organizations were joined while the account was being closed; try again',
  );
}

function createWrongPassword(): StintError {
  return new StintError('wrong_password', 'this is not the password; the account is as it was', {
    field: 'password',
  });
}

/** The password may have been changed while it was compared: whoever was to be kept out must not close the account. */
async function assertNotReplaced(
  db: ServerDatabase['db'] | ServerTransaction,
  { id, passwordHash }: { readonly id: string; readonly passwordHash: string },
): Promise<void> {
  if ((await getAccount(db, id)).passwordHash !== passwordHash) throw createWrongPassword();
}

async function assertNobodyIsLeftWithoutOwner(
  { db }: ServerDatabase,
  accountId: string,
): Promise<void> {
  const names: string[] = [];
  for (const { orgId, membershipId, role, organizationName } of await listMemberships(
    db,
    accountId,
  )) {
    if (role !== 'owner') continue;
    const others = await db
      .selectFrom('memberships')
      .select('role')
      .distinct()
      .where('orgId', '=', orgId)
      .where('status', '=', 'active')
      .where('id', '!=', membershipId)
      .execute();
    if (others.length > 0 && !others.some((other) => other.role === 'owner'))
      names.push(organizationName);
  }
  if (names.length > 0)
    throw new StintError(
      'refused',
      `you are the last owner of ${names.join(', ')}, where others still are; make somebody an owner there, or end their access, and then close the account`,
    );
}

const compareOwnedFirst = (left: MembershipSummary, right: MembershipSummary): number =>
  Number(right.role === 'owner') - Number(left.role === 'owner');

async function leave(
  { ports, writer }: CloseDependencies,
  accountId: string,
  { orgId }: Pick<MembershipSummary, 'orgId'>,
  asksErasure: boolean,
): Promise<void> {
  await writer.write(orgId, async (session) => {
    if (session === undefined) return;
    const own = await findMembership(session.trx, orgId, accountId);
    if (own === undefined) return;
    const actor = { accountId, membershipId: own.id, role: own.role };
    await runServerMutation(session, ports, leaveOrganization, { asksErasure }, actor);
    await fulfilErasures(session, ports, actor);
  });
}

/** Organizations that they had left, or been removed from, before: these hear of the wish as well. */
async function askWhereTheyWere(dependencies: CloseDependencies, accountId: string): Promise<void> {
  const former = await dependencies.database.db
    .selectFrom('memberships')
    .select('orgId')
    .where('accountId', '=', accountId)
    .where('status', '=', 'removed')
    .where('erasureAskedAt', 'is', null)
    .where('erasedAt', 'is', null)
    .orderBy('orgId')
    .execute();
  for (const { orgId } of former) await leave(dependencies, accountId, { orgId }, true);
}

/** The rows of its sessions stay: by its token a device learns that the account was closed. */
async function forgetDeviceNames(trx: ServerTransaction, accountId: string): Promise<void> {
  await trx
    .updateTable('sessions')
    .set({ deviceName: '' })
    .where('accountId', '=', accountId)
    .execute();
}
