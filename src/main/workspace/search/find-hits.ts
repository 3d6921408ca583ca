import {
  foundMark,
  type SearchHit,
  type SearchKind,
} from '../../../shared/contract/search-requests.ts';
import type { Seat } from '../seats/seat.ts';
import { computeSearchQuery } from './search-query.ts';
import { getSearchSource, searchSources } from './search-sources.ts';

/**
 * Of the newest so many that fit, the best are shown: ranking every row that has a common word would take longer than anybody
 * waits, and more than these nobody reads.
 */
const maximumCandidates = 3000;

export interface RankedHit {
  readonly hit: SearchHit;
  /** Less is better. */
  readonly rank: number;
}

export interface FoundHits {
  readonly hits: RankedHit[];
  readonly counts: Partial<Record<SearchKind, number>>;
}

interface FoundRow {
  readonly documentId: number;
  readonly tableName: string;
  readonly rowId: string;
  readonly title: string;
  readonly excerpt: string;
  readonly rank: number;
}

/** Looks through one seat's index. It answers what the index holds at this moment. */
export function findHits(
  seat: Seat,
  asked: {
    readonly text: string;
    readonly kinds: readonly SearchKind[] | undefined;
    readonly sort: 'best' | 'newest';
    readonly limit: number;
  },
): FoundHits {
  const query = computeSearchQuery(asked.text);
  if (query === undefined) return { hits: [], counts: {} };
  const { connection } = seat.opened;
  const counted = connection
    .prepare(
      `select "tableName", count(*) as "count" from (
         select "rowid" from "searchText" where "searchText" match ? order by "rowid" desc limit ${maximumCandidates}
       ) as "found" join "searchDocuments" on "documentId" = "found"."rowid" group by "tableName"`,
    )
    .all(query) as { tableName: string; count: number }[];
  const counts: Partial<Record<SearchKind, number>> = {};
  for (const { tableName, count } of counted) {
    const { kind } = getSearchSource(tableName);
    counts[kind] = (counts[kind] ?? 0) + count;
  }
  const tables = searchSources
    .filter(({ kind }) => asked.kinds === undefined || asked.kinds.includes(kind))
    .map(({ table }) => `'${table}'`);
  const candidates = connection
    .prepare(
      `select "rowid" as "documentId", bm25("searchText", 8.0, 1.0) as "rank" from "searchText"
       where "searchText" match ? and "rowid" in (
         select "documentId" from "searchDocuments" where "tableName" in (${tables.join(', ')}))
       order by "rowid" desc limit ${maximumCandidates}`,
    )
    .all(query) as { documentId: number; rank: number }[];
  const chosen = (
    asked.sort === 'newest'
      ? candidates
      : candidates.toSorted((left, right) => left.rank - right.rank)
  ).slice(0, asked.limit);
  const rows = loadRows(seat, query, chosen);
  return { hits: describeHits(seat, rows), counts };
}

function loadRows(
  seat: Seat,
  query: string,
  chosen: readonly { documentId: number; rank: number }[],
): FoundRow[] {
  const statement = seat.opened.connection.prepare(
    `select "tableName", "rowId",
       highlight("searchText", 0, ?, ?) as "title", snippet("searchText", 1, ?, ?, '…', 14) as "excerpt"
     from "searchText" join "searchDocuments" on "documentId" = "searchText"."rowid"
     where "searchText" match ? and "searchText"."rowid" = ?`,
  );
  const { begin, end } = foundMark;
  return chosen.flatMap(({ documentId, rank }) => {
    const row = statement.get(begin, end, begin, end, query, documentId) as
      | Omit<FoundRow, 'documentId' | 'rank'>
      | undefined;
    return row === undefined ? [] : [{ ...row, documentId, rank }];
  });
}

type AnyRow = Readonly<Record<string, unknown>>;
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Where each hit belongs, and what it is called if it has no name of its own. */
function describeHits(seat: Seat, rows: readonly FoundRow[]): RankedHit[] {
  const { connection } = seat.opened;
  const { orgId, seatId } = seat.record;
  const find = (table: string, id: string | null): AnyRow | undefined =>
    id === null
      ? undefined
      : (connection
          .prepare(`select * from "${table}" where "orgId" = ? and "id" = ?`)
          .get(orgId, id) as AnyRow | undefined);
  return rows.map(({ tableName, rowId, title, excerpt, rank }) => {
    const row = find(tableName, rowId) ?? {};
    const { kind } = getSearchSource(tableName);
    const taskId = tableName === 'tasks' ? rowId : text(row['taskId']);
    const task = find('tasks', taskId);
    const engagementId =
      tableName === 'engagements'
        ? rowId
        : (text(row['engagementId']) ??
          text(task?.['engagementId']) ??
          findEngagementOf(seat, tableName, rowId));
    const engagement = find('engagements', engagementId);
    const projectId =
      tableName === 'projects'
        ? rowId
        : (text(row['projectId']) ?? text(engagement?.['projectId']));
    const project = tableName === 'projects' ? undefined : find('projects', projectId);
    const intern = find('memberships', text(engagement?.['membershipId']));
    const owner = text(row['ownerKind']) === 'submission' ? text(row['ownerId']) : null;
    const context = [
      tableName === 'tasks' ? null : text(task?.['title']),
      kind === 'person'
        ? null
        : (text(intern?.['displayName']) ?? text(engagement?.['invitedName'])),
      text(project?.['title']),
    ].filter((part) => part !== null);
    const hit: SearchHit = {
      seatId,
      kind,
      id: rowId,
      title: title === '' ? (text(task?.['title']) ?? '') : title,
      excerpt,
      context: context.join(' · '),
      at:
        text(row['receivedAt']) ??
        text(row['claimedAt']) ??
        text(row['startedAt']) ??
        text(row['createdAt']) ??
        text(row['joinedAt']),
      projectId,
      engagementId,
      taskId,
      submissionId: tableName === 'submissions' ? rowId : (text(row['submissionId']) ?? owner),
    };
    return { hit, rank };
  });
}

/** An intern's engagement, for one found by their name; the newest where there are several. */
function findEngagementOf(seat: Seat, tableName: string, rowId: string): string | null {
  if (tableName !== 'memberships') return null;
  const found = seat.opened.connection
    .prepare(
      `select "id" from "engagements" where "orgId" = ? and "membershipId" = ? order by "createdAt" desc limit 1`,
    )
    .get(seat.record.orgId, rowId) as { id: string } | undefined;
  return found?.id ?? null;
}
