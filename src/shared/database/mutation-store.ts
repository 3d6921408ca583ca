import type { Kysely } from 'kysely';
import { StintError } from '../errors.ts';
import type { DomainDatabase, DomainRow, DomainTable } from './domain-tables.ts';
import type { ColumnValues } from './select-rows-with.ts';

/**
 * How a mutation reads and writes: one organization's rows, inside one database transaction.
 * The workspace's store keeps what each write replaced (SY-11); the server's numbers what changed (SY-4).
 * Reads of single rows go through `find` and `get`, so that both know what a mutation depends on (SY-7).
 */
export interface MutationStore {
  readonly orgId: string;
  /** For reads over several rows. Every query must be confined to `orgId`. */
  readonly db: Kysely<DomainDatabase>;
  find<Table extends DomainTable>(table: Table, id: string): Promise<DomainRow<Table> | undefined>;
  /** All rows with these values, in the order of their ids. For what many mutations ask alike: a server's push asks it once. */
  list<Table extends DomainTable>(
    table: Table,
    values: ColumnValues<Table>,
  ): Promise<DomainRow<Table>[]>;
  /** Inserts; throws `conflict` if the organization already holds a row with this id. */
  insert<Table extends DomainTable>(table: Table, row: DomainRow<Table>): Promise<void>;
  /** Changes the named columns only; never `orgId`, `id` or `scope`. Throws `not_found` without the row. */
  patch<Table extends DomainTable>(
    table: Table,
    id: string,
    patch: Partial<Omit<DomainRow<Table>, 'orgId' | 'id' | 'scope'>>,
  ): Promise<void>;
}

const rowNouns: Record<DomainTable, string> = {
  organizations: 'organization',
  memberships: 'membership',
  projects: 'project',
  engagements: 'engagement',
  invitations: 'invitation',
  tasks: 'task',
  deadlines: 'deadline',
  extensions: 'extension',
  briefVersions: 'brief version',
  briefAcknowledgements: 'acknowledgement',
  attachments: 'file',
  drafts: 'draft',
  draftVersions: 'earlier version',
  submissions: 'submission',
  receipts: 'receipt',
  reviews: 'review',
  timeEntries: 'time entry',
  timesheets: 'timesheet',
  timesheetComments: 'comment',
  timeChangeRequests: 'request',
  fieldEdits: 'edit',
  quarantinedChanges: 'quarantined change',
  amendments: 'amendment',
  taskTemplates: 'task template',
  evaluations: 'evaluation',
  bundleExports: 'exported bundle',
  questions: 'question',
  answers: 'answer',
  extensionRequests: 'request for more time',
  phrases: 'phrase',
  reviewClaims: 'review under way',
};

/** The row, or `not_found` naming what was looked for. */
export async function getRow<Table extends DomainTable>(
  store: MutationStore,
  table: Table,
  id: string,
): Promise<DomainRow<Table>> {
  const row = await store.find(table, id);
  if (row === undefined) throw createRowNotFound(table, id);
  return row;
}

export function createRowNotFound(table: DomainTable, id: string): StintError {
  return new StintError('not_found', `there is no ${rowNouns[table]} ${id} in this organization`);
}

export function computeRowNoun(table: DomainTable): string {
  return rowNouns[table];
}
