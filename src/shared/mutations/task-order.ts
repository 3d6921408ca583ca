import { z } from 'zod';
import type { DomainRow } from '../database/domain-tables.ts';
import { createRowNotFound, getRow, type MutationStore } from '../database/mutation-store.ts';
import { findCycle, readDependencies } from '../domain/task-dependencies.ts';
import {
  applyMoves,
  compareByAge,
  comparePlaces,
  computePositions,
  type DatedTask,
  type PlacedTask,
  type TaskMove,
} from '../domain/task-positions.ts';
import { idSchema } from '../domain/fields.ts';
import { StintError } from '../errors.ts';
import { defineMutation, employerRoles, type MutationContext } from './mutation.ts';

/** So many tasks come before one at most. */
const maximumDependencies = 100;

async function loadTasks(store: MutationStore, engagementId: string) {
  return store.db
    .selectFrom('tasks')
    .select(['id', 'position', 'dependsOnJson', 'createdAt'])
    .where('orgId', '=', store.orgId)
    .where('engagementId', '=', engagementId)
    .orderBy('position')
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
}

type TaskRow = Awaited<ReturnType<typeof loadTasks>>[number];

/** @throws StintError `conflict` where the task would come before itself. */
async function keepDependencies(
  store: MutationStore,
  task: DomainRow<'tasks'>,
  wanted: readonly string[],
  siblings: readonly TaskRow[],
): Promise<void> {
  const before = new Map(siblings.map((row) => [row.id, readDependencies(row.dependsOnJson)]));
  before.set(task.id, [...wanted]);
  if (findCycle(before, task.id))
    throw new StintError(
      'conflict',
      'a task cannot come before itself, not even by way of others',
      {
        field: 'dependsOn',
      },
    );
  await store.patch('tasks', task.id, {
    dependsOnJson: wanted.length === 0 ? null : JSON.stringify(wanted),
  });
}

async function assertTasksOf(
  store: MutationStore,
  { engagementId }: DomainRow<'tasks'>,
  taskIds: Iterable<string>,
): Promise<void> {
  for (const id of taskIds)
    if ((await getRow(store, 'tasks', id)).engagementId !== engagementId)
      throw createRowNotFound('tasks', id);
}

/** Which tasks of the same engagement come before this one, all of them: the set that reaches the server later holds. */
export const setDependenciesV1 = defineMutation({
  name: 'task.setDependencies',
  version: 1,
  schema: z.object({ taskId: idSchema, dependsOn: z.array(idSchema).max(maximumDependencies) }),
  by: employerRoles,
  label: 'Say which tasks come first',
  async apply(store, { taskId, dependsOn }) {
    const task = await getRow(store, 'tasks', taskId);
    const wanted = new Set(dependsOn);
    await assertTasksOf(store, task, wanted);
    await keepDependencies(store, task, [...wanted], await loadTasks(store, task.engagementId));
  },
});

export const dependencyChangeFields = {
  added: z.array(idSchema).max(maximumDependencies),
  removed: z.array(idSchema).max(maximumDependencies),
};

/**
 * Which tasks of the same engagement come before this one as well, and which no longer do. It waits for them, and says so;
 * handing in is never refused for it. What is not named stays: two managers who add different ones both get what they
 * wanted. Of the same one, the later to reach the server holds. Two managers' changes can only make a ring, or too many,
 * when the second one does: that one is refused.
 */
export const setDependencies = defineMutation({
  name: 'task.setDependencies',
  version: 2,
  schema: z.object({ taskId: idSchema, ...dependencyChangeFields }),
  by: employerRoles,
  label: 'Say which tasks come first',
  async apply(store, { taskId, added, removed }) {
    const task = await getRow(store, 'tasks', taskId);
    await assertTasksOf(store, task, new Set(added));
    const current = readDependencies(task.dependsOnJson);
    const kept = current.filter((id) => !removed.includes(id) || added.includes(id));
    const wanted = [...new Set([...kept, ...added])];
    if (wanted.length > maximumDependencies && wanted.length > current.length)
      throw new StintError(
        'conflict',
        `at most ${maximumDependencies} tasks can come before another; ${current.length} do already`,
        { field: 'dependsOn' },
      );
    if (wanted.length === current.length && wanted.every((id) => current.includes(id))) return;
    await keepDependencies(store, task, wanted, await loadTasks(store, task.engagementId));
  },
});

