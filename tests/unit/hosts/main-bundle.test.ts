import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ipcChannels } from '../../../src/shared/contract/carriers.ts';
import { type BuiltBundle, buildBundle } from '../../support/electron/build-bundle.ts';

const support = path.resolve(import.meta.dirname, '../../support/electron');
const link = 'stint://join?server=https%3A%2F%2Fstint.example#code';
const joinPath = `/join?link=${encodeURIComponent(link)}`;
const joinUrl = `app://stint${joinPath}`;

let bundle: BuiltBundle;
let folder: string;

beforeAll(async () => {
  bundle = await buildBundle('main');
  folder = await mkdtemp(path.join(tmpdir(), 'stint-main-'));
}, 120_000);

afterAll(async () => {
  await bundle.remove();
  await rm(folder, { recursive: true, force: true });
});

/** What the built main process did under the fake Electron. */
async function drive(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--import',
      path.join(support, 'resolve-electron.ts'),
      path.join(support, 'drive-desktop.ts'),
      path.join(bundle.folder, 'electron.js'),
      ...args,
    ],
    { env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...env }, timeout: 60_000 },
  );
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
}

test('the built app opens one guarded window over the engine, and ends when it is closed', async () => {
  const data = path.join(folder, 'data');
  const seen = await drive(['--data', data]);
  expect(seen).toMatchObject({
    windows: 1,
    isShown: true,
    isSandboxed: true,
    webPreferences: {
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      preload: path.resolve(import.meta.dirname, '../../../out/preload/preload.cjs'),
    },
    servedSchemes: ['app'],
    ipcChannels: [ipcChannels.request],
    isNavigationPrevented: true,
    opening: { action: 'deny' },
    openedOutside: ['https://example.org/'],
    permissions: [false],
    isPermissionChecked: false,
    isDeviceGranted: false,
    state: { ok: true, value: { host: 'electron', seats: [], update: { state: 'off' } } },
    stranger: { ok: false, error: { code: 'forbidden' } },
    firstUrl: 'app://stint/',
    // A page that stands is not loaded anew: somebody may be writing in it.
    stillUrl: 'app://stint/',
    opened: [`${joinPath}first`, `${joinPath}second%EF%BF%BD`],
    invitedUrl: joinUrl,
    protocolClients: [['stint', path.basename(process.execPath), '--']],
    userData: path.join(data, 'desktop'),
    errors: [],
  });
  const sent = seen['sent'] as { channel: string }[];
  expect(sent.every(({ channel }) => channel === ipcChannels.event)).toBe(true);
  expect(await readdir(data)).toEqual(expect.arrayContaining(['workspace.db', 'desktop']));
});

test('a link that the system starts the app with shows the join screen', async () => {
  const seen = await drive(['--data', path.join(folder, 'linked'), link]);
  expect(seen['firstUrl']).toBe(joinUrl);
});

test('a second start opens nothing of its own', async () => {
  const seen = await drive(['--data', path.join(folder, 'second')], { FAKE_SECOND_INSTANCE: '1' });
  expect(seen).toEqual({ exitCode: 0, errors: [], windows: 0 });
  expect(await readdir(path.join(folder, 'second'))).not.toContain('workspace.db');
});

test('what keeps it from starting is said in a box, and the app ends', async () => {
  const file = path.join(folder, 'file');
  await writeFile(file, '');
  expect(await drive(['--data', file])).toMatchObject({
    exitCode: 1,
    errors: [{ title: 'Stint cannot start', content: expect.stringContaining(file) as string }],
  });
});

test('the built command line plays the demo: what it starts of itself is what was built, too', async () => {
  const out = path.join(folder, 'demo');
  const program = path.join(bundle.folder, 'stint.js');
  const { stdout } = await promisify(execFile)(process.execPath, [program, 'demo', '--out', out], {
    timeout: 110_000,
  });
  expect(stdout.match(/rows in \d+ scopes agree/gu)).toHaveLength(2);
  expect(await readdir(out)).toContain('bundle.zip');
}, 120_000);
