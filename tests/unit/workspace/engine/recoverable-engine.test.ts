import { onTestFinished, expect, test } from 'vitest';
import { createSystemPorts } from '../../../../src/main/workspace/ports/system-ports.ts';
import { makeTemporaryFolder } from '../../../support/bundles/temporary-folder.ts';
import { openTestRecoverableEngine } from '../../../support/workspace/test-engine.ts';

test('a file that is taken in through the engine of a host can be watched, and is ended when that is asked', async () => {
  const engine = await openTestRecoverableEngine(await makeTemporaryFolder(), {
    startsSync: false,
  });
  onTestFinished(() => engine.close());
  const importId = createSystemPorts().randomness.uuid();
  async function* endlessFile(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('the beginning');
    await new Promise(() => {});
  }
  const taking = engine.importStream('film.mp4', endlessFile(), { importId, sizeBytes: 1000 });
  const refused = expect(taking).rejects.toMatchObject({ code: 'cancelled' });
  await expect
    .poll(async () => await engine.ask('files.imports', {}))
    .toMatchObject([{ importId, name: 'film.mp4', sizeBytes: 1000 }]);
  expect(await engine.ask('files.cancelImport', { importId })).toEqual({ wasCancelled: true });
  await refused;
});
