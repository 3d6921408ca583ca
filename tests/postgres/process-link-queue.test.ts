import { expect, onTestFinished, test } from 'vitest';
import { openPostgresProcessLink } from '../../src/server/database/postgres-process-link.ts';
import { runExclusively } from '../../src/server/processes/run-exclusively.ts';
import { createSystemTimers } from '../../src/server/ports/system-timers.ts';
import { catchError } from '../support/catch-error.ts';
import { createPostgresDatabase } from '../support/postgres/create-postgres-database.ts';
import { runOnPostgres } from '../support/postgres/run-on-postgres.ts';
import { startTcpProxy } from '../support/sync/tcp-proxy.ts';

test('SY-23 many who ask the link at once are answered one after the other, and the driver has nothing to warn of', async () => {
  const warnings: string[] = [];
  const note = (warning: Error): void => void warnings.push(warning.message);
  process.on('warning', note);
  onTestFinished(() => void process.off('warning', note));
  const link = await openPostgresProcessLink(await createPostgresDatabase(), createSystemTimers());
  onTestFinished(() => link.close());
  const keys = Array.from({ length: 20 }, (_, index) => `key ${index}`);
  const locks = await Promise.all(keys.map((key) => link.tryLock(key)));
  expect(locks.every((lock) => lock !== undefined)).toBe(true);
  await Promise.all(locks.map(async (lock) => lock?.release()));
  const again = await Promise.all(keys.map((key) => link.tryLock(key)));
  expect(again.every((lock) => lock !== undefined)).toBe(true);
  expect(warnings).toEqual([]);
});

test('SY-23 what was announced right before the link is closed still reaches the other processes', async () => {
  const databaseUrl = await createPostgresDatabase();
  const [one, two] = [
    await openPostgresProcessLink(databaseUrl, createSystemTimers()),
    await openPostgresProcessLink(databaseUrl, createSystemTimers()),
  ];
  onTestFinished(() => two.close());
  const heard: string[] = [];
  two.hear('session_ended', (subject) => heard.push(subject));
  const subjects = Array.from({ length: 20 }, (_, index) => `session ${index}`);
  for (const subject of subjects) one.announce('session_ended', subject);
  await one.close();
  await expect.poll(() => heard, { timeout: 3000 }).toEqual(subjects);
});

/** A link over a line that can be held up, and that takes what is not answered soon for lost. */
async function openSlowLink(databaseUrl: string) {
  const line = await startTcpProxy(Number(new URL(databaseUrl).port));
  onTestFinished(() => line.close());
  const slowUrl = new URL(databaseUrl);
  slowUrl.port = String(line.port);
  const link = await openPostgresProcessLink(slowUrl.href, createSystemTimers(), 500);
  onTestFinished(() => link.close());
  return { line, link };
}

async function openLink(databaseUrl: string) {
  const link = await openPostgresProcessLink(databaseUrl, createSystemTimers());
  onTestFinished(() => link.close());
  return link;
}

test('SY-23 a lock that the database granted too late for whoever asked is nobody’s, and others get it', async () => {
  const databaseUrl = await createPostgresDatabase();
  const other = await openLink(databaseUrl);
  const { line, link: slow } = await openSlowLink(databaseUrl);
  line.change({ blackHole: 'response' });
  expect(await catchError(() => slow.tryLock('key'))).toMatchObject({
    name: 'DatabaseUnavailableError',
  });
  line.heal();
  await expect.poll(() => other.tryLock('key'), { timeout: 5000 }).toBeDefined();
});

test('SY-23 a lock that another process has by now does nothing that cannot be taken back, though nobody told of its loss', async () => {
  const databaseUrl = await createPostgresDatabase();
  const other = await openLink(databaseUrl);
  const { line, link } = await openSlowLink(databaseUrl);
  let isTold = false;
  const lock = await link.tryLock('key', () => (isTold = true));
  await expect(lock?.confirm()).resolves.toBeUndefined();
  line.change({ blackHole: 'response' });
  await runOnPostgres(
    databaseUrl,
    `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
     and database = (select oid from pg_database where datname = current_database())`,
  );
  await expect.poll(() => other.tryLock('key'), { timeout: 5000 }).toBeDefined();
  expect(isTold).toBe(false);
  const done: string[] = [];
  const failure = await catchError(async () => {
    await lock?.confirm();
    done.push('both at once');
  });
  expect(failure).toMatchObject({ name: 'DatabaseUnavailableError', code: 'lock_lost' });
  expect({ done, isTold }).toEqual({ done: [], isTold: true });
});

test('SY-23 what runs exclusively asks the database before what cannot be taken back', async () => {
  const databaseUrl = await createPostgresDatabase();
  const { line, link } = await openSlowLink(databaseUrl);
  const failure = await catchError(() =>
    runExclusively(link, createSystemTimers(), 'key', async (assertHeld) => {
      await assertHeld();
      line.change({ blackHole: 'request' });
      await assertHeld();
    }),
  );
  expect(failure).toMatchObject({ name: 'DatabaseUnavailableError', code: 'lock_lost' });
});
