import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { WebContents } from 'electron';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { handleAppProtocol, registerAppScheme } from '../../../src/main/electron/app-protocol.ts';
import { createWindow } from '../../../src/main/electron/create-window.ts';
import { denyPermissions } from '../../../src/main/electron/deny-permissions.ts';
import { guardWebContents } from '../../../src/main/electron/guard-web-contents.ts';
import { handleRequests, sendEvent } from '../../../src/main/electron/ipc.ts';
import { createHostResponder } from '../../../src/main/hosting/host-responder.ts';
import { createStaticAssets } from '../../../src/main/hosting/static-assets.ts';
import { hostPaths, ipcChannels } from '../../../src/shared/contract/carriers.ts';
import {
  app,
  BrowserWindow,
  FakeEvent,
  FakeWebContents,
  ipcMain,
  protocol,
  resetFakeElectron,
  session,
} from '../../support/electron/fake-electron.ts';
import { createRendererFolder, type RendererFolder } from '../../support/hosts/renderer-folder.ts';
import { ScriptedEngine } from '../../support/hosts/scripted-engine.ts';

vi.mock('electron', () => import('../../support/electron/fake-electron.ts'));

const silent = { info: () => undefined, error: () => undefined };
let folder: string;

beforeEach(async () => {
  resetFakeElectron();
  folder = await mkdtemp(path.join(tmpdir(), 'stint-desktop-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function open(boundsFile = path.join(folder, 'window.json')): BrowserWindow {
  createWindow({
    preloadFile: '/app/preload.cjs',
    iconFile: '/app/icon.png',
    boundsFile,
    path: '/join',
    allowsDeveloperTools: false,
  });
  const window = BrowserWindow.created.at(-1);
  if (window === undefined) throw new Error('no window was made');
  return window;
}

describe('the window', () => {
  test.each([
    ['sandbox', true],
    ['contextIsolation', true],
    ['nodeIntegration', false],
    ['nodeIntegrationInWorker', false],
    ['nodeIntegrationInSubFrames', false],
    ['webSecurity', true],
    ['allowRunningInsecureContent', false],
    ['experimentalFeatures', false],
    ['webviewTag', false],
    ['navigateOnDragDrop', false],
    ['devTools', false],
    ['preload', '/app/preload.cjs'],
  ] as const)('has %s set to %s', (setting, value) => {
    expect(open().options.webPreferences?.[setting]).toBe(value);
  });

  test('shows the app’s own origin, and only once it has something to show', () => {
    const window = open();
    expect(window.webContents.getURL()).toBe('app://stint/join');
    expect(window.isShown).toBe(false);
    window.emit('ready-to-show');
    expect(window.isShown).toBe(true);
  });

  test('comes back where it was left', () => {
    const boundsFile = path.join(folder, 'window.json');
    open(boundsFile).emit('close');
    expect(open(boundsFile).options).toMatchObject({ x: 10, y: 20, width: 1000, height: 700 });
  });

  test.each([
    // The screen that it was made for was wider than the one that is left.
    [
      { x: 100, y: 50, width: 3840, height: 900 },
      { x: 0, y: 0, width: 1920, height: 900 },
    ],
    [
      { x: 100, y: 50, width: 1000, height: 2000 },
      { x: 0, y: 0, width: 1000, height: 1080 },
    ],
    // Half of it may hang over the edge, as it was left.
    [
      { x: 1500, y: 50, width: 1000, height: 900 },
      { x: 1500, y: 50, width: 1000, height: 900 },
    ],
  ])('that was left at %j opens at %j', async (left, expected) => {
    const boundsFile = path.join(folder, 'window.json');
    await writeFile(boundsFile, JSON.stringify({ ...left, isMaximized: false }));
    expect(open(boundsFile).options).toMatchObject(expected);
  });

  test.each(['{', '{"x":99999,"y":0,"width":800,"height":600,"isMaximized":false}', '[]'])(
    'does not open where %s would put it out of sight',
    async (content) => {
      const boundsFile = path.join(folder, 'window.json');
      await writeFile(boundsFile, content);
      expect(open(boundsFile).options).not.toHaveProperty('x');
    },
  );
});

describe('what a page may do', () => {
  let contents: FakeWebContents;
  const opened: string[] = [];

  beforeEach(() => {
    opened.length = 0;
    contents = new FakeWebContents();
    guardWebContents(contents as unknown as WebContents, async (url) => {
      opened.push(url);
    });
  });

  test.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])(
    '%s is prevented',
    (name) => {
      const event = Object.assign(new FakeEvent(), { url: 'app://stint/' });
      contents.emit(name, event);
      expect(event.defaultPrevented).toBe(true);
    },
  );

  test.each([
    [{ url: 'app://stint/files/seat/a?frame=1', isMainFrame: false }, false],
    [{ url: 'app://stint/files/seat/a?frame=1', isMainFrame: true }, true],
    [{ url: 'app://stint/', isMainFrame: false }, true],
    [{ url: 'https://example.org/files/', isMainFrame: false }, true],
  ])('a frame that goes to %j is prevented: %j', (details, isPrevented) => {
    const event = Object.assign(new FakeEvent(), details);
    contents.emit('will-frame-navigate', event);
    expect(event.defaultPrevented).toBe(isPrevented);
  });

  test.each([
    ['https://example.org/', ['https://example.org/']],
    ['mailto:ada@example.org', ['mailto:ada@example.org']],
    ['http://example.org/', []],
    ['file:///etc/passwd', []],
    ['app://stint/', []],
    ['javascript:alert(1)', []],
  ])('opening a window on %s is denied, and the system is given %j', (url, expected) => {
    type Details = Parameters<NonNullable<typeof contents.openHandler>>[0];
    expect(contents.openHandler?.({ url } as Details)).toEqual({ action: 'deny' });
    expect(opened).toEqual(expected);
  });

  test('every permission that is asked for is denied', () => {
    denyPermissions(session.defaultSession as never);
    const answers: boolean[] = [];
    for (const permission of ['media', 'geolocation', 'notifications', 'openExternal'] as const)
      session.defaultSession.requestHandler?.(
        {} as WebContents,
        permission,
        (isGranted) => answers.push(isGranted),
        {} as never,
      );
    expect(answers).toEqual([false, false, false, false]);
  });

  test('every permission that is checked is denied', () => {
    denyPermissions(session.defaultSession as never);
    const check = session.defaultSession.checkHandler;
    expect(check?.(null, 'clipboard-read', 'app://stint', {} as never)).toBe(false);
  });

  test('every device is denied', () => {
    denyPermissions(session.defaultSession as never);
    expect(session.defaultSession.deviceHandler?.({} as never)).toBe(false);
  });
});

describe('requests over IPC', () => {
  const own = { url: 'app://stint/today', origin: 'app://stint' };
  let engine: ScriptedEngine;
  let contents: FakeWebContents;

  beforeEach(() => {
    engine = new ScriptedEngine();
    engine.answers.set('echo', (input) => input);
    contents = new FakeWebContents();
    contents.mainFrame = own;
    handleRequests(engine, silent);
  });

  const invoke = (frame: typeof own | null, ...args: unknown[]) =>
    ipcMain.invokeFrom(contents, frame, ipcChannels.request, ...args);

  test('the interface is answered, as a renderer and no more', async () => {
    expect(await invoke(own, 'echo', { a: 1 })).toEqual({ ok: true, value: { a: 1 } });
    expect(engine.dispatched).toEqual([{ name: 'echo', input: { a: 1 }, audience: 'renderer' }]);
  });

  test.each([
    ['a frame inside the page', { ...own }],
    ['a frame that has gone', null],
  ])('%s is refused', async (_, frame) => {
    expect(await invoke(frame, 'echo', {})).toMatchObject({
      ok: false,
      error: { code: 'forbidden' },
    });
    expect(engine.dispatched).toEqual([]);
  });

  test.each([
    { url: 'https://stint/', origin: 'https://stint' },
    { url: 'app://other/', origin: 'app://other' },
    { url: 'app://stint.evil.example/', origin: 'app://stint.evil.example' },
    { url: 'about:blank', origin: 'app://stint' },
    { url: 'app://stint/', origin: 'null' },
  ])('a top frame of $origin that shows $url is refused', async (frame) => {
    contents.mainFrame = frame;
    expect(await invoke(frame, 'echo', {})).toMatchObject({
      ok: false,
      error: { code: 'forbidden' },
    });
    expect(engine.dispatched).toEqual([]);
  });

  test('a name that is no text reaches no engine', async () => {
    expect(await invoke(own, { toString: 'echo' }, {})).toMatchObject({
      error: { code: 'invalid_input', field: 'name' },
    });
    expect(engine.dispatched).toEqual([]);
  });

  test('an event goes to the interface alone', () => {
    const event = { type: 'sync' };
    sendEvent(contents as unknown as WebContents, event);
    contents.mainFrame = { url: 'https://stint/', origin: 'https://stint' };
    sendEvent(contents as unknown as WebContents, event);
    contents.isGone = true;
    sendEvent(contents as unknown as WebContents, event);
    expect(contents.sent).toEqual([{ channel: ipcChannels.event, args: [event] }]);
  });
});

describe('app://stint', () => {
  let renderer: RendererFolder;
  let engine: ScriptedEngine;

  beforeEach(async () => {
    renderer = await createRendererFolder();
    engine = new ScriptedEngine();
    registerAppScheme();
    await app.whenReady();
    const assets = createStaticAssets(renderer.folder);
    handleAppProtocol(createHostResponder({ engine, assets, log: silent }));
  });

  afterEach(() => renderer.remove());

  test('is a standard, secure origin that bypasses no policy', () => {
    expect(protocol.schemes).toEqual([
      {
        scheme: 'app',
        privileges: {
          standard: true,
          secure: true,
          supportFetchAPI: true,
          stream: true,
          codeCache: true,
        },
      },
    ]);
  });

  test('serves the page under its policy, with the nonce that it holds', async () => {
    const response = await protocol.fetch('app://stint/today');
    const policy = response.headers.get('content-security-policy') ?? '';
    const nonce = /nonce="([\w-]+)"/.exec(await response.text())?.[1];
    expect(policy).toContain(`'nonce-${nonce}'`);
    expect(policy).toContain("default-src 'none'; script-src 'self'");
  });

  test('serves nothing from outside its folder', async () => {
    for (const spelled of ['/..%2fsecret.txt', '/%2e%2e/secret.txt', '/linked.txt']) {
      const response = await protocol.fetch(`app://stint${spelled}`);
      expect(response.status).toBe(404);
      expect(await response.text()).not.toContain('secret');
    }
  });

  test('answers at no other host, and to no other origin', async () => {
    expect((await protocol.fetch('app://other/')).status).toBe(403);
    const headers = { origin: 'https://stint.example' };
    expect((await protocol.fetch('app://stint/', { headers })).status).toBe(403);
  });

  test('serves a file by range, sandboxed', async () => {
    const file = path.join(folder, 'content');
    await writeFile(file, '0123456789');
    engine.attachments.set('s/a', {
      path: file,
      name: 'é.txt',
      mediaType: 'text/plain',
      sizeBytes: 10,
    });
    const response = await protocol.fetch(`app://stint${hostPaths.file('s', 'a')}`, {
      headers: { range: 'bytes=2-4' },
    });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-security-policy')).toMatch(/^sandbox;/);
    expect(await response.text()).toBe('234');
  });

  test('takes in a file by its bytes', async () => {
    const response = await protocol.fetch(`app://stint${hostPaths.import('a.bin')}`, {
      method: 'PUT',
      body: 'content',
    });
    expect(await response.json()).toMatchObject({ name: 'a.bin', sizeBytes: 7 });
  });
});
