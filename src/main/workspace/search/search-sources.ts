import type { SearchKind } from '../../../shared/contract/search-requests.ts';
import type { DomainTable } from '../../../shared/database/domain-tables.ts';

/** What of a mirrored row can be found. */
export interface SearchSource {
  readonly kind: SearchKind;
  readonly table: DomainTable;
  /** The column that names it; none for what has text alone. */
  readonly title: string | null;
  /** Columns with text; of those that end in `Json`, the members called `text`. */
  readonly texts: readonly string[];
  /** SQL over the columns: rows without it are not taken in. */
  readonly only: string | null;
}

export const searchSources: readonly SearchSource[] = [
  { kind: 'project', table: 'projects', title: 'title', texts: ['brief'], only: null },
  { kind: 'person', table: 'memberships', title: 'displayName', texts: ['email'], only: null },
  {
    kind: 'person',
    table: 'engagements',
    title: 'invitedName',
    texts: ['invitedEmail'],
    only: '"membershipId" is null',
  },
  { kind: 'task', table: 'tasks', title: 'title', texts: [], only: null },
  {
    kind: 'brief',
    table: 'briefVersions',
    title: null,
    texts: ['instructions', 'criteriaJson'],
    only: null,
  },
  { kind: 'submission', table: 'submissions', title: null, texts: ['note'], only: `"note" <> ''` },
  {
    kind: 'review',
    table: 'reviews',
    title: null,
    texts: ['comment', 'commentsJson'],
    only: `("comment" <> '' or "commentsJson" <> '[]')`,
  },
  { kind: 'file', table: 'attachments', title: 'name', texts: [], only: '"removedAt" is null' },
  {
    kind: 'time',
    table: 'timeEntries',
    title: null,
    texts: ['note'],
    only: `"note" <> '' and "deletedAt" is null`,
  },
];

export function getSearchSource(table: string): SearchSource {
  const source = searchSources.find((candidate) => candidate.table === table);
  if (source === undefined) throw new Error(`nothing is looked for in ${table}`);
  return source;
}

/**
 * The index over a seat's rows (SQLite FTS5, sqlite.org/fts5.html) and what keeps it in step. Every change of a row that can be
 * found puts that row into a queue, in the change's own transaction, once the index has been built; the queue is worked off
 * when nobody waits. A first synchronisation, before anything was built, pays only for the question whether it was.
 */
export function createSearchSchema(): string[] {
  const statements = [
    `create table "searchState" (
      "only" integer primary key check ("only" = 1), "isBuilt" integer not null)`,
    `insert into "searchState" values (1, 0)`,
    `create table "searchQueue" (
      "tableName" text not null, "rowId" text not null, primary key ("tableName", "rowId")) without rowid`,
    `create table "searchDocuments" (
      "documentId" integer primary key, "tableName" text not null, "rowId" text not null,
      unique ("tableName", "rowId"))`,
    `create virtual table "searchText" using fts5(
      "title", "body", prefix = '2 3', tokenize = "unicode61 remove_diacritics 2")`,
  ];
  for (const { table, title, texts, only } of searchSources) {
    const columns = [...(title === null ? [] : [title]), ...texts];
    const watched = [...columns, ...(only === null ? [] : listColumns(only))];
    const isBuilt = `(select "isBuilt" from "searchState") = 1`;
    // `or ignore` would be overruled by a statement with a conflict clause of its own (sqlite.org/lang_createtrigger.html).
    const put = (row: 'new' | 'old'): string =>
      `begin insert into "searchQueue" values ('${table}', ${row}."id") on conflict do nothing; end`;
    const holds = (row: 'new' | 'old'): string =>
      only === null ? '' : ` and ${only.replaceAll(/"(\w+)"/g, `${row}."$1"`)}`;
    const either =
      only === null
        ? ''
        : ` and (${[holds('old'), holds('new')].map((each) => `(${each.slice(5)})`).join(' or ')})`;
    statements.push(
      `create trigger "${table}SearchInsert" after insert on "${table}" when ${isBuilt}${holds('new')} ${put('new')}`,
      `create trigger "${table}SearchUpdate" after update of ${[...new Set(watched)].map((column) => `"${column}"`).join(', ')}
        on "${table}" when ${isBuilt}${either} ${put('new')}`,
      `create trigger "${table}SearchDelete" after delete on "${table}" when ${isBuilt}${holds('old')} ${put('old')}`,
    );
  }
  return statements;
}

const listColumns = (condition: string): string[] =>
  [...condition.matchAll(/"(\w+)"/g)].map(([, column]) => column ?? '');
