import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { findUpdateAddress } from '../../../src/main/electron/update-address.ts';
import { Updates } from '../../../src/main/electron/updates.ts';
import { createNodeUpdater, type NodeUpdater } from '../../support/updates/node-updater.ts';
import {
  type FeedRelease,
  serveUpdateFeed,
  type UpdateFeed,
} from '../../support/updates/update-feed.ts';

vi.mock('electron', () => import('../../support/electron/fake-electron.ts'));

const content = Buffer.alloc(200_000, 'stint');
const fileNames = { windows: 'stint-2.0.0.exe', linux: 'stint-2.0.0.AppImage' };

let folder: string;
let feed: UpdateFeed | undefined;
let work: { hasTimer: boolean; hasUpload: boolean };
let steps: string[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'stint-updates-'));
  await writeFile(path.join(folder, 'app-update.yml'), 'updaterCacheDirName: stint-updater\n');
  vi.stubEnv('APPIMAGE', path.join(folder, 'installed.AppImage'));
  await writeFile(path.join(folder, 'installed.AppImage'), 'old');
  work = { hasTimer: false, hasUpload: false };
  steps = [];
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await feed?.close();
  feed = undefined;
  await rm(folder, { recursive: true, force: true });
});

interface Started {
  readonly updates: Updates;
  readonly app: NodeUpdater;
  readonly states: string[];
}

async function start(
  platform: 'windows' | 'linux',
  release: Partial<FeedRelease> = {},
  subfolder = '',
): Promise<Started> {
  feed = await serveUpdateFeed(fileNames[platform], { version: '2.0.0', content, ...release });
  const app = createNodeUpdater(platform, folder, () => steps.push('installed'));
  const states: string[] = [];
  const updates = new Updates({
    updater: app.updater,
    address: feed.url + subfolder,
    listRunningWork: async () => work,
    closeEngine: async () => {
      steps.push('engine closed');
    },
    onChange: () => states.push(updates.state.state),
    log: { info: () => undefined, error: () => undefined },
  });
  return { updates, app, states };
}

async function listDownloaded(): Promise<string[]> {
  const entries = await readdir(path.join(folder, 'cache'), { recursive: true }).catch(() => []);
  return entries.filter((entry) => /\.(?:exe|AppImage)$/.test(entry));
}

describe.each(['windows', 'linux'] as const)('on %s', (platform) => {
  test('an intact update is fetched and is then ready', async () => {
    const { updates, states } = await start(platform);
    await updates.check();
    expect(updates.state).toEqual({ state: 'ready', version: '2.0.0', message: null });
    expect(states[0]).toBe('checking');
    expect(await listDownloaded()).toHaveLength(1);
  });

  test('a file that is not the one that was announced is thrown away', async () => {
    const sha512 = createHash('sha512').update('another').digest('base64');
    const { updates } = await start(platform, { sha512 });
    await updates.check();
    expect(updates.state).toMatchObject({ state: 'failed', message: expect.any(String) as string });
    expect(await listDownloaded()).toEqual([]);
    await expect(updates.install()).rejects.toMatchObject({ code: 'refused' });
  });

  test('a file without a hash is not even fetched', async () => {
    const { updates } = await start(platform, { sha512: null });
    await updates.check();
    expect(updates.state.state).toBe('failed');
    expect(feed?.asked).not.toContain(`/${fileNames[platform]}`);
  });

  test.each(['0.9.0', '1.0.0'])('version %s does not replace 1.0.0', async (version) => {
    const { updates } = await start(platform, { version });
    await updates.check();
    expect(updates.state).toEqual({ state: 'none', version: null, message: null });
    expect(feed?.asked).not.toContain(`/${fileNames[platform]}`);
  });

  test('a feed with nothing in it is a state, and nothing more', async () => {
    const { updates } = await start(platform, {}, 'missing/');
    await updates.check();
    expect(updates.state.state).toBe('failed');
  });

  test.each([
    ['a timer', { hasTimer: true, hasUpload: false }],
    ['an upload', { hasTimer: false, hasUpload: true }],
  ])('nothing restarts while %s runs', async (_, running) => {
    const { updates, app } = await start(platform);
    await updates.check();
    work = running;
    await expect(updates.install()).rejects.toMatchObject({ code: 'refused' });
    expect(steps).toEqual([]);
    expect(app.quits()).toBe(0);
  });

  test('an idle program closes its engine before it is replaced', async () => {
    const { updates, app } = await start(platform);
    await updates.check();
    await updates.install();
    await vi.waitFor(() => expect(app.quits()).toBe(1));
    expect(steps).toEqual(['engine closed', 'installed']);
  });

  test('an idle program is replaced when it ends', async () => {
    const { updates, app } = await start(platform);
    await updates.check();
    await updates.prepareQuit();
    app.endApp();
    expect(steps).toEqual(['installed']);
  });

  test.each([
    ['a timer', { hasTimer: true, hasUpload: false }],
    ['an upload', { hasTimer: false, hasUpload: true }],
  ])('a program that ends while %s runs is not replaced', async (_, running) => {
    const { updates, app } = await start(platform);
    await updates.check();
    work = running;
    await updates.prepareQuit();
    app.endApp();
    expect(steps).toEqual([]);
  });
});

test('a program whose engine does not answer is not replaced when it ends', async () => {
  const { updates, app } = await start('linux');
  await updates.check();
  // The answer of an engine that has gone: destructuring it throws.
  work = undefined as unknown as typeof work;
  await updates.prepareQuit();
  app.endApp();
  expect(steps).toEqual([]);
});

describe('where updates come from', () => {
  test('the variable says it, else the file, else nobody', async () => {
    const file = path.join(folder, 'updates.json');
    expect(findUpdateAddress({}, file)).toBeUndefined();
    await writeFile(file, '{"url":"https://updates.example/stint"}');
    expect(findUpdateAddress({}, file)).toBe('https://updates.example/stint');
    const env = { STINT_UPDATE_URL: 'https://other.example/' };
    expect(findUpdateAddress(env, file)).toBe('https://other.example/');
  });

  test.each(['http://updates.example/', 'file:///updates', 'updates.example', 'https:'])(
    'there are no updates from %s',
    (url) => {
      expect(
        findUpdateAddress({ STINT_UPDATE_URL: url }, path.join(folder, 'none')),
      ).toBeUndefined();
    },
  );

  test('a file that is not understood turns updates off', async () => {
    const file = path.join(folder, 'updates.json');
    await writeFile(file, '{"address":1}');
    expect(findUpdateAddress({}, file)).toBeUndefined();
  });
});
