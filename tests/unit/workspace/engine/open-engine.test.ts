import { expect, onTestFinished, test } from 'vitest';
import { createSystemPorts } from '../../../../src/main/workspace/ports/system-ports.ts';
import { makeTemporaryFolder } from '../../../support/bundles/temporary-folder.ts';
import { openTestEngine } from '../../../support/workspace/test-engine.ts';

test('what fails while an engine is closed is told, and keeps neither its databases nor its folder', async () => {
  const folder = await makeTemporaryFolder();
  const system = createSystemPorts();
  const ports = {
    ...system,
    timers: {
      ...system.timers,
      after: () => () => {
        throw new Error('a timer that cannot be taken back');
      },
    },
  };
  const engine = await openTestEngine(folder, { ports });
  await expect(engine.close()).rejects.toThrow('a timer that cannot be taken back');
  const again = await openTestEngine(folder, { startsSync: false });
  onTestFinished(() => again.close());
  expect((await again.ask('app.state', {})).seats).toEqual([]);
});
