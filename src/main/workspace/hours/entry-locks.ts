import { StintError } from '../../../shared/errors.ts';
import type { Seat } from '../seats/seat.ts';

/** What a person hears who changes approved time: nothing was changed, and how to ask. */
function createLockedError(field: string): StintError {
  return new StintError(
    'refused',
    'this time is approved; ask for the change with a reason, and the employer answers it',
    { field },
  );
}

/** @throws StintError `refused` where one of the entries stands on an approved timesheet. */
export async function assertEntriesOpen(
  seat: Seat,
  timeEntryIds: readonly string[],
): Promise<void> {
  const locked = await seat.db
    .selectFrom('timeEntries')
    .innerJoin('timesheets', (join) =>
      join
        .onRef('timesheets.orgId', '=', 'timeEntries.orgId')
        .onRef('timesheets.id', '=', 'timeEntries.timesheetId'),
    )
    .select('timeEntries.id')
    .where('timeEntries.orgId', '=', seat.record.orgId)
    .where('timeEntries.id', 'in', [...timeEntryIds])
    .where('timesheets.state', '=', 'approved')
    .limit(1)
    .executeTakeFirst();
  if (locked !== undefined) throw createLockedError('timeEntryId');
}

/** Whether a moment lies in days of the engagement that are approved. */
export async function isPeriodApproved(
  seat: Seat,
  engagementId: string,
  startedAt: string,
): Promise<boolean> {
  const locked = await seat.db
    .selectFrom('timesheets')
    .select('id')
    .where('orgId', '=', seat.record.orgId)
    .where('engagementId', '=', engagementId)
    .where('state', '=', 'approved')
    .where('startsAt', '<=', startedAt)
    .where('endsAt', '>', startedAt)
    .limit(1)
    .executeTakeFirst();
  return locked !== undefined;
}

/** @throws StintError `refused` where a moment lies in days of the engagement that are approved. */
export async function assertPeriodOpen(
  seat: Seat,
  engagementId: string,
  startedAt: string,
): Promise<void> {
  if (await isPeriodApproved(seat, engagementId, startedAt)) throw createLockedError('startedAt');
}
