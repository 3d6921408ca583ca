import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { StintError } from '../../../shared/errors.ts';
import {
  calendarFeedSchema,
  computeFeedUrl,
  renewedFeedSchema,
} from '../../../shared/protocol/calendar.ts';
import { endpoints } from '../../../shared/protocol/endpoints.ts';
import type { Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import type { ServerClient } from '../sync/server-client.ts';

/** Under which the secret address is kept on this computer, where the system has a keychain in it. */
const computeSecretName = (seat: Seat): string => `calendar-${seat.record.accountKey}`;

async function getClient(workspace: Workspace, seat: Seat): Promise<ServerClient> {
  const client = await workspace.accounts.findClient(seat.record.accountKey);
  if (client === undefined)
    throw new StintError('not_signed_in', 'sign in again; the calendar is served by the server');
  return client;
}

export async function getFeed(
  workspace: Workspace,
  seat: Seat,
): Promise<RequestOutput<'calendar.getFeed'>> {
  const client = await getClient(workspace, seat);
  const { createdAt, lastUsedAt } = await client.get(endpoints.calendar, calendarFeedSchema);
  const kept = await workspace.secrets.find(computeSecretName(seat));
  const [keptAt, url = null] = kept?.split(' ') ?? [];
  // One that was made anew elsewhere has made this address worthless.
  return { createdAt, lastUsedAt, url: keptAt === createdAt ? url : null };
}

export async function renewFeed(workspace: Workspace, seat: Seat): Promise<{ url: string }> {
  const client = await getClient(workspace, seat);
  const { secret, createdAt } = await client.post(endpoints.calendar, {}, renewedFeedSchema);
  const url = computeFeedUrl(client.serverUrl, secret);
  await workspace.secrets.put(computeSecretName(seat), `${createdAt} ${url}`);
  return { url };
}

export async function endFeed(workspace: Workspace, seat: Seat): Promise<void> {
  const client = await getClient(workspace, seat);
  await client.delete(endpoints.calendar);
  await workspace.secrets.remove(computeSecretName(seat));
}
