import type { SearchKind } from '../../../shared/contract/search-requests.ts';
import { prepareOnce } from '../database/prepare-once.ts';
import type { Seat } from '../seats/seat.ts';
import { listMomentColumns } from './describe-hits.ts';
import { asBeginning, inTitle } from './search-query.ts';
import {
  codeCount,
  firstOther,
  getSourceOfDocument,
  isBulk,
  searchSources,
} from './search-sources.ts';

/**
 * Of the newest so many that fit, the best are shown: ranking every row that has a common word would take longer than anybody
 * waits, and more than these nobody reads. Stretches of time and files are many; they must not take the place of what they belong to.
 */
export const maximumCandidates = 1000;
/** More than any rank: by how much they stand behind the others, which say what they are about. */
const bulkBehind = 1_000_000;

/** What is looked through apart from the other. */
export type Group = 'others' | 'bulk';

export interface Candidate {
  readonly documentId: number;
  /** Less is better. */
  readonly rank: number;
}

export type Counts = Partial<Record<SearchKind, number>>;

const listSources = (group: Group) =>
  searchSources.filter(({ kind }) => isBulk(kind) === (group === 'bulk'));

/** The newest of a group's documents of these kinds that fit, newest first. */
export function listCandidates(
  seat: Seat,
  query: string,
  withRank: boolean,
  group: Group,
  kinds: readonly SearchKind[],
): Candidate[] {
  const sources = listSources(group);
  const wanted = sources.filter(({ kind }) => kinds.includes(kind));
  if (wanted.length === 0) return [];
  const rank = withRank ? 'bm25("searchText", 8.0, 1.0)' : '0';
  const codes = wanted.map(({ code }) => code).join(', ');
  return prepareOnce(
    seat.opened.connection,
    `select "rowid" as "documentId", ${rank} + ${group === 'bulk' ? bulkBehind : 0} as "rank"
     ${newestOf(group, wanted.length === sources.length ? '' : `and "rowid" % ${codeCount} in (${codes})`)}`,
  ).all(query) as Candidate[];
}

/**
 * Whether each of these words, which others have, is in a title of some of them. Where all of them are to be in one title, FTS5 goes
 * through all rows of each before it sees that one is in none; the longest is the likeliest to be that one.
 */
export function areInTitles(seat: Seat, words: readonly string[]): boolean {
  const newest = prepareOnce(
    seat.opened.connection,
    `select 1 from "searchText" where "searchText" match ? and "rowid" >= ${firstOther}
     order by "rowid" desc limit 1`,
  );
  const isFound = (query: string): boolean => newest.get(query) !== undefined;
  return (
    words
      .toSorted((left, right) => right.length - left.length)
      .map(asBeginning)
      // What the index does not take for a word is found nowhere, and passed over among others.
      .every((word) => isFound(inTitle(word)) || !isFound(word))
  );
}

/** How many there are of each kind among the newest of a group that fit. */
export function countNewest(seat: Seat, query: string, group: Group): Counts {
  const counted = prepareOnce(
    seat.opened.connection,
    `select "rowid" as "documentId", count(*) as "count"
     from (select "rowid" ${newestOf(group, '')}) group by "rowid" % ${codeCount}`,
  ).all(query) as { documentId: number; count: number }[];
  const counts: Counts = {};
  for (const { documentId, count } of counted) addTo(counts, documentId, count);
  return counts;
}

export function countListed(candidates: readonly Candidate[]): Counts {
  const counts: Counts = {};
  for (const { documentId } of candidates) addTo(counts, documentId, 1);
  return counts;
}

function addTo(counts: Counts, documentId: number, count: number): void {
  const { kind } = getSourceOfDocument(documentId);
  counts[kind] = (counts[kind] ?? 0) + count;
}

/** The bounds are part of the text: FTS5 takes no notice of one that is bound as a JavaScript number, which SQLite has as real. */
const newestOf = (group: Group, condition: string): string =>
  `from "searchText" where "searchText" match ?
   and "rowid" ${group === 'bulk' ? '<' : '>='} ${firstOther} ${condition}
   order by "rowid" desc limit ${maximumCandidates}`;

/**
 * Those of most recent moments, the last first: the index takes in what is here at its beginning table by table, whenever it
 * was made. All instants are written alike (`instantSchema`), so that their order is that of their texts.
 */
export function chooseLatest(
  seat: Seat,
  candidates: readonly Candidate[],
  limit: number,
): Candidate[] {
  const ids = Map.groupBy(candidates, ({ documentId }) => getSourceOfDocument(documentId));
  const latest = [...ids].flatMap(
    ([{ table }, group]) =>
      prepareOnce(
        seat.opened.connection,
        `select "documentId", coalesce(${listMomentColumns(table)}, '') as "at"
         from json_each(?) as "asked"
         cross join "searchDocuments" on "documentId" = "asked"."value"
         left join "${table}" on "orgId" = ? and "${table}"."id" = "rowId"
         order by "at" desc, "documentId" desc limit ?`,
      ).all(
        JSON.stringify(group.map(({ documentId }) => documentId)),
        seat.record.orgId,
        limit,
      ) as { documentId: number; at: string }[],
  );
  return latest
    .toSorted((left, right) =>
      left.at === right.at ? right.documentId - left.documentId : left.at < right.at ? 1 : -1,
    )
    .slice(0, limit)
    .map(({ documentId }) => ({ documentId, rank: 0 }));
}
