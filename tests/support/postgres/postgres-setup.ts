import type { TestProject } from 'vitest/node';
import {
  migratePostgresDatabase,
  openPostgresServerDatabase,
} from '../../../src/server/database/postgres-server-database.ts';
import { runOnPostgres } from './run-on-postgres.ts';
import { findPostgresObstacle, startPostgres } from './start-postgres.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Base address of the run's PostgreSQL, or why there is none. */
    postgres: { readonly baseUrl: string } | { readonly obstacle: string };
  }
}

/** One PostgreSQL for the whole run; a database that is migrated already is what tests copy theirs from. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const obstacle = findPostgresObstacle();
  if (obstacle !== undefined) {
    console.log(`The tests on PostgreSQL are skipped: ${obstacle}.`);
    project.provide('postgres', { obstacle });
    return undefined;
  }
  const postgres = await startPostgres();
  await runOnPostgres(`${postgres.baseUrl}/postgres`, 'create database stint_template');
  const database = openPostgresServerDatabase(`${postgres.baseUrl}/stint_template`);
  await migratePostgresDatabase(database);
  await database.close();
  project.provide('postgres', { baseUrl: postgres.baseUrl });
  return () => postgres.stop();
}
