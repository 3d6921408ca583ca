import Database from 'better-sqlite3';

/** Sees the connections that the program opens, by the path of their files, and each statement that is run. */
export interface SqliteHook {
  /** The open connections to files below this folder, in the order in which they were opened. */
  listConnections(folder: string): Database.Database[];
  findConnection(path: string): Database.Database | undefined;
  /** Called before each statement on a file below `folder`; taken off by the answer. */
  watch(folder: string, onStatement: () => void): () => void;
  /** Reads something without any watcher being called: to look at a world must not change what happens in it. */
  lookUnseen<Value>(look: () => Value): Value;
  /** Closes what is still open below this folder, whatever it was doing. */
  closeAll(folder: string): void;
}

type Method = (this: { readonly database: Database.Database }, ...args: unknown[]) => unknown;

let installed: SqliteHook | undefined;

/**
 * Once in a process. The connection is the program's own and nothing about it changes: the hook lets a
 * simulation fill a disk (`max_page_count` belongs to a connection) and end a program between two statements.
 */
export function installSqliteHook(): SqliteHook {
  if (installed !== undefined) return installed;
  const connections = new Set<Database.Database>();
  const watchers = new Map<string, () => void>();
  let isLooking = false;
  const database = Database.prototype as unknown as Record<string, Method>;
  const pragma = database['pragma'] as (...args: unknown[]) => unknown;
  database['pragma'] = function notePragma(this: unknown, ...args: unknown[]) {
    connections.add(this as Database.Database);
    return pragma.apply(this, args);
  } as unknown as Method;
  const probe = new Database(':memory:');
  const statement = Object.getPrototypeOf(probe.prepare('select 1')) as Record<string, Method>;
  probe.close();
  for (const name of ['run', 'get', 'all']) {
    const original = statement[name] as Method;
    statement[name] = function noteStatement(
      this: { readonly database: Database.Database },
      ...args
    ) {
      for (const [folder, onStatement] of isLooking ? [] : watchers)
        if (this.database.name.startsWith(folder)) onStatement();
      return original.apply(this, args);
    };
  }
  const listConnections = (folder: string): Database.Database[] => {
    for (const connection of connections) if (!connection.open) connections.delete(connection);
    return [...connections].filter((connection) => connection.name.startsWith(`${folder}/`));
  };
  installed = {
    listConnections,
    findConnection: (path) => [...connections].find(({ name, open }) => open && name === path),
    watch(folder, onStatement) {
      const key = `${folder}/`;
      watchers.set(key, onStatement);
      return () => watchers.delete(key);
    },
    lookUnseen(look) {
      isLooking = true;
      try {
        return look();
      } finally {
        isLooking = false;
      }
    },
    closeAll(folder) {
      for (const connection of listConnections(folder)) connection.close();
    },
  };
  return installed;
}
