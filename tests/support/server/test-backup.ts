import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { createServerBackup } from '../../../src/server/backup/create-server-backup.ts';
import { createSystemClock } from '../../../src/server/ports/system-clock.ts';
import type { TestDevice } from './test-device.ts';
import { createManifestFile, createSubmissionArgs, TestOrganization } from './test-organization.ts';
import type { TestServer } from './test-server.ts';
import { uploadContent } from './upload-content.ts';

export async function backUp(
  server: Pick<TestServer, 'dataFolder' | 'databaseUrl'>,
  to: string,
  keep?: number,
) {
  return await createServerBackup({
    dataFolder: server.dataFolder,
    databaseUrl: server.databaseUrl,
    to,
    clock: createSystemClock(),
    ...(keep === undefined ? {} : { keep }),
  });
}

/** An organization with a submission of one file, all of it on the server. */
export async function fillServer(server: Pick<TestServer, 'url'>, content = 'fifty answers') {
  const organization = await TestOrganization.create(server.url);
  const { device: intern, engagementId } = await organization.addIntern();
  const task = await organization.assignTask(engagementId);
  const file = createManifestFile(content);
  await intern.apply(organization.orgId, [
    'submission.create',
    createSubmissionArgs(task, { files: [file] }),
  ]);
  await uploadContent(intern, organization.orgId, Buffer.from(content));
  return { organization, intern, file, task, engagementId };
}

/** All that a person may see, in an order that does not depend on the storage. */
export async function listEverything(device: TestDevice, orgId: string): Promise<string[]> {
  const rows: string[] = [];
  let page = await device.pull(orgId);
  for (;;) {
    for (const { table, row } of page.rows) rows.push(JSON.stringify([table, row]));
    if (page.complete) return rows.sort();
    page = await device.pull(orgId, { scopes: page.scopes, head: page.head });
  }
}

/** Every file below a folder, by its path in it. */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}
