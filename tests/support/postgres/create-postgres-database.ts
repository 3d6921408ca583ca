import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { inject, onTestFinished } from 'vitest';
import { runOnPostgres } from './run-on-postgres.ts';

/**
 * A fresh database on the run's PostgreSQL, migrated unless said otherwise, or the copy of one that nobody is
 * connected to; dropped when the test ends.
 */
export async function createPostgresDatabase(
  options: { readonly isEmpty?: boolean; readonly copyOf?: string } = {},
): Promise<string> {
  const postgres = inject('postgres');
  if (!('baseUrl' in postgres)) throw new Error(postgres.obstacle);
  const name = `stint_${randomBytes(8).toString('hex')}`;
  const adminUrl = `${postgres.baseUrl}/postgres`;
  const template =
    options.copyOf === undefined
      ? options.isEmpty === true
        ? 'template0'
        : 'stint_template'
      : path.basename(new URL(options.copyOf).pathname);
  await runOnPostgres(adminUrl, `create database ${name} template ${template}`);
  onTestFinished(async () => {
    await runOnPostgres(adminUrl, `drop database ${name} with (force)`);
  });
  return `${postgres.baseUrl}/${name}`;
}
