import type { Generated } from 'kysely';
import type { DomainDatabase } from '../../shared/database/domain-tables.ts';
import type { ErrorCode } from '../../shared/errors.ts';

/** SY-4: the organization's counter row; whoever writes to the organization locks it first. */
interface OrganizationHeadRow {
  orgId: string;
  /** The number of the newest mutation that was applied; 0 before the first. */
  seq: number;
  /** The log's hash at `seq`; the empty string before the first. */
  hash: string;
}

/** SY-4: at which number each domain row last changed. One entry per row. */
interface RowIndexRow {
  orgId: string;
  tableName: string;
  rowId: string;
  scope: string;
  seq: number;
}

/** Every mutation that was applied, in order: the audit log. */
interface MutationLogRow {
  orgId: string;
  seq: number;
  mutationId: string;
  name: string;
  version: number;
  argsJson: string;
  argsHash: string;
  actorMembershipId: string;
  accountId: string;
  /** Null for what the server itself brought about. */
  deviceId: string | null;
  deviceSeq: number | null;
  claimedAt: string;
  receivedAt: string;
  hash: string;
  /** When the arguments were taken out, since they named a person whose data were erased; `argsJson` is empty then. */
  erasedAt: string | null;
}

/** SY-6: what was answered to each mutation that a device pushed. */
interface MutationResultRow {
  orgId: string;
  mutationId: string;
  argsHash: string;
  membershipId: string;
  deviceId: string;
  name: string;
  version: number;
  /** SY-16: null for what came before device sequences were kept. */
  deviceSeq: number | null;
  status: 'applied' | 'rejected' | 'quarantined';
  seq: number | null;
  code: ErrorCode | null;
  message: string | null;
  field: string | null;
  receivedAt: string;
}

interface AccountRow {
  id: string;
  /** In lower case; unique. */
  email: string;
  name: string;
  timeZone: string;
  /** PHC string, argon2id. */
  passwordHash: string;
  createdAt: string;
  /** From when on nobody can sign in; name and address are gone then. */
  closedAt: Generated<string | null>;
}

/** One per device that is signed in. */
interface SessionRow {
  id: string;
  /** SHA-256 of the token; the token itself is known to the device alone. */
  tokenHash: string;
  accountId: string;
  deviceId: string;
  deviceName: string;
  createdAt: string;
  revokedAt: string | null;
  /** To the day; null until it was used. */
  lastUsedAt: string | null;
  /** Null for a session that was made before sessions ended by themselves. */
  expiresAt: string | null;
}

/** Which contents a person has given, whole and verified (SY-22). */
interface FileGrantRow {
  orgId: string;
  membershipId: string;
  sha256: string;
  sizeBytes: number;
  grantedAt: string;
}

interface UploadRow {
  id: string;
  orgId: string;
  membershipId: string;
  accountId: string;
  sha256: string;
  sizeBytes: number;
  createdAt: string;
  /** Set when the hash was found right, before the content is moved to the blobs. */
  verifiedAt: string | null;
  /** Set together with the grant. */
  finishedAt: string | null;
  /** How much of the organization's room is kept for it; null for one that was begun before there were quotas. */
  reservedBytes: number | null;
}

/** A content that the store holds, or should hold. */
interface ContentRow {
  orgId: string;
  sha256: string;
  sizeBytes: number;
  storedAt: string;
  /** Since when nothing has been seen to refer to it. */
  looseSince: string | null;
  /** When it was found to be missing, or not what its hash says; until a device has given it again. */
  damagedAt: string | null;
  /** When it was last read and compared with its hash. */
  checkedAt: string | null;
}

interface OrganizationStorageRow {
  orgId: string;
  /** By its contents, and by what is kept for uploads under way. */
  usedBytes: number;
  /** Null where the server's own quota holds; 0 for none at all. */
  quotaBytes: number | null;
}

/** A person's subscription to their deadlines. */
interface CalendarFeedRow {
  accountId: string;
  /** SHA-256 of the secret in its address; the secret itself is known to its person alone. */
  secretHash: string;
  createdAt: string;
  /** The day on which it was asked for last. */
  lastUsedAt: string | null;
}

export interface ServerTables extends DomainDatabase {
  organizationHeads: OrganizationHeadRow;
  rowIndex: RowIndexRow;
  mutationLog: MutationLogRow;
  mutationResults: MutationResultRow;
  accounts: AccountRow;
  sessions: SessionRow;
  fileGrants: FileGrantRow;
  uploads: UploadRow;
  contents: ContentRow;
  organizationStorage: OrganizationStorageRow;
  calendarFeeds: CalendarFeedRow;
}
