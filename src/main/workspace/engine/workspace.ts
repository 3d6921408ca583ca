import type { Kysely } from 'kysely';
import type { EngineEvent } from '../../../shared/contract/events.ts';
import { StintError } from '../../../shared/errors.ts';
import { computeIsoInstant } from '../../../shared/ports.ts';
import type { AccountService } from '../accounts/account-service.ts';
import type { AutomaticCopies } from '../backup/automatic-copies.ts';
import type { OpenedDatabase } from '../database/open-database.ts';
import type { WorkspaceDatabase } from '../database/workspace-tables.ts';
import type { FileFolder } from '../files/file-folder.ts';
import type { ImportList } from '../files/import-list.ts';
import type { SecretStore } from '../ports/secret-store.ts';
import type { WorkspacePorts } from '../ports/system-ports.ts';
import type { SeatRegistry } from '../seats/seat-registry.ts';
import type { Seat } from '../seats/seat.ts';
import type { SyncService } from '../sync/sync-service.ts';
import type { TimerService } from '../timer/timer-service.ts';
import type { HostCapabilities } from './host-capabilities.ts';

/** What every request handler works with: the installation, opened. */
export interface Workspace {
  readonly folder: string;
  readonly version: string;
  /** The installation's own database (accounts, seats, settings, staged files, exports). */
  readonly db: Kysely<WorkspaceDatabase>;
  readonly opened: OpenedDatabase<WorkspaceDatabase>;
  readonly ports: WorkspacePorts;
  readonly secrets: SecretStore;
  readonly files: FileFolder;
  /** What is being taken in now. */
  readonly imports: ImportList;
  readonly accounts: AccountService;
  readonly seats: SeatRegistry;
  readonly sync: SyncService;
  readonly timer: TimerService;
  readonly host: HostCapabilities;
  /** The copies of the databases; not there where a workspace is opened for a moment only. */
  readonly copies?: AutomaticCopies;
  /** Where bundles and other exports are written: `<folder>/exports`. */
  readonly exportsFolder: string;
  emit(event: EngineEvent): void;
}

/** The present moment by this computer's clock, as an ISO 8601 instant. */
export function computeNow(workspace: Workspace): string {
  return computeIsoInstant(workspace.ports.clock.nowMs());
}

/** The seat, or `not_found`. */
export function getSeat(workspace: Workspace, seatId: string): Seat {
  const seat = workspace.seats.find(seatId);
  if (seat === undefined)
    throw new StintError('not_found', `there is no organization ${seatId} on this computer`, {
      field: 'seatId',
    });
  return seat;
}
