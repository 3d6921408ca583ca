import { onTestFinished } from 'vitest';
import { prepareDataFolder } from '../../../src/server/data-folder.ts';
import { openServerStorage } from '../../../src/server/database/open-server-storage.ts';
import { openBlobStore } from '../../../src/server/files/blob-location.ts';
import { createServerPorts } from '../../../src/server/ports/server-ports.ts';
import { createOrganizationWriter } from '../../../src/server/sync/organization-writer.ts';
import { loadReceiptSigner } from '../../../src/server/sync/receipt-signer.ts';
import type { TestServer } from './test-server.ts';

/** What a closed server is made of, for a test that puts something of its own between the parts. */
export async function openServerParts({
  dataFolder,
  databaseUrl,
}: Pick<TestServer, 'dataFolder' | 'databaseUrl'>) {
  const ports = createServerPorts({});
  const folder = prepareDataFolder(dataFolder);
  const { database, link, close } = await openServerStorage(folder, databaseUrl, ports.timers);
  onTestFinished(() => close());
  const writer = createOrganizationWriter({
    database,
    signer: loadReceiptSigner(folder.keys),
    pokes: { notify: () => undefined, closeAccount: () => undefined } as never,
    clock: ports.clock,
    onLocked: () => undefined,
  });
  const blobs = await openBlobStore(folder.blobs, undefined, { link });
  return { ports, folder, database, link, writer, blobs };
}
