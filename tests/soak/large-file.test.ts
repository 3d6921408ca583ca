import { expect, test } from 'vitest';
import { makeTemporaryFolder } from '../support/sync/test-installation.ts';
import { listTransferFaults, proveLargeFile } from '../prove/files/prove-large-file.ts';

test('SY-22 a file goes from a workspace to the server and on to another, through three kills and two restarts', async () => {
  const { path: root, remove } = await makeTemporaryFolder();
  try {
    const proof = await proveLargeFile({
      root,
      sizeBytes: 96 * 1024 * 1024,
      seed: 1,
      tell: () => undefined,
    });
    expect(listTransferFaults(proof)).toEqual([]);
    expect(proof.resumptions).toHaveLength(5);
  } finally {
    await remove();
  }
}, 120_000);
