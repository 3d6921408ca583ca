import { sql } from 'kysely';
import type { HistoryFilter, HistoryItem } from '../../../shared/contract/history-requests.ts';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { privateActName } from '../../../shared/protocol/history.ts';
import { findMutation } from '../../../shared/mutations/mutation-registry.ts';
import type { HistoryEntryRow } from '../database/seat-tables.ts';
import type { Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import type { Pausing } from '../sync/turns.ts';
import { readInOneState } from '../work/kept-read.ts';
import { loadSettings } from '../setup/settings.ts';
import { computeLocalTimeZone } from '../ports/local-time-zone.ts';
import { filterHistory, findNumbers, type HistoryQuery } from './history-rows.ts';
import { loadSubjects } from './history-subjects.ts';

type HistoryList = RequestOutput<'history.list'>;

/** How many acts that wait are shown; the others stand among what waits. */
const maximumUnsent = 200;

export async function listHistory(
  workspace: Workspace,
  seat: Seat,
  filter: Omit<HistoryFilter, 'seatId'> & { readonly offset: number; readonly limit: number },
): Promise<HistoryList> {
  return readInOneState([seat], (turns) => readHistory(workspace, seat, filter, turns));
}

async function readHistory(
  workspace: Workspace,
  seat: Seat,
  filter: Omit<HistoryFilter, 'seatId'> & { readonly offset: number; readonly limit: number },
  turns: Pausing,
): Promise<HistoryList> {
  const query = filterHistory(seat, filter, computeLocalTimeZone(workspace.ports));
  await turns.pass();
  const { total, rows } =
    filter.text === undefined || filter.text === ''
      ? await loadPage(query, filter)
      : await searchPage(seat, query, filter);
  await turns.pass();
  const names = await loadNames(seat);
  const reach = await seat.db.selectFrom('historyReach').selectAll().executeTakeFirst();
  const actors = await seat.db
    .selectFrom('historyEntries')
    .select('actorMembershipId')
    .where('name', '!=', privateActName)
    .distinct()
    .execute();
  await turns.pass();
  const kinds = await seat.db
    .selectFrom('historyEntries')
    .select('name')
    .where('name', '!=', privateActName)
    .distinct()
    .execute();
  await turns.pass();
  const people = actors.map(({ actorMembershipId }) => ({
    membershipId: actorMembershipId,
    name: getName(names, actorMembershipId),
  }));
  return {
    total,
    entries: await describeEntries(seat, rows, names),
    unsent: filter.offset === 0 ? await listUnsent(workspace, seat, names) : [],
    people: people.sort((left, right) => left.name.localeCompare(right.name)),
    kinds: kinds
      .map(({ name }) => ({ name, label: computeLabel(name, 1) }))
      .sort((left, right) => left.label.localeCompare(right.label)),
    fetchedAt: reach?.fetchedAt ?? null,
  };
}

interface Page {
  readonly offset: number;
  readonly limit: number;
}
interface FoundPage {
  readonly total: number;
  readonly rows: readonly HistoryEntryRow[];
}

async function loadPage(query: HistoryQuery, { offset, limit }: Page): Promise<FoundPage> {
  const { total } = await query
    .clearSelect()
    .select(sql<number>`count(*)`.as('total'))
    .executeTakeFirstOrThrow();
  const rows = await query.orderBy('seq', 'desc').offset(offset).limit(limit).execute();
  return { total, rows };
}

/** The same where every entry's arguments are read for it. */
async function searchPage(
  seat: Seat,
  query: HistoryQuery,
  { offset, limit }: Page,
): Promise<FoundPage> {
  const found = (await findNumbers(seat, query)).toReversed();
  const rows = await seat.db
    .selectFrom('historyEntries')
    .selectAll()
    .where('seq', 'in', found.slice(offset, offset + limit))
    .orderBy('seq', 'desc')
    .execute();
  return { total: found.length, rows };
}

export async function describeEntries(
  seat: Seat,
  rows: readonly HistoryEntryRow[],
  names: ReadonlyMap<string, string>,
): Promise<HistoryItem[]> {
  const subjects = await loadSubjects(
    seat,
    rows.map(({ argsJson }) => argsJson),
  );
  return rows.map((row, index) => ({
    seq: row.seq,
    mutationId: row.mutationId,
    name: row.name,
    label: computeLabel(row.name, row.version),
    subject: subjects[index] ?? '',
    membershipId: row.actorMembershipId,
    personName: getName(names, row.actorMembershipId),
    deviceName: row.deviceName,
    isByServer: row.deviceId === null,
    claimedAt: row.claimedAt,
    receivedAt: row.receivedAt,
    isErased: row.argsJson === null,
  }));
}

/** What this computer holds and the server has not answered yet. */
async function listUnsent(
  workspace: Workspace,
  seat: Seat,
  names: ReadonlyMap<string, string>,
): Promise<HistoryItem[]> {
  const rows = await seat.db
    .selectFrom('outbox')
    .innerJoin('outboxStates', 'outboxStates.mutationId', 'outbox.id')
    .select(['outbox.id', 'name', 'version', 'claimedAt', 'subject'])
    .where('state', '=', 'pending')
    .orderBy('outbox.deviceSeq', 'desc')
    .limit(maximumUnsent)
    .execute();
  const { deviceName } = await loadSettings(workspace);
  const { membershipId } = seat.record;
  return rows.map(({ id, name, version, claimedAt, subject }) => ({
    seq: null,
    mutationId: id,
    name,
    label: computeLabel(name, version),
    subject,
    membershipId,
    personName: getName(names, membershipId),
    deviceName,
    isByServer: false,
    claimedAt,
    receivedAt: null,
    isErased: false,
  }));
}

/** By membership; of everyone that this person may see. */
export async function loadNames(seat: Seat): Promise<ReadonlyMap<string, string>> {
  const rows = await seat.db
    .selectFrom('memberships')
    .select(['id', 'displayName'])
    .where('orgId', '=', seat.record.orgId)
    .execute();
  return new Map(rows.map(({ id, displayName }) => [id, displayName]));
}

const getName = (names: ReadonlyMap<string, string>, membershipId: string): string =>
  names.get(membershipId) ?? 'Somebody';

/** A mutation of a newer program is called by its own name. */
const computeLabel = (name: string, version: number): string =>
  findMutation(name, version)?.label ?? name;
