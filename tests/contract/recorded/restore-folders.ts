import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { computeRecordedFolder, readContent, type RecordedVersion } from './recorded-traffic.ts';

interface FolderNotes {
  readonly seatId: string;
  readonly orgId: string;
  /** Name of the secret that holds the session's token. */
  readonly tokenSecret: string;
  readonly workspaceFiles: readonly string[];
  readonly serverBlobs: readonly string[];
  /** Ed25519, PKCS #8, base64. */
  readonly receiptKeyDer: string;
}

const computeFoldersPath = (version: RecordedVersion): string =>
  path.join(computeRecordedFolder(version), 'folders');

export function loadFolderNotes(version: RecordedVersion): FolderNotes {
  const file = path.join(computeFoldersPath(version), 'folders.json');
  return JSON.parse(readFileSync(file, 'utf8')) as FolderNotes;
}

/** The recorded server's folder and the recorded intern's workspace, as the older version left them. */
export interface RestoredFolders {
  readonly serverFolder: string;
  readonly workspaceFolder: string;
  readonly seatDatabase: string;
}

/** Writes both folders below `root`; the workspace knows no server until `nameServer` says where it is. */
export function restoreFolders(version: RecordedVersion, root: string): RestoredFolders {
  const notes = loadFolderNotes(version);
  const token = randomBytes(32).toString('base64url');
  const serverFolder = path.join(root, 'server');
  const workspaceFolder = path.join(root, 'workspace');
  const seatDatabase = path.join(workspaceFolder, 'seats', notes.seatId, 'seat.db');

  restoreDatabase(version, 'server.db', path.join(serverFolder, 'server.db'), {
    '{tokenHash}': createHash('sha256').update(token).digest('hex'),
  });
  for (const sha256 of notes.serverBlobs)
    writeContent(version, path.join(serverFolder, 'blobs', notes.orgId), sha256);
  writeInto(
    path.join(serverFolder, 'keys', 'receipts-ed25519.pem'),
    `-----BEGIN PRIVATE KEY-----\n${notes.receiptKeyDer}\n-----END PRIVATE KEY-----\n`,
  );
  restoreDatabase(version, 'workspace.db', path.join(workspaceFolder, 'workspace.db'), {});
  restoreDatabase(version, 'seat.db', seatDatabase, {});
  writeInto(path.join(workspaceFolder, 'secrets', notes.tokenSecret), token);
  for (const sha256 of notes.workspaceFiles)
    writeContent(version, path.join(workspaceFolder, 'files'), sha256);
  return { serverFolder, workspaceFolder, seatDatabase };
}

/** The address is the server's port, which is another each time. */
export function nameServer({ workspaceFolder }: RestoredFolders, serverUrl: string): void {
  const connection = new Database(path.join(workspaceFolder, 'workspace.db'));
  connection.prepare('update accounts set "serverUrl" = ?').run(serverUrl);
  connection.close();
}

function restoreDatabase(
  version: RecordedVersion,
  name: string,
  target: string,
  replacements: Readonly<Record<string, string>>,
): void {
  mkdirSync(path.dirname(target), { recursive: true });
  let statements = readFileSync(path.join(computeFoldersPath(version), `${name}.sql`), 'utf8');
  for (const [placeholder, value] of Object.entries(replacements))
    statements = statements.replaceAll(placeholder, value);
  const connection = new Database(target);
  connection.pragma('journal_mode = WAL');
  connection.exec(`begin; ${statements} commit;`);
  connection.close();
}

function writeContent(version: RecordedVersion, folder: string, sha256: string): void {
  writeInto(path.join(folder, sha256.slice(0, 2), sha256), readContent(version, sha256));
}

function writeInto(filePath: string, content: string | Buffer): void {
  mkdirSync(path.dirname(filePath), { recursive: true });
  writeFileSync(filePath, content, { mode: 0o600 });
}

export type TableContents = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** All rows of all tables but the migrator's own. */
export function listTableContents(filePath: string): TableContents {
  const connection = new Database(filePath, { readonly: true });
  try {
    const tables = connection
      .prepare(
        `select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'kysely_%'`,
      )
      .pluck()
      .all() as string[];
    return Object.fromEntries(
      tables.map((table) => [
        table,
        connection.prepare(`select * from "${table}"`).all() as Record<string, unknown>[],
      ]),
    );
  } finally {
    connection.close();
  }
}
