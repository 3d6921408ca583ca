import { readFile } from 'node:fs/promises';
import type { RequestArguments, RequestOutput } from '../../../shared/contract/contract.ts';
import type { ImportRow } from '../../../shared/contract/hours-exchange-requests.ts';
import { computeDerivedId } from '../../../shared/domain/derived-id.ts';
import { StintError } from '../../../shared/errors.ts';
import { maximumNoteLength } from '../../../shared/mutations/time-changes.ts';
import { computeEpochMs } from '../../../shared/ports.ts';
import { getSeat, type Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { isPeriodApproved } from '../hours/entry-locks.ts';
import { Turns } from '../sync/turns.ts';
import { listInternSeats } from '../work/hours-handlers.ts';
import { type ImportSource, type ReadRow, readImport } from './read-import.ts';

type ImportInput = RequestArguments<'hours.import'>;

/** A year of entries is a tenth of it. */
const maximumBytes = 16 * 1024 * 1024;

interface Place {
  readonly seat: Seat;
  readonly taskId: string;
}

interface PlannedRow {
  readonly row: ReadRow;
  readonly key: string;
  readonly place: Place | undefined;
  readonly timeEntryId: string | undefined;
  readonly state: ImportRow['state'];
}

/** What a task is called, too, for the person who confirms it. */
interface SuggestedPlace extends Place {
  readonly title: string;
}

interface Plan {
  readonly source: ImportSource;
  readonly rows: readonly PlannedRow[];
  readonly suggestions: ReadonlyMap<string, SuggestedPlace>;
}

export async function inspectHoursImport(
  workspace: Workspace,
  input: ImportInput,
): Promise<RequestOutput<'hours.inspectImport'>> {
  const { source, rows, suggestions } = await planImport(workspace, input);
  const groups = Map.groupBy(
    rows.filter(({ state }) => state !== 'bad'),
    ({ key }) => key,
  );
  const counts = { new: 0, asked: 0, duplicate: 0, unmapped: 0, bad: 0 };
  for (const { state } of rows) counts[state] += 1;
  return {
    source,
    rows: rows.map(({ row, state }) => ({
      line: row.line,
      project: computeLabel(row),
      note: row.note,
      startedAt: row.startedAt,
      endedAt: row.endedAt,
      state,
      problem: row.problem,
      cutNote: describeCutNote(row),
    })),
    groups: [...groups].map(([key, members]) => {
      const [first] = members;
      const place = suggestions.get(key);
      return {
        key,
        label: first === undefined ? '' : computeLabel(first.row),
        rows: members.length,
        seconds: Math.round(members.reduce((sum, { row }) => sum + computeMs(row), 0) / 1000),
        suggestion:
          place === undefined
            ? null
            : { seatId: place.seat.record.seatId, taskId: place.taskId, title: place.title },
      };
    }),
    counts,
    seconds: computeSeconds(rows.filter(({ state }) => state === 'new')),
  };
}

/** Where a note is longer than one may be: that the rest of it stays in the file. Null where it is taken over whole. */
const describeCutNote = ({ noteLength, problem }: ReadRow): string | null =>
  problem !== null || noteLength <= maximumNoteLength
    ? null
    : `the note has ${noteLength.toLocaleString('en')} characters, and a note here at most ${maximumNoteLength.toLocaleString('en')}: what comes after them is left out`;

/** Each row by itself: one that the rules refuse does not take the others along, and importing again goes on. */
export async function importHours(
  workspace: Workspace,
  input: ImportInput,
): Promise<RequestOutput<'hours.import'>> {
  const { rows } = await planImport(workspace, input);
  const turns = new Turns(() => workspace.ports.clock.monotonicMs());
  const added: PlannedRow[] = [];
  let asked = 0;
  const refused: { line: number; reason: string }[] = [];
  for (const planned of rows) {
    const { row, place, timeEntryId, state } = planned;
    const { startedAt, endedAt, note } = row;
    if (state !== 'new' && state !== 'asked') continue;
    if (place === undefined || timeEntryId === undefined) continue;
    if (startedAt === null || endedAt === null) continue;
    const { taskId } = place;
    const args = { timeEntryId, taskId, startedAt, endedAt, zone: input.zone, note };
    try {
      await place.seat.mutate('time.import', { ...args, source: 'manual' }, { subject: note });
      if (await isEntryHere(place.seat, timeEntryId)) added.push(planned);
      else asked += 1;
    } catch (error) {
      if (!(error instanceof StintError)) throw error;
      refused.push({ line: row.line, reason: error.message });
    }
    await turns.pass();
  }
  return {
    added: added.length,
    asked,
    duplicates: rows.filter(({ state }) => state === 'duplicate').length,
    skipped: rows.filter(({ state }) => state === 'bad' || state === 'unmapped').length,
    refused,
    seconds: computeSeconds(added),
  };
}

const computeMs = ({ startedAt, endedAt }: ReadRow): number =>
  startedAt === null || endedAt === null ? 0 : computeEpochMs(endedAt) - computeEpochMs(startedAt);

const computeSeconds = (rows: readonly PlannedRow[]): number =>
  Math.round(rows.reduce((sum, { row }) => sum + computeMs(row), 0) / 1000);

const computeKey = ({ project, task }: ReadRow): string => JSON.stringify([project, task]);
const computeLabel = ({ project, task }: ReadRow): string =>
  [project, task].filter((part) => part !== '').join(' · ') || 'Without a project';

async function planImport(workspace: Workspace, input: ImportInput): Promise<Plan> {
  const { source, rows } = readImport(await readStagedText(workspace, input.stagedId), input.zone);
  const suggestions = await suggestTasks(workspace, rows);
  const chosen = new Map<string, Place>();
  for (const { key, seatId, taskId } of input.mappings) {
    const seat = getSeat(workspace, seatId);
    if (seat.record.role !== 'intern')
      throw new StintError('forbidden', 'time is recorded by interns; choose one of their seats', {
        field: 'mappings',
      });
    chosen.set(key, { seat, taskId });
  }
  const seen = new Map<string, number>();
  const planned: PlannedRow[] = [];
  for (const row of rows) {
    const key = computeKey(row);
    const place = chosen.get(key);
    if (row.problem !== null) {
      planned.push({ row, key, place, timeEntryId: undefined, state: 'bad' });
      continue;
    }
    const content = JSON.stringify([source, ...row.firstReading, key, row.note]);
    const ordinal = seen.get(content) ?? 0;
    seen.set(content, ordinal + 1);
    if (place === undefined) {
      planned.push({ row, key, place, timeEntryId: undefined, state: 'unmapped' });
      continue;
    }
    const { orgId, membershipId } = place.seat.record;
    const timeEntryId = computeDerivedId(
      `hours-import/${orgId}/${membershipId}`,
      `${content}/${ordinal}`,
      workspace.ports.sha256Hex,
    );
    const state = await findState(place, timeEntryId, row.startedAt);
    planned.push({ row, key, place, timeEntryId, state });
  }
  return { source, rows: planned, suggestions };
}

/** What becomes of a row that has a task. */
async function findState(
  { seat, taskId }: Place,
  timeEntryId: string,
  startedAt: string | null,
): Promise<ImportRow['state']> {
  if ((await isEntryHere(seat, timeEntryId)) || (await isAskedFor(seat, timeEntryId)))
    return 'duplicate';
  const task = await seat.db
    .selectFrom('tasks')
    .select('engagementId')
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', taskId)
    .executeTakeFirst();
  const isApproved =
    task !== undefined &&
    startedAt !== null &&
    (await isPeriodApproved(seat, task.engagementId, startedAt));
  return isApproved ? 'asked' : 'new';
}

async function isEntryHere(seat: Seat, timeEntryId: string): Promise<boolean> {
  const entry = await seat.db
    .selectFrom('timeEntries')
    .select('id')
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', timeEntryId)
    .executeTakeFirst();
  return entry !== undefined;
}

/** Into approved days it became a request, which the employer answers. */
async function isAskedFor(seat: Seat, timeEntryId: string): Promise<boolean> {
  const request = await seat.db
    .selectFrom('timeChangeRequests')
    .select('id')
    .where('orgId', '=', seat.record.orgId)
    .where('changeJson', 'like', `%${timeEntryId}%`)
    .executeTakeFirst();
  return request !== undefined;
}

/** A task that is called as the row's task or project, where there is exactly one. */
async function suggestTasks(
  workspace: Workspace,
  rows: readonly ReadRow[],
): Promise<Map<string, SuggestedPlace>> {
  const places = new Map<string, SuggestedPlace[]>();
  for (const seat of listInternSeats(workspace)) {
    const tasks = await seat.db
      .selectFrom('tasks')
      .select(['id', 'title'])
      .where('orgId', '=', seat.record.orgId)
      .where('cancelledAt', 'is', null)
      .execute();
    for (const { id, title } of tasks) {
      const name = title.trim().toLowerCase();
      places.set(name, [...(places.get(name) ?? []), { seat, taskId: id, title }]);
    }
  }
  const suggestions = new Map<string, SuggestedPlace>();
  for (const row of rows)
    for (const name of [row.task, row.project, row.note]) {
      const [place, ...others] = places.get(name.trim().toLowerCase()) ?? [];
      if (place !== undefined && others.length === 0 && !suggestions.has(computeKey(row)))
        suggestions.set(computeKey(row), place);
    }
  return suggestions;
}

async function readStagedText(workspace: Workspace, stagedId: string): Promise<string> {
  const staged = await workspace.db
    .selectFrom('stagedFiles')
    .select(['sha256', 'sizeBytes', 'name'])
    .where('stagedId', '=', stagedId)
    .executeTakeFirst();
  if (staged === undefined)
    throw new StintError('not_found', 'there is no such file taken in on this computer', {
      field: 'stagedId',
    });
  if (staged.sizeBytes > maximumBytes)
    throw new StintError(
      'too_large',
      `expected a file of at most ${maximumBytes} bytes, and "${staged.name}" has ${staged.sizeBytes}`,
      { field: 'stagedId' },
    );
  const text = decodeText(await readFile(workspace.files.path(staged.sha256)));
  if (text.includes('\0'))
    throw new StintError('invalid_input', `"${staged.name}" is not text in UTF-8 or Windows-1252`, {
      field: 'stagedId',
    });
  return text;
}

/** Older programs write Windows-1252; every byte has a meaning there. */
function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
