import { rm } from 'node:fs/promises';
import type {
  PackImport,
  PackPreview,
  PackPreviewChange,
} from '../../../shared/contract/pack-requests.ts';
import { domainTables } from '../../../shared/database/domain-tables.ts';
import { StintError } from '../../../shared/errors.ts';
import { findMutation } from '../../../shared/mutations/mutation-registry.ts';
import { computeNow, type Workspace } from '../engine/workspace.ts';
import { appendImportedRows, type ImportedRow } from '../seats/append-imported-rows.ts';
import type { Seat } from '../seats/seat.ts';
import { applyBeneathForecasts } from '../sync/forecasts.ts';
import type { PackedChange, PackedSeat, PackHead } from './pack-format.ts';
import { type OpenedPack, openPack } from './read-pack.ts';

const previewedChanges = 200;

/** What importing a pack would do, without doing it. @throws what `openPack` says. */
export async function inspectPack(workspace: Workspace, stagedId: string): Promise<PackPreview> {
  return await withPack(workspace, stagedId, async (pack) => {
    const matches = pack.head.seats.map((seat) => matchSeat(workspace, seat));
    const known = await countKnown(pack, matches);
    const seats = pack.head.seats.map((seat, index): PackPreview['seats'][number] => ({
      organizationName: seat.organizationName,
      email: seat.email,
      serverUrl: seat.serverUrl,
      changes: seat.changeCount,
      known: known[index] ?? 0,
      seatId: matches[index]?.seat?.record.seatId ?? null,
      problem: matches[index]?.problem ?? null,
    }));
    const missing = [];
    for (const file of pack.head.missing)
      if (!(await workspace.files.has(file.sha256))) missing.push(file.name);
    const { createdAt, deviceName, files, problems } = pack.head;
    return {
      createdAt,
      deviceName,
      seats,
      changes: await listFirstChanges(pack),
      files: files.length,
      fileBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      missingFiles: missing,
      problems,
    };
  });
}

/**
 * Takes over the work in a pack, for every seat of this computer that belongs to the same account and
 * organization: contents first (SY-21), then all changes of a seat in one transaction, with the forecasts that
 * show them and the uploads that they need. Importing twice, or after the other computer has sent the same
 * work, changes nothing more: a change counts once by its id (SY-6).
 *
 * @throws StintError what `openPack` says, `forbidden` or `not_found` where no seat of this computer is meant;
 * nothing was imported then.
 */
export async function importPack(workspace: Workspace, stagedId: string): Promise<PackImport> {
  const result = await withPack(workspace, stagedId, async (pack) => {
    const matches = pack.head.seats.map((seat) => matchSeat(workspace, seat));
    const meant = matches.filter(({ seat }) => seat !== undefined);
    if (meant.length === 0) {
      const first = matches.find(({ problem }) => problem !== null);
      throw new StintError(first?.code ?? 'not_found', first?.problem ?? 'this pack is empty');
    }
    const newContents = await importContents(workspace, pack);
    let imported = 0;
    for (const [index, { seat }] of matches.entries())
      if (seat !== undefined)
        imported += await importSeat(workspace, pack, index, pack.head.seats[index], seat);
    const offered = pack.head.seats
      .filter((_seat, index) => matches[index]?.seat !== undefined)
      .reduce((sum, { changeCount }) => sum + changeCount, 0);
    return {
      imported,
      known: offered - imported,
      newFiles: newContents,
      passedOver: matches.flatMap(({ problem }) => (problem === null ? [] : [problem])),
    };
  });
  await discardPack(workspace, stagedId);
  return result;
}

async function withPack<Result>(
  workspace: Workspace,
  stagedId: string,
  action: (pack: OpenedPack) => Promise<Result>,
): Promise<Result> {
  const staged = await workspace.db
    .selectFrom('stagedFiles')
    .select('sha256')
    .where('stagedId', '=', stagedId)
    .executeTakeFirst();
  if (staged === undefined)
    throw new StintError('not_found', 'this file is not here any more; choose it again');
  const pack = await openPack(workspace.files.path(staged.sha256), workspace.ports.sha256Hex);
  try {
    return await action(pack);
  } finally {
    pack.close();
  }
}

/** The pack's own file is not needed any more, unless it is somebody's deliverable as well. */
async function discardPack(workspace: Workspace, stagedId: string): Promise<void> {
  const staged = await workspace.db
    .deleteFrom('stagedFiles')
    .where('stagedId', '=', stagedId)
    .returning('sha256')
    .executeTakeFirst();
  if (staged === undefined) return;
  const others = await workspace.db
    .selectFrom('stagedFiles')
    .select('stagedId')
    .where('sha256', '=', staged.sha256)
    .executeTakeFirst();
  if (others !== undefined) return;
  for (const seat of workspace.seats.list()) {
    const attachment = await seat.db
      .selectFrom('attachments')
      .select('id')
      .where('sha256', '=', staged.sha256)
      .executeTakeFirst();
    if (attachment !== undefined) return;
  }
  await rm(workspace.files.path(staged.sha256), { force: true });
}

type Match =
  | { readonly seat: Seat; readonly problem: null; readonly code: null }
  | {
      readonly seat: undefined;
      readonly problem: string;
      readonly code: 'forbidden' | 'not_found';
    };

