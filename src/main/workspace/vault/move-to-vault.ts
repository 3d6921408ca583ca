import type { Transaction } from 'kysely';
import { computeDerivedId } from '../../../shared/domain/derived-id.ts';
import { criterionSchema } from '../../../shared/domain/fields.ts';
import { workMutations } from '../../../shared/mutations/work-mutations.ts';
import type { SeatDatabase } from '../database/seat-tables.ts';
import { sha256Hex } from '../ports/system-ports.ts';
import type { Seat } from '../seats/seat.ts';
import { loadDraftAsSeen } from './draft-as-seen.ts';
import { type UnsentChange, type VaultContent, vaultContentSchema } from './vault-content.ts';

/** What is about to leave this person's sight. */
export interface Leaving {
  /** The scopes whose rows go, as the rows carry them. */
  readonly scopes: readonly string[];
  /** The present instant. */
  readonly at: string;
}

/**
 * SY-10: keeps what this person had prepared for tasks that leave their sight. Called in the transaction in which
 * the rows go, before any of them has gone and while forecasts still show: it reads what the person saw last.
 * One item per task, beside any that stayed since it could not be put back; a task without draft and without unsent work
 * leaves none.
 */
export async function moveToVault(
  seat: Seat,
  tx: Transaction<SeatDatabase>,
  { scopes, at }: Leaving,
): Promise<void> {
  if (seat.record.role !== 'intern' || scopes.length === 0) return;
  const tasks = await tx
    .selectFrom('tasks')
    .leftJoin('engagements', (join) =>
      join
        .onRef('engagements.id', '=', 'tasks.engagementId')
        .onRef('engagements.orgId', '=', 'tasks.orgId'),
    )
    .leftJoin('projects', (join) =>
      join
        .onRef('projects.id', '=', 'engagements.projectId')
        .onRef('projects.orgId', '=', 'tasks.orgId'),
    )
    .select(['tasks.id', 'tasks.title', 'tasks.briefVersionId', 'projects.title as projectTitle'])
    .where('tasks.orgId', '=', seat.record.orgId)
    .where('tasks.scope', 'in', [...scopes])
    .orderBy('tasks.position')
    .orderBy('tasks.createdAt')
    .orderBy('tasks.id')
    .execute();
  const unsent = await loadUnsentWork(seat, tx);
  const organization = await loadOrganizationName(seat, tx);
  for (const task of tasks) {
    const content: VaultContent = {
      format: 'stint-vault-item',
      version: 1,
      organization,
      project: task.projectTitle ?? '',
      task: task.title,
      unsent: unsent.get(task.id) ?? [],
      ...(await loadPreparation(seat, tx, task)),
    };
    if (isEmpty(content)) continue;
    await keepItem(tx, task.id, content, at);
  }
}

/** An item that says nothing else than this one does is replaced by it; any other stays beside it. */
async function keepItem(
  tx: Transaction<SeatDatabase>,
  taskId: string,
  content: VaultContent,
  at: string,
): Promise<void> {
  const contentJson = JSON.stringify(content);
  const before = await tx
    .selectFrom('vaultItems')
    .select(['vaultId', 'contentJson'])
    .where('taskId', '=', taskId)
    .execute();
  const contained = before.find((item) =>
    isContained(vaultContentSchema.parse(JSON.parse(item.contentJson)), content),
  );
  const kept = {
    taskTitle: content.task,
    projectTitle: content.project,
    contentJson,
    movedAt: at,
    exportedAt: null,
  };
  const vaultId =
    contained?.vaultId ??
    (before.length === 0 ? taskId : computeDerivedId(taskId, `${at}/${contentJson}`, sha256Hex));
  await tx
    .insertInto('vaultItems')
    .values({ vaultId, taskId, ...kept })
    .onConflict((conflict) => conflict.column('vaultId').doUpdateSet(kept))
    .execute();
}

function isContained(older: VaultContent, newer: VaultContent): boolean {
  const ids = new Set([
    ...newer.files.map(({ attachmentId }) => attachmentId),
    ...newer.criteria.filter(({ isTicked }) => isTicked).map(({ id }) => id),
    ...newer.unsent.map(({ mutationId }) => mutationId),
  ]);
  return (
    (older.note.trim() === '' || older.note === newer.note) &&
    older.files.every(({ attachmentId }) => ids.has(attachmentId)) &&
    older.criteria.every(({ id, isTicked }) => !isTicked || ids.has(id)) &&
    older.unsent.every(({ mutationId }) => ids.has(mutationId))
  );
}

