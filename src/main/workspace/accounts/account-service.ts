import { z } from 'zod';
import type { EngineEvent } from '../../../shared/contract/events.ts';
import { StintError } from '../../../shared/errors.ts';
import type { AccountChoice } from '../../../shared/contract/setup-requests.ts';
import {
  type AccountSummary,
  accountSummarySchema,
  type ChangePasswordRequest,
  type CloseAccountRequest,
  type DeviceItem,
  devicesResponseSchema,
  type InvitationDetails,
  invitationDetailsSchema,
  type MembershipSummary,
  membershipResponseSchema,
  type ServerInfo,
  serverInfoSchema,
  sessionResponseSchema,
} from '../../../shared/protocol/accounts.ts';
import { endpoints } from '../../../shared/protocol/endpoints.ts';
import { type RekeyRequest, rekeyResponseSchema } from '../../../shared/protocol/rekey.ts';
import { computeIsoInstant } from '../../../shared/ports.ts';
import type { OpenedDatabase } from '../database/open-database.ts';
import type { AccountRow, WorkspaceDatabase } from '../database/workspace-tables.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import type { WorkspacePorts } from '../ports/system-ports.ts';
import { computeServerUrl, ServerClient } from '../sync/server-client.ts';

const tokenName = (accountKey: string): string => `token-${accountKey}`;

/** The accounts that this installation is signed in to, one device each, and what they may do with a server. */
export class AccountService {
  readonly #database: OpenedDatabase<WorkspaceDatabase>;
  readonly #secrets: SecretStore;
  readonly #ports: WorkspacePorts;
  readonly #emit: (event: EngineEvent) => void;
  readonly #clients = new Map<string, ServerClient>();
  readonly #ending = new AbortController();
  readonly #rekeyings = new Map<string, Promise<void>>();
  readonly #organizationAttempts = new Map<string, { orgId: string; membershipId: string }>();

  constructor(
    database: OpenedDatabase<WorkspaceDatabase>,
    secrets: SecretStore,
    ports: WorkspacePorts,
    emit: (event: EngineEvent) => void,
  ) {
    this.#database = database;
    this.#secrets = secrets;
    this.#ports = ports;
    this.#emit = emit;
  }

  /** A client that speaks for this account, or undefined while it is signed out. */
  async findClient(accountKey: string): Promise<ServerClient | undefined> {
    const known = this.#clients.get(accountKey);
    if (known !== undefined) return known;
    const account = await this.#database.db
      .selectFrom('accounts')
      .selectAll()
      .where('accountKey', '=', accountKey)
      .executeTakeFirst();
    const token = await this.#secrets.find(tokenName(accountKey));
    if (account === undefined || account.signedOutAt !== null || token === undefined)
      return undefined;
    const client = this.#createClient(account.serverUrl, token);
    this.#clients.set(accountKey, client);
    return client;
  }

  /** @throws StintError `server_unreachable`, `not_a_stint_server`, `invalid_input`. */
  async checkServer(typedUrl: string): Promise<{ serverUrl: string; info: ServerInfo }> {
    const serverUrl = computeServerUrl(typedUrl);
    const client = this.#createClient(serverUrl);
    try {
      return { serverUrl, info: await client.get(endpoints.server, serverInfoSchema) };
    } catch (error) {
      if (error instanceof StintError && error.code === 'not_found')
        throw new StintError(
          'not_a_stint_server',
          `${serverUrl} is not a Stint server: it knows nothing at ${endpoints.server}`,
          { field: 'serverUrl' },
        );
      const codesOfAddress: readonly string[] = ['server_unreachable', 'not_a_stint_server'];
      if (error instanceof StintError && codesOfAddress.includes(error.code))
        throw new StintError(error.code, error.message, { field: 'serverUrl', cause: error });
      throw error;
    }
  }

