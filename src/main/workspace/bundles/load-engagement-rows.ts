import { sql, type SqlBool } from 'kysely';
import type { DomainRow, DomainTable } from '../../../shared/database/domain-tables.ts';
import type { BundleOptions } from '../../../shared/domain/bundle-options.ts';
import { StintError } from '../../../shared/errors.ts';
import type { Seat } from '../seats/seat.ts';
import type { Pausing } from '../sync/turns.ts';

/** Everything that this seat holds of one engagement; lists in the order in which things came about. */
export interface EngagementRows {
  readonly organization: DomainRow<'organizations'>;
  readonly project: DomainRow<'projects'>;
  readonly engagement: DomainRow<'engagements'>;
  readonly memberships: readonly DomainRow<'memberships'>[];
  readonly tasks: readonly DomainRow<'tasks'>[];
  readonly deadlines: readonly DomainRow<'deadlines'>[];
  readonly extensions: readonly DomainRow<'extensions'>[];
  readonly briefVersions: readonly DomainRow<'briefVersions'>[];
  readonly briefAcknowledgements: readonly DomainRow<'briefAcknowledgements'>[];
  readonly attachments: readonly DomainRow<'attachments'>[];
  readonly submissions: readonly DomainRow<'submissions'>[];
  readonly receipts: readonly DomainRow<'receipts'>[];
  readonly reviews: readonly DomainRow<'reviews'>[];
  readonly timeEntries: readonly DomainRow<'timeEntries'>[];
  readonly amendments: readonly DomainRow<'amendments'>[];
  readonly timesheets: readonly DomainRow<'timesheets'>[];
  readonly timesheetComments: readonly DomainRow<'timesheetComments'>[];
  readonly timeChangeRequests: readonly DomainRow<'timeChangeRequests'>[];
  readonly questions: readonly DomainRow<'questions'>[];
  readonly answers: readonly DomainRow<'answers'>[];
  /** Those that both sides may read. */
  readonly evaluations: readonly DomainRow<'evaluations'>[];
  /** Receipt → SHA-256 of the statement that was signed, where names were taken out of it. */
  readonly redactedReceipts: ReadonlyMap<string, string>;
  /** The submissions that the bundle is to hold; undefined for all. */
  readonly bundledSubmissionIds?: ReadonlySet<string>;
}

/**
 * Reads in one transaction, so that a pull that comes in between changes nothing halfway. Drafts are the
 * intern's own and are not read; neither are deleted time entries.
 *
 * @throws StintError `not_found` without the engagement, or when its project has not come yet.
 */
export async function loadEngagementRows(
  seat: Seat,
  engagementId: string,
  turns: Pausing,
): Promise<EngagementRows> {
  const { orgId } = seat.record;
  return seat.db
    .transaction()
    .setAccessMode('read only')
    .execute(async (tx) => {
      const findRow = async <Table extends DomainTable>(
        table: Table,
        id: string,
        noun: string,
      ): Promise<DomainRow<Table>> => {
        const row = await tx
          .selectFrom(table as 'tasks')
          .selectAll()
          .where('orgId', '=', orgId)
          .where('id', '=', id)
          .executeTakeFirst();
        if (row === undefined)
          throw new StintError('not_found', `there is no ${noun} ${id} on this computer`, {
            field: 'engagementId',
          });
        return row as unknown as DomainRow<Table>;
      };
      const engagement = await findRow('engagements', engagementId, 'engagement');
      const inScope = async <Table extends DomainTable>(
        table: Table,
      ): Promise<DomainRow<Table>[]> => {
        await turns.pass();
        const rows = await tx
          .selectFrom(table as 'tasks')
          .selectAll()
          .where('orgId', '=', orgId)
          .where('scope', '=', engagement.scope)
          .where(isOfEngagement(table, orgId, engagementId))
          .orderBy('id')
          .execute();
        return rows as unknown as DomainRow<Table>[];
      };
      const memberships = await tx
        .selectFrom('memberships')
        .selectAll()
        .where('orgId', '=', orgId)
        .orderBy('joinedAt')
        .orderBy('id')
        .execute();
      return {
        organization: await findRow('organizations', orgId, 'organization'),
        project: await findRow('projects', engagement.projectId, 'project'),
        engagement,
        memberships,
        tasks: sortBy(await inScope('tasks'), (row) => [row.position, row.createdAt]),
        deadlines: sortBy(await inScope('deadlines'), (row) => [row.createdAt]),
        extensions: sortBy(await inScope('extensions'), (row) => [row.createdAt]),
        briefVersions: sortBy(await inScope('briefVersions'), (row) => [
          row.version,
          row.createdAt,
        ]),
        briefAcknowledgements: sortBy(await inScope('briefAcknowledgements'), (row) => [
          row.acknowledgedAt,
        ]),
        attachments: sortBy(await inScope('attachments'), (row) => [row.createdAt]),
        submissions: sortBy(await inScope('submissions'), (row) => [
          row.revision,
          row.receivedAt ?? row.claimedAt,
        ]),
        receipts: sortBy(await inScope('receipts'), (row) => [row.issuedAt]),
        reviews: sortBy(await inScope('reviews'), (row) => [row.receivedAt ?? row.claimedAt]),
        timeEntries: sortBy(
          (await inScope('timeEntries')).filter((row) => row.deletedAt === null),
          (row) => [row.startedAt, row.endedAt],
        ),
        amendments: sortBy(await inScope('amendments'), (row) => [row.createdAt]),
        timesheets: sortBy(await inScope('timesheets'), (row) => [row.startsOn, row.submittedAt]),
        timesheetComments: sortBy(await inScope('timesheetComments'), (row) => [row.createdAt]),
        timeChangeRequests: sortBy(await inScope('timeChangeRequests'), (row) => [row.createdAt]),
        questions: sortBy(await inScope('questions'), (row) => [row.createdAt]),
        answers: sortBy(await inScope('answers'), (row) => [row.createdAt]),
        evaluations: sortBy(
          (await inScope('evaluations')).filter(({ openedAt }) => openedAt !== null),
          (row) => [row.side, row.createdAt],
        ),
        redactedReceipts: new Map(),
      };
    });
}

