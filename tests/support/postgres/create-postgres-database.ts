import { randomBytes } from 'node:crypto';
import { inject, onTestFinished } from 'vitest';
import { runOnPostgres } from './run-on-postgres.ts';

/** A fresh database on the run's PostgreSQL, migrated unless said otherwise; dropped when the test ends. */
export async function createPostgresDatabase(
  options: { readonly isEmpty?: boolean } = {},
): Promise<string> {
  const postgres = inject('postgres');
  if (!('baseUrl' in postgres)) throw new Error(postgres.obstacle);
  const name = `stint_${randomBytes(8).toString('hex')}`;
  const adminUrl = `${postgres.baseUrl}/postgres`;
  const template = options.isEmpty === true ? 'template0' : 'stint_template';
  await runOnPostgres(adminUrl, `create database ${name} template ${template}`);
  onTestFinished(async () => {
    await runOnPostgres(adminUrl, `drop database ${name} with (force)`);
  });
  return `${postgres.baseUrl}/${name}`;
}
