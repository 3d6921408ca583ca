import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { registerAccount, signIn } from '../../../src/server/accounts/accounts.ts';
import { rekeySession } from '../../../src/server/accounts/rekey-session.ts';
import { resetPassword } from '../../../src/server/accounts/reset-password.ts';
import { findPrincipal } from '../../../src/server/accounts/sessions.ts';
import type { ServerDatabase } from '../../../src/server/database/server-database.ts';
import { openServerParts } from '../../support/server/open-server-parts.ts';
import { createId } from '../../support/server/test-ids.ts';
import { startTestServer } from '../../support/server/test-server.ts';

const email = 'ida@example.org';
const password = 'correct horse battery';

async function openWithAccount() {
  const server = await startTestServer();
  await server.close();
  const { database, ports } = await openServerParts(server);
  const credentials = { email, password, device: { deviceId: createId(), deviceName: 'Laptop' } };
  const dependencies = {
    database,
    ports,
    pokes: { closeSession: () => undefined } as never,
    signup: 'open' as const,
    limits: { perInvitation: { take: () => undefined } as never },
  };
  const { token } = await registerAccount(dependencies, {
    ...credentials,
    name: 'Ida',
    timeZone: 'UTC',
    invitationCode: null,
  });
  const find = (of: string) =>
    findPrincipal(database.db, of, { nowMs: ports.clock.nowMs(), sessionMs: 86_400_000 });
  return { ...dependencies, credentials, token, find };
}

const createSource = (bytes: readonly number[]) => ({
  uuid: createId,
  bytes: (count: number) => Uint8Array.from({ length: count }, (_, index) => bytes[index] ?? 0),
  fraction: () => 0,
});

test('a new password is ten bytes of chance, in five groups of letters that are not mistaken for each other', async () => {
  const { database, ports } = await openWithAccount();
  const bytes = [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xff, 0x00];
  const reset = await resetPassword(
    { database, ports: { ...ports, randomness: createSource(bytes) } },
    email,
    { keepsSessions: false },
  );
  expect(reset.password).toBe('bcdf-ghjk-nprt-wxyz-zzbb');
  expect(reset.endedSessionIds).toHaveLength(1);
});

test('who was signing in with the old password while it was replaced does not come in', async () => {
  const { database, credentials, ...rest } = await openWithAccount();
  // After the old password was found right, and before the session is made.
  const replacing: ServerDatabase = {
    ...database,
    async write(action) {
      await resetPassword({ database, ports: rest.ports }, email, { keepsSessions: false });
      return await database.write(action);
    },
  };
  await expect(signIn({ ...rest, database: replacing }, credentials)).rejects.toMatchObject({
    code: 'wrong_password',
  });
  const open = await database.db
    .selectFrom('sessions')
    .select('id')
    .where('revokedAt', 'is', null)
    .execute();
  expect(open).toEqual([]);
});

test('SY-16 a session that was taking another name while all were ended is ended under both', async () => {
  const { database, ports, token, find } = await openWithAccount();
  const principal = await find(token);
  if (principal === undefined) throw new Error('not signed in');
  let resetting: Promise<unknown> | undefined;
  const slow: ServerDatabase = {
    ...database,
    write: (action) =>
      database.write(async (trx) => {
        const result = await action(trx);
        resetting = resetPassword({ database, ports }, email, { keepsSessions: false });
        // Long enough to be waited for by the other.
        await wait(1000);
        return result;
      }),
  };
  const renamed = await rekeySession({ database: slow, ports }, principal, createId());
  await resetting;
  expect(await find(token)).toBeUndefined();
  expect(await find(renamed.token)).toBeUndefined();
});
