import type { Kysely, Selectable } from 'kysely';
import { StintError } from '../../shared/errors.ts';
import { computeIsoInstant } from '../../shared/ports.ts';
import type {
  AccountSummary,
  MembershipSummary,
  RegisterRequest,
  SessionResponse,
  SignInRequest,
} from '../../shared/protocol/accounts.ts';
import type { ServerDatabase } from '../database/server-database.ts';
import type { ServerTables } from '../database/server-tables.ts';
import type { PokeHub } from '../pokes/poke-hub.ts';
import type { ServerPorts } from '../ports/server-ports.ts';
import type { RateLimiter } from '../rate-limiter.ts';
import { assertAccountOpen } from './account-closed.ts';
import { getOpenInvitation } from './invitations.ts';
import { computePasswordHash, isPasswordRight } from './passwords.ts';
import { createSession } from './sessions.ts';

interface AccountDependencies {
  readonly database: ServerDatabase;
  readonly ports: ServerPorts;
  readonly pokes: PokeHub;
  readonly signup: 'open' | 'invitation';
  readonly limits: { readonly perInvitation: RateLimiter };
}

/**
 * Makes an account and signs its device in.
 * @throws StintError `account_exists`; `signup_closed` where sign-up is by invitation and none was
 * brought, or what is wrong with the invitation that was; `rate_limited` where it has made too many accounts.
 */
export async function registerAccount(
  dependencies: AccountDependencies,
  request: RegisterRequest,
): Promise<SessionResponse> {
  const { database, ports, limits } = dependencies;
  const invitationId = await findNeededInvitation(dependencies, request.invitationCode);
  // Outside of the transaction: it takes a while, and everyone would wait.
  const passwordHash = await computePasswordHash(request.password, ports);
  return await database.write(async (trx) => {
    const account = {
      id: ports.randomness.uuid(),
      email: request.email,
      name: request.name,
      timeZone: request.timeZone,
      passwordHash,
      createdAt: computeIsoInstant(ports.clock.nowMs()),
    };
    const inserted = await trx
      .insertInto('accounts')
      .values(account)
      .onConflict((conflict) => conflict.column('email').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (inserted === undefined)
      throw new StintError(
        'account_exists',
        'there is an account with this e-mail address on this server already; sign in instead',
        { field: 'email' },
      );
    // An invitation works once, but is open until somebody accepts it: its link must not make accounts without end.
    if (invitationId !== undefined) limits.perInvitation.take(invitationId);
    const { token } = await createSession(trx, ports, account.id, request.device);
    return { token, account: await getAccountSummary(trx, account.id) };
  });
}

/**
 * @throws StintError `wrong_password`, the same (and after the same work) for a wrong password and for
 * an e-mail address that has no account.
 */
export async function signIn(
  dependencies: AccountDependencies,
  request: SignInRequest,
): Promise<SessionResponse> {
  const { database, ports, pokes } = dependencies;
  const account = await database.db
    .selectFrom('accounts')
    .select(['id', 'passwordHash'])
    .where('email', '=', request.email)
    .executeTakeFirst();
  const isRight = await isPasswordRight(request.password, account?.passwordHash);
  if (account === undefined || !isRight) throw createWrongPassword();
  const { token, endedSessionIds, summary } = await database.write(async (trx) => {
    await assertAccountOpen(trx, account.id);
    // It may have been replaced while it was compared: whoever was to be kept out must not come in.
    const { passwordHash } = await getAccount(trx, account.id);
    if (passwordHash !== account.passwordHash) throw createWrongPassword();
    return {
      ...(await createSession(trx, ports, account.id, request.device)),
      summary: await getAccountSummary(trx, account.id),
    };
  });
  for (const sessionId of endedSessionIds) pokes.closeSession(sessionId);
  return { token, account: summary };
}

function createWrongPassword(): StintError {
  return new StintError(
    'wrong_password',
    'there is no account with this e-mail address and password on this server',
  );
}

export async function getAccount(
  db: Kysely<ServerTables>,
  accountId: string,
): Promise<Selectable<ServerTables['accounts']>> {
  return await db
    .selectFrom('accounts')
    .selectAll()
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow();
}

export async function getAccountSummary(
  db: Kysely<ServerTables>,
  accountId: string,
): Promise<AccountSummary> {
  const account = await getAccount(db, accountId);
  return {
    accountId,
    email: account.email,
    name: account.name,
    timeZone: account.timeZone,
    memberships: await listMemberships(db, accountId),
  };
}

/** Only where the person is an active member, in the order of joining. */
export async function listMemberships(
  db: Kysely<ServerTables>,
  accountId: string,
): Promise<MembershipSummary[]> {
  return await db
    .selectFrom('memberships')
    .innerJoin('organizations', 'organizations.orgId', 'memberships.orgId')
    .select([
      'memberships.orgId as orgId',
      'memberships.id as membershipId',
      'memberships.role as role',
      'organizations.name as organizationName',
    ])
    .where('memberships.accountId', '=', accountId)
    .where('memberships.status', '=', 'active')
    .orderBy('memberships.joinedAt')
    .orderBy('memberships.orgId')
    .execute();
}

/** The invitation that lets this account be made; undefined where none is needed. */
async function findNeededInvitation(
  { database, ports, signup }: AccountDependencies,
  invitationCode: string | null,
): Promise<string | undefined> {
  if (signup === 'open') return undefined;
  // Somebody must be the first, or nobody could ever invite anyone.
  const someone = await database.db
    .selectFrom('accounts')
    .select('id')
    .where('closedAt', 'is', null)
    .limit(1)
    .executeTakeFirst();
  if (someone === undefined) return undefined;
  if (invitationCode === null)
    throw new StintError(
      'signup_closed',
      'on this server, an account can be made with an invitation only',
    );
  return (await getOpenInvitation(database.db, ports, invitationCode)).id;
}
