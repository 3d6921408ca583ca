import type { AppUpdater } from 'electron-updater';
import { StintError } from '../../shared/errors.ts';
import type { HostLog } from '../hosting/host-log.ts';
import type { UpdateState } from '../workspace/engine/host-capabilities.ts';

const checkEveryMs = 6 * 60 * 60 * 1000;

export type Updater = Pick<
  AppUpdater,
  | 'allowDowngrade'
  | 'autoDownload'
  | 'autoInstallOnAppQuit'
  | 'checkForUpdates'
  | 'logger'
  | 'on'
  | 'disableWebInstaller'
  | 'quitAndInstall'
  | 'setFeedURL'
>;

export interface UpdatesOptions {
  readonly updater: Updater;
  /** Base address of the feed (electron-updater's generic provider). */
  readonly address: string;
  readonly listRunningWork: () => Promise<{ hasTimer: boolean; hasUpload: boolean }>;
  /** Ends the engine and lets go of the program's locks, so that the new version finds them free. */
  readonly closeEngine: () => Promise<void>;
  readonly onChange: () => void;
  readonly log: HostLog;
}

/** Updates of the desktop app. Nothing restarts, and nothing is installed, while a timer or upload runs. */
export class Updates {
  readonly #options: UpdatesOptions;
  #state: UpdateState = { state: 'none', version: null, message: null };
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: UpdatesOptions) {
    this.#options = options;
    const { updater, log } = options;
    updater.logger = {
      info: () => undefined,
      warn: (message) => log.info(String(message)),
      error: (message) => log.error(String(message)),
    };
    updater.autoDownload = true;
    updater.allowDowngrade = false;
    // A web installer fetches more at its run, which nobody has checked.
    updater.disableWebInstaller = true;
    // Must stand while the download ends, or the updater never asks at quitting; see prepareQuit.
    updater.autoInstallOnAppQuit = true;
    updater.setFeedURL({ provider: 'generic', url: options.address });
    updater.on('checking-for-update', () => this.#change('checking', null));
    updater.on('update-not-available', () => this.#change('none', null));
    updater.on('update-available', ({ version }) => this.#change('available', version));
    updater.on('download-progress', () => this.#change('downloading', this.#state.version));
    updater.on('update-downloaded', ({ version }) => this.#change('ready', version));
    updater.on('error', () =>
      this.#change(
        'failed',
        this.#state.version,
        'The update could not be fetched or was not intact.',
      ),
    );
  }

  get state(): UpdateState {
    return this.#state;
  }

  #change(
    state: UpdateState['state'],
    version: string | null,
    message: string | null = null,
  ): void {
    const { state: oldState, version: oldVersion } = this.#state;
    this.#state = { state, version, message };
    if (state !== oldState || version !== oldVersion) this.#options.onChange();
  }

  /** Asks now and then. A failure is a state, and never more. */
  start(): void {
    const check = () => void this.check();
    check();
    this.#timer ??= setInterval(check, checkEveryMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Resolves when it is known whether there is an update, and when that has been fetched. */
  async check(): Promise<void> {
    if (this.#state.state === 'ready') return;
    try {
      const result = await this.#options.updater.checkForUpdates();
      await result?.downloadPromise;
    } catch (error) {
      // The updater has told it by its event; a message for the log is all that is left.
      this.#options.log.error('the update was not fetched', error);
    }
  }

  async #findObstacle(): Promise<string | undefined> {
    const { hasTimer, hasUpload } = await this.#options.listRunningWork();
    if (hasTimer) return 'a timer is running';
    return hasUpload ? 'a file is being sent' : undefined;
  }

  /**
   * Restarts into the update that is ready.
   *
   * @throws StintError `refused` while a timer or an upload runs, or when no update is ready
   */
  async install(): Promise<void> {
    if (this.#state.state !== 'ready')
      throw new StintError('refused', 'there is no update that is ready to be installed');
    const obstacle = await this.#findObstacle();
    if (obstacle !== undefined)
      throw new StintError('refused', `Stint does not restart now: ${obstacle}`);
    void this.#closeAndInstall();
  }

  async #closeAndInstall(): Promise<void> {
    const { closeEngine, updater, log } = this.#options;
    try {
      await closeEngine();
      updater.quitAndInstall();
    } catch (error) {
      log.error('the update could not be installed', error);
      this.#change('failed', this.#state.version, 'The update could not be installed.');
    }
  }

  /** Before the program ends, and while the engine still answers: only an idle one is replaced. */
  async prepareQuit(): Promise<void> {
    this.stop();
    const obstacle = await this.#findObstacle().catch(() => 'the engine does not answer');
    this.#options.updater.autoInstallOnAppQuit = obstacle === undefined;
  }
}
