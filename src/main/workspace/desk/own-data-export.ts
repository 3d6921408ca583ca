import { type DomainTable, domainTables } from '../../../shared/database/domain-tables.ts';
import { privateScope } from '../../../shared/domain/scopes.ts';
import type { ArchiveEntry } from '../bundles/archive-writer.ts';
import { computeSlug, NamesInFolder } from '../../../shared/domain/safe-file-name.ts';
import { writeExport } from '../bundles/write-export.ts';
import { computeNow, type Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { makeJsonEntry } from './json-entry.ts';
import { listVaultFiles } from '../vault/export-vault-item.ts';
import type { VaultContent } from '../vault/vault-content.ts';
import { parseVaultContent } from '../vault/vault-items.ts';
import { Turns } from '../sync/turns.ts';

/** Whether a column names the person whom a row is by or about. */
const isPersonColumn = (column: string): boolean =>
  column === 'membershipId' || column.endsWith('By');

/**
 * A person's own data as GDPR, articles 15 and 20, ask for them: one ZIP with `data.json` (the rows by or about the person as
 * this seat holds them, an intern's whole view; the acts on this device; what was fetched of the history; what is kept on this
 * computer alone: work on tasks that left their sight, the running timer and what it asks), and the files they gave as far
 * as they lie on this computer.
 */
export async function exportOwnData(
  workspace: Workspace,
  seat: Seat,
): Promise<{ fileName: string; path: string; sizeBytes: number; rows: number; missing: string[] }> {
  const turns = new Turns(() => seat.clock.monotonicMs());
  const tables: Record<string, unknown[]> = {};
  let rows = 0;
  for (const table of domainTables) {
    const own: unknown[] = [];
    for await (const row of eachRow(seat, table, turns))
      if (isAboutPerson(seat, table, row)) own.push(row);
    if (own.length > 0) tables[table] = own;
    rows += own.length;
  }
  const actsOfThisDevice = await loadActs(seat, turns);
  const history = await seat.db
    .selectFrom('historyEntries')
    .selectAll()
    .where('actorMembershipId', '=', seat.record.membershipId)
    .orderBy('seq')
    .execute();
  const keptWork = await loadKeptWork(seat);
  const runningTimer = await seat.db
    .selectFrom('timers')
    .select(['timeEntryId', 'taskId', 'startedAt', 'note', 'zone', 'lastSeenAt'])
    .executeTakeFirst();
  const timerQuestions = await seat.db
    .selectFrom('timerQuestions')
    .selectAll()
    .orderBy('startedAt')
    .orderBy('questionId')
    .execute();
  const { membershipId, organizationName, email, serverUrl, role } = seat.record;
  const day = computeNow(workspace).slice(0, 10);
  const slug = computeSlug(organizationName);
  const name = `my-data${slug === '' ? '' : `-${slug}`}-${day}`;
  const { files, missing } = await collectOwnFiles(workspace, seat, name, keptWork);
  const document = {
    format: 'stint-own-data',
    version: 1,
    person: { membershipId, email, role },
    organization: organizationName,
    serverUrl,
    tables,
    actsOfThisDevice,
    history,
    keptWork,
    runningTimer: runningTimer ?? null,
    timerQuestions,
  };
  const written = await writeExport(workspace, {
    seatId: seat.record.seatId,
    engagementId: null,
    name,
    day,
    entries: [await makeJsonEntry(`${name}/data.json`, document, turns), ...files],
  });
  const { fileName, path, sizeBytes } = written;
  return { fileName, path, sizeBytes, rows, missing };
}

type AnyRow = Readonly<Record<string, unknown>>;

const rowsAtOnce = 500;

/** A table's rows by their ids, with turns for others in between. */
async function* eachRow(seat: Seat, table: DomainTable, turns: Turns): AsyncGenerator<AnyRow> {
  for (let after = ''; ;) {
    const rows = await seat.db
      .selectFrom(table as 'tasks')
      .selectAll()
      .where('orgId', '=', seat.record.orgId)
      .where('id', '>', after)
      .orderBy('id')
      .limit(rowsAtOnce)
      .execute();
    yield* rows;
    await turns.pass();
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

/** What an intern may see is about them, but for the organization; of an employer, what names them. */
function isAboutPerson(seat: Seat, table: DomainTable, row: AnyRow): boolean {
  const { membershipId, role } = seat.record;
  if (table === 'memberships') return row['id'] === membershipId;
  if (role === 'intern') return true;
  if (row['scope'] === privateScope(membershipId)) return true;
  return Object.entries(row).some(
    ([column, value]) => value === membershipId && isPersonColumn(column),
  );
}

async function loadActs(seat: Seat, turns: Turns): Promise<readonly AnyRow[]> {
  const acts: AnyRow[] = [];
  for (let after = 0; ;) {
    const rows = await seat.db
      .selectFrom('outbox')
      .innerJoin('outboxStates', 'outboxStates.mutationId', 'outbox.id')
      .select(['outbox.id', 'name', 'version', 'argsJson', 'claimedAt', 'state', 'answeredAt'])
      .select('outbox.deviceSeq')
      .where('outbox.deviceSeq', '>', after)
      .orderBy('outbox.deviceSeq')
      .limit(rowsAtOnce)
      .execute();
    for (const { argsJson, deviceSeq, ...act } of rows) {
      acts.push({ ...act, arguments: JSON.parse(argsJson) as unknown });
      after = deviceSeq;
    }
    await turns.pass();
    if (rows.length === 0) return acts;
  }
}

type KeptWork = VaultContent & { readonly movedAt: string };

/** What the person had prepared for tasks that have left their sight (SY-10): nothing of it is in the rows any more. */
async function loadKeptWork(seat: Seat): Promise<KeptWork[]> {
  const rows = await seat.db
    .selectFrom('vaultItems')
    .selectAll()
    .orderBy('movedAt')
    .orderBy('vaultId')
    .execute();
  return rows.map((row) => ({ movedAt: row.movedAt, ...parseVaultContent(row) }));
}

async function collectOwnFiles(
  workspace: Workspace,
  seat: Seat,
  folder: string,
  keptWork: readonly KeptWork[],
): Promise<{ files: ArchiveEntry[]; missing: string[] }> {
  const attachments = await seat.db
    .selectFrom('attachments')
    .select(['sha256', 'sizeBytes', 'name'])
    .distinct()
    .where('orgId', '=', seat.record.orgId)
    .where('createdBy', '=', seat.record.membershipId)
    .orderBy('name')
    .orderBy('sha256')
    .execute();
  const given = new Map(
    [...attachments, ...keptWork.flatMap(listVaultFiles)].map((file) => [
      `${file.sha256} ${file.name}`,
      file,
    ]),
  );
  const names = new NamesInFolder();
  const files: ArchiveEntry[] = [];
  const missing: string[] = [];
  for (const { sha256, sizeBytes, name } of given.values()) {
    if (await workspace.files.has(sha256))
      files.push({
        path: `${folder}/files/${names.take(name)}`,
        sha256,
        sizeBytes,
        open: () => workspace.files.read(sha256),
      });
    else missing.push(name);
  }
  return { files, missing };
}
