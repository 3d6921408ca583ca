/**
 * Runs in a process of its own, under resolve-electron.ts: starts a built main bundle as Electron would,
 * lives through a day of the app, and prints what it saw as one line of JSON.
 *
 * Arguments: the bundle's file, then the app's own.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ipcChannels } from '../../../src/shared/contract/carriers.ts';
import {
  app,
  BrowserWindow,
  dialog,
  FakeEvent,
  ipcMain,
  powerMonitor,
  protocol,
  session,
  shell,
} from './fake-electron.ts';

const [, , bundle = '', ...appArguments] = process.argv;
const invitation = 'stint://join?server=https%3A%2F%2Fstint.example#code';

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error('the app did not come that far');
    await pause(10);
  }
}

process.argv.splice(1, process.argv.length - 1, bundle, ...appArguments);
app.isFirstInstance = process.env['FAKE_SECOND_INSTANCE'] === undefined;
await import(pathToFileURL(bundle).href);
await until(() => BrowserWindow.created.length > 0 || app.exitCode !== undefined);
const { exitCode } = app;
const seen =
  exitCode === undefined ? await live() : { exitCode, errors: dialog.errors, windows: 0 };
process.stdout.write(`${JSON.stringify(seen)}\n`, () => process.exit(0));

async function live() {
  const window = BrowserWindow.created[0];
  if (window === undefined) throw new Error('there is no window');
  const { webContents } = window;
  window.emit('ready-to-show');

  const navigation = new FakeEvent();
  webContents.emit('will-navigate', navigation);
  type OpenDetails = Parameters<NonNullable<typeof webContents.openHandler>>[0];
  const opening = webContents.openHandler?.({ url: 'https://example.org/' } as OpenDetails);
  const permissions: boolean[] = [];
  session.defaultSession.requestHandler?.(
    webContents as never,
    'media',
    (isGranted) => permissions.push(isGranted),
    {} as never,
  );

  const ask = (name: string, input: unknown) =>
    ipcMain.invokeFrom(webContents, webContents.mainFrame, ipcChannels.request, name, input);
  const state = await ask('app.state', {});
  const stranger = await ipcMain.invokeFrom(
    webContents,
    { url: 'https://stint.example/', origin: 'https://stint.example' },
    ipcChannels.request,
    'app.state',
    {},
  );
  await ask('settings.update', { theme: 'dark' });
  await until(() => webContents.sent.length > 0);
  const firstUrl = webContents.getURL();

  powerMonitor.emit('resume');
  // Any page on the web can have links opened, as many as it likes.
  for (const code of ['first', 'second\uD800'])
    app.emit('second-instance', new FakeEvent(), ['stint', `${invitation}${code}`]);
  const stillUrl = webContents.getURL();
  const opened = webContents.sent
    .flatMap(({ args }) => args as { readonly type: string; readonly path?: string }[])
    .flatMap(({ type, path }) => (type === 'opened' ? [path] : []));
  webContents.isLoading = true;
  app.emit('second-instance', new FakeEvent(), ['stint', invitation]);
  const invitedUrl = webContents.getURL();
  webContents.isLoading = false;
  window.emit('close');
  app.emit('window-all-closed');
  await until(() => app.hasQuit || process.platform === 'darwin');
  return {
    windows: BrowserWindow.created.length,
    webPreferences: window.options.webPreferences,
    isShown: window.isShown,
    isSandboxed: app.isSandboxed,
    userData: app.paths.get('userData'),
    protocolClients: app.protocolClients,
    servedSchemes: [...protocol.handlers.keys()],
    ipcChannels: [...ipcMain.handlers.keys()],
    isNavigationPrevented: navigation.defaultPrevented,
    opening,
    openedOutside: shell.opened,
    stillUrl,
    opened,
    permissions,
    isPermissionChecked: session.defaultSession.checkHandler?.(null, 'media', '', {} as never),
    isDeviceGranted: session.defaultSession.deviceHandler?.({} as never),
    state,
    stranger,
    sent: webContents.sent,
    firstUrl,
    invitedUrl,
    errors: dialog.errors,
  };
}
