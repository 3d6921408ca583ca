import type { RequestArguments, RequestOutput } from '../../../shared/contract/contract.ts';
import { StintError } from '../../../shared/errors.ts';
import { writePlainExport } from '../bundles/write-plain-export.ts';
import { getSeat, type Workspace } from '../engine/workspace.ts';
import { Turns } from '../sync/turns.ts';
import { listInternSeats } from '../work/hours-handlers.ts';
import { loadTimesheetLines, type TimesheetLine } from './timesheet-lines.ts';
import { computeHoursCalendar, computeHoursCsv, computeHoursPage } from './write-hours.ts';

/**
 * The hours of exactly these days in one file. Without a seat, an intern's own over all their seats; an employer's seat gives
 * those of everybody, or of one engagement.
 * @throws StintError `not_found` where no seat of an intern is there, `invalid_input` for days in the wrong order.
 */
export async function exportHours(
  workspace: Workspace,
  asked: RequestArguments<'hours.export'>,
): Promise<RequestOutput<'hours.export'>> {
  const { seatId, engagementId, from, to, format } = asked;
  if (to < from)
    throw new StintError('invalid_input', `the last day ${to} lies before the first day ${from}`, {
      field: 'to',
    });
  const seats = seatId === undefined ? listInternSeats(workspace) : [getSeat(workspace, seatId)];
  const [first] = seats;
  if (first === undefined)
    throw new StintError(
      'not_found',
      'there is no organization on this computer that you work for',
    );
  const turns = new Turns(() => workspace.ports.clock.monotonicMs());
  const lines: TimesheetLine[] = [];
  for (const seat of seats) {
    const { role, membershipId } = seat.record;
    const found = await loadTimesheetLines(
      seat,
      { from, to, engagementId, membershipId: role === 'intern' ? membershipId : undefined },
      turns,
    );
    for (const line of found) lines.push(line);
  }
  lines.sort((left, right) =>
    left.startedAt < right.startedAt ? -1 : left.startedAt > right.startedAt ? 1 : 0,
  );
  const people = [...new Set(lines.map(({ person }) => person))];
  const title = people.length === 1 ? `Hours of ${people[0] ?? ''}` : 'Hours';
  const written = await writePlainExport(workspace, {
    seatId: first.record.seatId,
    name: from === to ? `hours-${from}` : `hours-${from}-to-${to}`,
    ending: `.${format}`,
    text:
      format === 'csv'
        ? await computeHoursCsv(lines, turns)
        : format === 'ics'
          ? await computeHoursCalendar(lines, turns)
          : await computeHoursPage(lines, { title, from, to }, turns),
  });
  const { fileName, path, sizeBytes } = written;
  return {
    fileName,
    path,
    sizeBytes,
    entries: new Set(lines.map(({ timeEntryId }) => timeEntryId)).size,
    seconds: Math.round(lines.reduce((sum, { ms }) => sum + ms, 0) / 1000),
  };
}
