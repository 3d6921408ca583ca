import { Client, types } from 'pg';

/** Runs one statement on a connection of its own, and answers its rows; `bigint` columns as numbers. */
export async function runOnPostgres(
  databaseUrl: string,
  statement: string,
  parameters: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new Client({
    connectionString: databaseUrl,
    types: {
      getTypeParser: ((oid: number, format?: 'text') =>
        oid === 20 ? Number : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
    },
  });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement, [...parameters]);
    return rows;
  } finally {
    await client.end();
  }
}
