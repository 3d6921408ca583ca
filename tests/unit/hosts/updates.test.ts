import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { findUpdateSource } from '../../../src/main/electron/update-source.ts';
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
let closes: () => Promise<void>;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'stint-updates-'));
  await writeFile(path.join(folder, 'app-update.yml'), 'updaterCacheDirName: stint-updater\n');
  vi.stubEnv('APPIMAGE', path.join(folder, 'installed.AppImage'));
  await writeFile(path.join(folder, 'installed.AppImage'), 'old');
  work = { hasTimer: false, hasUpload: false };
  steps = [];
  closes = async () => void steps.push('engine closed');
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
  given: {
    readonly address?: string;
    readonly subfolder?: string;
    readonly publicKey?: string;
    readonly install?: () => void;
  } = {},
): Promise<Started> {
  feed = await serveUpdateFeed(fileNames[platform], { version: '2.0.0', content, ...release });
  const app = createNodeUpdater(
    platform,
    folder,
    given.install ?? (() => void steps.push('installed')),
  );
  const states: string[] = [];
  const updates = new Updates({
    updater: app.updater,
    source: {
      address: given.address ?? feed.url + (given.subfolder ?? ''),
      publicKey: given.publicKey,
    },
    listRunningWork: async () => work,
    startAnew: () => void steps.push('started anew'),
    closeEngine: () => closes(),
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
    const { updates } = await start(platform, {}, { subfolder: 'missing/' });
    await updates.check();
    expect(updates.state.state).toBe('failed');
  });

  test.each(['<!doctype html><title>Sign in to the network</title>', '', '[]', 'version: soon'])(
    'a feed that answers with %j is a failure that is said, and nothing is fetched',
    async (page) => {
      const { updates } = await start(platform, { page });
      await updates.check();
      expect(updates.state).toMatchObject({
        state: 'failed',
        message: expect.any(String) as string,
      });
      expect(feed?.asked).not.toContain(`/${fileNames[platform]}`);
    },
  );

  test('a download that breaks off leaves nothing that could be installed', async () => {
    const { updates, app } = await start(platform, { breaksAfterBytes: 50_000 });
    await updates.check();
    expect(updates.state.state).toBe('failed');
    await expect(updates.install()).rejects.toMatchObject({ code: 'refused' });
    await updates.prepareQuit();
    app.endApp();
    expect(steps).toEqual([]);
  });

  test('an update that cannot be put in place does not leave a window without an engine', async () => {
    const install = () => {
      throw new Error('EACCES: permission denied');
    };
    const { updates, app } = await start(platform, {}, { install });
    await updates.check();
    await updates.install();
    await vi.waitFor(() => expect(steps).toEqual(['engine closed', 'started anew']));
    expect(app.quits()).toBe(0);
    // The end of the program that makes room for the new start must not try again.
    app.endApp();
    expect(steps).toEqual(['engine closed', 'started anew']);
  });

  test('somebody who presses twice restarts once', async () => {
    const { updates, app } = await start(platform);
    await updates.check();
    await Promise.all([updates.install(), updates.install()]);
    await vi.waitFor(() => expect(app.quits()).toBe(1));
    expect(steps).toEqual(['engine closed', 'installed']);
  });

  describe('whose feed is signed', () => {
    const own = generateKeyPairSync('ed25519');
    const publicKey = own.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const signWith =
      ({ privateKey }: typeof own) =>
      (description: string) =>
        sign(null, Buffer.from(description), privateKey).toString('base64');

    test('what the right key has signed is fetched', async () => {
      const { updates } = await start(platform, { sign: signWith(own) }, { publicKey });
      await updates.check();
      expect(updates.state.state).toBe('ready');
    });

    test.each([
      ['another key', signWith(generateKeyPairSync('ed25519'))],
      ['another text', () => signWith(own)('version: 2.0.0\n')],
      ['nobody', undefined],
      ['something that is no signature', () => '<!doctype html>'],
    ])('what %s has signed is not', async (_, signing) => {
      const { updates } = await start(platform, signing === undefined ? {} : { sign: signing }, {
        publicKey,
      });
      await updates.check();
      expect(updates.state).toMatchObject({
        state: 'failed',
        message: expect.any(String) as string,
      });
      expect(feed?.asked).not.toContain(`/${fileNames[platform]}`);
    });
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

test('an engine that does not close is no reason to stay without one', async () => {
  const { updates } = await start('linux', {}, {});
  await updates.check();
  closes = () => Promise.reject(new Error('a database is busy'));
  await updates.install();
  await vi.waitFor(() => expect(steps).toEqual(['started anew']));
});

test('without a network that is what is said, and it is asked again before long', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const { updates } = await start('linux', {}, { address: 'http://updates.invalid/' });
  const check = vi.spyOn(updates, 'check');
  updates.start();
  onTestFinished(() => updates.stop());
  await check.mock.results[0]?.value;
  expect(updates.state).toMatchObject({
    state: 'failed',
    message: expect.stringContaining('could not be reached') as string,
  });
  vi.advanceTimersByTime(30 * 60 * 1000);
  expect(check).toHaveBeenCalledTimes(2);
});

test('after an answer it is six hours until the next question', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const { updates } = await start('linux', { version: '1.0.0' });
  const check = vi.spyOn(updates, 'check');
  updates.start();
  onTestFinished(() => updates.stop());
  await check.mock.results[0]?.value;
  vi.advanceTimersByTime(5 * 60 * 60 * 1000);
  expect(check).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(60 * 60 * 1000);
  expect(check).toHaveBeenCalledTimes(2);
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
    expect(findUpdateSource({}, file)).toBeUndefined();
    await writeFile(file, '{"url":"https://updates.example/stint"}');
    expect(findUpdateSource({}, file)).toEqual({ address: 'https://updates.example/stint' });
    const env = { STINT_UPDATE_URL: 'https://other.example/' };
    expect(findUpdateSource(env, file)).toEqual({ address: 'https://other.example/' });
  });

  test('another address does not do without the signature that the file asks for', async () => {
    const file = path.join(folder, 'updates.json');
    await writeFile(file, '{"url":"https://updates.example/stint","publicKey":"MCow"}');
    const env = { STINT_UPDATE_URL: 'https://other.example/' };
    expect(findUpdateSource(env, file)).toEqual({
      address: 'https://other.example/',
      publicKey: 'MCow',
    });
  });

  test.each(['http://updates.example/', 'file:///updates', 'updates.example', 'https:'])(
    'there are no updates from %s',
    (url) => {
      const file = path.join(folder, 'none');
      expect(findUpdateSource({ STINT_UPDATE_URL: url }, file)).toBeUndefined();
    },
  );

  test.each(['{"url":1}', '{"url":"https://updates.example/","publicKey":7}', '{'])(
    'the file %s, which is not understood, turns updates off',
    async (content) => {
      const file = path.join(folder, 'updates.json');
      await writeFile(file, content);
      expect(findUpdateSource({}, file)).toBeUndefined();
      const env = { STINT_UPDATE_URL: 'https://other.example/' };
      expect(findUpdateSource(env, file)).toBeUndefined();
    },
  );
});
