import { type DomainTable, isDomainTable } from '../../shared/database/domain-tables.ts';
import { everythingScope } from '../../shared/domain/scopes.ts';
import type { Head } from '../../shared/protocol/push.ts';
import type {
  PulledRow,
  PullRequest,
  PullResponse,
  ScopeCursor,
} from '../../shared/protocol/pull.ts';
import { pullPageRows } from '../../shared/protocol/version.ts';
import type { ServerDatabase, ServerTransaction } from '../database/server-database.ts';
import { findNewestKnownHead, isHeadKnown } from './known-heads.ts';
import { emptyHead } from './log-hash.ts';
import { getActiveMembership, listVisibleScopes } from './membership-lookup.ts';
import { yieldToOthers } from './yield-to-others.ts';

interface IndexEntry {
  readonly tableName: string;
  readonly rowId: string;
  readonly seq: number;
}

/**
 * How many rows are read at a time, before the length of their text is looked at: few at first, and more where
 * those before were short.
 */
const smallestChunk = 50;
const largestChunk = 400;

/**
 * A page ends early once its rows' text is longer than this, in UTF-16 code units: what both sides hold in memory,
 * and how long each is busy with one page.
 */
const pageTextLength = 2 * 1024 * 1024;

/**
 * Handles one pull (SY-4, SY-10, SY-11): reads the head first, then the rows with
 * `cursor < seq ≤ head` of every visible scope, in the order of their numbers, cut between two numbers.
 * All of it sees one state of the database.
 * @throws StintError `forbidden` for who is no member.
 */
export async function handlePull(
  database: ServerDatabase,
  accountId: string,
  orgId: string,
  request: PullRequest,
): Promise<Omit<PullResponse, 'anchor'>> {
  return await database.read(async (trx) => {
    const membership = await getActiveMembership(trx, orgId, accountId);
    const head = await getHead(trx, orgId);
    const visible = await listVisibleScopes(trx, membership);
    const held = new Map(request.scopes.map(({ scope, seq }) => [scope, seq]));
    const restart = await findRestart(trx, orgId, request, head);
    const cursors = visible.map((scope) => ({
      scope,
      seq: restart === null ? Math.min(held.get(scope) ?? 0, head.seq) : 0,
    }));
    const page = await loadPage(database, trx, orgId, cursors, head.seq);
    const seen = new Set(visible);
    return {
      head,
      scopes: cursors.map(({ scope, seq }) => ({ scope, seq: Math.max(seq, page.reachedSeq) })),
      added: visible.filter((scope) => !held.has(scope)),
      removed: [...held.keys()].filter((scope) => !seen.has(scope)),
      rows: page.rows,
      complete: page.reachedSeq === head.seq,
      restart,
    };
  });
}

export async function getHead(trx: ServerTransaction, orgId: string): Promise<Head> {
  const row = await trx
    .selectFrom('organizationHeads')
    .select(['seq', 'hash'])
    .where('orgId', '=', orgId)
    .executeTakeFirst();
  return row ?? emptyHead;
}

/**
 * SY-15: where this server was restored, what the workspace counts by means nothing here, and it begins
 * again. A cursor beyond the head says the same where the first synchronisation was cut short.
 */
async function findRestart(
  trx: ServerTransaction,
  orgId: string,
  request: PullRequest,
  head: Head,
): Promise<PullResponse['restart']> {
  const isKnown =
    request.scopes.every(({ seq }) => seq <= head.seq) &&
    (await isHeadKnown(trx, orgId, request.head, head));
  if (isKnown) return null;
  return { common: await findNewestKnownHead(trx, orgId, request.knownHeads) };
}

/** One page of about `pageRows` rows: everything after the cursors up to and with `reachedSeq`. */
export async function loadPage(
  database: ServerDatabase,
  trx: ServerTransaction,
  orgId: string,
  cursors: readonly ScopeCursor[],
  headSeq: number,
  pageRows: number = pullPageRows,
): Promise<{ rows: PulledRow[]; reachedSeq: number }> {
  const { entries, reachedSeq } = await listPageEntries(trx, orgId, cursors, headSeq, pageRows);
  const rows: PulledRow[] = [];
  let textLength = 0;
  for (let start = 0, size = smallestChunk; start < entries.length;) {
    const loaded = await loadRows(database, trx, orgId, entries.slice(start, start + size));
    rows.push(...loaded);
    textLength += loaded.reduce((sum, { row }) => sum + computeTextLength(row), 0);
    start += size;
    if (textLength > pageTextLength && start < entries.length)
      return await cutAtNumber(database, trx, orgId, entries, start, rows);
    size = computeChunk(rows.length, textLength);
    // Streams and uploads go on while a page is put together.
    await yieldToOthers();
  }
  return { rows, reachedSeq };
}

/** As many rows as would fill the rest of the page to a half, if they were as long as those before. */
function computeChunk(rowCount: number, textLength: number): number {
  const averageLength = Math.max(1, textLength / Math.max(1, rowCount));
  const fitting = Math.floor((pageTextLength - textLength) / averageLength / 2);
  return Math.min(largestChunk, Math.max(smallestChunk, fitting));
}

