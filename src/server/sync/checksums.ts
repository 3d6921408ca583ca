import { isDomainTable } from '../../shared/database/domain-tables.ts';
import {
  createScopeChecksumSum,
  type ScopeChecksumSum,
} from '../../shared/domain/scope-checksum.ts';
import { isScopeCovered } from '../../shared/domain/scopes.ts';
import { StintError } from '../../shared/errors.ts';
import type { Head } from '../../shared/protocol/push.ts';
import type { ChecksumsResponse, PulledRow } from '../../shared/protocol/pull.ts';
import type { ServerDatabase, ServerTransaction } from '../database/server-database.ts';
import type { ServerPorts } from '../ports/server-ports.ts';
import { sha256Hex } from '../sha256-hex.ts';
import { getActiveMembership, listVisibleScopes } from './membership-lookup.ts';
import { getHead, loadPage } from './pull.ts';
import { yieldToOthers } from './yield-to-others.ts';

/** How long rows are added up at a stretch, in milliseconds, before others have their turn. */
const sliceMs = 5;
/** How many rows are read at a time: few at first, then twice as many where two slices were enough, else half. */
const smallestSlice = 25;
const largestSlice = 400;
/** How often it begins again because somebody changed something meanwhile. */
const attempts = 3;
/** How many may wait for their turn; each costs as much as a first synchronisation. */
const maximumWaiting = 20;
/** How many of one account: nobody keeps the others from theirs. */
const maximumOfAccount = 2;

/** What was found in all slices together, at one head; undefined where that head was left meanwhile. */
type Sums = { readonly head: Head; readonly sums: ReadonlyMap<string, ScopeChecksumSum> };

export interface ChecksumReader {
  /**
   * Handles one request for checksums (SY-14): of those of the scopes asked for that this person may see now,
   * what a pull from the beginning would bring. All of them hold at the head that is answered.
   * @throws StintError `forbidden` for who is no member, `unavailable` while too many wait.
   */
  compute(accountId: string, orgId: string, scopes: readonly string[]): Promise<ChecksumsResponse>;
}

/** One at a time: to compare is never urgent, and must not slow anyone down. */
export function createChecksumReader({
  database,
  ports: { clock },
}: {
  readonly database: ServerDatabase;
  readonly ports: ServerPorts;
}): ChecksumReader {
  let waiting = 0;
  const waitingByAccount = new Map<string, number>();
  let last: Promise<unknown> = Promise.resolve();

  async function run(
    accountId: string,
    orgId: string,
    asked: readonly string[],
  ): Promise<ChecksumsResponse> {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      // Each slice in a transaction of its own: where there is one connection, others need it in between.
      const found = await addUp(accountId, orgId, asked, (action) => database.read(action));
      if (found !== undefined) return computeAnswer(found);
    }
    return await database.read(async (trx) => {
      const found = await addUp(accountId, orgId, asked, (action) => action(trx));
      if (found === undefined) throw new Error('the head moved within one reading transaction');
      return computeAnswer(found);
    });
  }

  async function addUp(
    accountId: string,
    orgId: string,
    asked: readonly string[],
    read: <Result>(action: (trx: ServerTransaction) => Promise<Result>) => Promise<Result>,
  ): Promise<Sums | undefined> {
    const { head, visible } = await read(async (trx) => {
      const membership = await getActiveMembership(trx, orgId, accountId);
      return {
        head: await getHead(trx, orgId),
        visible: await listVisibleScopes(trx, membership),
      };
    });
    const wanted = new Set(asked);
    const scopes = visible.filter((scope) => wanted.has(scope));
    const sums = new Map(scopes.map((scope) => [scope, createScopeChecksumSum(sha256Hex)]));
    let size = smallestSlice;
    for (let reachedSeq = 0; scopes.length > 0 && reachedSeq < head.seq;) {
      const cursors = scopes.map((scope) => ({ scope, seq: reachedSeq }));
      const page = await read((trx) => loadPage(database, trx, orgId, cursors, head.seq, size));
      const turns = await addRows(sums, page.rows);
      size = Math.min(
        largestSlice,
        Math.max(smallestSlice, turns > 2 ? Math.ceil(size / 2) : size * 2),
      );
      reachedSeq = page.reachedSeq;
    }
    const { hash } = await read((trx) => getHead(trx, orgId));
    return hash === head.hash ? { head, sums } : undefined;
  }

  /** Lets others have their turn whenever this took a slice's time, and at the end; answers how many they had. */
  async function addRows(sums: Sums['sums'], rows: readonly PulledRow[]): Promise<number> {
    let turns = 0;
    let sinceMs = clock.monotonicMs();
    for (const row of rows) {
      addRow(sums, row);
      if (clock.monotonicMs() - sinceMs < sliceMs) continue;
      turns += 1;
      await yieldToOthers();
      sinceMs = clock.monotonicMs();
    }
    await yieldToOthers();
    return turns + 1;
  }

  return {
    async compute(accountId, orgId, scopes) {
      const ofAccount = waitingByAccount.get(accountId) ?? 0;
      if (waiting >= maximumWaiting || ofAccount >= maximumOfAccount)
        throw new StintError(
          'unavailable',
          'the server is busy comparing for others; try again later',
        );
      waiting += 1;
      waitingByAccount.set(accountId, ofAccount + 1);
      const turn = last.then(() => run(accountId, orgId, scopes));
      last = turn.catch(() => undefined);
      try {
        return await turn;
      } finally {
        waiting -= 1;
        const left = (waitingByAccount.get(accountId) ?? 1) - 1;
        if (left === 0) waitingByAccount.delete(accountId);
        else waitingByAccount.set(accountId, left);
      }
    },
  };
}

function addRow(sums: ReadonlyMap<string, ScopeChecksumSum>, { table, row }: PulledRow): void {
  if (!isDomainTable(table)) throw new Error(`a page names the table ${table}`);
  for (const [scope, sum] of sums)
    if (isScopeCovered(scope, String(row['scope']))) sum.add(table, row);
}

function computeAnswer({ head, sums }: Sums): ChecksumsResponse {
  return {
    head,
    checksums: [...sums].map(([scope, sum]) => ({ scope, ...sum.compute() })),
  };
}
