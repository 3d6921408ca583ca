import { sql } from 'kysely';
import type { FileSpace } from '../../../shared/contract/file-requests.ts';
import { computeIsoInstant } from '../../../shared/ports.ts';
import type { Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import type { Pausing } from '../sync/turns.ts';
import { readInOneState } from '../work/kept-read.ts';
import { loadKeptFiles, loadKeptTasks } from './kept-contents.ts';

/**
 * What came this recently may be about to be attached, or opened: the row that says so comes after the content. Longer
 * than anyone takes between the two.
 */
const restMs = 15 * 60_000;
/** A file that was taken in and not attached is the person's own for this long, wherever else it may be. */
const stagedMs = 24 * 3_600_000;

type Place = 'free' | 'kept' | 'only_here';

/** Never the other way round: what one seat needs here, another's copy on a server does not replace. */
const precedence: readonly Place[] = ['free', 'kept', 'only_here'];

class Places {
  readonly #places = new Map<string, Place>();

  /** What nothing speaks of is here alone. */
  get(sha256: string): Place {
    return this.#places.get(sha256) ?? 'only_here';
  }

  note(sha256: string, place: Place): void {
    const known = this.#places.get(sha256);
    if (known === undefined || precedence.indexOf(place) > precedence.indexOf(known))
      this.#places.set(sha256, place);
  }
}

/** Notes of every content that a seat speaks of whether the server has it, and who needs it here. */
async function notePlaces(
  seat: Seat,
  keepsDueOffline: boolean,
  places: Places,
  turns: Pausing,
): Promise<void> {
  const kept = await loadKeptTasks(seat, keepsDueOffline);
  await turns.pass();
  const files = await loadKeptFiles(seat);
  const { accessLostAt } = await seat.db
    .selectFrom('seatState')
    .select('accessLostAt')
    .executeTakeFirstOrThrow();
  for await (const uses of eachPage(seat, turns))
    for (const { id, sha256, taskId, arrivedAt, removedAt } of uses) {
      // What was removed is collected by the server some day, and may be brought back here until then.
      const isOnServer = arrivedAt !== null && removedAt === null && accessLostAt === null;
      const isKept = files.get(id) ?? kept.has(taskId);
      places.note(sha256, !isOnServer ? 'only_here' : isKept ? 'kept' : 'free');
    }
  const uploads = await seat.db
    .selectFrom('uploads')
    .select('sha256')
    .where('finishedAt', 'is', null)
    .execute();
  for (const { sha256 } of uploads) places.note(sha256, 'only_here');
  // What was refused, held, kept or put away names its files in text alone.
  const texts = [
    ...(await seat.db.selectFrom('vaultItems').selectAll().execute()),
    ...(await seat.db
      .selectFrom('outbox')
      .innerJoin('outboxStates', 'outboxStates.mutationId', 'outbox.id')
      .select('outbox.argsJson')
      .where('outboxStates.state', '!=', 'settled')
      .where('outbox.argsJson', 'like', '%sha256%')
      .execute()),
  ];
  for (const text of texts)
    for (const [sha256] of JSON.stringify(text).matchAll(/\b[0-9a-f]{64}\b/g))
      places.note(sha256, 'only_here');
}

const usesAtOnce = 2000;

/** Every use of a content on this seat, many at once, with turns for others in between. */
async function* eachPage(seat: Seat, turns: Pausing) {
  for (let after = 0; ;) {
    const uses = await seat.db
      .selectFrom('attachments')
      .select(['id', 'sha256', 'taskId', 'arrivedAt', 'removedAt'])
      .select(sql<number>`"rowid"`.as('place'))
      .where(sql<boolean>`"rowid" > ${after}`)
      .orderBy(sql`"rowid"`)
      .limit(usesAtOnce)
      .execute();
    yield uses;
    await turns.pass();
    const last = uses.at(-1);
    if (last === undefined) return;
    after = last.place;
  }
}

async function loadPlaces(workspace: Workspace): Promise<Places> {
  const seats = workspace.seats.list();
  const places = await readInOneState(seats, async (turns) => {
    const noted = new Places();
    for (const seat of seats)
      await notePlaces(seat, workspace.sync.control.keepsDueOffline, noted, turns);
    return noted;
  });
  const since = computeIsoInstant(workspace.ports.clock.nowMs() - stagedMs);
  const staged = await workspace.db
    .selectFrom('stagedFiles')
    .select('sha256')
    .where('createdAt', '>=', since)
    .execute();
  for (const { sha256 } of staged) places.note(sha256, 'only_here');
  return places;
}

/** The name under which a content is used, on any seat; its hash where nothing names it. */
async function findName(workspace: Workspace, sha256: string): Promise<string> {
  for (const seat of workspace.seats.list()) {
    const use = await seat.db
      .selectFrom('attachments')
      .select('name')
      .where('sha256', '=', sha256)
      .limit(1)
      .executeTakeFirst();
    if (use !== undefined) return use.name;
  }
  return sha256;
}

export async function computeFileSpace(workspace: Workspace): Promise<FileSpace> {
  const places = await loadPlaces(workspace);
  const counts = {
    free: { files: 0, bytes: 0 },
    kept: { files: 0, bytes: 0 },
    only_here: { files: 0, bytes: 0 },
  };
  for (const { sha256, sizeBytes } of await workspace.files.listStored()) {
    const count = counts[places.get(sha256)];
    count.files += 1;
    count.bytes += sizeBytes;
  }
  const damaged = await workspace.files.listDamaged();
  return {
    usedFiles: counts.free.files + counts.kept.files + counts.only_here.files,
    usedBytes: counts.free.bytes + counts.kept.bytes + counts.only_here.bytes,
    freeableFiles: counts.free.files,
    freeableBytes: counts.free.bytes,
    keptFiles: counts.kept.files,
    keptBytes: counts.kept.bytes,
    onlyHereFiles: counts.only_here.files,
    onlyHereBytes: counts.only_here.bytes,
    unfinishedBytes: await workspace.files.computeUnfinishedBytes(),
    diskFreeBytes: (await workspace.files.findDiskFreeBytes()) ?? null,
    damaged: await Promise.all(
      damaged.map(async (sha256) => ({ sha256, name: await findName(workspace, sha256) })),
    ),
  };
}

/**
 * Removes what the server has, and nobody needs here; what came just now stays until it has rested.
 *
 * @param named these contents alone. A person named them: they need not rest.
 */
export async function freeFiles(
  workspace: Workspace,
  { includesKept, named }: { readonly includesKept: boolean; readonly named?: ReadonlySet<string> },
): Promise<{ freedFiles: number; freedBytes: number }> {
  const stored = (await workspace.files.listStored()).filter(
    ({ sha256 }) => named?.has(sha256) ?? true,
  );
  const beforeMs = named === undefined ? workspace.ports.clock.nowMs() - restMs : Infinity;
  // After the list: what is attached meanwhile is seen here.
  const places = await loadPlaces(workspace);
  const freed = stored.filter(({ sha256, cameMs }) => {
    const place = places.get(sha256);
    return cameMs < beforeMs && (place === 'free' || (place === 'kept' && includesKept));
  });
  const hashes = freed.map(({ sha256 }) => sha256);
  // An old entry among what was taken in would promise a content that is not here any more.
  for (let start = 0; start < hashes.length; start += 500)
    await workspace.db
      .deleteFrom('stagedFiles')
      .where('sha256', 'in', hashes.slice(start, start + 500))
      .execute();
  for (const sha256 of hashes) await workspace.files.remove(sha256);
  workspace.sync.noteRemoved(hashes);
  for (const seat of workspace.seats.list()) seat.announceChange(['attachments']);
  return {
    freedFiles: freed.length,
    freedBytes: freed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}

/** Reads every content through, and fetches anew what the disk changed, from the first seat whose server has it. */
export async function checkFiles(workspace: Workspace): Promise<{
  checkedFiles: number;
  damaged: { sha256: string; name: string; isFetchedAgain: boolean }[];
}> {
  const hashes = await workspace.files.listHashes();
  for (const sha256 of hashes) await workspace.files.setAsideIfDamaged(sha256);
  // Those set aside before as well: their server may not have been there then.
  const found = await workspace.files.listDamaged();
  workspace.sync.noteRemoved(found);
  const damaged: { sha256: string; name: string; isFetchedAgain: boolean }[] = [];
  for (const sha256 of found)
    damaged.push({
      sha256,
      name: await findName(workspace, sha256),
      isFetchedAgain: await fetchAgain(workspace, sha256),
    });
  if (damaged.length > 0)
    for (const seat of workspace.seats.list()) seat.announceChange(['attachments']);
  return { checkedFiles: hashes.size, damaged };
}

async function fetchAgain(workspace: Workspace, sha256: string): Promise<boolean> {
  for (const seat of workspace.seats.list()) {
    const use = await seat.db
      .selectFrom('attachments')
      .select('sizeBytes')
      .where('sha256', '=', sha256)
      .where('arrivedAt', 'is not', null)
      .limit(1)
      .executeTakeFirst();
    if (use === undefined) continue;
    const isHere = await workspace.sync.fetchFile(seat.record.seatId, sha256, use.sizeBytes).then(
      () => true,
      () => false,
    );
    if (isHere) return true;
  }
  return false;
}
