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
      damage: [
        ...(found === 'ok' ? [] : [`${folder}: ${String(found)}`]),
        ...listBrokenLinks(connection).map(
          (deviceSeq) => `${folder}: outbox row ${deviceSeq} does not follow the one before`,
        ),
      ],
    };
  } finally {
    connection.close();
  }
}

/** SY-3: each row names the hash of the one before, and none is missing. */
function listBrokenLinks(connection: Database.Database): number[] {
  return connection
    .prepare(
      `select later."deviceSeq" from "outbox" later
       left join "outbox" earlier on earlier."deviceSeq" = later."deviceSeq" - 1
       where later."previousHash" <> coalesce(earlier."rowHash", '')`,
    )
    .pluck()
    .all() as number[];
}
