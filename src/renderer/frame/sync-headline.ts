import type { SeatSync } from '../../shared/contract/shapes.ts';
import type { ConnectionState } from '../client/carrier.ts';
import { formatTime } from '../format/date-time.ts';
import { formatBytes, formatPlural } from '../format/numbers.ts';

export type SyncHeadlineKind =
  | 'saved'
  | 'moving'
  | 'waiting'
  | 'attention'
  | 'signIn'
  | 'update'
  | 'silent';

export interface SyncHeadline {
  readonly kind: SyncHeadlineKind;
  readonly text: string;
}

function describeAmount({ waitingChanges, waitingBytes }: SeatSync): string {
  const changes = waitingChanges === 0 ? [] : [formatPlural(waitingChanges, 'change', 'changes')];
  const bytes = waitingBytes === 0 ? [] : [formatBytes(waitingBytes)];
  return [...changes, ...bytes].join(', ');
}

/**
 * The state of synchronisation in one line. It never says more than is known: "on the server" only when
 * the engine says that everything is there.
 */
export function computeSyncHeadline(
  sync: SeatSync | undefined,
  connection: ConnectionState,
): SyncHeadline {
  if (connection === 'silent' || connection === 'expired')
    return { kind: 'silent', text: 'Stint is not answering' };
  if (sync === undefined) return { kind: 'waiting', text: 'Looking…' };
  const amount = describeAmount(sync);
  switch (sync.state) {
    case 'saved': {
      const time = sync.lastSyncedAt === null ? '' : `, ${formatTime(sync.lastSyncedAt)}`;
      const offline = sync.isOnline ? '' : ' · offline now';
      return { kind: 'saved', text: `All saved on the server${time}${offline}` };
    }
    case 'waiting':
      return {
        kind: 'waiting',
        text:
          amount === '' ? 'Saved on this computer' : `Saved on this computer: ${amount} waiting`,
      };
    case 'syncing':
      return {
        kind: 'moving',
        text: amount === '' ? 'Synchronising' : `Saved on this computer: sending ${amount}`,
      };
    case 'attention':
      return { kind: 'attention', text: `Needs your attention: ${sync.attentionCount}` };
    case 'signed_out':
      return { kind: 'signIn', text: 'Sign in again; your work is safe' };
    case 'update_needed':
      return { kind: 'update', text: 'Update needed' };
  }
}
