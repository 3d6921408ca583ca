import type { AppUpdater } from 'electron-updater';
import { StintError } from '../../shared/errors.ts';
import type { HostLog } from '../hosting/host-log.ts';
import type { UpdateState } from '../workspace/engine/host-capabilities.ts';
import { createSignedProvider } from './signed-feed.ts';
import type { UpdateSource } from './update-source.ts';

const checkEveryMs = 6 * 60 * 60 * 1000;
/** A laptop that had no network at its start has one before long. */
const lookEveryMs = 30 * 60 * 1000;

/** What the way there failed with: Node's codes, and those of Chromium's network. */
const unreachable =
  /ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|net::ERR_(?:INTERNET|NAME|NETWORK|CONNECTION|ADDRESS|PROXY|TIMED)/;

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
  readonly source: UpdateSource;
  readonly listRunningWork: () => Promise<{ hasTimer: boolean; hasUpload: boolean }>;
  /** Ends the engine and lets go of the program's locks, so that the new version finds them free. */
  readonly closeEngine: () => Promise<void>;
  /** Starts the program that is there once more: its engine has ended, and it was not replaced. */
  readonly startAnew: () => void;
  readonly onChange: () => void;
  readonly log: HostLog;
}

/** Updates of the desktop app. Nothing restarts, and nothing is installed, while a timer or upload runs. */
export class Updates {
  readonly #options: UpdatesOptions;
  #state: UpdateState = { state: 'none', version: null, message: null };
  #timer: ReturnType<typeof setInterval> | undefined;
  #looksUntilCheck = 0;
  #isInstalling = false;

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
    const { address, publicKey } = options.source;
    updater.setFeedURL(
      publicKey === undefined
        ? { provider: 'generic', url: address }
        : { provider: 'custom', updateProvider: createSignedProvider(address, publicKey) },
    );
    updater.on('checking-for-update', () => this.#change('checking', null));
    updater.on('update-not-available', () => this.#change('none', null));
    updater.on('update-available', ({ version }) => this.#change('available', version));
    updater.on('download-progress', () => this.#change('downloading', this.#state.version));
    updater.on('update-downloaded', ({ version }) => this.#change('ready', version));
    updater.on('error', (error) => this.#fail(error));
  }

  #fail(error: Error): void {
    if (this.#isInstalling) {
      this.#startAnew(error);
      return;
    }
    const isUnreachable = unreachable.test(
      `${(error as NodeJS.ErrnoException).code} ${error.message}`,
    );
    if (isUnreachable) this.#looksUntilCheck = 0;
    this.#change(
      'failed',
      this.#state.version,
      isUnreachable
        ? 'the place that updates come from could not be reached'
        : 'the update could not be fetched or was not intact',
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

  /** Asks now and then, and sooner where nobody could be reached. A failure is a state, and never more. */
  start(): void {
    const look = () => {
      this.#looksUntilCheck -= 1;
      if (this.#looksUntilCheck > 0) return;
      this.#looksUntilCheck = checkEveryMs / lookEveryMs;
      void this.check();
    };
    look();
    this.#timer ??= setInterval(look, lookEveryMs);
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
    if (this.#isInstalling) return;
    if (this.#state.state !== 'ready')
      throw new StintError('refused', 'there is no update that is ready to be installed');
    const obstacle = await this.#findObstacle();
    if (obstacle !== undefined)
      throw new StintError('refused', `Stint does not restart now: ${obstacle}`);
    void this.#closeAndInstall();
  }

  async #closeAndInstall(): Promise<void> {
    if (this.#isInstalling) return;
    this.#isInstalling = true;
    const { closeEngine, updater } = this.#options;
    try {
      await closeEngine();
      // A failure is told by the event.
      updater.quitAndInstall();
    } catch (error) {
      this.#startAnew(error);
    }
  }

  /** There is no engine any more: the window would stand there and answer nothing. */
  #startAnew(error: unknown): void {
    const { updater, startAnew, log } = this.#options;
    log.error('the update could not be installed', error);
    updater.autoInstallOnAppQuit = false;
    this.#isInstalling = false;
    startAnew();
  }

  /** Before the program ends, and while the engine still answers: only an idle one is replaced. */
  async prepareQuit(): Promise<void> {
    this.stop();
    const obstacle = await this.#findObstacle().catch(() => 'the engine does not answer');
    this.#options.updater.autoInstallOnAppQuit = obstacle === undefined;
  }
}