  async inspectInvitation(serverUrl: string, code: string): Promise<InvitationDetails> {
    await this.checkServer(serverUrl);
    return this.#createClient(serverUrl).post(
      endpoints.inspectInvitation,
      { code },
      invitationDetailsSchema,
    );
  }

  /** Registers or signs in; the account is this installation's from now on. */
  async enter(
    typedUrl: string,
    choice: AccountChoice,
    options: { invitationCode?: string; isSample?: boolean; deviceName: string },
  ): Promise<{ accountKey: string; account: AccountSummary }> {
    const { serverUrl } = await this.checkServer(typedUrl);
    const known = await this.#database.db
      .selectFrom('accounts')
      .selectAll()
      .where('serverUrl', '=', serverUrl)
      .where('email', '=', choice.email)
      .executeTakeFirst();
    const deviceId = known?.deviceId ?? this.#ports.randomness.uuid();
    const device = { deviceId, deviceName: options.deviceName };
    const anonymous = this.#createClient(serverUrl);
    const { kind, ...credentials } = choice;
    const session =
      kind === 'new'
        ? await anonymous.post(
            endpoints.register,
            { ...credentials, device, invitationCode: options.invitationCode ?? null },
            sessionResponseSchema,
          )
        : await anonymous.post(
            endpoints.session,
            { ...credentials, device },
            sessionResponseSchema,
          );
    const accountKey = await this.#saveAccount(serverUrl, session.account, deviceId, {
      isSample: options.isSample ?? false,
    });
    await this.#secrets.put(tokenName(accountKey), session.token);
    this.#clients.delete(accountKey);
    this.#emit({ type: 'app' });
    return { accountKey, account: session.account };
  }

  async #saveAccount(
    serverUrl: string,
    account: AccountSummary,
    deviceId: string,
    options: { isSample: boolean },
  ): Promise<string> {
    const row: Omit<AccountRow, 'nextDeviceId'> = {
      accountKey: this.#ports.randomness.uuid(),
      serverUrl,
      accountId: account.accountId,
      email: account.email,
      deviceId,
      isSample: options.isSample ? 1 : 0,
      signedOutAt: null,
    };
    const saved = await this.#database.db
      .insertInto('accounts')
      .values(row)
      .onConflict((conflict) =>
        conflict
          .columns(['serverUrl', 'accountId'])
          .doUpdateSet({ email: row.email, deviceId, nextDeviceId: null, signedOutAt: null }),
      )
      .returning('accountKey')
      .executeTakeFirstOrThrow();
    return saved.accountKey;
  }

  /** Makes a seat for a membership, or finds the one there is. Its own database is opened by the registry. */
  async ensureSeat(accountKey: string, membership: MembershipSummary): Promise<string> {
    const saved = await this.#database.db
      .insertInto('seats')
      .values({
        seatId: this.#ports.randomness.uuid(),
        accountKey,
        orgId: membership.orgId,
        membershipId: membership.membershipId,
        role: membership.role,
        organizationName: membership.organizationName,
        createdAt: computeIsoInstant(this.#ports.clock.nowMs()),
      })
      .onConflict((conflict) =>
        conflict
          .columns(['accountKey', 'orgId'])
          .doUpdateSet({ role: membership.role, organizationName: membership.organizationName }),
      )
      .returning('seatId')
      .executeTakeFirstOrThrow();
    return saved.seatId;
  }

  async createOrganization(
    accountKey: string,
    organization: { name: string; timeZone: string },
  ): Promise<MembershipSummary> {
    const client = await this.#getClient(accountKey);
    // An answer that gets lost must not leave a second organization behind: trying again repeats the ids.
    const attempt = JSON.stringify([accountKey, organization]);
    const ids = this.#organizationAttempts.get(attempt) ?? {
      orgId: this.#ports.randomness.uuid(),
      membershipId: this.#ports.randomness.uuid(),
    };
    this.#organizationAttempts.set(attempt, ids);
    const { membership } = await client.post(
      endpoints.organizations,
      { ...ids, ...organization },
      membershipResponseSchema,
    );
    this.#organizationAttempts.delete(attempt);
    return membership;
  }

  async acceptInvitation(
    accountKey: string,
    code: string,
    agreementHash: string | null = null,
  ): Promise<MembershipSummary> {
    const client = await this.#getClient(accountKey);
    const { membership } = await client.post(
      endpoints.acceptInvitation,
      { code, membershipId: this.#ports.randomness.uuid(), agreementHash },
      membershipResponseSchema,
    );
    return membership;
  }

  async loadAccount(accountKey: string): Promise<AccountSummary> {
    return (await this.#getClient(accountKey)).get(endpoints.account, accountSummarySchema);
  }

  /** Where this account is signed in, the device used last first. Needs the server. */
  async listDevices(accountKey: string): Promise<DeviceItem[]> {
    const client = await this.#getClient(accountKey);
    return (await client.get(endpoints.devices, devicesResponseSchema)).devices;
  }

  /** Ends the session of another device of this account, at once. Needs the server. */
  async signOutDevice(accountKey: string, deviceId: string): Promise<void> {
    await (await this.#getClient(accountKey)).delete(endpoints.device(deviceId));
  }

  /**
   * Changes the account's password on its server, which signs its other devices out. This one stays signed in. Asking
   * again after an answer that got lost is harmless.
   *
   * @throws StintError `wrong_password`; `unavailable` where the server is too old for it; needs the server.
   */
  async changePassword(accountKey: string, request: ChangePasswordRequest): Promise<void> {
    const client = await this.#getClient(accountKey);
    try {
      await client.post(endpoints.changePassword, request, z.object({}));
    } catch (error) {
      if (!(error instanceof StintError) || error.code !== 'not_found') throw error;
      throw new StintError(
        'unavailable',
        'That server is of an older version, on which whoever runs it changes passwords. Ask them for another one.',
      );
    }
    this.#emit({ type: 'app' });
  }

  /**
   * Closes the account on its server. Its seats here learn of it as its other devices do: by the answer to their next
   * round, which keeps what was not sent (SY-10).
   *
   * @throws StintError `wrong_password`, `refused`; needs the server.
   */
  async closeAccount(accountKey: string, request: CloseAccountRequest): Promise<void> {
    const client = await this.#getClient(accountKey);
    try {
      await client.post(endpoints.closeAccount, request, z.object({}));
    } catch (error) {
      // The answer to an earlier attempt got lost.
      if (!(error instanceof StintError) || error.code !== 'account_closed') throw error;
    }
    this.#emit({ type: 'app' });
  }

  async #getClient(accountKey: string): Promise<ServerClient> {
    const client = await this.findClient(accountKey);
    if (client === undefined) throw new StintError('not_signed_in', 'sign in first');
    return client;
  }

  /** Ends the session here in any case, and on the server if it can be reached. The work stays. */
  async signOut(accountKey: string): Promise<void> {
    const client = await this.findClient(accountKey);
    await this.#database.db
      .updateTable('accounts')
      .set({ signedOutAt: computeIsoInstant(this.#ports.clock.nowMs()) })
      .where('accountKey', '=', accountKey)
      .execute();
    await this.#secrets.remove(tokenName(accountKey));
    this.#clients.delete(accountKey);
    await client?.delete(endpoints.session).catch(() => {});
    this.#emit({ type: 'app' });
    this.#emit({ type: 'sync' });
  }

  /**
   * SY-16: this workspace was restored or copied, and the server holds other changes under its device's numbers.
   * All seats of the account go on as another device, under a session of its own. The new id is stored before
   * it is asked for, so that an answer that gets lost leaves no device behind.
   *
   * @param refused the client whose push was answered `rekey`; where another one has taken its place by now,
   * there is nothing to do.
   * @throws StintError what the server said; it is asked again at the next push then.
   */
  async rekey(accountKey: string, refused: ServerClient): Promise<void> {
    if ((await this.findClient(accountKey)) !== refused) return;
    const underWay = this.#rekeyings.get(accountKey);
    if (underWay !== undefined) return underWay;
    const rekeying = this.#rekey(accountKey, refused).finally(() =>
      this.#rekeyings.delete(accountKey),
    );
    this.#rekeyings.set(accountKey, rekeying);
    return rekeying;
  }

  async #rekey(accountKey: string, refused: ServerClient): Promise<void> {
    const { db } = this.#database;
    await db
      .updateTable('accounts')
      .set({ nextDeviceId: this.#ports.randomness.uuid() })
      .where('accountKey', '=', accountKey)
      .where('nextDeviceId', 'is', null)
      .execute();
    const { nextDeviceId } = await db
      .selectFrom('accounts')
      .select('nextDeviceId')
      .where('accountKey', '=', accountKey)
      .executeTakeFirstOrThrow();
    if (nextDeviceId === null) throw new Error('the device id just stored is not there');
    const token = await this.#askForDevice(accountKey, refused, nextDeviceId);
    // Whoever signed out, or in, meanwhile has a session of their own choosing.
    if ((await this.findClient(accountKey)) !== refused) return;
    await this.#secrets.put(tokenName(accountKey), token);
    await db
      .updateTable('accounts')
      .set({ deviceId: nextDeviceId, nextDeviceId: null })
      .where('accountKey', '=', accountKey)
      .execute();
    this.#clients.delete(accountKey);
  }

  /** @throws StintError what the server said; where it is the id that cannot be had, the next attempt takes another. */
  async #askForDevice(
    accountKey: string,
    refused: ServerClient,
    deviceId: string,
  ): Promise<string> {
    const request: RekeyRequest = { deviceId };
    try {
      return (await refused.post(endpoints.rekey, request, rekeyResponseSchema)).token;
    } catch (error) {
      // The program was killed when it had the token of this very device, and had not noted that it is it.
      if (error instanceof StintError && error.field === 'deviceId')
        await this.#database.db
          .updateTable('accounts')
          .set({ nextDeviceId: null })
          .where('accountKey', '=', accountKey)
          .where('nextDeviceId', '=', deviceId)
          .execute();
      throw error;
    }
  }

  #createClient(serverUrl: string, token?: string): ServerClient {
    return new ServerClient(this.#ports, serverUrl, token, this.#ending.signal);
  }

  /** Ends what is under way with any server, that of accounts which were left included. */
  close(): void {
    this.#ending.abort();
  }

  /** The sample's server may come up on another port than last time. */
  async moveSampleServer(serverUrl: string): Promise<void> {
    await this.#database.db
      .updateTable('accounts')
      .set({ serverUrl })
      .where('isSample', '=', 1)
      .where('serverUrl', '!=', serverUrl)
      .execute();
    this.#clients.clear();
  }
}
