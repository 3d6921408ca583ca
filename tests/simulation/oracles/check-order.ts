import type Database from 'better-sqlite3';
import type { Simulation } from '../simulation.ts';

interface OrderedTask {
  readonly id: string;
  readonly engagementId: string;
  readonly dependsOnJson: string | null;
}

/** Tasks stand and wait as the log says that they were assigned, moved and told to, and none waits for itself. */
export function checkOrder(simulation: Simulation): string[] {
  const server = simulation.world.server.connection;
  const tasks = server
    .prepare('select id, engagementId, dependsOnJson from tasks order by position, createdAt, id')
    .all() as OrderedTask[];
  const expected = replayOrders(server);
  const found: string[] = [];
  for (const [engagementId, stand] of Map.groupBy(tasks, (task) => task.engagementId)) {
    const wanted = expected.get(engagementId) ?? [];
    if (stand.map(({ id }) => id).join() !== wanted.join())
      found.push(
        `order: the tasks of ${engagementId} stand as ${stand.map(({ id }) => id).join(', ')}, not as ${wanted.join(', ')}`,
      );
  }
  return [...found, ...checkDependencies(server, tasks), ...checkRings(tasks)];
}

function replayOrders(server: Database.Database): Map<string, string[]> {
  const lines = server
    .prepare(
      `select name, argsJson from mutationLog where name in ('task.assign', 'task.order') order by seq`,
    )
    .all() as { name: string; argsJson: string }[];
  const orders = new Map<string, string[]>();
  for (const { argsJson } of lines) {
    const { engagementId, taskId, moves } = JSON.parse(argsJson) as {
      engagementId: string;
      taskId?: string;
      moves?: { taskId: string; afterTaskId: string | null }[];
    };
    let order = orders.get(engagementId) ?? [];
    if (taskId !== undefined) order = [...order, taskId];
    for (const move of moves ?? []) {
      const { afterTaskId } = move;
      const isKnown = afterTaskId === null || order.includes(afterTaskId);
      if (!order.includes(move.taskId) || !isKnown) continue;
      const others = order.filter((id) => id !== move.taskId);
      const place = afterTaskId === null ? 0 : others.indexOf(afterTaskId) + 1;
      order = [...others.slice(0, place), move.taskId, ...others.slice(place)];
    }
    orders.set(engagementId, order);
  }
  return orders;
}

/** What one manager added stays, whatever another one adds or takes away beside it. */
function checkDependencies(server: Database.Database, tasks: readonly OrderedTask[]): string[] {
  const lines = server
    .prepare(`select argsJson from mutationLog where name = 'task.setDependencies' order by seq`)
    .pluck()
    .all() as string[];
  const expected = new Map<string, Set<string>>();
  for (const line of lines) {
    const { taskId, added, removed } = JSON.parse(line) as {
      taskId: string;
      added: string[];
      removed: string[];
    };
    const kept = expected.get(taskId) ?? new Set();
    for (const id of removed) kept.delete(id);
    for (const id of added) kept.add(id);
    expected.set(taskId, kept);
  }
  return tasks.flatMap(({ id, dependsOnJson }) => {
    const stands = (JSON.parse(dependsOnJson ?? '[]') as string[]).toSorted().join(', ');
    const wanted = [...(expected.get(id) ?? [])].toSorted().join(', ');
    return stands === wanted
      ? []
      : [`order: the task ${id} waits for ${stands || 'nothing'}, not for ${wanted || 'nothing'}`];
  });
}

/** What only waits for what is free is free, too; a ring is what is left. */
function checkRings(tasks: readonly OrderedTask[]): string[] {
  const waits = new Map(
    tasks.map(({ id, dependsOnJson }) => [id, JSON.parse(dependsOnJson ?? '[]') as string[]]),
  );
  for (let before = -1; before !== waits.size;) {
    before = waits.size;
    for (const [id, others] of waits)
      if (!others.some((other) => waits.has(other))) waits.delete(id);
  }
  return [...waits.keys()].map((id) => `order: the task ${id} waits for itself`);
}