const isEmpty = ({ note, criteria, files, unsent }: VaultContent): boolean =>
  note.trim() === '' &&
  files.length === 0 &&
  unsent.length === 0 &&
  !criteria.some(({ isTicked }) => isTicked);

async function loadPreparation(
  seat: Seat,
  tx: Transaction<SeatDatabase>,
  task: { readonly id: string; readonly briefVersionId: string },
): Promise<Pick<VaultContent, 'instructions' | 'criteria' | 'note' | 'noteOnServer' | 'files'>> {
  const brief = await tx
    .selectFrom('briefVersions')
    .select(['instructions', 'criteriaJson'])
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', task.briefVersionId)
    .executeTakeFirst();
  const criteria = criterionSchema.array().parse(JSON.parse(brief?.criteriaJson ?? '[]'));
  const draft = await loadDraftAsSeen(seat, tx, task.id);
  return {
    instructions: brief?.instructions ?? '',
    criteria: criteria.map(({ id, text }) => ({ id, text, isTicked: draft.ticked.has(id) })),
    note: draft.note,
    noteOnServer: draft.noteOnServer,
    files: [...draft.files],
  };
}

async function loadOrganizationName(seat: Seat, tx: Transaction<SeatDatabase>): Promise<string> {
  const organization = await tx
    .selectFrom('organizations')
    .select('name')
    .where('id', '=', seat.record.orgId)
    .executeTakeFirst();
  return organization?.name ?? seat.record.organizationName;
}

/** Own work that is not part of the organization's yet (what an intern makes), by the first task that it is about. */
async function loadUnsentWork(
  seat: Seat,
  tx: Transaction<SeatDatabase>,
): Promise<Map<string, UnsentChange[]>> {
  const rows = await tx
    .selectFrom('outbox')
    .innerJoin('outboxStates', 'outboxStates.mutationId', 'outbox.id')
    .select(['outbox.id', 'outbox.name', 'outbox.version', 'outbox.claimedAt', 'outbox.argsJson'])
    .where('outboxStates.state', 'in', ['pending', 'rejected', 'held', 'kept', 'quarantined'])
    .where('outbox.name', 'in', workMutations)
    .orderBy('outbox.deviceSeq')
    .execute();
  const byTask = new Map<string, UnsentChange[]>();
  // Of entries that the organization never had, only what made them tells the task.
  const tasksOfEntries = new Map<string, string>();
  const findTaskOfEntry = async (id: string) =>
    tasksOfEntries.get(id) ?? (await loadTaskOfEntry(seat, tx, id));
  for (const { id, argsJson, ...row } of rows) {
    const args = JSON.parse(argsJson) as WorkArguments;
    for (const { timeEntryId, taskId } of [args, ...(args.additions ?? [])])
      if (timeEntryId !== undefined && typeof taskId === 'string')
        tasksOfEntries.set(timeEntryId, taskId);
    const taskId = await findTask(args, findTaskOfEntry);
    if (taskId === undefined) continue;
    const changes = byTask.get(taskId) ?? [];
    changes.push({ mutationId: id, ...row, args });
    byTask.set(taskId, changes);
  }
  return byTask;
}

/** Where work says what it is about: of a request, of several entries, of a whole timesheet. */
interface WorkArguments {
  readonly taskId?: string | null;
  readonly timeEntryId?: string;
  readonly timeEntryIds?: readonly string[];
  readonly change?: { readonly args: WorkArguments };
  readonly additions?: readonly WorkArguments[];
  readonly changes?: readonly WorkArguments[];
}

async function findTask(
  args: WorkArguments,
  findTaskOfEntry: (timeEntryId: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  if (typeof args.taskId === 'string') return args.taskId;
  const { timeEntryId, timeEntryIds = [], change, additions = [], changes = [] } = args;
  for (const id of timeEntryId === undefined ? timeEntryIds : [timeEntryId]) {
    const taskId = await findTaskOfEntry(id);
    if (taskId !== undefined) return taskId;
  }
  for (const part of [...(change === undefined ? [] : [change.args]), ...additions, ...changes]) {
    const taskId = await findTask(part, findTaskOfEntry);
    if (taskId !== undefined) return taskId;
  }
  return undefined;
}

async function loadTaskOfEntry(
  seat: Seat,
  tx: Transaction<SeatDatabase>,
  timeEntryId: string,
): Promise<string | undefined> {
  const entry = await tx
    .selectFrom('timeEntries')
    .select('taskId')
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', timeEntryId)
    .executeTakeFirst();
  return entry?.taskId;
}
