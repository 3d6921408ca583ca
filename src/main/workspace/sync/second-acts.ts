import { z } from 'zod';
import type { DomainTable } from '../../../shared/database/domain-tables.ts';
import { idSchema } from '../../../shared/domain/fields.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { type EngagedPerson, isSamePerson } from '../../../shared/domain/same-person.ts';
import { replacedBriefField } from '../../../shared/mutations/brief-mutations.ts';
import type { PulledRow } from '../../../shared/protocol/pull.ts';
import type { Seat } from '../seats/seat.ts';

type Row = PulledRow['row'];

/**
 * For owners and managers: that somebody else changed what this person had set, in one line; undefined where that is not
 * so. Either may not have known of the other's, and only one of the two holds.
 */
export async function describeSecondAct(
  seat: Seat,
  table: string,
  row: Row,
): Promise<string | undefined> {
  if (seat.record.role === 'intern') return undefined;
  switch (table) {
    case 'briefVersions':
      return describeBrief(seat, row);
    case 'deadlines':
      return describeOnTask(seat, table, row, 'moved the deadline');
    case 'extensions':
      return describeOnTask(seat, table, row, 'gave extra time');
    case 'engagements':
      return describeSecondInvitation(seat, row);
    case 'fieldEdits':
      return describeOverwritten(seat, row);
    default:
      return undefined;
  }
}

const actSchema = z.object({ id: z.string(), taskId: z.string(), createdBy: z.string() });

/** Says also where it was written without having seen this person's own, on another device of theirs as well. */
async function describeBrief(seat: Seat, row: Row): Promise<string | undefined> {
  const { id, taskId, createdBy } = actSchema.parse(row);
  const { membershipId, orgId } = seat.record;
  const replaced = await seat.db
    .selectFrom('fieldEdits')
    .select('previousJson')
    .where('orgId', '=', orgId)
    .where('rowId', '=', taskId)
    .where('field', '=', replacedBriefField)
    .where('nextJson', '=', JSON.stringify(id))
    .execute();
  const own = await seat.db
    .selectFrom('briefVersions')
    .innerJoin('tasks', (join) =>
      join
        .onRef('tasks.orgId', '=', 'briefVersions.orgId')
        .onRef('tasks.id', '=', 'briefVersions.taskId'),
    )
    .select('tasks.title')
    .where('briefVersions.orgId', '=', orgId)
    .where('briefVersions.createdBy', '=', membershipId)
    .where(
      'briefVersions.id',
      'in',
      replaced.map(({ previousJson }) => idSchema.parse(JSON.parse(previousJson))),
    )
    .executeTakeFirst();
  if (own === undefined) return describeOnTask(seat, 'briefVersions', row, 'changed the brief');
  return createdBy === membershipId
    ? `Two of your devices changed the brief, and the newer version leaves the other out: ${isolate(own.title)}`
    : `${isolate(await loadName(seat, createdBy))} changed the brief without having seen your version: ${isolate(own.title)}`;
}

async function describeOnTask(
  seat: Seat,
  table: DomainTable & ('briefVersions' | 'deadlines' | 'extensions'),
  row: Row,
  what: string,
): Promise<string | undefined> {
  const { taskId, createdBy } = actSchema.parse(row);
  const { membershipId, orgId } = seat.record;
  if (createdBy === membershipId) return undefined;
  const own = await seat.db
    .selectFrom(table)
    .innerJoin('tasks', (join) =>
      join.onRef('tasks.orgId', '=', `${table}.orgId`).onRef('tasks.id', '=', `${table}.taskId`),
    )
    .select('tasks.title')
    .where(`${table}.orgId`, '=', orgId)
    .where(`${table}.taskId`, '=', taskId)
    .where(`${table}.createdBy`, '=', membershipId)
    .executeTakeFirst();
  return own === undefined
    ? undefined
    : `${isolate(await loadName(seat, createdBy))} ${what}: ${isolate(own.title)}`;
}

const engagementRow = z.object({
  id: z.string(),
  projectId: z.string(),
  membershipId: z.string().nullable(),
  invitedName: z.string(),
  invitedEmail: z.string().nullable(),
  offeredBy: z.string().nullable(),
  status: z.string(),
});
const openStatuses = ['invited', 'active'] as const;

