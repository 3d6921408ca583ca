import { truncate } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { checkServer } from '../../src/server/check/check-server.ts';
import {
  collectServer,
  listServerUsage,
  scrubServer,
  setServerQuota,
  type ServerPlace,
} from '../../src/server/upkeep/keep-up-server.ts';
import { catchError } from '../support/catch-error.ts';
import { runOnPostgres } from '../support/postgres/run-on-postgres.ts';
import { backUp, fillServer } from '../support/server/test-backup.ts';
import { createTestFolder, startTestServer } from '../support/server/test-server.ts';

/** A filled server's place, with the server stopped. */
async function fillPlace() {
  const server = await startTestServer();
  const { organization, file } = await fillServer(server);
  await server.close();
  const { dataFolder, databaseUrl } = server;
  if (databaseUrl === undefined) throw new Error('this test is about PostgreSQL');
  return { dataFolder, databaseUrl, orgId: organization.orgId, sha256: file.sha256 };
}

/** Nobody else reads or writes the table until the test ends, or what is answered is called. */
async function holdTable(databaseUrl: string, table: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  await client.query(`begin; lock table "${table}" in access exclusive mode`);
  onTestFinished(() => client.end());
  return () => client.end();
}

/** Ends the connections of Stint's that wait for a lock, as a database that stops does. */
async function endWaiting(databaseUrl: string): Promise<number> {
  const ended = await runOnPostgres(
    databaseUrl,
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name like 'stint-%' and wait_event_type = 'Lock'`,
  );
  return ended.length;
}

const commands: Readonly<
  Record<string, { table: string; run(place: ServerPlace & { orgId: string }): Promise<unknown> }>
> = {
  check: { table: 'mutationLog', run: checkServer },
  backup: {
    table: 'mutationLog',
    run: async (place) => backUp(place, await createTestFolder()),
  },
  scrub: { table: 'contents', run: scrubServer },
  collect: { table: 'contents', run: (place) => collectServer({ ...place, isDryRun: false }) },
  quota: { table: 'organizationHeads', run: listServerUsage },
  'quota --set': {
    table: 'organizationHeads',
    run: (place) => setServerQuota(place, place.orgId, 1000),
  },
};

test.for(Object.entries(commands))(
  'stint server %s says so where the database goes away in the middle',
  async ([, { table, run }]) => {
    const place = await fillPlace();
    await holdTable(place.databaseUrl, table);
    const failing = catchError(() => run(place));
    await expect.poll(() => endWaiting(place.databaseUrl), { timeout: 10_000 }).toBe(1);
    expect(await failing).toMatchObject({
      name: 'StintError',
      code: 'unavailable',
      message: expect.stringContaining('the PostgreSQL database cannot be reached') as string,
    });
  },
);

test('stint server check holds no snapshot of the database while it reads the contents', async () => {
  const { dataFolder, databaseUrl, orgId, sha256 } = await fillPlace();
  // All holes: it takes seconds to read, and no room.
  await truncate(
    path.join(dataFolder, 'blobs', orgId, sha256.slice(0, 2), sha256),
    256 * 1024 ** 2,
  );
  const release = await holdTable(databaseUrl, 'fileGrants');
  const countSnapshots = async () =>
    (
      await runOnPostgres(
        databaseUrl,
        `select pid from pg_stat_activity
         where datname = current_database() and application_name = 'stint-backup'`,
      )
    ).length;
  let isOver = false;
  const checking = checkServer({ dataFolder, databaseUrl }).finally(() => {
    isOver = true;
  });
  await expect.poll(countSnapshots).toBe(1);
  await release();
  await expect.poll(countSnapshots, { interval: 20, timeout: 40_000 }).toBe(0);
  expect(isOver).toBe(false);
  expect(await checking).toMatchObject({
    problems: [expect.stringContaining('the disk changed it')],
    contents: 1,
  });
}, 60_000);
