import { createHash, randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Kysely } from 'kysely';
import type { ServerDatabase } from '../../../src/server/database/server-database.ts';
import type { DomainDatabase } from '../../../src/shared/database/domain-tables.ts';
import { engagementScope } from '../../../src/shared/domain/scopes.ts';
import { workspaceMigrations } from '../../../src/main/workspace/database/migration-lists.ts';
import { openDatabase } from '../../../src/main/workspace/database/open-database.ts';
import type { WorkspaceDatabase } from '../../../src/main/workspace/database/workspace-tables.ts';
import { FileSecretStore } from '../../../src/main/workspace/ports/file-secret-store.ts';
import { dayMs, type GeneratedRow, instantOf } from '../data/generated-row.ts';
import { generateSeat } from '../data/seat-rows.ts';
import { SeededRandom } from '../data/seeded-random.ts';
import { generateTaskRows } from '../data/task-rows.ts';

/** Somebody with an account, a session and a membership on the generated server. */
export interface BenchmarkPerson {
  readonly accountId: string;
  readonly membershipId: string;
  readonly role: 'owner' | 'intern';
  readonly email: string;
  readonly deviceId: string;
  readonly token: string;
}

export interface BenchmarkOrganization {
  readonly orgId: string;
  readonly name: string;
  readonly owner: BenchmarkPerson;
  readonly interns: readonly BenchmarkPerson[];
  readonly rows: readonly GeneratedRow[];
}

const seed = 20_261_123;
const rowsPerNumber = 3;
/** Below what both storages take in one statement. */
const maximumParameters = 20_000;

/** An organization with one open task for each intern, and as much finished work beside as makes up `totalRows`. */
export function generateOrganization(shape: {
  readonly internCount: number;
  readonly totalRows: number;
}): BenchmarkOrganization {
  const nowMs = Math.floor(Date.now() / dayMs) * dayMs;
  const random = new SeededRandom(seed + 7);
  const seat = generateSeat(
    {
      role: 'owner',
      engagementCount: shape.internCount,
      projectCount: Math.max(1, Math.round(shape.internCount / 10)),
      // Some twelve rows each; what is too much is cut off below.
      taskCount: Math.ceil(shape.totalRows / 10),
      areTasksOpen: false,
    },
    seed,
    nowMs,
  );
  const base = seat.rows.filter(({ table }) =>
    ['organizations', 'memberships', 'projects', 'engagements'].includes(table),
  );
  const memberships = base.flatMap((entry) => (entry.table === 'memberships' ? [entry.row] : []));
  const owner = memberships.find(({ role }) => role === 'owner');
  if (owner === undefined) throw new Error('the generated organization has no owner');
  const engagements = base.flatMap((entry) => (entry.table === 'engagements' ? [entry.row] : []));
  const open = engagements.flatMap((engagement, index) =>
    generateTaskRows(
      random,
      {
        orgId: seat.orgId,
        ownerId: owner.id,
        internId: engagement.membershipId ?? '',
        zone: 'Europe/Berlin',
        engagementId: engagement.id,
        scope: engagementScope(engagement.id),
        draftScope: undefined,
      },
      { number: index + 1, nowMs, isOpen: true },
    ),
  );
  const first = [...base, ...open];
  const isBase = new Set(base);
  const filling = seat.rows
    .filter((entry) => !isBase.has(entry))
    .slice(0, Math.max(0, shape.totalRows - first.length))
    // The ids begin with the time, and a history is written in the order of time.
    .sort((left, right) => (left.row.id < right.row.id ? -1 : 1));
  const rows = [...first, ...filling].map(leaveOutContent);
  const createPerson = (row: DomainDatabase['memberships']): BenchmarkPerson => ({
    accountId: row.accountId,
    membershipId: row.id,
    role: row.role === 'owner' ? 'owner' : 'intern',
    email: row.email,
    deviceId: random.uuid(nowMs),
    token: randomBytes(32).toString('base64url'),
  });
  return {
    orgId: seat.orgId,
    name: seat.organizationName,
    owner: createPerson(owner),
    interns: memberships.filter(({ role }) => role === 'intern').map(createPerson),
    rows,
  };
}

