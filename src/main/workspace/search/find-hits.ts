import { type SearchKind, searchKinds } from '../../../shared/contract/search-requests.ts';
import { computeEpochMs } from '../../../shared/ports.ts';
import { prepareOnce } from '../database/prepare-once.ts';
import type { Seat } from '../seats/seat.ts';
import { Turns } from '../sync/turns.ts';
import { describeHits, type FoundRow, listMomentColumns, type RankedHit } from './describe-hits.ts';
import { excerptFound, foldWord, markFound } from './mark-found.ts';
import { computeSearchQuery, inTitle, splitSearchWords } from './search-query.ts';
import { getSearchSource, searchSources } from './search-sources.ts';

/**
 * Of the newest so many that fit, the best are shown: ranking every row that has a common word would take longer than anybody
 * waits, and more than these nobody reads. Stretches of time and files are many; they must not take the place of what they belong to.
 */
const maximumCandidates = 1000;
const bulkKinds: readonly SearchKind[] = ['time', 'file'];
/** More than any rank: by how much they stand behind the others, which say what they are about. */
const bulkBehind = 1_000_000;
/**
 * To rank by more words than these takes longer than to find them: the rows of each are counted, however few fit. Who gives
 * a whole sentence finds little besides it: what is called so, and then the newest.
 */
const mostRankedWords = 6;
const titleAhead = -1;
const otherKinds = searchKinds.filter((kind) => !bulkKinds.includes(kind));

export interface FoundHits {
  readonly hits: RankedHit[];
  readonly counts: Partial<Record<SearchKind, number>>;
}

interface Candidate {
  readonly documentId: number;
  readonly tableName: string;
  readonly rowId: string;
  readonly rank: number;
}

interface Asked {
  readonly text: string;
  readonly kinds: readonly SearchKind[] | undefined;
  readonly sort: 'best' | 'newest';
  readonly limit: number;
}

/**
 * Looks through one seat's index, with turns for others between its steps. It answers what the index holds at one moment:
 * where something changed meanwhile, it looks anew, in one go.
 */
export async function findHits(seat: Seat, asked: Asked): Promise<FoundHits> {
  const turns = new Turns(() => seat.clock.monotonicMs());
  const before = readState(seat);
  const steps = lookThrough(seat, asked);
  for (;;) {
    const step = steps.next();
    if (readState(seat) !== before) break;
    if (step.done === true) return step.value;
    await turns.pass();
  }
  const anew = lookThrough(seat, asked);
  for (;;) {
    const step = anew.next();
    if (step.done === true) return step.value;
  }
}

/** Another one after each change, of a transaction that is under way as well, whose rows are seen here. */
const readState = (seat: Seat): unknown =>
  (
    prepareOnce(
      seat.opened.connection,
      `select total_changes() || '/' || "data_version" as "state" from pragma_data_version`,
    ).get() as { state: string }
  ).state;