const toPerson = (row: z.infer<typeof engagementRow>): EngagedPerson => ({
  membershipId: row.membershipId,
  name: row.invitedName,
  email: row.invitedEmail,
});

/** Where this person has invited the same one to the same project. */
async function describeSecondInvitation(seat: Seat, row: Row): Promise<string | undefined> {
  const offered = engagementRow.parse(row);
  if (!openStatuses.some((status) => status === offered.status)) return undefined;
  const { membershipId, orgId } = seat.record;
  const own = await seat.db
    .selectFrom('engagements')
    .selectAll()
    .where('orgId', '=', orgId)
    .where('projectId', '=', offered.projectId)
    .where('offeredBy', '=', membershipId)
    .where('status', 'in', openStatuses)
    .where('id', '<>', offered.id)
    .execute();
  if (!own.some((other) => isSamePerson(toPerson(other), toPerson(offered)))) return undefined;
  const about = `${isolate(offered.invitedName)}, ${isolate(await loadTitle(seat, { tableName: 'projects', rowId: offered.projectId }))}`;
  return offered.offeredBy === null || offered.offeredBy === membershipId
    ? `Invited twice to one project: ${about}`
    : `${isolate(await loadName(seat, offered.offeredBy))} has invited to the same project as you: ${about}`;
}

const editSchema = z.object({
  id: z.string(),
  tableName: z.string(),
  rowId: z.string(),
  field: z.string(),
  nextJson: z.string(),
  overwroteUnseen: z.number(),
  editedBy: z.string(),
});
type Edit = z.infer<typeof editSchema>;

/** Of what this person had set: that the other had not seen it, or took all of it away. */
async function describeOverwritten(seat: Seat, row: Row): Promise<string | undefined> {
  const edit = editSchema.parse(row);
  const isRemoval =
    edit.tableName === 'taskTemplates' && edit.field === 'removedAt' && edit.nextJson !== 'null';
  // Of a brief the version itself tells.
  if (edit.field === replacedBriefField) return undefined;
  if (edit.overwroteUnseen === 0 && !isRemoval) return undefined;
  if (!(await hasEdited(seat, edit, { anyField: isRemoval }))) return undefined;
  const title = isolate(await loadTitle(seat, edit));
  if (edit.editedBy === seat.record.membershipId)
    return isRemoval
      ? undefined
      : `Changed on two of your devices, and the later one holds: ${title}`;
  const name = isolate(await loadName(seat, edit.editedBy));
  if (isRemoval) return `${name} removed a task template that you had changed: ${title}`;
  return edit.field === 'removedAt'
    ? `${name} changed a task template that you had removed, so it is there again: ${title}`
    : `${name} had not seen your change and changed the same: ${title}`;
}

/** Whether this person had made another edit of the same field, or of the same row. */
async function hasEdited(
  seat: Seat,
  { id, rowId, field }: Edit,
  { anyField }: { readonly anyField: boolean },
): Promise<boolean> {
  const { membershipId, orgId } = seat.record;
  const own = await seat.db
    .selectFrom('fieldEdits')
    .select('id')
    .where('orgId', '=', orgId)
    .where('rowId', '=', rowId)
    .where('id', '<>', id)
    .where('editedBy', '=', membershipId)
    .$if(!anyField, (query) => query.where('field', '=', field))
    .limit(1)
    .executeTakeFirst();
  return own !== undefined;
}

async function loadTitle(
  seat: Seat,
  { tableName, rowId }: { readonly tableName: string; readonly rowId: string },
): Promise<string> {
  if (tableName !== 'tasks' && tableName !== 'projects' && tableName !== 'taskTemplates')
    return seat.record.organizationName;
  const row = await seat.db
    .selectFrom(tableName)
    .select('title')
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', rowId)
    .executeTakeFirst();
  return row?.title ?? '';
}

async function loadName(seat: Seat, membershipId: string): Promise<string> {
  const row = await seat.db
    .selectFrom('memberships')
    .select('displayName')
    .where('orgId', '=', seat.record.orgId)
    .where('id', '=', membershipId)
    .executeTakeFirst();
  return row?.displayName ?? 'Somebody';
}
