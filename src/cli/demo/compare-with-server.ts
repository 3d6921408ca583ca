import { createHash } from 'node:crypto';
import path from 'node:path';
import { computeCanonicalJson } from '../../shared/canonical-json.ts';
import { domainTables } from '../../shared/database/domain-tables.ts';
import { endpoints } from '../../shared/protocol/endpoints.ts';
import { type PullRequest, pullResponseSchema } from '../../shared/protocol/pull.ts';
import {
  seatMigrations,
  workspaceMigrations,
} from '../../main/workspace/database/migration-lists.ts';
import { openDatabase } from '../../main/workspace/database/open-database.ts';
import type { SeatDatabase } from '../../main/workspace/database/seat-tables.ts';
import type { WorkspaceDatabase } from '../../main/workspace/database/workspace-tables.ts';
import { FileSecretStore } from '../../main/workspace/ports/file-secret-store.ts';
import { createSystemPorts } from '../../main/workspace/ports/system-ports.ts';
import { ServerClient } from '../../main/workspace/sync/server-client.ts';

/** Checksums by scope, of every row in it. */
type ScopeChecksums = ReadonlyMap<string, { readonly rows: number; readonly sha256: string }>;

export interface Comparison {
  readonly rows: number;
  readonly scopes: number;
  /** One line for each scope in which workspace and server do not hold the same. */
  readonly differences: readonly string[];
}

interface ScopedRow {
  readonly table: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/**
 * Compares every mirrored row of a closed workspace with what its person gets from the server, asked anew
 * for everything: the same rows in the same scopes, column by column.
 */
export async function compareWithServer(folder: string): Promise<Comparison> {
  const seat = await loadOnlySeat(folder);
  const token = await new FileSecretStore(path.join(folder, 'secrets')).find(
    `token-${seat.accountKey}`,
  );
  const client = new ServerClient(createSystemPorts(), seat.serverUrl, token);
  const onServer = computeChecksums(await pullEverything(client, seat.orgId));
  const here = computeChecksums(await loadRows(path.join(folder, 'seats', seat.seatId, 'seat.db')));
  const differences: string[] = [];
  for (const scope of new Set([...onServer.keys(), ...here.keys()])) {
    const [there, own] = [onServer.get(scope), here.get(scope)];
    if (there?.sha256 !== own?.sha256)
      differences.push(
        `${scope}: ${there?.rows ?? 0} rows on the server, ${own?.rows ?? 0} here, or of different content`,
      );
  }
  const rows = [...onServer.values()].reduce((sum, checksum) => sum + checksum.rows, 0);
  return { rows, scopes: onServer.size, differences };
}

async function loadOnlySeat(folder: string) {
  const opened = await openDatabase<WorkspaceDatabase>(
    path.join(folder, 'workspace.db'),
    workspaceMigrations,
  );
  try {
    return await opened.db
      .selectFrom('seats')
      .innerJoin('accounts', 'accounts.accountKey', 'seats.accountKey')
      .select(['seats.seatId', 'seats.orgId', 'seats.accountKey', 'accounts.serverUrl'])
      .executeTakeFirstOrThrow();
  } finally {
    await opened.close();
  }
}

async function loadRows(databasePath: string): Promise<ScopedRow[]> {
  const opened = await openDatabase<SeatDatabase>(databasePath, seatMigrations);
  try {
    const all: ScopedRow[] = [];
    for (const table of domainTables) {
      const rows = await opened.db
        .selectFrom(table as 'tasks')
        .selectAll()
        .execute();
      all.push(...rows.map((row) => ({ table, row: { ...row } })));
    }
    return all;
  } finally {
    await opened.close();
  }
}

async function pullEverything(client: ServerClient, orgId: string): Promise<ScopedRow[]> {
  // A row that changes between two pages comes twice: the later one counts.
  const rows = new Map<string, ScopedRow>();
  let request: PullRequest = { scopes: [], head: null, knownHeads: [] };
  for (;;) {
    const page = await client.post(endpoints.pull(orgId), request, pullResponseSchema);
    for (const { table, row } of page.rows)
      rows.set(`${table}/${String(row['id'])}`, { table, row });
    if (page.complete) return [...rows.values()];
    request = { scopes: page.scopes, head: page.head, knownHeads: [] };
  }
}

function computeChecksums(rows: readonly ScopedRow[]): ScopeChecksums {
  const byScope = Map.groupBy(rows, ({ row }) => String(row['scope']));
  return new Map(
    [...byScope].map(([scope, scoped]) => {
      const lines = scoped.map(({ table, row }) => computeCanonicalJson({ table, row })).sort();
      const sha256 = createHash('sha256').update(lines.join('\n')).digest('hex');
      return [scope, { rows: scoped.length, sha256 }];
    }),
  );
}
