import { sql } from 'kysely';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openPostgresProcessLink } from '../../src/server/database/postgres-process-link.ts';
import { openPostgresServerDatabase } from '../../src/server/database/postgres-server-database.ts';
import { createSystemTimers } from '../../src/server/ports/system-timers.ts';
import { catchError } from '../support/catch-error.ts';
import { createPostgresDatabase } from '../support/postgres/create-postgres-database.ts';
import { runOnPostgres } from '../support/postgres/run-on-postgres.ts';
import { TestOrganization, testProjectTerms } from '../support/server/test-organization.ts';
import { createId } from '../support/server/test-ids.ts';
import { startTestServer } from '../support/server/test-server.ts';
import { startTcpProxy } from '../support/sync/tcp-proxy.ts';
import { startVanishingHost } from '../support/postgres/vanishing-host.ts';

const longestStatementMs = 400;
const unavailable = { name: 'DatabaseUnavailableError' };

/** A database behind a line that can be held up, with one organization. */
async function openBehindLine(statementMs = longestStatementMs) {
  const databaseUrl = await createPostgresDatabase();
  const line = await startTcpProxy(Number(new URL(databaseUrl).port));
  onTestFinished(() => line.close());
  const lineUrl = new URL(databaseUrl);
  lineUrl.port = String(line.port);
  const database = openPostgresServerDatabase(lineUrl.href, statementMs);
  onTestFinished(() => database.close());
  await database.db
    .insertInto('organizationHeads')
    .values({ orgId: 'org', seq: 0, hash: '' })
    .execute();
  return { databaseUrl, line, database };
}

test.each(['request', 'response'] as const)(
  'SY-23 a host that vanished on the way of the %s fails what is asked soon, and is used again when it is back',
  async (blackHole) => {
    const { line, database } = await openBehindLine();
    const read = () => database.db.selectFrom('organizationHeads').selectAll().execute();
    const write = () =>
      database.write(async (trx) => {
        await database.lockHead(trx, 'org');
        await trx
          .updateTable('organizationHeads')
          .set((row) => ({ seq: row('seq', '+', 1) }))
          .execute();
      });
    await Promise.all([read(), write()]);
    line.change({ blackHole });
    const failures = await Promise.all([catchError(read), catchError(write)]);
    expect(failures).toMatchObject([unavailable, unavailable]);
    line.heal();
    await Promise.all([read(), write()]);
    expect(await read()).toMatchObject([{ seq: 2 }]);
  },
);

test('SY-23 a commit of which nobody heard is told as that, and the connection does not go on in its middle', async () => {
  const { line, database } = await openBehindLine();
  const failure = await catchError(() =>
    database.write(async (trx) => {
      await database.lockHead(trx, 'org');
      line.change({ blackHole: 'response' });
    }),
  );
  expect(failure).toMatchObject(unavailable);
  line.heal();
  expect(await database.write((trx) => database.lockHead(trx, 'org'))).toMatchObject({ seq: 0 });
});

test('SY-23 a server ends soon though the host of its database has vanished', async () => {
  const host = await startVanishingHost(await createPostgresDatabase());
  const link = await openPostgresProcessLink(host.databaseUrl, createSystemTimers());
  const database = openPostgresServerDatabase(host.databaseUrl);
  const read = () => database.db.selectFrom('organizationHeads').selectAll().execute();
  await read();
  await database.write((trx) => database.lockHead(trx, 'org'));
  host.vanish();
  const asked = catchError(read);
  await vi.waitFor(() => expect(host.lostBytes).toBeGreaterThan(0));
  await Promise.all([link.close(), database.close()]);
  expect(await asked).toMatchObject(unavailable);
});

test('SY-4 who waits too long for an organization’s lock is told to ask again, and waits no longer in the database', async () => {
  // The database is to say so before this side gives up: on a busy machine a tenth of little is nothing.
  const { database } = await openBehindLine(2000);
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: locked, resolve: noteLocked } = Promise.withResolvers<void>();
  const holder = database.write(async (trx) => {
    await database.lockHead(trx, 'org');
    noteLocked();
    await released;
  });
  await locked;
  const failure = await catchError(() => database.write((trx) => database.lockHead(trx, 'org')));
  expect(failure).toMatchObject({ ...unavailable, code: '57014' });
  const { rows } = await sql<{ count: number }>`select count(*) as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(database.db);
  expect(rows).toEqual([{ count: 0 }]);
  release();
  await holder;
});

test('a migration may take longer than any request', async () => {
  const database = openPostgresServerDatabase(await createPostgresDatabase(), null);
  onTestFinished(() => database.close());
  const { rows } = await sql`show statement_timeout`.execute(database.db);
  expect(rows).toEqual([{ statement_timeout: '0' }]);
});

test('SY-7 a database that only reads, after another took its place, refuses no mutation: the push is sent again', async () => {
  const server = await startTestServer();
  const { orgId, owner } = await TestOrganization.create(server.url);
  const databaseUrl = server.databaseUrl ?? '';
  const setReadOnly = async (isReadOnly: boolean): Promise<void> => {
    const name = new URL(databaseUrl).pathname.slice(1);
    const adminUrl = new URL('/postgres', databaseUrl).href;
    await runOnPostgres(
      adminUrl,
      `alter database ${name} set default_transaction_read_only = ${isReadOnly ? 'on' : 'off'}`,
    );
  };
  const mutation = owner.createMutation('project.create', {
    projectId: createId(),
    terms: testProjectTerms,
  });
  await setReadOnly(true);
  await runOnPostgres(
    databaseUrl,
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and query not like '%listen%'`,
  );
  const refusal = await catchError(() => owner.push(orgId, [mutation]));
  expect(refusal).toMatchObject({ status: 503, code: 'unavailable' });
  expect((refusal as { headers: Headers }).headers.get('retry-after')).toBe('10');
  await setReadOnly(false);
  // The connections of before are thrown away one by one, with nothing to do for the host.
  await expect
    .poll(async () => {
      const answer = await owner.push(orgId, [mutation]).catch(() => undefined);
      return answer?.results[0]?.status;
    })
    .toBe('applied');
});
