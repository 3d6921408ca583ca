import { expect, onTestFinished, test } from 'vitest';
import { prepareDataFolder } from '../../../src/server/data-folder.ts';
import { openServerStorage } from '../../../src/server/database/open-server-storage.ts';
import { createServerPorts } from '../../../src/server/ports/server-ports.ts';
import { createChecksumReader } from '../../../src/server/sync/checksums.ts';
import { createId } from '../../support/server/test-ids.ts';
import { createTestFolder } from '../../support/server/test-server.ts';

test('SY-14 one account has two comparisons waiting at most, and keeps nobody else from theirs', async () => {
  const ports = createServerPorts({});
  const folder = prepareDataFolder(await createTestFolder());
  const { database, close } = await openServerStorage(folder, undefined, ports.timers);
  onTestFinished(() => close());
  const held = Promise.withResolvers<void>();
  const reader = createChecksumReader({
    database: {
      ...database,
      read: async (action) => {
        await held.promise;
        return await database.read(action);
      },
    },
    ports,
  });
  const ask = (accountId: string) => {
    const asked = reader.compute(accountId, createId(), ['*']);
    // Looked at below.
    asked.catch(() => undefined);
    return asked;
  };
  const eve = createId();
  const first = [ask(eve), ask(eve)];
  await expect(ask(eve)).rejects.toMatchObject({ code: 'unavailable' });
  const other = ask(createId());
  held.resolve();
  // Who had their turn hears that there is no such organization for them.
  for (const asked of [...first, other])
    await expect(asked).rejects.toMatchObject({ code: 'forbidden' });
  await expect(ask(eve)).rejects.toMatchObject({ code: 'forbidden' });
});
