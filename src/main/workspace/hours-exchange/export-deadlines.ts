import { computeCalendarFile } from '../../../shared/calendar-file.ts';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { computeDeadlineEvent } from '../../../shared/domain/deadline-event.ts';
import { hasEnded } from '../../../shared/domain/end-reason.ts';
import { StintError } from '../../../shared/errors.ts';
import { writePlainExport } from '../bundles/write-plain-export.ts';
import { computeNow, type Workspace } from '../engine/workspace.ts';
import type { Seat } from '../seats/seat.ts';
import { type Pausing, Turns } from '../sync/turns.ts';
import { readInOneState } from '../work/kept-read.ts';
import { completeTaskItems } from '../work/task-list.ts';
import { loadTaskOutlines } from '../work/task-outlines.ts';
import { loadWorkedHours } from '../work/worked-hours.ts';

/** The deadlines of what is still open, in engagements that have not ended, as one file. */
export async function exportDeadlines(
  workspace: Workspace,
  seats: readonly Seat[],
): Promise<RequestOutput<'calendar.export'>> {
  const [first] = seats;
  if (first === undefined)
    throw new StintError('not_found', 'there is no organization on this computer');
  const now = computeNow(workspace);
  const turns = new Turns(() => workspace.ports.clock.monotonicMs());
  const events = [];
  for (const seat of seats) {
    const { changes, items } = await readInOneState(
      [seat],
      (pausing) => readOpenTasks(seat, now, pausing),
      loadWorkedHours,
    );
    for (const item of items) {
      await turns.pass();
      if (item.state === 'accepted' || item.state === 'cancelled') continue;
      const change = changes.get(item.taskId);
      events.push(
        computeDeadlineEvent({
          taskId: item.taskId,
          title: item.title,
          project: item.projectTitle,
          organization: item.organizationName,
          person: seat.record.role === 'intern' ? null : item.internName,
          due: item.due,
          changedAt: change?.changedAt ?? now,
          changes: change?.count ?? 0,
        }),
      );
    }
  }
  const { fileName, path, sizeBytes } = await writePlainExport(workspace, {
    seatId: first.record.seatId,
    name: `deadlines-${now.slice(0, 10)}`,
    ending: '.ics',
    text: await computeCalendarFile('Deadlines', events, { pass: () => turns.pass() }),
  });
  return { fileName, path, sizeBytes, events: events.length };
}

/** The tasks of engagements that have not ended, by deadline, and how their deadlines changed. */
async function readOpenTasks(seat: Seat, now: string, turns: Pausing) {
  const changes = await loadChanges(seat, turns);
  const outlines = (await loadTaskOutlines(seat, {})).filter(
    ({ engagement }) => !hasEnded(engagement.status),
  );
  return { changes, items: await completeTaskItems(outlines, now, { turns }) };
}

/** By task: how often its deadline was set or extended, and when last. */
async function loadChanges(
  seat: Seat,
  turns: Pausing,
): Promise<Map<string, { count: number; changedAt: string }>> {
  const changes = new Map<string, { count: number; changedAt: string }>();
  for (const table of ['deadlines', 'extensions'] as const) {
    await turns.pass();
    for (const { taskId, createdAt } of await seat.db
      .selectFrom(table as 'extensions')
      .select(['taskId', 'createdAt'])
      .where('orgId', '=', seat.record.orgId)
      .execute()) {
      const known = changes.get(taskId);
      changes.set(taskId, {
        count: (known?.count ?? -1) + 1,
        changedAt: known !== undefined && known.changedAt > createdAt ? known.changedAt : createdAt,
      });
    }
  }
  return changes;
}
