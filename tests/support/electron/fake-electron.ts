/**
 * Stands in for the module `electron` where there is no Electron: the few calls that the desktop host
 * makes, with Electron's own types, each remembered. It behaves as the documentation says and decides
 * nothing, so that a test sees what the host would have set.
 */
import { EventEmitter } from 'node:events';
import path from 'node:path';
import type {
  App,
  BrowserWindow as TrueBrowserWindow,
  BrowserWindowConstructorOptions,
  CustomScheme,
  Dialog,
  DownloadItem,
  IpcMain,
  IpcMainInvokeEvent,
  Menu as TrueMenu,
  MenuItemConstructorOptions,
  MessageBoxOptions,
  NotificationConstructorOptions,
  PowerMonitor,
  Protocol,
  Rectangle,
  RelaunchOptions,
  SafeStorage,
  Screen,
  Session,
  Shell,
  WebContents,
  WebFrameMain,
} from 'electron';

/** What Electron's cancellable events have in common. */
export class FakeEvent {
  defaultPrevented = false;

  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

class FakeApp
  extends EventEmitter
  implements
    Pick<
      App,
      | 'enableSandbox'
      | 'exit'
      | 'getFileIcon'
      | 'getVersion'
      | 'isPackaged'
      | 'quit'
      | 'relaunch'
      | 'releaseSingleInstanceLock'
      | 'requestSingleInstanceLock'
      | 'setAsDefaultProtocolClient'
      | 'setName'
      | 'setPath'
      | 'whenReady'
    >
{
  isPackaged = false;
  isReady = false;
  isSandboxed = false;
  isFirstInstance = true;
  name = '';
  exitCode: number | undefined;
  hasQuit = false;
  readonly paths = new Map<string, string>();
  readonly protocolClients: string[][] = [];

  enableSandbox(): void {
    if (this.isReady) throw new Error('app.enableSandbox() can only be called before app is ready');
    this.isSandboxed = true;
  }

  exit(code = 0): void {
    this.exitCode = code;
  }

  readonly iconsOf: string[] = [];

  async getFileIcon(file: string): Promise<Electron.NativeImage> {
    this.iconsOf.push(file);
    return {} as Electron.NativeImage;
  }

  getVersion(): string {
    return '0.0.0';
  }

  quit(): void {
    const event = new FakeEvent();
    this.emit('before-quit', event);
    if (event.defaultPrevented) return;
    this.hasQuit = true;
    this.emit('quit', new FakeEvent(), 0);
  }

  readonly relaunches: RelaunchOptions[] = [];

  relaunch(options: RelaunchOptions = {}): void {
    this.relaunches.push(options);
  }

  releaseSingleInstanceLock(): void {
    this.isFirstInstance = false;
  }

  requestSingleInstanceLock(): boolean {
    return this.isFirstInstance;
  }

  setAsDefaultProtocolClient(scheme: string, program = '', args: string[] = []): boolean {
    this.protocolClients.push([scheme, path.basename(program), ...args]);
    return true;
  }

  setName(name: string): void {
    this.name = name;
  }

  setPath(name: string, folder: string): void {
    this.paths.set(name, folder);
  }

  async whenReady(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.isReady = true;
  }
}

export type FakeFrame = Pick<WebFrameMain, 'origin' | 'url'>;

export class FakeWebContents
  extends EventEmitter
  implements
    Pick<
      WebContents,
      'getURL' | 'isDestroyed' | 'isLoadingMainFrame' | 'reload' | 'send' | 'setWindowOpenHandler'
    >
{
  mainFrame: FakeFrame = { url: '', origin: 'null' };
  isGone = false;
  isLoading = false;
  reloads = 0;
  readonly sent: { channel: string; args: unknown[] }[] = [];
  openHandler: Parameters<WebContents['setWindowOpenHandler']>[0] | undefined;

  getURL(): string {
    return this.mainFrame.url;
  }

  isDestroyed(): boolean {
    return this.isGone;
  }

  reload(): void {
    this.reloads += 1;
  }

  isLoadingMainFrame(): boolean {
    return this.isLoading;
  }

  send(channel: string, ...args: unknown[]): void {
    const copied = structuredClone(args);
    this.sent.push({ channel, args: copied });
    this.emit('sent-to-page', channel, ...copied);
  }

  setWindowOpenHandler(handler: Parameters<WebContents['setWindowOpenHandler']>[0]): void {
    this.openHandler = handler;
  }
}

export class BrowserWindow
  extends EventEmitter
  implements
    Pick<
      TrueBrowserWindow,
      | 'focus'
      | 'getNormalBounds'
      | 'isDestroyed'
      | 'isFocused'
      | 'isMaximized'
      | 'isMinimized'
      | 'loadURL'
      | 'maximize'
      | 'restore'
      | 'show'
    >
{
  static readonly created: BrowserWindow[] = [];

  static getFocusedWindow(): BrowserWindow | null {
    return BrowserWindow.created.find((window) => window.hasFocus) ?? null;
  }

  readonly options: BrowserWindowConstructorOptions;
  readonly webContents = new FakeWebContents();
  bounds: Rectangle = { x: 10, y: 20, width: 1000, height: 700 };
  hasFocus = false;
  isShown = false;
  isGone = false;
  hasMaximized = false;

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
    this.isShown = options.show !== false;
    BrowserWindow.created.push(this);
    app.emit('web-contents-created', new FakeEvent(), this.webContents);
  }

