import { Worker } from 'node:worker_threads';
import { StintError } from '../../../shared/errors.ts';

export type DatabaseTask =
  | { readonly kind: 'check'; readonly source: string }
  | { readonly kind: 'copy'; readonly source: string; readonly target: string };

export interface WrittenCopy {
  /** Of the compressed file. */
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly databaseBytes: number;
}

export type DatabaseTaskAnswer =
  | { readonly kind: 'checked'; readonly problem: string | null }
  | { readonly kind: 'copied'; readonly copy: WrittenCopy }
  | {
      readonly kind: 'failed';
      readonly isDamaged: boolean;
      readonly code: string;
      readonly message: string;
    };

/**
 * What is wrong with a database file, in SQLite's words, or undefined. The file is only read; another
 * connection may be writing to it.
 * @throws StintError `internal` where it could not be looked at, which says nothing of the file.
 */
export async function findDatabaseProblem(source: string): Promise<string | undefined> {
  const answer = await runTask({ kind: 'check', source });
  if (answer.kind === 'checked') return answer.problem ?? undefined;
  const reason = answer.kind === 'failed' ? answer.message : 'another question was answered';
  throw new StintError('internal', `${source} could not be looked at (${reason})`);
}

/**
 * Copies one state of a database, compressed with gzip (RFC 1952), while others write to it. When the promise
 * fulfils, the copy was found whole and is on the disk; when it rejects, nothing is at `target`.
 * @throws StintError `database_damaged` when the source is, `disk_full`.
 */
export async function copyDatabase(source: string, target: string): Promise<WrittenCopy> {
  const answer = await runTask({ kind: 'copy', source, target });
  if (answer.kind === 'copied') return answer.copy;
  if (answer.kind === 'checked') throw new Error('the copying thread answered another question');
  if (answer.isDamaged)
    throw new StintError('database_damaged', `${source} is damaged: ${answer.message}`);
  if (answer.code === 'SQLITE_FULL' || answer.code === 'ENOSPC' || answer.code === 'EDQUOT')
    throw new StintError('disk_full', `there is no room for a copy of ${source}`);
  throw new StintError('internal', `${source} could not be copied (${answer.message})`);
}

function runTask(task: DatabaseTask): Promise<DatabaseTaskAnswer> {
  // In a bundle the thread's file is another entry, beside this one.
  const isBundled = !import.meta.url.endsWith('.ts');
  const name = isBundled ? './database-worker.js' : './database-worker.ts';
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(name, import.meta.url), { workerData: task });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () =>
      reject(new Error('the thread for databases ended without an answer')),
    );
  });
}