function* lookThrough(seat: Seat, asked: Asked): Generator<undefined, FoundHits> {
  const query = computeSearchQuery(asked.text);
  if (query === undefined) return { hits: [], counts: {} };
  const { kinds = searchKinds, sort, limit } = asked;
  const isRanked = sort === 'best' && splitSearchWords(asked.text).length <= mostRankedWords;
  const list = (group: readonly SearchKind[], withRank: boolean) =>
    listCandidates(seat, query, withRank, group);
  const ofThese = (group: readonly SearchKind[]) => group.filter((kind) => kinds.includes(kind));
  let others = list(ofThese(otherKinds), isRanked);
  yield;
  // What is called by the words is never among the ones that were left out.
  if (sort === 'best' && (!isRanked || others.length === maximumCandidates)) {
    const titled = listCandidates(seat, inTitle(query), isRanked, ofThese(otherKinds));
    others = isRanked
      ? joinCandidates(others, titled)
      : joinCandidates(
          titled.map((candidate) => ({ ...candidate, rank: titleAhead })),
          others,
        );
  }
  yield;
  // Then what stands behind them is counted alone.
  const isFilled = sort === 'best' && others.length >= limit;
  const bulk = list(ofThese(bulkKinds), isRanked && !isFilled);
  yield;
  const all =
    asked.kinds === undefined
      ? [...others, ...bulk]
      : [...list(otherKinds, false), ...list(bulkKinds, false)];
  const counts: Partial<Record<SearchKind, number>> = {};
  for (const { tableName } of all) {
    const { kind } = getSearchSource(tableName);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  const candidates = isFilled ? others : [...others, ...bulk];
  const ranked = sort === 'newest' ? rankByMoment(seat, candidates) : candidates;
  const chosen = ranked
    .toSorted((left, right) => left.rank - right.rank || right.documentId - left.documentId)
    .slice(0, limit);
  yield;
  const rows = loadRows(seat, asked.text, chosen);
  yield;
  return { hits: describeHits(seat, rows), counts };
}

/**
 * The newest that fit, newest first. `cross join` keeps the index of words in the outer loop: the planner would else ask it
 * anew for every document there is, which takes minutes.
 */
function listCandidates(
  seat: Seat,
  query: string,
  withRank: boolean,
  kinds: readonly SearchKind[],
): Candidate[] {
  if (kinds.length === 0) return [];
  const tables = searchSources
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ table }) => `'${table}'`);
  const found = prepareOnce(
    seat.opened.connection,
    `select "documentId", "tableName", "rowId",
       ${withRank ? 'bm25("searchText", 8.0, 1.0)' : '0'} as "rank"
     from "searchText" cross join "searchDocuments" on "documentId" = "searchText"."rowid"
     where "searchText" match ? and "tableName" in (${tables.join(', ')})
     order by "searchText"."rowid" desc limit ${maximumCandidates}`,
  ).all(query) as Candidate[];
  return found.map((candidate) =>
    bulkKinds.includes(getSearchSource(candidate.tableName).kind)
      ? { ...candidate, rank: candidate.rank + bulkBehind }
      : candidate,
  );
}

/** Each once; of one that is in both, what the first says. */
function joinCandidates(first: readonly Candidate[], more: readonly Candidate[]): Candidate[] {
  const known = new Set(first.map(({ documentId }) => documentId));
  return [...first, ...more.filter(({ documentId }) => !known.has(documentId))];
}

/** The last first: the index takes in what is here at its beginning table by table, whenever it was made. */
function rankByMoment(seat: Seat, candidates: readonly Candidate[]): Candidate[] {
  const ranked: Candidate[] = [];
  for (const [tableName, group] of Map.groupBy(candidates, (each) => each.tableName)) {
    const { table } = getSearchSource(tableName);
    const moments = new Map(
      (
        prepareOnce(
          seat.opened.connection,
          `select "id", coalesce(${listMomentColumns(table)}, '') as "at"
           from "${table}" where "orgId" = ? and "id" in (select "value" from json_each(?))`,
        ).all(seat.record.orgId, JSON.stringify(group.map(({ rowId }) => rowId))) as {
          id: string;
          at: string;
        }[]
      ).map(({ id, at }) => [id, at]),
    );
    for (const candidate of group) {
      const at = moments.get(candidate.rowId) ?? '';
      ranked.push({ ...candidate, rank: at === '' ? 0 : -computeEpochMs(at) });
    }
  }
  return ranked;
}

function loadRows(seat: Seat, text: string, chosen: readonly Candidate[]): FoundRow[] {
  const statement = prepareOnce(
    seat.opened.connection,
    `select "title", "body" from "searchText" where "rowid" = ?`,
  );
  const folded = splitSearchWords(text).map(foldWord);
  return chosen.flatMap((candidate) => {
    const row = statement.get(candidate.documentId) as { title: string; body: string } | undefined;
    if (row === undefined) return [];
    const { title, body } = row;
    return [{ ...candidate, title: markFound(title, folded), excerpt: excerptFound(body, folded) }];
  });
}