  focus(): void {
    this.hasFocus = true;
  }

  getNormalBounds(): Rectangle {
    return this.bounds;
  }

  isDestroyed(): boolean {
    return this.isGone;
  }

  isFocused(): boolean {
    return this.hasFocus;
  }

  isMaximized(): boolean {
    return this.hasMaximized;
  }

  isMinimized(): boolean {
    return false;
  }

  async loadURL(url: string): Promise<void> {
    const { protocol: scheme, host } = new URL(url);
    this.webContents.mainFrame = { url, origin: `${scheme}//${host}` };
  }

  maximize(): void {
    this.hasMaximized = true;
  }

  restore(): void {}

  show(): void {
    this.isShown = true;
  }
}

class FakeIpcMain implements Pick<IpcMain, 'handle'> {
  readonly handlers = new Map<string, Parameters<IpcMain['handle']>[1]>();

  handle(channel: string, listener: Parameters<IpcMain['handle']>[1]): void {
    if (this.handlers.has(channel)) throw new Error(`a second handler for '${channel}'`);
    this.handlers.set(channel, listener);
  }

  /** As `ipcRenderer.invoke` in a frame of these contents: arguments and answer are copied. */
  async invokeFrom(
    sender: FakeWebContents,
    senderFrame: FakeFrame | null,
    channel: string,
    ...args: unknown[]
  ): Promise<unknown> {
    const handler = this.handlers.get(channel);
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    const event = { sender, senderFrame, type: 'frame' } as unknown as IpcMainInvokeEvent;
    const answer: unknown = await handler(event, ...structuredClone(args));
    return structuredClone(answer);
  }
}

class FakeProtocol implements Pick<Protocol, 'handle' | 'registerSchemesAsPrivileged'> {
  readonly schemes: CustomScheme[] = [];
  readonly handlers = new Map<string, Parameters<Protocol['handle']>[1]>();

  registerSchemesAsPrivileged(schemes: CustomScheme[]): void {
    if (app.isReady)
      throw new Error('privileged schemes must be registered before the app is ready');
    this.schemes.push(...schemes);
  }

  handle(scheme: string, handler: Parameters<Protocol['handle']>[1]): void {
    if (!app.isReady) throw new Error('protocols are handled after the app is ready');
    this.handlers.set(scheme, handler);
  }

  /** As a page's `fetch` of that address. */
  async fetch(url: string, init?: RequestInit): Promise<Response> {
    const handler = this.handlers.get(new URL(url).protocol.slice(0, -1));
    if (handler === undefined) throw new Error(`nothing serves ${url}`);
    return handler(new Request(url, init));
  }
}

/** What is being saved from a page. */
export class FakeDownloadItem extends EventEmitter implements Pick<DownloadItem, 'getSavePath'> {
  readonly #savePath: string;

  constructor(savePath: string) {
    super();
    this.#savePath = savePath;
  }

  getSavePath(): string {
    return this.#savePath;
  }
}

class FakeSession
  extends EventEmitter
  implements
    Pick<
      Session,
      'setDevicePermissionHandler' | 'setPermissionCheckHandler' | 'setPermissionRequestHandler'
    >
{
  requestHandler: Parameters<Session['setPermissionRequestHandler']>[0] = null;
  checkHandler: Parameters<Session['setPermissionCheckHandler']>[0] = null;
  deviceHandler: Parameters<Session['setDevicePermissionHandler']>[0] = null;

  setPermissionRequestHandler(handler: typeof this.requestHandler): void {
    this.requestHandler = handler;
  }

  setPermissionCheckHandler(handler: typeof this.checkHandler): void {
    this.checkHandler = handler;
  }

  setDevicePermissionHandler(handler: typeof this.deviceHandler): void {
    this.deviceHandler = handler;
  }
}

