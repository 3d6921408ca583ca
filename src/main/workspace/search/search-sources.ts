import type { SearchKind } from '../../../shared/contract/search-requests.ts';
import type { DomainTable } from '../../../shared/database/domain-tables.ts';

/** What of a mirrored row can be found. */
export interface SearchSource {
  /** In the numbers of its documents, and so in every index that there is: never another's, never changed. */
  readonly code: number;
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
  { code: 0, kind: 'project', table: 'projects', title: 'title', texts: ['brief'], only: null },
  {
    code: 1,
    kind: 'person',
    table: 'memberships',
    title: 'displayName',
    texts: ['email'],
    only: null,
  },
  {
    code: 2,
    kind: 'person',
    table: 'engagements',
    title: 'invitedName',
    texts: ['invitedEmail'],
    only: '"membershipId" is null',
  },
  { code: 3, kind: 'task', table: 'tasks', title: 'title', texts: [], only: null },
  {
    code: 4,
    kind: 'brief',
    table: 'briefVersions',
    title: null,
    texts: ['instructions', 'criteriaJson'],
    only: null,
  },
  {
    code: 5,
    kind: 'submission',
    table: 'submissions',
    title: null,
    texts: ['note'],
    only: `"note" <> ''`,
  },
  {
    code: 6,
    kind: 'review',
    table: 'reviews',
    title: null,
    texts: ['comment', 'commentsJson'],
    only: `("comment" <> '' or "commentsJson" <> '[]')`,
  },
  {
    code: 7,
    kind: 'file',
    table: 'attachments',
    title: 'name',
    texts: [],
    only: '"removedAt" is null',
  },
  {
    code: 8,
    kind: 'time',
    table: 'timeEntries',
    title: null,
    texts: ['note'],
    only: `"note" <> '' and "deletedAt" is null`,
  },
];

/** Many and short: they stand behind what they belong to, and are looked through apart from it. */
const bulkKinds: readonly SearchKind[] = ['time', 'file'];
export const isBulk = (kind: SearchKind): boolean => bulkKinds.includes(kind);

/**
 * A document's number says what it is, so that nothing else is to be read of those that are only counted or left out. Its
 * remainder by `codeCount` is its source's code. What is of the bulk kinds has a number below `firstOther`, so that the newest of
 * either group are found without going through the other. Within a group, whatever was taken in later has the higher number.
 */
export const codeCount = 16;
export const firstOther = 2 ** 40;

/** For a new document; `last` is the highest number of its group, if it has one. */
export function computeNextDocumentId({ code, kind }: SearchSource, last?: number): number {
  const before = last ?? (isBulk(kind) ? 0 : firstOther);
  return (Math.floor(before / codeCount) + 1) * codeCount + code;
}

export function getSourceOfDocument(documentId: number): SearchSource {
  const source = searchSources.find(({ code }) => code === documentId % codeCount);
  if (source === undefined) throw new Error(`no source has document ${documentId}`);
  return source;
}

export function getSearchSource(table: string): SearchSource {
  const source = searchSources.find((candidate) => candidate.table === table);
  if (source === undefined) throw new Error(`nothing is looked for in ${table}`);
  return source;
}

/** The index over a seat's rows as `seat-0004` made it (SQLite FTS5, sqlite.org/fts5.html); `seat-0007` makes the words' anew. */
export function createSearchSchema(): string[] {
  return [
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
}

/**
 * What keeps the index in step. Every change of a row that can be found puts that row into a queue, in the change's own
 * transaction; the queue is worked off when nobody waits. They are there from when the index is begun: a first
 * synchronisation, before that, would take half as long again with triggers that find nothing to do.
 */
export function createSearchTriggers(): string[] {
  return searchSources.flatMap(({ table, title, texts, only }) => {
    const columns = [...(title === null ? [] : [title]), ...texts];
    const watched = [...columns, ...(only === null ? [] : listColumns(only))];
    // `or ignore` would be overruled by a statement with a conflict clause of its own (sqlite.org/lang_createtrigger.html).
    const put = (row: 'new' | 'old'): string =>
      `begin insert into "searchQueue" values ('${table}', ${row}."id") on conflict do nothing; end`;
    const holds = (row: 'new' | 'old'): string | undefined =>
      only?.replaceAll(/"(\w+)"/g, `${row}."$1"`);
    const when = (...conditions: readonly (string | undefined)[]): string =>
      only === null ? '' : `when ${conditions.map((each) => `(${each})`).join(' or ')}`;
    return [
      `create trigger "${table}SearchInsert" after insert on "${table}" ${when(holds('new'))} ${put('new')}`,
      `create trigger "${table}SearchUpdate" after update of ${[...new Set(watched)].map((column) => `"${column}"`).join(', ')}
        on "${table}" ${when(holds('old'), holds('new'))} ${put('new')}`,
      `create trigger "${table}SearchDelete" after delete on "${table}" ${when(holds('old'))} ${put('old')}`,
    ];
  });
}

const listColumns = (condition: string): string[] =>
  [...condition.matchAll(/"(\w+)"/g)].map(([, column]) => column ?? '');
