import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { app, dialog } from 'electron';
import electronUpdater from 'electron-updater';
import { StintError } from '../../shared/errors.ts';
import { type AppFiles, locateAppFiles } from '../hosting/app-files.ts';
import { computeDefaultDataFolder } from '../hosting/data-folder.ts';
import type { HostLog } from '../hosting/host-log.ts';
import type { HostedEngine } from '../hosting/hosted-engine.ts';
import type { UpdateState } from '../workspace/engine/host-capabilities.ts';
import { setAppMenu } from './app-menu.ts';
import { registerAppScheme } from './app-protocol.ts';
import { endCleanly } from './clean-end.ts';
import { findBundleFile, isBundleFile } from './bundle-file.ts';
import { parseDataFolder } from './command-line.ts';
import { DesktopApp } from './desktop-app.ts';
import { openDesktopEngine, openExternal } from './desktop-engine.ts';
import { createDesktopLog } from './desktop-log.ts';
import { guardWebContents } from './guard-web-contents.ts';
import { computeLinkArguments, findInvitationLink, linkScheme } from './invitation-link.ts';
import { startAgain } from './start-again.ts';
import { findUpdateSource } from './update-source.ts';
import { Updates } from './updates.ts';

const updatesOff: UpdateState = { state: 'off', version: null, message: null };

function failToStart(error: unknown): void {
  const reason =
    error instanceof StintError
      ? error.message
      : 'there is a fault in it; the log in its data folder has the details';
  dialog.showErrorBox('Stint cannot start', reason);
  app.exit(1);
}

/** The interface keeps its own profile beside the workspace, one for each data folder. */
function prepareProfile(dataFolder: string): string {
  const profileFolder = path.join(dataFolder, 'desktop');
  try {
    mkdirSync(profileFolder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StintError(
      'workspace_unwritable',
      `the folder ${dataFolder} cannot be written: expected a folder in which this user may write`,
      { cause: error },
    );
  }
  app.setPath('userData', profileFolder);
  return profileFolder;
}

function startAnew(): void {
  dialog.showErrorBox(
    'Stint was not updated',
    'The update could not be put in place. Nothing of your work has changed, and Stint starts again as it was.',
  );
  startAgain();
  app.exit(0);
}

function startUpdates(
  appFiles: AppFiles,
  engine: HostedEngine,
  closeEngine: () => Promise<void>,
  onChange: () => void,
  log: HostLog,
): Updates | undefined {
  const configuration = path.join(appFiles.resourcesFolder, 'updates.json');
  const source = findUpdateSource(process.env, configuration);
  if (source === undefined || !app.isPackaged) return undefined;
  const updates = new Updates({
    updater: electronUpdater.autoUpdater,
    source,
    listRunningWork: () => engine.listRunningWork(),
    closeEngine: async () => {
      await closeEngine();
      app.releaseSingleInstanceLock();
    },
    startAnew,
    onChange,
    log,
  });
  updates.start();
  return updates;
}

async function run(dataFolder: string, profileFolder: string): Promise<void> {
  const appFiles = locateAppFiles(import.meta.dirname);
  const log = createDesktopLog(dataFolder);
  const running: {
    desktop?: DesktopApp;
    updates?: Updates | undefined;
    isEnding?: () => boolean;
  } = {};
  let invitation = findInvitationLink(process.argv);
  const showInvitation = (link: string) => {
    invitation = link;
    running.desktop?.showInvitation(link);
  };
  app.on('open-url', (event, url) => {
    event.preventDefault();
    const link = findInvitationLink([url]);
    if (link !== undefined) showInvitation(link);
  });
  let bundleFile = findBundleFile(process.argv.slice(1), process.cwd());
  const openBundle = async (file: string) => {
    bundleFile = file;
    try {
      await running.desktop?.openBundle(file);
    } catch (error) {
      running.desktop?.show();
      dialog.showErrorBox(
        'This bundle cannot be opened',
        error instanceof StintError ? error.message : 'it could not be read',
      );
    }
  };
  // macOS tells of the file instead of naming it on the command line.
  app.on('open-file', (event, file) => {
    event.preventDefault();
    if (isBundleFile(file)) void openBundle(file);
  });
  app.on('second-instance', (_event, args, folder) => {
    if (running.isEnding?.() === true) return;
    const link = findInvitationLink(args);
    const file = findBundleFile(args.slice(1), folder);
    if (link !== undefined) showInvitation(link);
    else if (file === undefined) running.desktop?.show();
    else void openBundle(file);
  });
  app.on('web-contents-created', (_event, contents) => guardWebContents(contents, openExternal));
  app.on('activate', () => {
    if (running.isEnding?.() !== true) running.desktop?.show();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  await app.whenReady();

  app.setAsDefaultProtocolClient(linkScheme, process.execPath, computeLinkArguments(process));
  setAppMenu(process.platform, !app.isPackaged);
  const { engine, close } = await openDesktopEngine({
    dataFolder,
    appFiles,
    getUpdateState: () => running.updates?.state ?? updatesOff,
    installUpdate: async () => running.updates?.install(),
    log,
  });
  const announceUpdate = () => running.desktop?.announce({ type: 'app' });
  running.updates = startUpdates(appFiles, engine, close, announceUpdate, log);
  running.isEnding = endCleanly({
    prepare: async () => running.updates?.prepareQuit(),
    close,
    log,
  });
  const desktop = new DesktopApp({
    engine,
    appFiles,
    profileFolder,
    developmentServerUrl: process.env['ELECTRON_RENDERER_URL'],
    log,
  });
  running.desktop = desktop;
  if (invitation !== undefined) desktop.showInvitation(invitation);
  else if (bundleFile === undefined) desktop.show();
  else await openBundle(bundleFile);
}

// All that must come before the app is ready happens before the first await.
app.setName('Stint');
app.enableSandbox();
registerAppScheme();
try {
  const { platform, env } = process;
  const dataFolder = parseDataFolder(
    process.argv.slice(1),
    computeDefaultDataFolder({ platform, env, homeFolder: homedir() }),
  );
  const profileFolder = prepareProfile(dataFolder);
  // A second start only brings the first to the front; see second-instance.
  if (app.requestSingleInstanceLock()) run(dataFolder, profileFolder).catch(failToStart);
  else app.exit(0);
} catch (error) {
  failToStart(error);
}
