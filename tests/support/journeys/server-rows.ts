import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Counts rows in the server's own database, beside the running server. */
export function countServerRows(
  serverFolder: string,
  table:
    | 'timeEntries'
    | 'submissions'
    | 'attachments'
    | 'engagements'
    | 'receipts'
    | 'reviews'
    | 'uploads',
  where = '1 = 1',
): number {
  const database = new DatabaseSync(path.join(serverFolder, 'server.db'), { readOnly: true });
  try {
    const row = database.prepare(`select count(*) as "count" from "${table}" where ${where}`).get();
    return Number(row?.['count']);
  } finally {
    database.close();
  }
}
