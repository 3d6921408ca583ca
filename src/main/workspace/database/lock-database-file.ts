import Database from 'better-sqlite3';

/**
 * Takes the operating system's exclusive lock on a small database file.
 *
 * @returns what releases it, or undefined when another process holds it.
 * @throws the driver's error when the file cannot be opened or made.
 */
export function lockDatabaseFile(path: string): (() => void) | undefined {
  const connection = new Database(path, { timeout: 0 });
  try {
    connection.pragma('journal_mode = DELETE');
    connection.pragma('locking_mode = EXCLUSIVE');
    connection.exec('begin exclusive; create table if not exists "lock" ("held" integer); commit');
    return () => connection.close();
  } catch (error) {
    connection.close();
    if (((error as { code?: string }).code ?? '').startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
}
