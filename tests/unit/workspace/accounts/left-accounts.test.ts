import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { AccountService } from '../../../../src/main/workspace/accounts/account-service.ts';
import { openTestWorkspace } from '../../../support/workspace/test-workspace.ts';
import { catchStintError } from '../../../support/sync/test-installation.ts';

test('the end of the program breaks off what is asked of a silent server for an account that was left', async () => {
  const { workspace, close } = await openTestWorkspace();
  onTestFinished(close);
  await workspace.db
    .insertInto('accounts')
    .values({
      accountKey: 'key',
      serverUrl: 'https://silent.example',
      accountId: 'account',
      email: 'ines@example.org',
      deviceId: 'device',
      nextDeviceId: null,
      isSample: 0,
      signedOutAt: null,
    })
    .execute();
  await workspace.secrets.put('token-key', 'token');
  const fetch: typeof globalThis.fetch = (_input, init) =>
    new Promise((_resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
    });
  const accounts = new AccountService(
    workspace.opened,
    workspace.secrets,
    { ...workspace.ports, fetch },
    () => {},
  );
  const client = await accounts.findClient('key');
  const pull = catchStintError(async () => client?.get('/pull', z.object({})));
  const leaving = accounts.signOut('key');
  await expect.poll(() => accounts.findClient('key')).toBeUndefined();
  accounts.close();
  expect((await pull).code).toBe('server_unreachable');
  await leaving;
});
