import { readdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import type { OutboxState } from '../../src/main/workspace/database/seat-tables.ts';

export interface OutboxEntry {
  readonly id: string;
  readonly name: string;
  readonly argsJson: string;
  readonly state: OutboxState;
  readonly message: string | null;
}

export interface WorkspaceRecords {
  readonly outbox: readonly OutboxEntry[];
  readonly unfinishedUploads: number;
  readonly damage: readonly string[];
}

/** What a closed workspace holds of its own. */
export function loadWorkspaceRecords(folder: string): WorkspaceRecords {
  const [seat = ''] = readdirSync(path.join(folder, 'seats'));
  const connection = new Database(path.join(folder, 'seats', seat, 'seat.db'));
  try {
    const found = connection.pragma('integrity_check', { simple: true });
    return {
      outbox: connection
        .prepare(
          `select "id", "name", "argsJson", "state", "message" from "outbox"
           join "outboxStates" on "mutationId" = "id" order by "outbox"."deviceSeq"`,
        )
        .all() as OutboxEntry[],
      unfinishedUploads: connection
        .prepare(`select count(*) from "uploads" where "finishedAt" is null`)
        .pluck()
        .get() as number,
      damage: found === 'ok' ? [] : [`${folder}: ${String(found)}`],
    };
  } finally {
    connection.close();
  }
}