/** No contents stand behind the generated attachments: said to have arrived, each would be asked for in vain, one by one. */
function leaveOutContent(entry: GeneratedRow): GeneratedRow {
  return entry.table === 'attachments'
    ? { table: entry.table, row: { ...entry.row, arrivedAt: null } }
    : entry;
}

/** Writes the organization into a server's database as pushes of three rows each would have left it. */
export async function writeOrganization(
  database: ServerDatabase,
  organization: BenchmarkOrganization,
): Promise<void> {
  const { orgId, rows } = organization;
  const byTable = new Map<string, object[]>();
  const add = (table: string, row: object) => {
    const list = byTable.get(table) ?? [];
    list.push(row);
    byTable.set(table, list);
  };
  for (const [index, { table, row }] of rows.entries()) {
    const seq = Math.floor(index / rowsPerNumber) + 1;
    add(table, row);
    add('rowIndex', { orgId, tableName: table, rowId: row.id, scope: row.scope, seq });
  }
  const headSeq = Math.ceil(rows.length / rowsPerNumber);
  const at = instantOf(Date.now());
  const random = new SeededRandom(seed + 9);
  for (let seq = 1; seq <= headSeq; seq += 1)
    add('mutationLog', {
      orgId,
      seq,
      mutationId: random.uuid(Date.now()),
      name: 'task.edit',
      version: 1,
      argsJson: '{}',
      argsHash: computeHash(`args ${seq}`),
      actorMembershipId: organization.owner.membershipId,
      accountId: organization.owner.accountId,
      deviceId: organization.owner.deviceId,
      deviceSeq: seq,
      claimedAt: at,
      receivedAt: at,
      hash: computeHash(`log ${seq}`),
    });
  add('organizationHeads', { orgId, seq: headSeq, hash: computeHash(`log ${headSeq}`) });
  for (const person of [organization.owner, ...organization.interns]) {
    add('accounts', {
      id: person.accountId,
      email: person.email,
      name: 'Somebody',
      timeZone: 'Europe/Berlin',
      passwordHash: 'none',
      createdAt: at,
    });
    add('sessions', {
      id: random.uuid(Date.now()),
      tokenHash: computeHash(person.token),
      accountId: person.accountId,
      deviceId: person.deviceId,
      deviceName: 'Laptop',
      createdAt: at,
      revokedAt: null,
      lastUsedAt: null,
      expiresAt: null,
    });
  }
  await database.write(async (trx) => {
    const tables = trx as unknown as Kysely<{ anyTable: Record<string, unknown> }>;
    for (const [table, list] of byTable) {
      const size = Math.floor(maximumParameters / Object.keys(list[0] ?? {}).length);
      for (let start = 0; start < list.length; start += size)
        await tables
          .insertInto(table as 'anyTable')
          .values(list.slice(start, start + size) as Record<string, unknown>[])
          .execute();
    }
  });
}

const computeHash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** An installation in which this person is signed in on the server, and that has fetched nothing yet. */
export async function writeInstallation(
  folder: string,
  serverUrl: string,
  organization: BenchmarkOrganization,
  person: BenchmarkPerson,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const opened = await openDatabase<WorkspaceDatabase>(
    path.join(folder, 'workspace.db'),
    workspaceMigrations,
  );
  await opened.db
    .insertInto('accounts')
    .values({
      accountKey: person.accountId,
      serverUrl,
      accountId: person.accountId,
      email: person.email,
      deviceId: person.deviceId,
      isSample: 0,
      signedOutAt: null,
    })
    .execute();
  await opened.db
    .insertInto('seats')
    .values({
      seatId: person.membershipId,
      accountKey: person.accountId,
      orgId: organization.orgId,
      membershipId: person.membershipId,
      role: person.role,
      organizationName: organization.name,
      createdAt: instantOf(Date.now()),
    })
    .execute();
  await opened.close();
  await new FileSecretStore(path.join(folder, 'secrets')).put(
    `token-${person.accountId}`,
    person.token,
  );
}

/** Lets an installation speak to another address; between rounds the server has another port. */
export async function moveInstallation(folder: string, serverUrl: string): Promise<void> {
  const opened = await openDatabase<WorkspaceDatabase>(
    path.join(folder, 'workspace.db'),
    workspaceMigrations,
  );
  await opened.db.updateTable('accounts').set({ serverUrl }).execute();
  await opened.close();
}
