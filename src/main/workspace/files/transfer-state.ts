import type { TransferState } from '../../../shared/contract/file-requests.ts';
import type { Workspace } from '../engine/workspace.ts';
import { computeSecondsLeft } from './import-list.ts';

/** Over all seats: what waits to move, how fast it moves, and what holds it up. */
export async function computeTransferState(workspace: Workspace): Promise<TransferState> {
  const { control } = workspace.sync;
  const moving = workspace.sync.listTransfers();
  let waitingFiles = 0;
  let upBytes = 0;
  let roomProblem: string | null = null;
  for (const seat of workspace.seats.list()) {
    const sums = await seat.db
      .selectFrom('uploads')
      .select((row) => [
        row.fn.countAll<number>().as('files'),
        row.fn.sum<number | null>('sizeBytes').as('sizeBytes'),
        row.fn.sum<number | null>('sentBytes').as('sentBytes'),
      ])
      .where('finishedAt', 'is', null)
      .executeTakeFirstOrThrow();
    waitingFiles += sums.files;
    upBytes += (sums.sizeBytes ?? 0) - (sums.sentBytes ?? 0);
    const full = await seat.db
      .selectFrom('uploads')
      .select('problem')
      .where('finishedAt', 'is', null)
      .where('problem', 'like', '%disk is full%')
      .limit(1)
      .executeTakeFirst();
    roomProblem ??= full?.problem ?? null;
  }
  const wanted = new Map<string, number>();
  for (const { sha256, sizeBytes } of await workspace.sync.listWanted())
    wanted.set(sha256, sizeBytes);
  for (const { direction, sha256, sizeBytes, movedBytes } of moving)
    if (direction === 'down') wanted.set(sha256, sizeBytes - movedBytes);
  const downBytes = [...wanted.values()].reduce((sum, bytes) => sum + bytes, 0);
  const computeRate = (direction: 'up' | 'down') =>
    moving
      .filter((transfer) => transfer.direction === direction)
      .reduce((sum, { bytesPerSecond }) => sum + (bytesPerSecond ?? 0), 0);
  const describe = (files: number, bytes: number, direction: 'up' | 'down') => {
    const bytesPerSecond = computeRate(direction);
    return {
      waitingFiles: files,
      waitingBytes: Math.max(0, bytes),
      bytesPerSecond,
      secondsLeft: computeSecondsLeft(bytes, 0, bytesPerSecond),
    };
  };
  return {
    pausedBecause: control.pausedBecause,
    isMetered: control.isMetered,
    up: describe(waitingFiles, upBytes, 'up'),
    down: describe(wanted.size, downBytes, 'down'),
    roomProblem: roomProblem ?? workspace.sync.findRoomProblem(),
  };
}