/** The order of an engagement's tasks. Those not named (assigned meanwhile) stay behind the ones that are. */
export const orderTasksV1 = defineMutation({
  name: 'task.order',
  version: 1,
  schema: z.object({ engagementId: idSchema, taskIds: z.array(idSchema).min(1).max(1000) }),
  by: employerRoles,
  label: 'Order the tasks',
  async apply(store, { engagementId, taskIds }) {
    await getRow(store, 'engagements', engagementId);
    const tasks = await loadTasks(store, engagementId);
    const known = new Map(tasks.map((task) => [task.id, task]));
    const named = new Set(taskIds.filter((id) => known.has(id)));
    const others = tasks.map(({ id }) => id).filter((id) => !named.has(id));
    for (const [index, id] of [...named, ...others].entries())
      if (known.get(id)?.position !== index + 1)
        await store.patch('tasks', id, { position: index + 1 });
  },
});

export const taskMoveSchema = z.object({ taskId: idSchema, afterTaskId: idSchema.nullable() });

const movesSchema = z.object({
  engagementId: idSchema,
  moves: z.array(taskMoveSchema).min(1).max(1000),
});

/**
 * What moves name is read, so that one waits for a task that has not reached the server (SY-7); after a restore, for one
 * that another device has yet to send again (SY-15).
 */
async function readNamed(
  store: MutationStore,
  { engagementId, moves }: z.output<typeof movesSchema>,
  { acknowledged }: MutationContext,
): Promise<void> {
  await getRow(store, 'engagements', engagementId);
  for (const id of new Set(moves.flatMap(({ taskId, afterTaskId }) => [taskId, afterTaskId])))
    if (id !== null && (await store.find('tasks', id)) === undefined && acknowledged !== null)
      throw createRowNotFound('tasks', id);
}

function listMoved<Task extends PlacedTask>(
  tasks: readonly Task[],
  moves: readonly TaskMove[],
): readonly Task[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const order = applyMoves(
    tasks.map(({ id }) => id),
    moves,
  );
  return order.flatMap((id) => byId.get(id) ?? []);
}

/** Version 3 by positions of which no two are the same: into the middle of closely numbered tasks, half of them change. */
export const orderTasksV2 = defineMutation({
  name: 'task.order',
  version: 2,
  schema: movesSchema,
  by: employerRoles,
  label: 'Order the tasks',
  async apply(store, args, context) {
    await readNamed(store, args, context);
    const moved = listMoved(await loadTasks(store, args.engagementId), args.moves);
    for (const [id, position] of computePositions(moved))
      await store.patch('tasks', id, { position });
  },
});

/**
 * Moves tasks of an engagement, one after the other, each right behind another or to the first place. What it does not
 * name stays in the order it has here: two managers who move different tasks both get what they wanted. Of the same task,
 * the later to reach the server holds.
 */
export const orderTasks = defineMutation({
  name: 'task.order',
  version: 3,
  schema: movesSchema,
  by: employerRoles,
  label: 'Order the tasks',
  async apply(store, args, context) {
    await readNamed(store, args, context);
    const tasks = await store.db
      .selectFrom('tasks')
      .select(['id', 'position', 'createdAt'])
      .where('orgId', '=', store.orgId)
      .where('engagementId', '=', args.engagementId)
      .execute();
    const moved = listMoved(tasks.toSorted(comparePlaces), args.moves);
    const mayShare = (task: DatedTask, next: DatedTask) => compareByAge(task, next) < 0;
    for (const [id, position] of computePositions(moved, mayShare))
      await store.patch('tasks', id, { position });
  },
});
