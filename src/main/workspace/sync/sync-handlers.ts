import type { SeatSync } from '../../../shared/contract/shapes.ts';
import type {
  syncRequests,
  Transfer,
  WaitingChange,
} from '../../../shared/contract/sync-requests.ts';
import { loadPromisedContents } from '../files/cancel-upload.ts';
import { StintError } from '../../../shared/errors.ts';
import { findMutation } from '../../../shared/mutations/mutation-registry.ts';
import { exportAttention } from '../bundles/attention-export.ts';
import { attentionStates, type OutboxState } from '../database/seat-tables.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { fileNeeded } from '../files/upload-failure.ts';
import { getSeat, type Workspace } from '../engine/workspace.ts';
import { stagePath } from '../files/staged-files.ts';
import type { Seat } from '../seats/seat.ts';
import { getAttachedFile } from '../work/file-items.ts';
import { loadSeatItem } from '../setup/seat-items.ts';
import { listShownInVault } from '../vault/shown-in-vault.ts';
import { loadClockDifference } from './clock-difference.ts';
import { waitsForOthers } from './push-answers.ts';
import { dismissChange, loadWaitedFor, sendAgain, undoDismissChange } from './refused-changes.ts';
import { loadTimesheetDays } from './timesheet-days.ts';

/** The sync state, what waits, and what to do about what was refused. */
export const syncHandlers: HandlersOf<typeof syncRequests> = {
  'sync.status': async (_args, workspace) => {
    const seats = await Promise.all(
      workspace.seats.list().map(async (seat) => {
        const { seatId } = seat.record;
        return {
          seatId,
          sync: await workspace.sync.computeSeatSync(seatId),
          nextAttemptAt: workspace.sync.findNextAttemptAt(seatId),
          accessEndedAt: await loadAccessEndedAt(seat),
        };
      }),
    );
    const differences = await Promise.all(
      workspace.seats.list().map((seat) => loadClockDifference(seat, workspace.ports.clock)),
    );
    return {
      overall: computeOverall(seats.map(({ sync }) => sync)),
      clockDifferenceMs: findFurthest(differences),
      copyProblem: workspace.copies?.problem ?? null,
      seats,
    };
  },

  'sync.now': async (_args, workspace) => {
    workspace.sync.kick();
    return {};
  },

  'sync.waiting': async (_args, workspace) => {
    const lists = await Promise.all(
      workspace.seats.list().map((seat) => loadWaiting(workspace, seat)),
    );
    return {
      changes: lists.flatMap(({ changes }) => changes),
      transfers: lists.flatMap(({ transfers }) => transfers),
    };
  },

  'sync.sendAgain': async ({ seatId, mutationId, args }, workspace) => ({
    mutationId: await sendAgain(getSeat(workspace, seatId), mutationId, args),
  }),

  'sync.dismiss': async ({ seatId, mutationId }, workspace) => {
    return { previousState: await dismissChange(getSeat(workspace, seatId), mutationId) };
  },

  'sync.undoDismiss': async ({ seatId, mutationId, previousState }, workspace) => {
    await undoDismissChange(getSeat(workspace, seatId), mutationId, previousState);
    return {};
  },

  'sync.export': async ({ seatId }, workspace) =>
    exportAttention(workspace, getSeat(workspace, seatId)),

  'files.importPath': async ({ path }, workspace) => stagePath(workspace, path),

  'files.fetch': async ({ seatId, attachmentId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const attachment = await seat.db
      .selectFrom('attachments')
      .select(['sha256', 'sizeBytes'])
      .where('orgId', '=', seat.record.orgId)
      .where('id', '=', attachmentId)
      .executeTakeFirst();
    if (attachment === undefined)
      throw new StintError('not_found', `there is no file ${attachmentId} here`);
    await workspace.sync.fetchFile(seatId, attachment.sha256, attachment.sizeBytes);
    return getAttachedFile(workspace, seat, attachmentId);
  },
};

function findFurthest(differences: readonly (number | null)[]): number | null {
  const known = differences.filter((difference) => difference !== null);
  return known.toSorted((left, right) => Math.abs(right) - Math.abs(left))[0] ?? null;
}

const stateOrder = [
  'attention',
  'signed_out',
  'update_needed',
  'syncing',
  'waiting',
  'saved',
] as const satisfies SeatSync['state'][];

/** What needs a person comes first, then what moves, then what waits. */
function computeOverall(all: readonly SeatSync[]): SeatSync {
  const synced = all.map((sync) => sync.lastSyncedAt).filter((at) => at !== null);
  return {
    state: stateOrder.find((state) => all.some((sync) => sync.state === state)) ?? 'saved',
    isOnline: all.every((sync) => sync.isOnline),
    waitingChanges: all.reduce((sum, sync) => sum + sync.waitingChanges, 0),
    waitingBytes: all.reduce((sum, sync) => sum + sync.waitingBytes, 0),
    attentionCount: all.reduce((sum, sync) => sum + sync.attentionCount, 0),
    // "All saved, 12:04" is true only of the seat that was last in step the longest ago.
    lastSyncedAt: synced.length === all.length ? (synced.sort()[0] ?? null) : null,
    lastProblem: all.find((sync) => sync.lastProblem !== null)?.lastProblem ?? null,
  };
}

/** What is held is sent again together with what it waits for, or alone where that was taken off the list. */
const canSendAgain = (state: OutboxState, isWaiting: boolean): boolean =>
  state === 'rejected' || state === 'kept' || (state === 'held' && !isWaiting);

async function loadAccessEndedAt(seat: Seat): Promise<string | null> {
  const { accessLostAt } = await seat.db
    .selectFrom('seatState')
    .select('accessLostAt')
    .executeTakeFirstOrThrow();
  return accessLostAt;
}

const shownStates: Partial<Record<OutboxState, WaitingChange['state']>> = {
  pending: 'waiting',
  applied: 'confirming',
  rejected: 'refused',
  quarantined: 'with_employer',
  held: 'held',
  kept: 'kept',
};

async function loadWaiting(
  workspace: Workspace,
  seat: Seat,
): Promise<{ changes: WaitingChange[]; transfers: Transfer[] }> {
  const { seatId } = seat.record;
  const { organizationName, sync } = await loadSeatItem(workspace, seat);
  const rows = await seat.db
    .selectFrom('outboxStates')
    .innerJoin('outbox', 'outbox.id', 'outboxStates.mutationId')
    .select([
      'outbox.id',
      'outbox.name',
      'outbox.version',
      'outbox.claimedAt',
      'outbox.argsJson',
      'outboxStates.state',
      'outboxStates.subject',
      'outboxStates.code',
      'outboxStates.message',
      'outboxStates.acknowledgedSeq',
      'outboxStates.replayProblem',
    ])
    .where('outboxStates.state', 'in', ['pending', 'applied', ...attentionStates])
    .orderBy('outbox.deviceSeq', 'desc')
    .limit(1000)
    .execute();
  const hasAccess = (await loadAccessEndedAt(seat)) === null;
  const waitedFor = await loadWaitedFor(seat);
  const shownInVault = await listShownInVault(seat);
  const listed = rows.filter((row) => !shownInVault.has(row.id));
  const timesheetDays = await loadTimesheetDays(seat, listed);
  const changes = listed.map((row): WaitingChange => ({
    seatId,
    organizationName,
    mutationId: row.id,
    label: findMutation(row.name, row.version)?.label ?? row.name,
    subject: row.subject,
    days: timesheetDays.get(row.id) ?? null,
    claimedAt: row.claimedAt,
    state:
      row.state === 'pending' && sync.state === 'syncing'
        ? 'sending'
        : (shownStates[row.state] ?? 'waiting'),
    name: row.name,
    waitsForId: waitedFor.get(row.id) ?? null,
    canSendAgain: hasAccess && canSendAgain(row.state, waitedFor.has(row.id)),
    reasonCode: row.code,
    reason:
      row.state === 'pending' && row.acknowledgedSeq === 0 && row.replayProblem !== null
        ? waitsForOthers
        : row.message,
    argsJson: row.argsJson,
  }));
  return { changes, transfers: await loadTransfers(workspace, seat, organizationName) };
}

async function loadTransfers(
  workspace: Workspace,
  seat: Seat,
  organizationName: string,
): Promise<Transfer[]> {
  const { seatId } = seat.record;
  const moving = workspace.sync.listTransfers(seatId);
  const uploads = await seat.db
    .selectFrom('uploads')
    .selectAll()
    .where('finishedAt', 'is', null)
    .orderBy('sizeBytes')
    .execute();
  const promised = await loadPromisedContents(seat);
  const up = uploads.map((row): Transfer => {
    const running = moving.find(
      (transfer) => transfer.direction === 'up' && transfer.sha256 === row.sha256,
    );
    return {
      seatId,
      organizationName,
      direction: 'up',
      sha256: row.sha256,
      name: row.name,
      sizeBytes: row.sizeBytes,
      movedBytes: running?.movedBytes ?? row.sentBytes,
      bytesPerSecond: running?.bytesPerSecond ?? null,
      state: running !== undefined ? 'moving' : row.problem === null ? 'waiting' : 'failed',
      problem: running !== undefined ? null : row.problem,
      isStoppable: !promised.has(row.sha256),
      needsFile: running === undefined && fileNeeded.includes(row.problem ?? ''),
    };
  });
  const down: Transfer[] = [];
  for (const transfer of moving) {
    if (transfer.direction !== 'down') continue;
    const attachment = await seat.db
      .selectFrom('attachments')
      .select('name')
      .where('sha256', '=', transfer.sha256)
      .executeTakeFirst();
    const name = attachment?.name ?? transfer.sha256;
    down.push({ ...transfer, organizationName, name, isStoppable: true, needsFile: false });
  }
  return [...up, ...down];
}
