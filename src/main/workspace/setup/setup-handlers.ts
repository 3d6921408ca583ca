import { computeAgreementHash } from '../../../shared/domain/agreement.ts';
import { join } from 'node:path';
import type { AccountChoice } from '../../../shared/contract/setup-requests.ts';
import type { setupRequests } from '../../../shared/contract/setup-requests.ts';
import { StintError } from '../../../shared/errors.ts';
import type { MembershipSummary } from '../../../shared/protocol/accounts.ts';
import { findInvitationParts } from '../../../shared/protocol/endpoints.ts';
import type { SampleAccess } from '../engine/host-capabilities.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { computeNow, getSeat, type Workspace } from '../engine/workspace.ts';
import { computeLocalTimeZone } from '../ports/local-time-zone.ts';
import { hasRunningTimer } from '../engine/running-work.ts';
import { takeBackSeats } from '../seats/take-back-seats.ts';
import { loadSeatItem } from './seat-items.ts';
import { loadSettings, saveSettings } from './settings.ts';

/** First start, joining, signing in and out, settings. */
export const setupHandlers: HandlersOf<typeof setupRequests> = {
  'app.state': async (_args, workspace) => ({
    version: workspace.version,
    host: workspace.host.kind,
    timeZone: computeLocalTimeZone(workspace.ports),
    settings: await loadSettings(workspace),
    seats: await Promise.all(workspace.seats.list().map((seat) => loadSeatItem(workspace, seat))),
    isSampleRunning: workspace.seats.list().some((seat) => seat.record.isSample),
    update: workspace.host.getUpdateState(),
  }),

  'app.openExternal': async ({ url }, workspace) => {
    const parsed = URL.parse(url);
    if (parsed === null || (parsed.protocol !== 'https:' && parsed.protocol !== 'mailto:'))
      throw new StintError('invalid_input', 'expected an https or mailto address', {
        field: 'url',
      });
    await workspace.host.openExternal(parsed.href);
    return {};
  },

  'app.installUpdate': async (_args, workspace) => {
    if (await hasRunningTimer(workspace))
      throw new StintError('refused', 'stop the timer first; the update waits');
    if (workspace.sync.hasRunningUpload())
      throw new StintError('refused', 'an upload is under way; the update waits until it is done');
    await workspace.host.installUpdate();
    return {};
  },

  'settings.update': async (patch, workspace) => saveSettings(workspace, patch as never),

  'sample.start': async (_args, workspace) => startSample(workspace),

  'setup.checkServer': async ({ serverUrl }, workspace) =>
    workspace.accounts.checkServer(serverUrl),

  'setup.createOrganization': async (args, workspace) => {
    const { accountKey } = await enter(workspace, args.serverUrl, args.account, {});
    const membership = await workspace.accounts.createOrganization(accountKey, {
      name: args.organizationName,
      timeZone: args.timeZone,
    });
    return { seatId: await takeSeat(workspace, accountKey, membership) };
  },

  'setup.inspectInvitation': async ({ link }, workspace) => {
    const { serverUrl, code } = getInvitationParts(link);
    const invitation = await workspace.accounts.inspectInvitation(serverUrl, code);
    const { agreement } = invitation;
    return {
      serverUrl,
      invitation,
      agreementHash:
        agreement === null ? null : computeAgreementHash(agreement, workspace.ports.sha256Hex),
    };
  },

  'setup.acceptInvitation': async ({ link, account, agreementHash }, workspace) => {
    const { serverUrl, code } = getInvitationParts(link);
    await assertWorthTrying(workspace, serverUrl, code, account);
    const { accountKey } = await enter(workspace, serverUrl, account, { invitationCode: code });
    const membership = await workspace.accounts.acceptInvitation(accountKey, code, agreementHash);
    return { seatId: await takeSeat(workspace, accountKey, membership) };
  },

  'session.signIn': async ({ serverUrl, email, password }, workspace) => {
    const entered = await enter(workspace, serverUrl, { kind: 'existing', email, password }, {});
    const seatIds: string[] = [];
    for (const membership of entered.account.memberships)
      seatIds.push(await takeSeat(workspace, entered.accountKey, membership));
    return { seatIds };
  },

  'session.devices': async ({ seatId }, workspace) =>
    workspace.accounts.listDevices(getSeat(workspace, seatId).record.accountKey),

  'session.signOutDevice': async ({ seatId, deviceId }, workspace) => {
    await workspace.accounts.signOutDevice(getSeat(workspace, seatId).record.accountKey, deviceId);
    workspace.emit({ type: 'app' });
    return {};
  },

  'session.changePassword': async ({ seatId, ...request }, workspace) => {
    await workspace.accounts.changePassword(getSeat(workspace, seatId).record.accountKey, request);
    return {};
  },

  'session.closeAccount': async ({ seatId, ...request }, workspace) => {
    await workspace.accounts.closeAccount(getSeat(workspace, seatId).record.accountKey, request);
    workspace.sync.kick();
    return {};
  },

  'session.signOut': async ({ seatId }, workspace) => {
    await workspace.accounts.signOut(getSeat(workspace, seatId).record.accountKey);
    workspace.sync.kick(seatId);
    return {};
  },
};

