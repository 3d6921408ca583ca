import type { Selectable, TableMetadata } from 'kysely';
import type { z } from 'zod';
import type { ServerTables } from '../../../src/server/database/server-tables.ts';
import {
  domainRowSchemas,
  type DomainTable,
  domainTables,
} from '../../../src/shared/database/domain-tables.ts';

type Kind<Value> =
  `${NonNullable<Value> extends number ? 'number' : 'text'}${null extends Value ? '?' : ''}`;
type Columns<Row> = { readonly [Column in keyof Row]-?: Kind<Row[Column]> };

/** The compiler holds this to the tables' types, and a test holds it to the database. */
const ownTables: {
  readonly [Table in Exclude<keyof ServerTables, DomainTable>]: Columns<
    Selectable<ServerTables[Table]>
  >;
} = {
  organizationHeads: { orgId: 'text', seq: 'number', hash: 'text' },
  rowIndex: { orgId: 'text', tableName: 'text', rowId: 'text', scope: 'text', seq: 'number' },
  mutationLog: {
    orgId: 'text',
    seq: 'number',
    mutationId: 'text',
    name: 'text',
    version: 'number',
    argsJson: 'text',
    argsHash: 'text',
    actorMembershipId: 'text',
    accountId: 'text',
    deviceId: 'text?',
    deviceSeq: 'number?',
    claimedAt: 'text',
    receivedAt: 'text',
    hash: 'text',
    erasedAt: 'text?',
  },
  mutationResults: {
    orgId: 'text',
    mutationId: 'text',
    argsHash: 'text',
    membershipId: 'text',
    deviceId: 'text',
    deviceSeq: 'number?',
    name: 'text',
    version: 'number',
    status: 'text',
    seq: 'number?',
    code: 'text?',
    message: 'text?',
    field: 'text?',
    receivedAt: 'text',
  },
  accounts: {
    id: 'text',
    email: 'text',
    name: 'text',
    timeZone: 'text',
    passwordHash: 'text',
    createdAt: 'text',
    closedAt: 'text?',
  },
  sessions: {
    id: 'text',
    tokenHash: 'text',
    accountId: 'text',
    deviceId: 'text',
    deviceName: 'text',
    createdAt: 'text',
    revokedAt: 'text?',
    lastUsedAt: 'text?',
    expiresAt: 'text?',
  },
  fileGrants: {
    orgId: 'text',
    membershipId: 'text',
    sha256: 'text',
    sizeBytes: 'number',
    grantedAt: 'text',
  },
  uploads: {
    id: 'text',
    orgId: 'text',
    membershipId: 'text',
    accountId: 'text',
    sha256: 'text',
    sizeBytes: 'number',
    createdAt: 'text',
    verifiedAt: 'text?',
    finishedAt: 'text?',
    reservedBytes: 'number?',
  },
  contents: {
    orgId: 'text',
    sha256: 'text',
    sizeBytes: 'number',
    storedAt: 'text',
    looseSince: 'text?',
    damagedAt: 'text?',
    checkedAt: 'text?',
  },
  organizationStorage: { orgId: 'text', usedBytes: 'number', quotaBytes: 'number?' },
  calendarFeeds: {
    accountId: 'text',
    secretHash: 'text',
    createdAt: 'text',
    lastUsedAt: 'text?',
  },
};

type AnyColumns = Record<string, Record<string, string>>;

/** Every table with its columns and their kinds, as the types written by hand have them. */
export function computeExpectedColumns(): AnyColumns {
  const domain = Object.fromEntries(
    domainTables.map((name) => [
      name,
      Object.fromEntries(
        Object.entries(domainRowSchemas[name].shape).map(([column, schema]) => [
          column,
          computeKind(schema as z.ZodType),
        ]),
      ),
    ]),
  );
  return { ...domain, ...ownTables };
}

/** The same of a database's own account of itself. */
export function computeFoundColumns(tables: readonly TableMetadata[]): AnyColumns {
  return Object.fromEntries(
    tables.map(({ name, columns }) => [
      name,
      Object.fromEntries(
        columns.map((column) => [
          column.name,
          `${/int/i.test(column.dataType) ? 'number' : column.dataType.toLowerCase()}${column.isNullable ? '?' : ''}`,
        ]),
      ),
    ]),
  );
}

function computeKind(schema: z.ZodType): string {
  const isNumber = [0, 1, 15].some((value) => schema.safeParse(value).success);
  return `${isNumber ? 'number' : 'text'}${schema.safeParse(null).success ? '?' : ''}`;
}
