import { computeCanonicalJson } from '../../../src/shared/canonical-json.ts';
import { domainTables } from '../../../src/shared/database/domain-tables.ts';
import { isScopeCovered } from '../../../src/shared/domain/scopes.ts';
import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { Simulation } from '../simulation.ts';

interface ScopedRow {
  readonly orgId: string;
  readonly id: string;
  readonly scope: string;
}

/** SY-14: what each workspace mirrors is what the server holds of the same scopes, row by row. */
export function checkReplicas(simulation: Simulation): string[] {
  const found: string[] = [];
  const server = simulation.world.server.connection;
  for (const device of simulation.world.devices) {
    const database = simulation.findSeatDatabase(device);
    if (database === undefined) continue;
    const { orgId } = simulation.getSeat(device);
    const isLost = database.prepare('select accessLostAt from seatState').pluck().get() !== null;
    if (isLost) continue;
    const scopes = database.prepare('select scope from scopeCursors').pluck().all() as string[];
    const isHeld = ({ scope }: ScopedRow) => scopes.some((held) => isScopeCovered(held, scope));
    const there = loadRows(server, orgId, isHeld);
    const here = loadRows(database, orgId, isHeld);
    if (computeChecksum(there) === computeChecksum(here)) continue;
    for (const [key, row] of there)
      if (here.get(key) !== row)
        found.push(
          `replicas: ${device.name} has ${here.get(key) ?? 'no row'} where the server has ${row}`,
        );
    for (const key of here.keys())
      if (!there.has(key))
        found.push(`replicas: ${device.name} has ${key}, which the server has not`);
  }
  return found;
}

function loadRows(
  database: Database.Database,
  orgId: string,
  isHeld: (row: ScopedRow) => boolean,
): Map<string, string> {
  const rows = new Map<string, string>();
  for (const table of domainTables)
    for (const row of database
      .prepare(`select * from "${table}" where orgId = ? order by id`)
      .all(orgId) as ScopedRow[])
      if (isHeld(row)) rows.set(`${table}/${row.id}`, computeCanonicalJson(row));
  return rows;
}

function computeChecksum(rows: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const [key, row] of rows) hash.update(`${key} ${row}\n`);
  return hash.digest('hex');
}