/** Of these tables' rows, those of an engagement have an index. */
const namingTheEngagement: readonly DomainTable[] = [
  'tasks',
  'timeEntries',
  'amendments',
  'timesheets',
  'timeChangeRequests',
  'evaluations',
];

/** The same rows as those of the engagement's scope, by an index: no index knows scopes, and all rows would be looked at. */
function isOfEngagement(table: DomainTable, orgId: string, engagementId: string) {
  if (namingTheEngagement.includes(table)) return sql<SqlBool>`"engagementId" = ${engagementId}`;
  if (table === 'timesheetComments')
    return sql<SqlBool>`"timesheetId" in (select "id" from "timesheets" where "orgId" = ${orgId} and "engagementId" = ${engagementId})`;
  return sql<SqlBool>`"taskId" in (select "id" from "tasks" where "orgId" = ${orgId} and "engagementId" = ${engagementId})`;
}

/** Keeps the order by id where the keys are equal. */
function sortBy<Row>(
  rows: readonly Row[],
  computeKey: (row: Row) => readonly (string | number)[],
): Row[] {
  return [...rows].sort((left, right) => {
    const rightKey = computeKey(right);
    for (const [index, key] of computeKey(left).entries()) {
      const other = rightKey[index];
      if (other === undefined || key === other) continue;
      return key < other ? -1 : 1;
    }
    return 0;
  });
}

/** When things happened, as far as rows say so; planned moments such as deadlines are not among them. */
const momentColumns = [
  'createdAt',
  'updatedAt',
  'joinedAt',
  'agreedAt',
  'acknowledgedAt',
  'claimedAt',
  'receivedAt',
  'filesCompleteAt',
  'issuedAt',
  'cancelledAt',
  'closedAt',
  'endedAt',
  'decidedAt',
  'submittedAt',
  'openedAt',
] as const;

/** The rows of what was chosen for the bundle. Dropped revisions are dropped with what hangs on them. */
export function selectRows(rows: EngagementRows, options: BundleOptions): EngagementRows {
  const { revisions, submissionIds, hours, evaluations } = options;
  const accepted = new Set(
    rows.reviews
      .filter(({ counts, decision }) => counts === 1 && decision === 'accepted')
      .map(({ submissionId }) => submissionId),
  );
  const newest = new Map(rows.submissions.map(({ taskId, id }) => [taskId, id]));
  const chosen = submissionIds === null ? undefined : new Set(submissionIds);
  const isChosen = ({ id, taskId }: DomainRow<'submissions'>): boolean => {
    if (chosen !== undefined) return chosen.has(id);
    if (revisions === 'accepted') return accepted.has(id);
    return revisions === 'all' || newest.get(taskId) === id;
  };
  return {
    ...rows,
    bundledSubmissionIds: new Set(rows.submissions.filter(isChosen).map(({ id }) => id)),
    ...(hours ? {} : { timesheets: [], timesheetComments: [], timeChangeRequests: [] }),
    ...(evaluations ? {} : { evaluations: [] }),
  };
}

/** The newest moment in the rows; the same on every computer that holds the same rows. */
export function computeNewestMoment(rows: EngagementRows): string {
  let newest = rows.engagement.createdAt;
  // The other people of the organization come and go without changing this engagement.
  const {
    memberships: _memberships,
    redactedReceipts: _redacted,
    bundledSubmissionIds: _bundled,
    ...ofEngagement
  } = rows;
  for (const row of Object.values(ofEngagement).flat()) {
    for (const column of momentColumns) {
      const moment = (row as Readonly<Record<string, unknown>>)[column];
      if (typeof moment === 'string' && moment > newest) newest = moment;
    }
  }
  return newest;
}
