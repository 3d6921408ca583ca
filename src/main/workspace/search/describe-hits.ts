import type { SearchHit } from '../../../shared/contract/search-requests.ts';
import { type DomainTable, domainRowSchemas } from '../../../shared/database/domain-tables.ts';
import { prepareOnce } from '../database/prepare-once.ts';
import type { Seat } from '../seats/seat.ts';
import { getSearchSource } from './search-sources.ts';

type AnyRow = Readonly<Record<string, unknown>>;

/** What the index has of a hit, marked. */
export interface FoundRow {
  readonly tableName: string;
  readonly rowId: string;
  readonly title: string;
  readonly excerpt: string;
  readonly rank: number;
}

export interface RankedHit {
  readonly hit: SearchHit;
  /** Less is better. */
  readonly rank: number;
}

/** When something was done or made, by the column that says it best. */
const momentColumns = ['receivedAt', 'claimedAt', 'startedAt', 'createdAt', 'joinedAt'] as const;

/** What is asked of a row, where its table has it; a brief's text, say, is not. */
const describingColumns: readonly string[] = [
  ...momentColumns,
  'displayName',
  'engagementId',
  'invitedName',
  'membershipId',
  'ownerId',
  'ownerKind',
  'projectId',
  'submissionId',
  'taskId',
  'title',
];

/** The SQL of the columns that say when a row was done or made, the best first. */
export const listMomentColumns = (table: DomainTable): string => listColumns(table, momentColumns);

const listColumns = (table: DomainTable, names: readonly string[]): string =>
  names
    .filter((name) => Object.hasOwn(domainRowSchemas[table].shape, name))
    .map((name) => `"${name}"`)
    .join(', ');

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Where each hit belongs, and what it is called if it has no name of its own. */
export function describeHits(seat: Seat, found: readonly FoundRow[]): RankedHit[] {
  const rows = new ReadRows(seat);
  for (const [tableName, group] of Map.groupBy(found, (each) => each.tableName))
    rows.read(
      getSearchSource(tableName).table,
      group.map(({ rowId }) => rowId),
    );
  const own = found.map((hit) => {
    const row = rows.get(getSearchSource(hit.tableName).table, hit.rowId) ?? {};
    return { hit, row, taskId: hit.tableName === 'tasks' ? hit.rowId : text(row['taskId']) };
  });
  rows.read(
    'tasks',
    own.map(({ taskId }) => taskId),
  );
  const engagementOf = findEngagementsOf(
    seat,
    found.filter(({ tableName }) => tableName === 'memberships').map(({ rowId }) => rowId),
  );
  const placed = own.map(({ hit, row, taskId }) => {
    const task = rows.get('tasks', taskId);
    const engagementId =
      hit.tableName === 'engagements'
        ? hit.rowId
        : (text(row['engagementId']) ??
          text(task?.['engagementId']) ??
          engagementOf.get(hit.rowId) ??
          null);
    return { hit, row, taskId, task, engagementId };
  });
  rows.read(
    'engagements',
    placed.map(({ engagementId }) => engagementId),
  );
  const whole = placed.map((place) => {
    const engagement = rows.get('engagements', place.engagementId);
    const projectId =
      place.hit.tableName === 'projects'
        ? place.hit.rowId
        : (text(place.row['projectId']) ?? text(engagement?.['projectId']));
    return { ...place, engagement, projectId };
  });
  rows.read(
    'projects',
    whole.map(({ projectId }) => projectId),
  );
  rows.read(
    'memberships',
    whole.map(({ engagement }) => text(engagement?.['membershipId'])),
  );
  return whole.map((place) => describe(seat, rows, place));
}

interface Place {
  readonly hit: FoundRow;
  readonly row: AnyRow;
  readonly taskId: string | null;
  readonly task: AnyRow | undefined;
  readonly engagementId: string | null;
  readonly engagement: AnyRow | undefined;
  readonly projectId: string | null;
}

function describe(seat: Seat, rows: ReadRows, place: Place): RankedHit {
  const { row, taskId, task, engagementId, engagement, projectId } = place;
  const { tableName, rowId, title, excerpt, rank } = place.hit;
  const { kind } = getSearchSource(tableName);
  const project = tableName === 'projects' ? undefined : rows.get('projects', projectId);
  const intern = rows.get('memberships', text(engagement?.['membershipId']));
  const owner = text(row['ownerKind']) === 'submission' ? text(row['ownerId']) : null;
  const context = [
    tableName === 'tasks' ? null : text(task?.['title']),
    kind === 'person' ? null : (text(intern?.['displayName']) ?? text(engagement?.['invitedName'])),
    text(project?.['title']),
  ].filter((part) => part !== null);
  const moment = momentColumns.find((name) => text(row[name]) !== null);
  const hit: SearchHit = {
    seatId: seat.record.seatId,
    kind,
    id: rowId,
    title: title === '' ? (text(task?.['title']) ?? '') : title,
    excerpt,
    context: context.join(' · '),
    at: moment === undefined ? null : text(row[moment]),
    projectId,
    engagementId,
    taskId,
    submissionId: tableName === 'submissions' ? rowId : (text(row['submissionId']) ?? owner),
  };
  return { hit, rank };
}

/** Rows by table and id, read many at a time and each once: many hits belong to the same few. */
class ReadRows {
  readonly #seat: Seat;
  readonly #rows = new Map<DomainTable, Map<string, AnyRow>>();

  constructor(seat: Seat) {
    this.#seat = seat;
  }

  read(table: DomainTable, ids: readonly (string | null)[]): void {
    const known = this.#rows.get(table) ?? new Map<string, AnyRow>();
    this.#rows.set(table, known);
    const asked = new Set(ids.filter((id) => id !== null && !known.has(id)));
    if (asked.size === 0) return;
    const read = prepareOnce(
      this.#seat.opened.connection,
      `select "id", ${listColumns(table, describingColumns)} from "${table}"
       where "orgId" = ? and "id" in (select "value" from json_each(?))`,
    ).all(this.#seat.record.orgId, JSON.stringify([...asked])) as (AnyRow & { id: string })[];
    for (const row of read) known.set(row.id, row);
  }

  get(table: DomainTable, id: string | null): AnyRow | undefined {
    return id === null ? undefined : this.#rows.get(table)?.get(id);
  }
}

/** Interns' engagements, for those found by their names; the newest of each. */
function findEngagementsOf(seat: Seat, membershipIds: readonly string[]): Map<string, string> {
  if (membershipIds.length === 0) return new Map();
  const found = prepareOnce(
    seat.opened.connection,
    `select "membershipId", "id" from "engagements"
     where "orgId" = ? and "membershipId" in (select "value" from json_each(?)) order by "createdAt"`,
  ).all(seat.record.orgId, JSON.stringify(membershipIds)) as {
    membershipId: string;
    id: string;
  }[];
  return new Map(found.map(({ membershipId, id }) => [membershipId, id]));
}
