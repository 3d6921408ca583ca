import type { RequestArguments, RequestOutput } from '../../../shared/contract/contract.ts';
import type { TimesheetItem } from '../../../shared/contract/hours-requests.ts';
import type { TimeEntry } from '../../../shared/contract/shapes.ts';
import { ZoneDays } from '../../../shared/domain/day-parts.ts';
import { computeRoundedSeconds } from '../../../shared/domain/rounding.ts';
import { computeWorkedSeconds } from '../../../shared/domain/worked-time.ts';
import { StintError } from '../../../shared/errors.ts';
import { maximumTimesheetEntries } from '../../../shared/mutations/timesheet-mutations.ts';
import { computeEpochMs } from '../../../shared/ports.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { getSeat, type Workspace } from '../engine/workspace.ts';
import { computeLocalTimeZone } from '../ports/local-time-zone.ts';
import type { Seat } from '../seats/seat.ts';
import { computeDayRange } from '../work/day-range.ts';
import { getEngagement } from '../work/engagements.ts';
import { findTermsThatHold } from '../work/terms-that-hold.ts';
import { loadTimeEntries } from '../work/time-entries.ts';
import { getTimesheetItem, loadTimesheet, loadTimesheetItems } from './timesheets.ts';

type TimesheetRequests = Record<
  | 'timesheets.list'
  | 'timesheet.get'
  | 'timesheet.preview'
  | 'timesheet.submit'
  | 'timesheet.withdraw'
  | 'timesheet.decide'
  | 'timesheet.reopen',
  unknown
>;
type Chosen =
  | RequestArguments<'timesheet.submit'>['of']
  | RequestArguments<'timesheet.preview'>['of'];

/** What may still be handed in of some days or of a task, oldest first: what stands on no submitted or approved sheet. */
async function loadOpenEntries(
  workspace: Workspace,
  seat: Seat,
  engagementId: string,
  of: Chosen,
): Promise<TimeEntry[]> {
  const { membershipId } = seat.record;
  const zone = computeLocalTimeZone(workspace.ports);
  const chosen =
    'taskId' in of ? { taskId: of.taskId } : { range: computeDayRange(of.from, of.to, zone) };
  const entries = await loadTimeEntries(seat, { membershipId, engagementId, ...chosen });
  return entries
    .filter(({ timesheet }) => timesheet === null || timesheet.state === 'returned')
    .toReversed();
}

async function preview(
  { seatId, engagementId, of }: RequestArguments<'timesheet.preview'>,
  workspace: Workspace,
): Promise<RequestOutput<'timesheet.preview'>> {
  const seat = getSeat(workspace, seatId);
  await getEngagement(seat, engagementId);
  const entries = await loadOpenEntries(workspace, seat, engagementId, of);
  const rounding = (await findTermsThatHold(seat, engagementId))?.rounding ?? null;
  return {
    entries,
    exactSeconds: computeWorkedSeconds(entries),
    roundedSeconds: computeRoundedSeconds(entries, rounding),
    overlapCount: entries.filter(({ overlaps }) => overlaps).length,
    rounding,
  };
}

async function submit(
  { seatId, engagementId, of, note }: RequestArguments<'timesheet.submit'>,
  workspace: Workspace,
): Promise<RequestOutput<'timesheet.submit'>> {
  const seat = getSeat(workspace, seatId);
  const { projectTitle } = await getEngagement(seat, engagementId);
  const entries = await loadOpenEntries(workspace, seat, engagementId, of);
  const [first] = entries;
  const last = entries.at(-1);
  if (first === undefined || last === undefined)
    throw new StintError('refused', 'there is no time here that could be handed in', {
      field: 'of',
    });
  if (entries.length > maximumTimesheetEntries)
    throw new StintError(
      'invalid_input',
      `there are ${entries.length.toLocaleString('en')} entries here, and one timesheet holds at most ${maximumTimesheetEntries.toLocaleString('en')}; ${'taskId' in of ? 'hand them in by days instead, some days at a time' : 'hand in fewer days at a time'}`,
      { field: 'of' },
    );
  const zone = computeLocalTimeZone(workspace.ports);
  const days = new ZoneDays(zone);
  const timesheetId = workspace.ports.randomness.uuid();
  const chosen =
    'taskId' in of
      ? {
          kind: 'work' as const,
          startsOn: days.getDate(computeEpochMs(first.startedAt)),
          endsOn: days.getDate(computeEpochMs(last.startedAt)),
          startsAt: null,
          endsAt: null,
          taskId: of.taskId,
          submissionId: of.submissionId,
        }
      : {
          kind: 'period' as const,
          startsOn: of.from,
          endsOn: of.to,
          ...computeDayRange(of.from, of.to, zone),
          taskId: null,
          submissionId: null,
        };
  await seat.mutate(
    'timesheet.submit',
    {
      timesheetId,
      engagementId,
      zone,
      note,
      ...chosen,
      timeEntryIds: entries.map(({ timeEntryId }) => timeEntryId),
    },
    { subject: projectTitle },
  );
  return { timesheetId };
}

const describeSubject = ({ internName, projectTitle }: TimesheetItem): string =>
  [internName, projectTitle].filter((part) => part !== '').join(', ');

export const timesheetHandlers = {
  'timesheets.list': async ({ seatId, engagementId }, workspace) =>
    loadTimesheetItems(getSeat(workspace, seatId), { engagementId }),
  'timesheet.get': async ({ seatId, timesheetId }, workspace) =>
    loadTimesheet(workspace, getSeat(workspace, seatId), timesheetId),
  'timesheet.preview': preview,
  'timesheet.submit': submit,
  'timesheet.withdraw': async ({ seatId, timesheetId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { projectTitle } = await getTimesheetItem(seat, timesheetId);
    await seat.mutate('timesheet.withdraw', { timesheetId }, { subject: projectTitle });
    return {};
  },
  'timesheet.decide': async ({ seatId, comments, ...decision }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const subject = describeSubject(await getTimesheetItem(seat, decision.timesheetId));
    const identified = comments.map((comment) => ({
      ...comment,
      commentId: workspace.ports.randomness.uuid(),
    }));
    await seat.mutate('timesheet.decide', { ...decision, comments: identified }, { subject });
    return {};
  },
  'timesheet.reopen': async ({ seatId, timesheetId, reason }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const subject = describeSubject(await getTimesheetItem(seat, timesheetId));
    await seat.mutate('timesheet.reopen', { timesheetId, reason }, { subject });
    return {};
  },
} satisfies HandlersOf<TimesheetRequests>;
