import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunningServer } from '../../../../src/server/start-server.ts';
import { type FaultProxy, startFaultProxy } from '../../../support/sync/fault-proxy.ts';
import {
  catchStintError,
  makeTemporaryFolder,
  openTestInstallation,
  type TestInstallation,
} from '../../../support/sync/test-installation.ts';
import { startTestServer } from '../../../support/sync/test-organization.ts';

let temporary: Awaited<ReturnType<typeof makeTemporaryFolder>>;
let server: RunningServer;
let proxy: FaultProxy;
let installation: TestInstallation;

beforeEach(async () => {
  temporary = await makeTemporaryFolder();
  server = await startTestServer(`${temporary.path}/server`);
  proxy = await startFaultProxy(server.url);
  installation = await openTestInstallation(`${temporary.path}/workspace`);
});
afterEach(async () => {
  await installation.close();
  await proxy.close();
  await server.close();
  await temporary.remove();
});

test('setting up an organization again after its answer got lost makes no second one', async () => {
  const { accountKey } = await installation.accounts.enter(
    proxy.url,
    {
      kind: 'new',
      email: 'ada@example.org',
      password: 'correct horse battery',
      name: 'Ada',
      timeZone: 'Europe/Berlin',
    },
    { deviceName: 'Desk' },
  );
  const organization = { name: 'Acorn', timeZone: 'Europe/Berlin' };
  proxy.loseNextAnswerTo = '/organizations';
  const error = await catchStintError(() =>
    installation.accounts.createOrganization(accountKey, organization),
  );
  expect(error.code).toBe('server_unreachable');
  await installation.accounts.createOrganization(accountKey, organization);
  const { memberships } = await installation.accounts.loadAccount(accountKey);
  expect(memberships).toHaveLength(1);
});
