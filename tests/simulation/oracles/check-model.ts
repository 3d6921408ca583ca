import type { Intent } from '../intent-ledger.ts';
import type { Simulation } from '../simulation.ts';

interface TimeRow {
  readonly note: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly deletedAt: string | null;
}

/** Hours and revisions are what the people's own notes say they must be. */
export function checkModel(simulation: Simulation): string[] {
  return [...checkHours(simulation), ...checkRevisions(simulation)];
}

function wasApplied(simulation: Simulation, intent: Intent): boolean {
  const find = simulation.world.server.connection.prepare(
    `select 1 from mutationResults where mutationId = ? and status = 'applied'`,
  );
  return (
    intent.mutationIds.length > 0 && intent.mutationIds.every((id) => find.get(id) !== undefined)
  );
}

function checkHours(simulation: Simulation): string[] {
  const rows = simulation.world.server.connection
    .prepare('select note, startedAt, endedAt, deletedAt from timeEntries order by note')
    .all() as TimeRow[];
  const found: string[] = [];
  const counts = new Map<string, number>();
  for (const row of rows) {
    counts.set(row.note, (counts.get(row.note) ?? 0) + 1);
    const model = simulation.ledger.times.get(row.note);
    if (model === undefined) {
      found.push(`hours: "${row.note}" was written by nobody`);
      continue;
    }
    if (row.startedAt !== model.startedAt)
      found.push(`hours: "${row.note}" begins at ${row.startedAt}, not at ${model.startedAt}`);
    const edits = model.edits.filter(({ intent }) => wasApplied(simulation, intent));
    // Of one device's edits, only its last can stand at the end; among devices, the server's order decides.
    const last = new Map(edits.map(({ intent, endedAt }) => [intent.device, endedAt]));
    const uncertain = model.edits
      .filter(({ intent }) => !intent.isPromised)
      .map(({ endedAt }) => endedAt);
    const allowed = edits.length === 0 ? [model.endedAt] : [...last.values()];
    if (!allowed.includes(row.endedAt) && !uncertain.includes(row.endedAt))
      found.push(`hours: "${row.note}" ends at ${row.endedAt}, expected ${allowed.join(' or ')}`);
    const deletes = model.deletes.filter((intent) => wasApplied(simulation, intent));
    if (row.deletedAt !== null && model.deletes.length === 0)
      found.push(`hours: "${row.note}" is deleted, and nobody deleted it`);
    if (row.deletedAt === null && deletes.length > 0 && model.edits.length === 0)
      found.push(`hours: "${row.note}" was deleted and is there`);
  }
  for (const [note, model] of simulation.ledger.times) {
    const count = counts.get(note) ?? 0;
    const isExpected = wasApplied(simulation, model.add);
    if (count > 1 || (isExpected && count !== 1))
      found.push(`hours: "${note}" stands ${count} times on the server`);
  }
  return found;
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
