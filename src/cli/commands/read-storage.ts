/** Not options: other users of the machine can read a process's arguments. */
export const readDatabaseUrl = (): string | undefined => process.env['DATABASE_URL'] || undefined;

/** Not an option, so that a server and its commands are told in one place. The keys stand beside it. */
export const readBlobs = (): string | undefined => process.env['STINT_BLOBS'] || undefined;

export const readStorage = (dataFolder: string) => ({
  dataFolder,
  databaseUrl: readDatabaseUrl(),
  blobs: readBlobs(),
});

export const storageEnvironment = `In the environment, as for "stint server":
  DATABASE_URL   where the server keeps its data in PostgreSQL
  STINT_BLOBS    where it keeps its files, if not in the data folder`;