/** A person may have two roles in one organization, as two accounts: both have to be the same. */
function matchSeat(workspace: Workspace, packed: PackedSeat): Match {
  const seats = workspace.seats.list();
  const seat = seats.find(
    ({ record }) => record.accountId === packed.accountId && record.orgId === packed.orgId,
  );
  if (seat !== undefined) return { seat, problem: null, code: null };
  const whose = `the work of ${packed.email} for ${packed.organizationName}`;
  const other = seats.find(({ record }) => record.orgId === packed.orgId);
  if (other !== undefined)
    return {
      seat: undefined,
      code: 'forbidden',
      problem: `this is ${whose}; on this computer, ${other.record.email} works for it, and nobody can hand in another person's work`,
    };
  const account = seats.find(({ record }) => record.accountId === packed.accountId);
  return {
    seat: undefined,
    code: 'not_found',
    problem:
      account === undefined
        ? `this is ${whose}; sign in with that account first`
        : `this is ${whose}, and ${packed.email} does not belong to it on this computer`,
  };
}

async function countKnown(pack: OpenedPack, matches: readonly Match[]): Promise<number[]> {
  const counts = matches.map(() => 0);
  for await (const { seat: index, row } of pack.changes()) {
    const seat = matches[index]?.seat;
    if (seat === undefined) continue;
    const known = await seat.db
      .selectFrom('outbox')
      .select('deviceSeq')
      .where('id', '=', row.id)
      .executeTakeFirst();
    if (known !== undefined) counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

async function listFirstChanges(pack: OpenedPack): Promise<PackPreviewChange[]> {
  const changes: PackPreviewChange[] = [];
  for await (const { seat, row, subject, state, message } of pack.changes()) {
    changes.push({
      organizationName: pack.head.seats[seat]?.organizationName ?? '',
      label: findMutation(row.name, row.version)?.label ?? row.name,
      subject,
      claimedAt: row.claimedAt,
      isRefused: state === 'rejected' || state === 'held',
      reason: message,
    });
    if (changes.length === previewedChanges) break;
  }
  return changes;
}

/** SY-21: contents before the rows that name them. Answers how many were not here before. */
async function importContents(workspace: Workspace, pack: OpenedPack): Promise<number> {
  let added = 0;
  for (const { sha256 } of pack.head.files) {
    if (await workspace.files.has(sha256)) continue;
    const stored = await workspace.files.importStream(pack.readFile(sha256));
    if (stored.sha256 !== sha256)
      throw new StintError('hash_mismatch', `the content ${sha256} changed while it was read`);
    added += 1;
  }
  return added;
}

async function importSeat(
  workspace: Workspace,
  pack: OpenedPack,
  index: number,
  packed: PackHead['seats'][number] | undefined,
  seat: Seat,
): Promise<number> {
  const queuedAt = computeNow(workspace);
  const { sha256Hex } = workspace.ports;
  const { imported, queued } = await seat.db.transaction().execute(async (tx) => {
    const { accessLostAt } = await tx
      .selectFrom('seatState')
      .select('accessLostAt')
      .executeTakeFirstOrThrow();
    let appended = 0;
    await applyBeneathForecasts(seat, tx, async () => {
      const rows = listRows(pack, index, accessLostAt);
      appended = await appendImportedRows(tx, rows, sha256Hex);
    });
    let files = 0n;
    for (const { sha256, sizeBytes, name } of packed?.uploads ?? []) {
      const { numInsertedOrUpdatedRows = 0n } = await tx
        .insertInto('uploads')
        .values({
          sha256,
          sizeBytes,
          name,
          uploadUrl: null,
          sentBytes: 0,
          attempts: 0,
          problem: null,
          queuedAt,
          finishedAt: null,
        })
        .onConflict((conflict) => conflict.column('sha256').doNothing())
        .executeTakeFirstOrThrow();
      files += numInsertedOrUpdatedRows;
    }
    return { imported: appended, queued: files };
  });
  if (imported === 0 && queued === 0n) return 0;
  seat.announceChange([...domainTables, 'outbox']);
  seat.onMutated();
  workspace.sync.kick(seat.record.seatId);
  return imported;
}

async function* listRows(
  pack: OpenedPack,
  index: number,
  accessLostAt: string | null,
): AsyncGenerator<ImportedRow> {
  for await (const change of pack.changes()) {
    if (change.seat !== index) continue;
    const { deviceSeq: _seq, previousHash: _previous, rowHash: _hash, ...row } = change.row;
    const { code, message, field, answeredAt, subject } = change;
    const state = computeState(change, accessLostAt);
    yield state === 'pending'
      ? {
          row,
          state,
          subject,
          code: null,
          message: null,
          field: null,
          answeredAt: null,
          // Its replay finds out anew what it touches on this device.
          touches: [],
        }
      : { row, state, subject, code, message, field, answeredAt, touches: change.touches };
  }
}

/**
 * What was refused stays refused, with its reason, and what waits for it waits on. All else goes to the server,
 * also what the other device had an answer for and what it kept when it lost access: the server knows.
 */
function computeState(
  change: PackedChange,
  accessLostAt: string | null,
): 'pending' | 'rejected' | 'held' | 'kept' {
  if (change.state === 'rejected' || change.state === 'held') return change.state;
  return accessLostAt === null ? 'pending' : 'kept';
}