/** Ends the page after the number of the last row loaded, with the rest of that number's rows. */
async function cutAtNumber(
  database: ServerDatabase,
  trx: ServerTransaction,
  orgId: string,
  entries: readonly IndexEntry[],
  loadedCount: number,
  rows: PulledRow[],
): Promise<{ rows: PulledRow[]; reachedSeq: number }> {
  const seq = entries[loadedCount - 1]?.seq ?? 0;
  const rest = entries.slice(loadedCount).filter((entry) => entry.seq === seq);
  for (let start = 0; start < rest.length; start += smallestChunk)
    rows.push(...(await loadRows(database, trx, orgId, rest.slice(start, start + smallestChunk))));
  return { rows, reachedSeq: seq };
}

/**
 * The entries of one page over all scopes, by number. Every scope is asked for its own range, merged, and
 * cut so that no number is split; `reachedSeq` is the number up to which all scopes are whole.
 */
async function listPageEntries(
  trx: ServerTransaction,
  orgId: string,
  cursors: readonly ScopeCursor[],
  headSeq: number,
  pageRows: number,
): Promise<{ entries: IndexEntry[]; reachedSeq: number }> {
  const merged = await listScopeEntries(trx, orgId, cursors, headSeq, pageRows + 1);
  merged.sort((left, right) => left.seq - right.seq);
  // The first entry too many: the page ends before its number, of which there may be more than was asked for.
  const overflow = merged[pageRows];
  const reachedSeq = overflow === undefined ? headSeq : overflow.seq - 1;
  const first = merged[0];
  if (first === undefined || first.seq <= reachedSeq)
    return { entries: merged.filter(({ seq }) => seq <= reachedSeq), reachedSeq };
  // One number alone fills the page: the page holds all of it, however many rows that is.
  const whole = await listScopeEntries(trx, orgId, cursors, first.seq, undefined);
  return { entries: whole.filter(({ seq }) => seq === first.seq), reachedSeq: first.seq };
}

/** So many scopes are asked for by one statement; SQLite takes 500 (SQLITE_MAX_COMPOUND_SELECT). */
const scopesPerQuery = 100;

/** Each scope's entries after its cursor up to `untilSeq`, the first `limit` of each by number, in no order. */
async function listScopeEntries(
  trx: ServerTransaction,
  orgId: string,
  cursors: readonly ScopeCursor[],
  untilSeq: number,
  limit: number | undefined,
): Promise<IndexEntry[]> {
  const behind = cursors.filter(({ seq }) => seq < untilSeq);
  const entries: IndexEntry[] = [];
  for (let start = 0; start < behind.length; start += scopesPerQuery) {
    const [first, ...others] = behind
      .slice(start, start + scopesPerQuery)
      .map((cursor) => buildScopeQuery(trx, orgId, cursor, untilSeq, limit));
    if (first === undefined) continue;
    const all = others.reduce((union, other) => union.unionAll(other), first);
    entries.push(...(await all.execute()));
  }
  return entries;
}

function buildScopeQuery(
  trx: ServerTransaction,
  orgId: string,
  cursor: ScopeCursor,
  untilSeq: number,
  limit: number | undefined,
) {
  let query = trx
    .selectFrom('rowIndex')
    .select(['tableName', 'rowId', 'seq'])
    .where('orgId', '=', orgId)
    .where('seq', '>', cursor.seq)
    .where('seq', '<=', untilSeq)
    .orderBy('seq');
  query =
    cursor.scope === everythingScope
      ? query.where('scope', 'not like', 'private:%')
      : query.where('scope', '=', cursor.scope);
  if (limit !== undefined) query = query.limit(limit);
  // Within parentheses: what is ordered and limited by itself cannot stand in a union as it is.
  return trx.selectFrom(query.as('entry')).select(['tableName', 'rowId', 'seq']);
}

/** The rows that the entries point to, in the entries' order. */
async function loadRows(
  database: ServerDatabase,
  trx: ServerTransaction,
  orgId: string,
  entries: readonly IndexEntry[],
): Promise<PulledRow[]> {
  const idsByTable = new Map<DomainTable, string[]>();
  for (const { tableName, rowId } of entries) {
    if (!isDomainTable(tableName)) throw new Error(`the row index names the table ${tableName}`);
    const ids = idsByTable.get(tableName) ?? [];
    ids.push(rowId);
    idsByTable.set(tableName, ids);
  }
  const loaded = new Map<string, Record<string, unknown>>();
  for (const [table, ids] of idsByTable) {
    for (const row of await database.loadRows(trx, table, orgId, ids))
      loaded.set(`${table}/${String(row['id'])}`, row);
  }
  return entries.flatMap(({ tableName, rowId, seq }) => {
    const row = loaded.get(`${tableName}/${rowId}`);
    return row === undefined ? [] : [{ table: tableName, seq, row }];
  });
}

function computeTextLength(row: Readonly<Record<string, unknown>>): number {
  let length = 0;
  for (const value of Object.values(row)) length += typeof value === 'string' ? value.length : 8;
  return length;
}
