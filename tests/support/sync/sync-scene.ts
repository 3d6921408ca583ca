import { afterEach, beforeEach } from 'vitest';
import type { RunningServer } from '../../../src/server/start-server.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import {
  makeTemporaryFolder,
  openTestInstallation,
  type TestInstallation,
} from './test-installation.ts';
import { startTestServer } from './test-organization.ts';

/** An employer's desk and an intern's laptop at a server, with a line to it that can fail. A test may put others in their places. */
export interface SyncScene {
  /** Holds all that the test has on disk. */
  folder: string;
  server: RunningServer;
  proxy: FaultProxy;
  desk: TestInstallation;
  laptop: TestInstallation;
  /** Closed at the end as well. */
  readonly others: TestInstallation[];
}

/** The scene of the test that runs, set up anew before each and taken down behind it. */
export function setUpSyncScene(): SyncScene {
  const scene = { others: [] as TestInstallation[] } as SyncScene;
  let removeFolder: () => Promise<void>;
  beforeEach(async () => {
    const { path, remove } = await makeTemporaryFolder();
    removeFolder = remove;
    scene.folder = path;
    scene.server = await startTestServer(`${path}/server`);
    scene.proxy = await startFaultProxy(scene.server.url);
    scene.desk = await openTestInstallation(`${path}/desk`);
    scene.laptop = await openTestInstallation(`${path}/laptop`);
  });
  afterEach(async () => {
    for (const installation of [scene.desk, scene.laptop, ...scene.others.splice(0)])
      await installation.close();
    await scene.proxy.close();
    await scene.server.close();
    await removeFolder();
  });
  return scene;
}
