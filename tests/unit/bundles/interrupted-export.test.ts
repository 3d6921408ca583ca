import { appendFile, readdir, rename, rm } from 'node:fs/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { exportBundle } from '../../../src/main/workspace/bundles/export-bundle.ts';
import { verifyBundle } from '../../../src/main/workspace/bundles/verify-bundle.ts';
import { wholeBundle } from '../../../src/shared/domain/bundle-options.ts';
import { sha256Hex } from '../../../src/main/workspace/ports/system-ports.ts';
import { createEngagementFixture, engagementId } from '../../support/bundles/engagement-fixture.ts';
import { makeTemporaryFolder } from '../../support/bundles/temporary-folder.ts';

const content = 'b'.repeat(9_000_000);

/** Exports two large files, and does something once the first is being written. */
async function openFixture() {
  const fixture = await createEngagementFixture(await makeTemporaryFolder());
  onTestFinished(() => fixture.close());
  await fixture.submit(1, [
    { name: 'a.bin', content: 'a'.repeat(9_000_000) },
    { name: 'b.bin', content },
  ]);
  const { workspace, seat } = fixture;
  const exportIt = async (meanwhile: () => Promise<void> = async () => {}) => {
    let isDone = false;
    let doing: Promise<void> | undefined;
    try {
      return await exportBundle(workspace, seat, [engagementId], wholeBundle, {
        onProgress: ({ phase, doneBytes }) => {
          if (isDone || phase !== 'writing' || doneBytes < 3_000_000) return;
          isDone = true;
          doing = meanwhile();
        },
      });
    } finally {
      await doing;
    }
  };
  return { workspace, exportIt, list: () => readdir(workspace.exportsFolder).catch(() => []) };
}

describe('an export whose ground moves', () => {
  test('names the file that was taken away meanwhile, and is whole once it is there again', async () => {
    const { workspace, exportIt, list } = await openFixture();
    const path = workspace.files.path(sha256Hex(content));
    await expect(exportIt(() => rename(path, `${path}.away`))).rejects.toMatchObject({
      code: 'file_missing',
      message: expect.stringContaining('b.bin') as string,
    });
    expect(await list()).toEqual([]);
    await rename(`${path}.away`, path);
    const { path: bundle } = await exportIt();
    expect((await verifyBundle(bundle)).isWhole).toBe(true);
  });

  test('names the file that was changed meanwhile, and leaves nothing', async () => {
    const { workspace, exportIt, list } = await openFixture();
    const path = workspace.files.path(sha256Hex(content));
    await expect(exportIt(() => appendFile(path, 'more'))).rejects.toMatchObject({
      code: 'hash_mismatch',
      message: expect.stringContaining('b.bin') as string,
    });
    expect(await list()).toEqual([]);
  });

  test('says that the exports folder was taken away meanwhile, and makes it again', async () => {
    const { workspace, exportIt, list } = await openFixture();
    const folder = workspace.exportsFolder;
    await expect(exportIt(() => rm(folder, { recursive: true }))).rejects.toMatchObject({
      code: 'workspace_unwritable',
      message: `the folder ${folder} was taken away while the file was written; export again`,
    });
    expect(await list()).toEqual([]);
    const { path } = await exportIt();
    expect((await verifyBundle(path)).isWhole).toBe(true);
  });
});
