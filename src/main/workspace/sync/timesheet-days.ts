import { z } from 'zod';
import { dateSchema, idSchema } from '../../../shared/domain/fields.ts';
import type { Seat } from '../seats/seat.ts';

const handedInSchema = z.object({ startsOn: dateSchema, endsOn: dateSchema });
const namedSchema = z.object({ timesheetId: idSchema });

type Days = z.infer<typeof handedInSchema>;

/** By mutation: the days of the timesheet that it hands in, decides on or takes back. */
export async function loadTimesheetDays(
  seat: Seat,
  rows: readonly { readonly id: string; readonly name: string; readonly argsJson: string }[],
): Promise<Map<string, Days>> {
  const days = new Map<string, Days>();
  const sheetIds = new Map<string, string>();
  for (const { id, name, argsJson } of rows) {
    if (!name.startsWith('timesheet.')) continue;
    const args: unknown = JSON.parse(argsJson);
    const handedIn = handedInSchema.safeParse(args);
    const named = namedSchema.safeParse(args);
    if (handedIn.success) days.set(id, handedIn.data);
    else if (named.success) sheetIds.set(id, named.data.timesheetId);
  }
  if (sheetIds.size === 0) return days;
  const sheets = await seat.db
    .selectFrom('timesheets')
    .select(['id', 'startsOn', 'endsOn'])
    .where('orgId', '=', seat.record.orgId)
    .where('id', 'in', [...new Set(sheetIds.values())])
    .execute();
  const daysOfSheet = new Map(sheets.map(({ id, startsOn, endsOn }) => [id, { startsOn, endsOn }]));
  for (const [id, sheetId] of sheetIds) {
    const found = daysOfSheet.get(sheetId);
    if (found !== undefined) days.set(id, found);
  }
  return days;
}
