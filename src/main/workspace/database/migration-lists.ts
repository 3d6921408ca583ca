import type { Migration } from 'kysely/migration';
import { seatInitialMigration } from './migrations/seat-0001-initial.ts';
import { seatTimeTravelMigration } from './migrations/seat-0002-time-travel.ts';
import { seatNarrowIndexesMigration } from './migrations/seat-0003-narrow-indexes.ts';
import { seatDeskHoursFilesMigration } from './migrations/seat-0004-desk-hours-files.ts';
import { seatEndedUploadsMigration } from './migrations/seat-0005-ended-uploads.ts';
import { seatCountedOutboxMigration } from './migrations/seat-0006-counted-outbox.ts';
import { seatQuickSearchMigration } from './migrations/seat-0007-quick-search.ts';
import { workspaceInitialMigration } from './migrations/workspace-0001-initial.ts';
import { workspaceNextDeviceMigration } from './migrations/workspace-0002-next-device.ts';
import { workspaceDeskHoursFilesMigration } from './migrations/workspace-0003-desk-hours-files.ts';

/** In the order of their names. A migration that was released is never changed; the next one gets a file of its own. */
export const seatMigrations: Readonly<Record<string, Migration>> = {
  'seat-0001-initial': seatInitialMigration,
  'seat-0002-time-travel': seatTimeTravelMigration,
  'seat-0003-narrow-indexes': seatNarrowIndexesMigration,
  'seat-0004-desk-hours-files': seatDeskHoursFilesMigration,
  'seat-0005-ended-uploads': seatEndedUploadsMigration,
  'seat-0006-counted-outbox': seatCountedOutboxMigration,
  'seat-0007-quick-search': seatQuickSearchMigration,
};

export const workspaceMigrations: Readonly<Record<string, Migration>> = {
  'workspace-0001-initial': workspaceInitialMigration,
  'workspace-0002-next-device': workspaceNextDeviceMigration,
  'workspace-0003-desk-hours-files': workspaceDeskHoursFilesMigration,
};
