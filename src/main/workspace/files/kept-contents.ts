import { sql } from 'kysely';
import type { Seat } from '../seats/seat.ts';

/** Larger files of due tasks come when someone asks for them, or keeps the task: a video is no surprise on a train. */
const automaticLimitBytes = 100 * 1024 * 1024;

interface KeptChoice {
  readonly taskId: string;
  readonly isKept: 0 | 1;
}

/** A task is due until a revision of it is accepted, or it is cancelled. */
const isDue = sql<boolean>`"tasks"."cancelledAt" is null and not exists (
  select 1 from "reviews" where "reviews"."orgId" = "tasks"."orgId" and "reviews"."taskId" = "tasks"."id"
  and "reviews"."counts" = 1 and "reviews"."decision" = 'accepted')`;

/** What a person chose for single files; goes before what holds for their tasks. */
export async function loadKeptFiles(seat: Seat): Promise<Map<string, boolean>> {
  const rows = await seat.db.selectFrom('keptFiles').selectAll().execute();
  return new Map(rows.map(({ attachmentId, isKept }) => [attachmentId, isKept === 1]));
}

export async function loadKeptChoices(seat: Seat): Promise<Map<string, boolean>> {
  const rows: KeptChoice[] = await seat.db.selectFrom('keptTasks').selectAll().execute();
  return new Map(rows.map(({ taskId, isKept }) => [taskId, isKept === 1]));
}

/** The tasks whose files belong on this computer: those the person keeps, and, where that is wanted, what is due. */
export async function loadKeptTasks(seat: Seat, keepsDueOffline: boolean): Promise<Set<string>> {
  const choices = await loadKeptChoices(seat);
  const due = keepsDueOffline
    ? await seat.db
        .selectFrom('tasks')
        .select('id')
        .where('orgId', '=', seat.record.orgId)
        .where(isDue)
        .execute()
    : [];
  const kept = new Set(due.map(({ id }) => id));
  for (const [taskId, isKept] of choices)
    if (isKept) kept.add(taskId);
    else kept.delete(taskId);
  return kept;
}

/** The contents on the server that belong on this computer, small ones first; each once. */
export async function listKeptContents(
  seat: Seat,
  keepsDueOffline: boolean,
): Promise<{ sha256: string; sizeBytes: number }[]> {
  const kept = await loadKeptTasks(seat, keepsDueOffline);
  const choices = await loadKeptChoices(seat);
  const files = await loadKeptFiles(seat);
  const uses = await seat.db
    .selectFrom('attachments')
    .select(['id', 'sha256', 'sizeBytes', 'taskId'])
    .where('arrivedAt', 'is not', null)
    .where('removedAt', 'is', null)
    .orderBy('sizeBytes')
    .execute();
  const contents = new Map<string, number>();
  for (const { id, sha256, sizeBytes, taskId } of uses) {
    const isChosen = files.get(id) ?? choices.get(taskId);
    if (files.get(id) ?? kept.has(taskId))
      if (sizeBytes <= automaticLimitBytes || isChosen === true) contents.set(sha256, sizeBytes);
  }
  return [...contents].map(([sha256, sizeBytes]) => ({ sha256, sizeBytes }));
}
