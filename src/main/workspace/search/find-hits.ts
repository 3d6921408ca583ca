import { type SearchKind, searchKinds } from '../../../shared/contract/search-requests.ts';
import { prepareOnce } from '../database/prepare-once.ts';
import type { Seat } from '../seats/seat.ts';
import { Turns } from '../sync/turns.ts';
import { describeHits, type FoundRow, type RankedHit } from './describe-hits.ts';
import {
  areInTitles,
  type Candidate,
  chooseLatest,
  countListed,
  countNewest,
  type Counts,
  type Group,
  listCandidates,
  maximumCandidates,
} from './list-candidates.ts';
import { excerptFound, foldWord, markFound } from './mark-found.ts';
import { computeSearchQuery, inTitle, splitSearchWords } from './search-query.ts';

/**
 * To rank by more words than these takes longer than to find them: the rows of each are counted, however few fit. Who gives
 * a whole sentence finds little besides it: what is called so, and then the newest.
 */
const mostRankedWords = 6;
const titleAhead = -1;

export interface FoundHits {
  readonly hits: RankedHit[];
  readonly counts: Counts;
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
  const words = splitSearchWords(asked.text);
  const isRanked = sort === 'best' && words.length <= mostRankedWords;
  const list = (group: Group, withRank: boolean, matched = query) =>
    listCandidates(seat, matched, withRank, group, kinds);
  let others = list('others', isRanked);
  yield;
  // What is called by the words is never among the ones that were left out.
  const mayBeLeftOut = sort === 'best' && (!isRanked || others.length === maximumCandidates);
  if (mayBeLeftOut && others.length > 0 && areInTitles(seat, words)) {
    const titled = list('others', isRanked, inTitle(query));
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
  const bulk = isFilled ? undefined : list('bulk', isRanked);
  yield;
  // Whoever asks for some kinds is told how many there are of the rest as well.
  const isCounted = asked.kinds === undefined;
  const counts = {
    ...(isCounted ? countListed(others) : countNewest(seat, query, 'others')),
    ...(isCounted && bulk !== undefined ? countListed(bulk) : countNewest(seat, query, 'bulk')),
  };
  yield;
  const candidates = [...others, ...(bulk ?? [])];
  const chosen =
    sort === 'newest' ? chooseLatest(seat, candidates, limit) : chooseBest(candidates, limit);
  yield;
  const rows = loadRows(seat, asked.text, chosen);
  yield;
  return { hits: describeHits(seat, rows), counts };
}

/** Each once; of one that is in both, what the first says. */
function joinCandidates(first: readonly Candidate[], more: readonly Candidate[]): Candidate[] {
  const known = new Set(first.map(({ documentId }) => documentId));
  return [...first, ...more.filter(({ documentId }) => !known.has(documentId))];
}

const chooseBest = (candidates: readonly Candidate[], limit: number): Candidate[] =>
  candidates
    .toSorted((left, right) => left.rank - right.rank || right.documentId - left.documentId)
    .slice(0, limit);

/** The hits with their texts, in the order in which they were chosen. */
function loadRows(seat: Seat, text: string, chosen: readonly Candidate[]): FoundRow[] {
  const folded = splitSearchWords(text).map(foldWord);
  const read = prepareOnce(
    seat.opened.connection,
    `select "documentId", "tableName", "rowId", "title", "body"
     from json_each(?) as "asked"
     cross join "searchDocuments" on "documentId" = "asked"."value"
     cross join "searchText" on "searchText"."rowid" = "documentId"`,
  ).all(JSON.stringify(chosen.map(({ documentId }) => documentId))) as IndexedRow[];
  const rows = new Map(read.map((row) => [row.documentId, row]));
  return chosen.flatMap(({ documentId, rank }) => {
    const row = rows.get(documentId);
    if (row === undefined) return [];
    const { tableName, rowId, title, body } = row;
    const excerpt = excerptFound(body, folded);
    return [{ tableName, rowId, title: markFound(title, folded), excerpt, rank }];
  });
}

interface IndexedRow {
  readonly documentId: number;
  readonly tableName: string;
  readonly rowId: string;
  readonly title: string;
  readonly body: string;
}
