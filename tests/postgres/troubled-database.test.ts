import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { expect, test } from 'vitest';
import { catchError } from '../support/catch-error.ts';
import { runOnPostgres } from '../support/postgres/run-on-postgres.ts';
import { TestOrganization } from '../support/server/test-organization.ts';
import { startTestServer } from '../support/server/test-server.ts';
import { describeUploadError, uploadContent } from '../support/server/upload-content.ts';

async function setUp() {
  const server = await startTestServer();
  const { databaseUrl } = server;
  if (databaseUrl === undefined) throw new Error('this server does not run on PostgreSQL');
  const adminUrl = new URL(databaseUrl);
  adminUrl.pathname = '/postgres';
  const { orgId, owner } = await TestOrganization.create(server.url);
  return {
    orgId,
    owner,
    databaseUrl,
    name: path.basename(new URL(databaseUrl).pathname),
    asAdmin: (statement: string) => runOnPostgres(adminUrl.href, statement),
  };
}

test('SY-22 a disk of the database that is full at the end of an upload is told as that, and the upload goes on where it was', async () => {
  const { orgId, owner, databaseUrl } = await setUp();
  await runOnPostgres(
    databaseUrl,
    `create function fill() returns trigger language plpgsql as
       $$ begin raise exception 'no room' using errcode = '53100'; end $$;
     create trigger full_disk before insert on "fileGrants" for each row execute function fill()`,
  );
  const content = randomBytes(2000);
  const failure = await catchError(() => uploadContent(owner, orgId, content));
  expect(describeUploadError(failure)).toEqual({ status: 507, code: 'disk_full' });
  await runOnPostgres(databaseUrl, 'drop trigger full_disk on "fileGrants"');
  expect(await uploadContent(owner, orgId, content)).toMatchObject({ isComplete: true });
});

test('SY-23 a database whose place another has taken is not read from, and used again when it writes', async () => {
  const { orgId, owner, name, asAdmin } = await setUp();
  const become = async (readOnly: 'on' | 'off') => {
    await asAdmin(`alter database ${name} set default_transaction_read_only = ${readOnly}`);
    // A server that is made one that only reads is started anew.
    await asAdmin(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = '${name}'`);
  };
  await owner.pull(orgId);
  await become('on');
  await expect
    .poll(() => catchError(() => owner.pull(orgId)))
    .toMatchObject({ status: 503, code: 'unavailable' });
  await become('off');
  await expect.poll(async () => (await owner.pull(orgId)).complete).toBe(true);
});
