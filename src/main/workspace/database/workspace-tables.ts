import type { Generated } from 'kysely';

/** The workspace's own database, beside one database per seat: what belongs to the installation. */

export interface AccountRow {
  accountKey: string;
  serverUrl: string;
  accountId: string;
  email: string;
  /** This installation as that account's device. */
  deviceId: string;
  /** SY-16: the device as which it goes on, from when that is asked for until the server has said so. */
  nextDeviceId: Generated<string | null>;
  isSample: 0 | 1;
  signedOutAt: string | null;
}

export interface SeatRow {
  /** The seat's id; also the name of its folder. */
  seatId: string;
  accountKey: string;
  orgId: string;
  membershipId: string;
  role: 'owner' | 'manager' | 'intern';
  organizationName: string;
  createdAt: string;
}

export interface SettingRow {
  name: string;
  valueJson: string;
}

/** A file taken in and not yet attached; the content is in the files folder under its hash. */
export interface StagedFileRow {
  stagedId: string;
  name: string;
  sizeBytes: number;
  mediaType: string;
  sha256: string;
  createdAt: string;
}

export interface ExportRow {
  fileName: string;
  seatId: string;
  engagementId: string | null;
  exportedAt: string;
  sizeBytes: number;
  sha256: string;
}

/** An export that has begun and not ended. */
export interface BundleJobRow {
  jobId: string;
  seatId: string;
  requestJson: string;
  startedAt: string;
}

export interface WorkspaceDatabase {
  accounts: AccountRow;
  seats: SeatRow;
  settings: SettingRow;
  stagedFiles: StagedFileRow;
  exports: ExportRow;
  bundleJobs: BundleJobRow;
}
