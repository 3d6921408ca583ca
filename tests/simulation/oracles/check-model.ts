import type { Simulation } from '../simulation.ts';
import { checkHours } from './check-hours.ts';
import { wasApplied } from './was-applied.ts';

/** Hours and revisions are what the people's own notes say they must be. */
export function checkModel(simulation: Simulation): string[] {
  return [...checkHours(simulation), ...checkRevisions(simulation)];
}

function checkRevisions(simulation: Simulation): string[] {
  const rows = simulation.world.server.connection
    .prepare('select taskId, note, revision from submissions order by taskId, revision')
    .all() as { taskId: string; note: string; revision: number }[];
  const found: string[] = [];
  const byTask = Map.groupBy(rows, ({ taskId }) => taskId);
  for (const [taskId, revisions] of byTask)
    for (const [index, { revision }] of revisions.entries())
      if (revision !== index + 1)
        found.push(
          `revisions: task ${taskId} has ${revisions.map((row) => row.revision).join(', ')}`,
        );
  const counts = new Map<string, number>();
  for (const { note } of rows) counts.set(note, (counts.get(note) ?? 0) + 1);
  for (const [note, { intent }] of simulation.ledger.submissions) {
    const count = counts.get(note) ?? 0;
    if (count > 1 || (wasApplied(simulation, intent) && count !== 1))
      found.push(`revisions: the submission "${note}" stands ${count} times on the server`);
  }
  return found;
}
