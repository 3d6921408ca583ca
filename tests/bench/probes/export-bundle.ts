// Exports the bundle of an engagement whose one submission has the files listed, from a workspace's own files
// folder, and prints a line of JSON: how long, how large, by which hash. Run in a process of its own, for its memory
// and its time zone; the engagement is made by another before it (`prepare`), since exporting does not need that memory.
import { readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { exportBundle } from '../../../src/main/workspace/bundles/export-bundle.ts';
import type { ManifestFile } from '../../../src/shared/domain/manifest.ts';
import { createEngagementFixture, engagementId } from '../../support/bundles/engagement-fixture.ts';

const [act = '', folder = '', filesFolder = '', listFile = ''] = process.argv.slice(2);
if (act === 'prepare') {
  await symlink(filesFolder, join(folder, 'files'));
  const fixture = await createEngagementFixture(folder);
  await fixture.submitManifest(1, JSON.parse(await readFile(listFile, 'utf8')) as ManifestFile[]);
  await fixture.close();
} else {
  const fixture = await createEngagementFixture(folder, true);
  const startedMs = performance.now();
  const { sha256, sizeBytes, path } = await exportBundle(fixture.workspace, fixture.seat, [
    engagementId,
  ]);
  const durationMs = performance.now() - startedMs;
  const peakRssMb = (process.resourceUsage().maxRSS * 1024) / 1e6;
  await fixture.close();
  await rm(path);
  console.log(JSON.stringify({ sha256, sizeBytes, durationMs, peakRssMb }));
}