function getInvitationParts(link: string): { serverUrl: string; code: string } {
  const parts = findInvitationParts(link);
  if (parts === undefined)
    throw new StintError(
      'invalid_input',
      'this is not an invitation link: expected one such as https://stint.example.org/join#… , whole and unchanged',
      { field: 'link' },
    );
  return parts;
}

/**
 * Before an account is made for it: an invitation that does not work should leave nothing behind. One that
 * was used may have been used by this very account, whose answer got lost: after the sign-in the server
 * repeats it.
 */
async function assertWorthTrying(
  workspace: Workspace,
  serverUrl: string,
  code: string,
  account: AccountChoice,
): Promise<void> {
  try {
    await workspace.accounts.inspectInvitation(serverUrl, code);
  } catch (error) {
    const mayBeOwn =
      error instanceof StintError &&
      error.code === 'invitation_used' &&
      account.kind === 'existing';
    if (!mayBeOwn) throw error;
  }
}

async function enter(
  workspace: Workspace,
  serverUrl: string,
  account: AccountChoice,
  options: { invitationCode?: string; isSample?: boolean },
) {
  const { deviceName } = await loadSettings(workspace);
  return workspace.accounts.enter(serverUrl, account, { ...options, deviceName });
}

async function takeSeat(
  workspace: Workspace,
  accountKey: string,
  membership: MembershipSummary,
): Promise<string> {
  for (const back of await takeBackSeats(workspace.folder, workspace.db, computeNow(workspace))) {
    await workspace.seats.open(back);
    workspace.sync.adopt(back);
  }
  const seatId = await workspace.accounts.ensureSeat(accountKey, membership);
  await workspace.seats.open(seatId);
  workspace.sync.adopt(seatId);
  workspace.emit({ type: 'app' });
  return seatId;
}

/** Both people of the sample get a seat here, so that both roles can be tried at once. */
async function startSample(
  workspace: Workspace,
): Promise<{ employerSeatId: string; internSeatId: string }> {
  const access = await workspace.host.startSample(join(workspace.folder, 'sample'));
  await workspace.accounts.moveSampleServer(access.serverUrl);
  // One after the other: the seats stand in the order in which they were taken.
  const employerSeatId = await takeSampleSeat(workspace, access.serverUrl, access.employer);
  const internSeatId = await takeSampleSeat(workspace, access.serverUrl, access.intern);
  return { employerSeatId, internSeatId };
}

async function takeSampleSeat(
  workspace: Workspace,
  serverUrl: string,
  person: SampleAccess['employer'],
): Promise<string> {
  const credentials = { kind: 'existing', ...person } as const;
  const entered = await enter(workspace, serverUrl, credentials, { isSample: true });
  const membership = entered.account.memberships[0];
  if (membership === undefined)
    throw new StintError('internal', 'the sample organization has no such member');
  return takeSeat(workspace, entered.accountKey, membership);
}