class FakeShell implements Pick<Shell, 'openExternal' | 'openPath' | 'showItemInFolder'> {
  readonly opened: string[] = [];
  readonly openedPaths: string[] = [];
  readonly shownPaths: string[] = [];
  /** What the system says where it has no program; empty when it has. */
  openPathFailure = '';
  /** What the other program does when it is given the file. */
  onOpenPath: () => Promise<void> = async () => {};

  async openPath(file: string): Promise<string> {
    this.openedPaths.push(file);
    await this.onOpenPath();
    return this.openPathFailure;
  }

  showItemInFolder(file: string): void {
    this.shownPaths.push(file);
  }

  async openExternal(url: string): Promise<void> {
    this.opened.push(url);
  }
}

class FakeDialog {
  readonly errors: { title: string; content: string }[] = [];
  readonly messages: MessageBoxOptions[] = [];

  showErrorBox: Dialog['showErrorBox'] = (title, content) => {
    this.errors.push({ title, content });
  };

  async showMessageBox(options: MessageBoxOptions) {
    this.messages.push(options);
    return { response: 0, checkboxChecked: false };
  }
}

export class Notification extends EventEmitter {
  static readonly shown: NotificationConstructorOptions[] = [];
  static readonly last: Notification[] = [];
  readonly #options: NotificationConstructorOptions;

  constructor(options: NotificationConstructorOptions) {
    super();
    this.#options = options;
  }

  static isSupported(): boolean {
    return true;
  }

  show(): void {
    Notification.shown.push(this.#options);
    Notification.last.push(this);
  }
}

class FakeSafeStorage implements Pick<
  SafeStorage,
  | 'decryptStringAsync'
  | 'encryptStringAsync'
  | 'getSelectedStorageBackend'
  | 'isAsyncEncryptionAvailable'
> {
  isAvailable = true;
  backend: ReturnType<SafeStorage['getSelectedStorageBackend']> = 'gnome_libsecret';
  /** Another key: what was encrypted under the old one can no longer be read. */
  key = 'k1';
  shouldReEncrypt = false;

  async isAsyncEncryptionAvailable(): Promise<boolean> {
    return this.isAvailable;
  }

  getSelectedStorageBackend() {
    return this.backend;
  }

  async encryptStringAsync(plainText: string): Promise<Buffer> {
    return Buffer.from(`${this.key}:${Buffer.from(plainText).toString('hex')}`);
  }

  async decryptStringAsync(encrypted: Buffer) {
    const text = encrypted.toString();
    if (!text.startsWith(`${this.key}:`)) throw new Error('Error while decrypting the ciphertext');
    const result = Buffer.from(text.slice(this.key.length + 1), 'hex').toString();
    return { result, shouldReEncrypt: this.shouldReEncrypt };
  }
}

class FakeMenu implements Pick<typeof TrueMenu, 'setApplicationMenu'> {
  template: readonly MenuItemConstructorOptions[] = [];

  buildFromTemplate(template: MenuItemConstructorOptions[]): TrueMenu {
    this.template = template;
    return { template } as unknown as TrueMenu;
  }

  setApplicationMenu(): void {}
}

const display = { workArea: { x: 0, y: 0, width: 1920, height: 1080 } };

export const app = new FakeApp();
export const ipcMain = new FakeIpcMain();
export const protocol = new FakeProtocol();
export const session = { defaultSession: new FakeSession() };
export const shell = new FakeShell();
export const dialog = new FakeDialog();
export const safeStorage = new FakeSafeStorage();
export const Menu = new FakeMenu();
class FakePowerMonitor extends EventEmitter implements Pick<PowerMonitor, 'getSystemIdleTime'> {
  idleSeconds = 0;

  getSystemIdleTime(): number {
    return this.idleSeconds;
  }
}

export const powerMonitor = new FakePowerMonitor();
export const screen = {
  getAllDisplays: () => [display] as unknown as ReturnType<Screen['getAllDisplays']>,
};

/** As at the start of a process. */
export function resetFakeElectron(): void {
  app.removeAllListeners();
  Object.assign(app, new FakeApp(), { _events: {}, _eventsCount: 0 });
  ipcMain.handlers.clear();
  protocol.handlers.clear();
  protocol.schemes.length = 0;
  session.defaultSession = new FakeSession();
  Object.assign(shell, new FakeShell());
  dialog.errors.length = 0;
  dialog.messages.length = 0;
  Notification.shown.length = 0;
  Notification.last.length = 0;
  BrowserWindow.created.length = 0;
  powerMonitor.removeAllListeners();
  powerMonitor.idleSeconds = 0;
  Object.assign(safeStorage, new FakeSafeStorage());
}
