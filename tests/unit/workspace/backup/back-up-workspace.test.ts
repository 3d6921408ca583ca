import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { backUpWorkspace } from '../../../../src/main/workspace/backup/back-up-workspace.ts';
import { createSystemPorts } from '../../../../src/main/workspace/ports/system-ports.ts';
import { setUpTwoDevices, workOffline } from '../../../support/workspace/two-devices.ts';

const ports = createSystemPorts();

const backUp = (workspaceFolder: string, to: string) =>
  backUpWorkspace({ workspaceFolder, to, stintVersion: '0.0.0', ports });

test('two backups into one folder do not clear each other away', async () => {
  const devices = await setUpTwoDevices();
  await workOffline(devices.first, devices.task);
  const to = join(devices.root, 'backup');
  const both = await Promise.allSettled([backUp(devices.first, to), backUp(devices.first, to)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'workspace_in_use' },
  });
  // The folder is free again.
  await backUp(devices.first, to);
  expect(await readdir(join(to, 'snapshots'))).toHaveLength(2);
});
