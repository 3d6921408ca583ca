import type {
  ServerDatabase,
  ServerTransaction,
} from '../../../src/server/database/server-database.ts';

/** Runs `action` after a savepoint, and undoes it alone when it throws. */
export async function runInSavepoint<Result>(
  database: ServerDatabase,
  trx: ServerTransaction,
  action: () => Promise<Result>,
): Promise<Result> {
  await database.setSavepoint(trx);
  try {
    const result = await action();
    await database.releaseSavepoint(trx);
    return result;
  } catch (error) {
    await database.rollBackToSavepoint(trx, error);
    throw error;
  }
}
